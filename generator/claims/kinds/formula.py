"""Formulas with letters: output sizes, "same" padding, counts of parameters, costs, receptive fields.

``⌊(n+2p-f)/s⌋+1``, ``p=(f-1)/2``, ``o=(i-1)s+k-2p``, ``1/N + 1/f²``. A formula is compared with the laws
(see ``laws``) at many points, its letters in every role that the words around and usage allow, so any
way to write it counts. A different formula is called false only where the sentence says which law it
gives and what its letters are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations
from math import floor

from generator.claims.candidate import Candidate, Reading
from generator.claims.context import Context
from generator.claims.expression import (
    Binary,
    Call,
    Expression,
    Name,
    Negative,
    Number,
    UncomputableError,
    evaluate,
    names,
    python,
    written,
)
from generator.claims.formulas import Formula, axes, formulas, only_size
from generator.claims.law_table import LAWS
from generator.claims.laws import Form, Law, base, usual
from generator.claims.letters import described
from generator.claims.lexicon import SUPPOSING, wordset
from generator.claims.referring import clause
from generator.claims.scene import LARGEST_WINDOW

KIND = "formula"

# What may stand between the name of a quantity and the formula that gives it.
_LINKS = wordset(
    "be give have = : → ( of reads read by to with use need cost as spans span covers cover reaches "
    "reach sees see , i\\.e is amounts owns stores trains learns into"
)
_OF_LAYERS = wordset("such of these them layer layers conv stacked it be : →")
_ABOUT = wordset("about only just exactly roughly some")
_EACH_SIDE = wordset("side sides each border borders edge per left top")
_CONDITIONS = wordset("if suppose supposing assume assuming would let's")
_FAR, _CLOSE = 9, 3

Roles = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Match:
    """A law's form that a formula agrees with, the roles of its letters, one mapping per axis."""

    law: Law
    form: Form
    roles: tuple[Roles, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a formula is right: the match with its law, its axes, roles that numbers have."""

    match: Match
    parts: tuple[Expression, ...]
    fixed: Mapping[str, int]
    right: bool


def recognise(context: Context) -> Iterator[Candidate]:
    """Find formulas of layers."""
    for each, verdict in judged(context):
        if verdict is not None:
            yield _candidate(each, verdict)


def judged(context: Context) -> Iterator[tuple[Formula, Verdict | None]]:
    """Give a statement's formulas, each with what a law says of it, if one does."""
    found = formulas(context.passage)
    letters = frozenset(name for each in found for name in names(each.expression))
    said = described(context.sentences, letters) if found else {}
    for each in found:
        yield each, _verdict(context, each, said)


def _verdict(
    context: Context, stated: Formula, said: Mapping[str, frozenset[str]]
) -> Verdict | None:
    """Compare a formula with the laws that its sentence may mean."""
    laws = [each for each in LAWS if _speaks_of(context, stated, each, said)]
    if only_size(stated.expression) and not (stated.equated or _counted(stated)):
        return None
    excused = False
    for law in laws:
        parts = _parts(stated, law)
        fixed = _fixed(stated, law)
        match = _matched(law, parts, said, fixed, bias=_bias(stated), strict=True)
        if match is not None and match.form.meant:
            return Verdict(match, tuple(parts), fixed, right=True)
        near = {each.gist for each in stated.sentence.pieces}
        if match is not None and not near & _EACH_SIDE:
            excused = True
        if _matched(law, parts, said, fixed, bias=None, strict=False) and match is None:
            excused = excused or not _wrong_bias(law, parts, said, fixed, stated)
    if excused or _denied(stated):
        return None
    for law in laws:
        parts, fixed = _parts(stated, law), _fixed(stated, law)
        if not _is_said(context, stated, law) or not _plain(stated.expression, fixed):
            continue
        roles = [_supported(law, part, said, fixed) for part in parts]
        if all(each is not None for each in roles):
            form = next(e for e in law.forms if e.bias in (None, _bias(stated)) or _free(stated))
            known = tuple(each for each in roles if each is not None)
            return Verdict(Match(law, form, known), tuple(parts), fixed, right=False)
    return None


# ------------------------------------------------------------------ which law is meant


def _speaks_of(
    context: Context, stated: Formula, law: Law, said: Mapping[str, frozenset[str]]
) -> bool:
    """Whether the words, or letters that they explain, leave it possible that this law is meant."""
    letters = names(stated.expression)
    full = law.spatial and (len(letters) > 2 or len(axes(stated.expression)) > 1)
    if law.never & stated.sentence.words or not (full or context.speaks_of(*law.topic)):
        return False
    quantity = context.speaks_of(*law.quantity) or {stated.left, base(stated.left)} & law.left
    told = not law.counts and (len(letters) > 2 or letters <= set(said))
    return bool(full or quantity or told)


def _is_said(context: Context, stated: Formula, law: Law) -> bool:
    """Whether the sentence says that the formula gives the law's quantity."""
    if not context.speaks_of(*(law.certain or law.topic)):
        return False
    if stated.left:
        return bool({stated.left, base(stated.left)} & law.left)
    pieces, index = stated.sentence.pieces, _index(stated)
    before = [each.gist for each in pieces[max(0, index - _FAR) : index]]
    while before[-1:] and before[-1] in _ABOUT:
        before.pop()
    after = [each.gist for each in pieces if each.start >= stated.end][:_CLOSE]
    if law.quantity & set(after[:2]):
        return True
    several = len(_parts(stated, law)) > 1
    if law.spatial and before and before[-1] in (("into", "give", "→") if several else ("into",)):
        return True
    linked = bool(before) and before[-1] in _LINKS | law.quantity
    return (linked and bool(law.quantity & set(before))) or _goes_on(stated, law, before, after)


def _goes_on(stated: Formula, law: Law, before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether a formula goes on with what its sentence begins with: "the receptive field is 3 …, and for
    n such layers 2n+1"."""
    opening = {each.gist for each in stated.sentence.pieces[:3]}
    letters = [at for at, each in enumerate(before) if each[:1] == "~"]
    alone = len(letters) == 1 and before[letters[0] - 1 : letters[0]] == ["for"]
    alone = alone and set(before[letters[0] + 1 :]) <= _OF_LAYERS
    ends = after[:1] in ([], [","], [";"], [")"], ["in"], ["and"])
    strided = stated.sentence.has("stride")
    return bool(law.quantity & opening) and alone and ends and not strided


def _denied(stated: Formula) -> bool:
    """Whether a sentence doubts or denies what it says; "if" only gives a law's conditions."""
    words = {each.word.lower() for each in stated.sentence.pieces} | stated.sentence.words
    first, _ = clause(stated.sentence, _index(stated))
    before = {each.gist for each in stated.sentence.pieces[first : _index(stated)]}
    return bool(words & (SUPPOSING - _CONDITIONS) or before & {"not", "never"})


def _parts(stated: Formula, law: Law) -> list[Expression]:
    return axes(stated.expression) if law.spatial else [stated.expression]


def _counted(stated: Formula) -> bool:
    after = [each.gist for each in stated.sentence.pieces if each.start >= stated.end][:2]
    return bool({"weight", "parameter", "mult", "mac"} & set(after))


def _index(stated: Formula) -> int:
    """The index of the first piece at or after the formula's beginning."""
    pieces = stated.sentence.pieces
    return next((at for at, each in enumerate(pieces) if each.end > stated.start), len(pieces) - 1)


def _free(stated: Formula) -> bool:
    return _bias(stated) is None


def _bias(stated: Formula) -> bool | None:
    """Whether the sentence says that biases are counted, or not; ``None`` if it leaves that open."""
    words = stated.sentence.words
    if not words & {"bias"}:
        return None
    if words & {"without", "ignored", "off", "aside", "not", "free"}:
        return False
    after = [each.gist for each in stated.sentence.pieces if each.start >= stated.end][:2]
    if "weight" in after:
        return None
    return True if words & {"included", "with", "including", "counted"} else None


def _wrong_bias(
    law: Law,
    parts: Sequence[Expression],
    said: Mapping[str, frozenset[str]],
    fixed: Mapping[str, int],
    stated: Formula,
) -> bool:
    """Whether a formula only lacks the biases that the sentence counts, or counts those it leaves out."""
    if _bias(stated) is None:
        return False
    match = _matched(law, parts, said, fixed, bias=None, strict=True)
    return match is not None and match.form.meant


def _fixed(stated: Formula, law: Law) -> dict[str, int]:
    """Roles that the sentence gives a number: the side of its kernels."""
    sides = {
        each.size[0]
        for each in stated.sentence.pieces
        if len(each.size) == 2 and each.size[0] == each.size[1] <= LARGEST_WINDOW
    }
    if not sides and stated.sentence.has("pointwise"):
        sides = {1}
    if len(sides) != 1:
        return {}
    kernels = [role for role, kinds in law.roles.items() if "kernel" in kinds]
    return {kernels[0]: min(sides)} if len(kernels) == 1 else {}


# ------------------------------------------------------------------ letters and roles


def _assignments(law: Law, letters: Sequence[str], fixed: Mapping[str, int]) -> Iterator[Roles]:
    """Every way to give each letter a role of the law, no role left out that needs a letter."""
    needed = set(law.roles) - set(law.defaults)
    for order in permutations(law.roles, len(letters)):
        if needed - set(order) <= set(fixed):
            yield dict(zip(letters, order, strict=True))


def _allowed(law: Law, roles: Roles, said: Mapping[str, frozenset[str]], *, strict: bool) -> bool:
    """Whether words and, if ``strict``, usage let the letters have these roles."""
    for letter, role in roles.items():
        kinds = _meanings(law, letter, said, strict=strict)
        if kinds and not kinds & law.roles[role]:
            return False
    return True


def _meanings(
    law: Law, letter: str, said: Mapping[str, frozenset[str]], *, strict: bool = True
) -> frozenset[str]:
    """The kinds that words, else usage, give a letter: of usage, what the law has roles for."""
    known = frozenset(kind for each in law.roles.values() for kind in each)
    kinds = said.get(letter, frozenset())
    if kinds:
        return kinds | {"kernel"} if "size" in kinds and "size" not in known else kinds
    return usual(letter) & known if strict else kinds


def _matched(
    law: Law,
    parts: Sequence[Expression],
    said: Mapping[str, frozenset[str]],
    fixed: Mapping[str, int],
    *,
    bias: bool | None,
    strict: bool,
) -> Match | None:
    """Find the form of a law that all axes of a formula agree with, and the roles of the letters."""
    needed = min(2, len(law.roles))  # of a count: n² alone may be anything
    for form in law.forms:
        if bias is not None and form.bias not in (None, bias):
            continue
        found = []
        for part in parts:
            letters = sorted(names(part))
            if not 0 < len(letters) <= len(law.roles) or (law.counts and len(letters) < needed):
                break
            for roles in _assignments(law, letters, fixed):
                if _allowed(law, roles, said, strict=strict) and _agrees(
                    law, form, part, roles, fixed
                ):
                    found.append(roles)
                    break
            else:
                break
        if len(found) == len(parts):
            return Match(law, form, tuple(found))
    return None


def _agrees(
    law: Law, form: Form, expression: Expression, roles: Roles, fixed: Mapping[str, int]
) -> bool:
    """Whether a formula has the law's value, exact or rounded down, wherever it is compared."""
    exact = floored = True
    used = frozenset(roles.values())
    for point in law.points(used, _missing(law, used, fixed)):
        right = Fraction(form.compute(**point))
        try:
            value = evaluate(expression, {name: Fraction(point[e]) for name, e in roles.items()})
        except UncomputableError:
            return False
        exact = exact and value == right
        floored = floored and value == floor(right)
        if not (exact or floored):
            return False
    return True


def _missing(law: Law, used: frozenset[str], fixed: Mapping[str, int]) -> dict[str, int]:
    return {role: fixed[role] for role in law.roles if role in fixed and role not in used}


def _supported(
    law: Law, part: Expression, said: Mapping[str, frozenset[str]], fixed: Mapping[str, int]
) -> Roles | None:
    """The roles of letters that words or usage tell, each of them; ``None`` if one stays open."""
    letters = sorted(names(part))
    if not 0 < len(letters) <= len(law.roles):
        return None
    for roles in _assignments(law, letters, fixed):
        if not law.complete(roles.values(), fixed):
            continue
        if _allowed(law, roles, said, strict=True) and all(
            _meanings(law, letter, said) & law.roles[role] for letter, role in roles.items()
        ):
            return roles
    return None


def _plain(expression: Expression, fixed: Mapping[str, int]) -> bool:
    """Whether a formula is built as laws are: of letters, small whole numbers and what squares of a kernel's
    given side hold."""
    match expression:
        case Number(value):
            areas = {side * side for side in fixed.values()}
            return value.denominator == 1 and (value < 10 or value in areas)
        case Name():
            return True
        case Negative(of) | Call("floor" | "ceil", of):
            return _plain(of, fixed)
        case Binary(_, left, right):
            return _plain(left, fixed) and _plain(right, fixed)
        case _:
            return False


# ------------------------------------------------------------------ candidates


def _candidate(stated: Formula, verdict: Verdict) -> Candidate:
    law, form = verdict.match.law, verdict.match.form
    lines = dict.fromkeys(
        _line(law, form, part, roles, verdict.fixed)
        for part, roles in zip(verdict.parts, verdict.match.roles, strict=True)
    )
    return Candidate(
        KIND,
        stated.start,
        stated.end,
        stated.start,
        True,
        (Reading(verdict.right, f"{law.name}: {form.shown}", "", tuple(lines)),),
        expected=written(stated.expression),
        computed=form.shown,
    )


def _line(law: Law, form: Form, part: Expression, roles: Roles, fixed: Mapping[str, int]) -> str:
    """The assertion that a formula and what torch measures are the same wherever they are compared."""
    used = frozenset(roles.values())
    missing = {**law.defaults, **_missing(law, used, fixed)}
    given = {role: role if role in used else str(missing.get(role, "")) for role in law.roles}
    formula = python(part, dict(roles))
    if law.loops:
        letters = "".join(role for role in law.roles if role in used)
        loops = f"for {', '.join(letters)} in {law.loops}({letters!r})"
        formula = f"floor({formula})"
    else:
        loops = " ".join(f"for {e} in {law.values[e]!r}" for e in law.roles if e in used)
    return f"assert all({formula} == {form.measure.format(**given)} {loops})"
