"""Formulas of residual blocks: ``a^{[l+2]} = g(W g(Wa+b) + b + a^{[l]})``, ``y = F(x) + x``.

What they say is that a block adds its input to what its branch makes of it; that is run on a block
of the network the section describes, with a zero branch and with a random one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from generator.claims import behaviour
from generator.claims.candidate import Candidate
from generator.claims.context import Context
from generator.claims.referring import property_reading
from generator.claims.tokens import Kind, Token

KIND = "property"


def recognise(context: Context) -> Iterator[Candidate]:
    """``a^{[l+2]} = g(W(g(Wa+b)) + b + a^{[l]})``, ``y = F(x) + x``, ``a^{[l]} → a^{[l+2]}``."""
    tokens = [each for each in context.passage.tokens if each.math] or _indexed(
        context.passage.tokens
    )
    if not tokens:
        return
    found = _skip(tokens) or (_kept(tokens) if _zero(context) else None)
    if found is None:
        return
    holds, layers = found
    for count in (layers, None) if layers else (None,):
        check = partial(behaviour.residual, layers=count)
        sentence = context.sentences[0]
        subject, reading = property_reading(context, sentence, 0, check)
        if reading is None:
            continue
        if not holds:
            reading = behaviour.denied(reading)
        yield Candidate(
            KIND,
            tokens[0].start,
            tokens[-1].end,
            tokens[0].start,
            True,
            (reading,),
            subject=subject.name if subject else "",
            expected="the block's input is added to its output"
            if holds
            else "the input is subtracted",
        )
        return


def _indexed(tokens: Sequence[Token]) -> list[Token]:
    """A formula in prose, ``a[l+2] = g(a[l])``: from its first indexed letter to its last, each with
    its index as part of its name."""
    if not any(each.is_op("[") for each in tokens):
        return []
    joined: list[Token] = []
    places: list[int] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        near = range(at, min(at + 6, len(tokens)))
        close = next((end for end in near if tokens[end].is_op("]")), 0)
        named = token.kind is Kind.WORD and len(token.text) == 1 and close > at + 1
        if named and tokens[at + 1].is_op("[") and not tokens[at + 1].spaced:
            index = "".join(each.text for each in tokens[at + 1 : close + 1])
            places.append(len(joined))
            joined.append(replace(token, text=token.text + index, end=tokens[close].end, math=True))
            at = close + 1
        else:
            joined.append(token)
            at += 1
    if len(places) < 2:
        return []
    run = joined[places[0] : places[-1] + 1]
    plain = all(len(each.text) < 5 or "[" in each.text for each in run)
    return run if plain and any(each.is_op("=") for each in run) else []


def _skip(tokens: list[Token]) -> tuple[bool, int | None] | None:
    """Read a residual formula: (whether the input is added, how many layers it goes around)."""
    words = [each for each in tokens if each.kind is Kind.WORD]
    if not words:
        return None
    equals = next((at for at, each in enumerate(tokens) if each.is_op("=")), None)
    arrow = next((at for at, each in enumerate(tokens) if each.is_op("→")), None)
    if equals is None and arrow is not None:
        return _jump(tokens[:arrow], tokens[arrow + 1 :])
    right = tokens if equals is None else tokens[equals + 1 :]
    while right and right[-1].is_op(")", "]", "}", "."):
        right = right[:-1]
    if len(right) < 4 or right[-1].kind is not Kind.WORD or not right[-2].is_op("+", "-"):
        return None
    added = right[-1].text
    calls = sum(
        each.kind is Kind.WORD and right[at + 1].is_op("(")
        for at, each in enumerate(right[:-1])
        if len(each.text.partition("_")[0]) == 1 or each.text.lower() in ("relu", "sigma", "phi")
    )
    if not calls:
        return None
    base = added.partition("[")[0].partition("_")[0]
    left = tokens[0].text if tokens[0].kind is Kind.WORD else ""
    same_base = "[" in added and left.startswith(base) and left != added
    inside = any(each.text == added for each in right[:-1])
    if not (same_base or inside):
        return None
    layers = 2 if "+2" in left.replace(" ", "") else 3 if "+3" in left.replace(" ", "") else None
    return right[-2].text == "+", layers


def _zero(context: Context) -> bool:
    """Whether the statement sets something to zero."""
    return any(
        piece.quantity is not None and piece.quantity.value == 0
        for sentence in context.sentences
        for piece in sentence.pieces
    )


def _kept(tokens: list[Token]) -> tuple[bool, int | None] | None:
    """``a^{[l+2]} = g(a^{[l]}) = a^{[l]}``: what a block with a zero branch gives."""
    left, right = tokens[0], tokens[-1]
    same = left.text.partition("[")[0] == right.text.partition("[")[0] and left.text != right.text
    plain = not any(each.is_op("+", "-") for each in tokens)
    equals = any(each.is_op("=") for each in tokens)
    if not (plain and equals and same and "[" in left.text and right.kind is Kind.WORD):
        return None
    return True, 2 if "+2" in left.text.replace(" ", "") else None


def _jump(left: list[Token], right: list[Token]) -> tuple[bool, int | None] | None:
    """``a^{l} → a^{l+2}``: an activation passed around two layers."""
    first = "".join(each.text for each in left).replace("^", "").replace("{", "[").replace("}", "]")
    second = (
        "".join(each.text for each in right).replace("^", "").replace("{", "[").replace("}", "]")
    )
    if first.endswith("[l]") and second == first.replace("[l]", "[l+2]"):
        return True, 2
    return None
