"""Formulas with letters: output sizes, "same" padding, parameters, the cost of separable layers.

``⌊(n+2p-f)/s⌋+1``, ``p=(f-1)/2``, ``o=(i-1)s+k-2p``, ``1/N + 1/f²``. A formula is compared with the
right one at many points, so any way to write it counts. A different formula is called false only
where the sentence says what it should give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations, product
from math import floor

from generator.claims.candidate import Candidate, Reading
from generator.claims.chains import Side, chains
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
from generator.claims.lexicon import wordset
from generator.claims.passage import Passage, Sentence, Sort, pattern
from generator.claims.tokens import Kind

KIND = "formula"

# Letters (without index) by what they usually are in size formulas.
ROLES: Mapping[str, str] = {
    **dict.fromkeys(("n", "N", "i", "I", "W", "H", "w", "h", "L", "input", "in", "size"), "n"),
    **dict.fromkeys(("f", "F", "k", "K", "kernel", "filter", "ksize"), "f"),
    **dict.fromkeys(("p", "P", "pad", "padding"), "p"),
    **dict.fromkeys(("s", "S", "stride"), "s"),
    **dict.fromkeys(("d", "dilation"), "d"),
}
OUTPUT_NAMES = wordset(
    "o O out output n_out W_out H_out w_out h_out W_o H_o o_h o_w n' W' H' W_2 H_2 O_h O_w n_o "
    "L_out"
)
FULL_ROLES = {"D_K": "f", "D_k": "f", "d_k": "f", "D_F": "n", "D_f": "n"}

SIZE_WORDS = wordset(
    "output size dimension dimensions width height result shape map fmap resulting becomes"
)
LAYER_WORDS = wordset(
    "conv filter filters pad stride pool kernel layer image transposed same valid upsampling"
)
TRANSPOSED_WORDS = wordset("transposed upsampling upsample upsamples")
SAID = pattern(
    r"(?:output|size|dimension|dimensions|width|height|shape|fmap|image|map) <*of the a an "
    r"output result resulting size dimension dimensions width height shape will be = : then give "
    r"by is given formula in each for conv layer fmap map image feature → spatial calculated "
    r"computed as after*><e:~>|(?:output|size|dimension|dimensions|width|height|shape) <..8>"
    r"(?:be|=|:|→|give|becomes) <*of dimension dimensions size the a an given by then*><e2:~>"
)


# "gives an (n-f+1) × (n-f+1) output"
MADE = pattern(
    r"(?:give|→|=) <*a an the output size of map fmap image*><e:~>|<e2:~> (?:output|image|result|"
    r"fmap|map|matrix|volume|dimensional|dimensions)"
)


def recognise(context: Context) -> Iterator[Candidate]:
    """Find formulas of sizes, padding, parameters and cost ratios."""
    passage = context.passage
    seen: set[int] = set()
    for chain in chains(passage.tokens):
        for found in _chain(context, chain):
            seen.update(range(chain[0].first, chain[-1].last))
            yield found
    for sentence in passage.sentences:
        if not sentence.question:
            yield from _alone(context, sentence, seen)


def _alone(context: Context, sentence: Sentence, seen: set[int]) -> Iterator[Candidate]:
    """Judge formulas that stand in a sentence without an equals sign."""
    said = {
        piece.start
        for form in (SAID, MADE)
        for match in sentence.find(form)
        for piece in match.groups.values()
    }
    for piece in sentence.pieces:
        if piece.sort is not Sort.SYMBOLIC or piece.expression is None:
            continue
        if piece.tokens[0] in seen or not isinstance(piece.expression, Binary | Call):
            continue
        side = Side(*piece.tokens, piece.expression)
        found = (
            _parameters(context, sentence, side, side)
            or _ratio(context, side, side)
            or _size(context, sentence, None, side, said=piece.start in said)
        )
        if found is not None:
            yield found


def _chain(context: Context, chain: tuple[Side, ...]) -> Iterator[Candidate]:
    """Judge a chain whose right side has letters."""
    passage = context.passage
    left = chain[0]
    for side in chain[1:] if len(chain) > 1 else chain:
        if side.expression is None or not names(side.expression) or side.stated is not None:
            continue
        sentence = _sentence(passage, side)
        if sentence is None or sentence.question:
            continue
        name = left.expression.name if isinstance(left.expression, Name) else None
        if left.expression is None:
            name = _word_before(passage, left)
        found = (
            _padding(context, name, left, side)
            or _size(context, sentence, name, side, left)
            or _parameters(context, sentence, side, left)
            or _ratio(context, side, left)
            or _dilated(context, side, left)
        )
        if found is not None:
            yield found
            return


def _word_before(passage: Passage, left: Side) -> str | None:
    """The word before the equals sign: "output = …"."""
    at = left.first - 1
    if at < 0 or passage.tokens[at].kind is not Kind.WORD:
        return None
    word = passage.tokens[at].text.lower()
    return word if word in ("output", "out", "size", "width", "height") else None


def _sentence(passage: Passage, side: Side) -> Sentence | None:
    start = passage.tokens[side.first].start
    return next((s for s in passage.sentences if s.start <= start <= s.end), None)


# ------------------------------------------------------------------ roles


def role(name: str) -> str | None:
    """What a letter usually is: n input, f kernel, p padding, s stride, d dilation."""
    if name in FULL_ROLES:
        return FULL_ROLES[name]
    base = name.partition("_")[0].partition("[")[0].rstrip("'")
    if name in OUTPUT_NAMES:
        return None
    return ROLES.get(base)


def roles(expression: Expression) -> dict[str, str] | None:
    """Give every variable's role, each role once; ``None`` if that cannot be."""
    found: dict[str, str] = {}
    for name in sorted(names(expression)):
        meaning = role(name)
        if meaning is None or meaning in found.values():
            return None
        found[name] = meaning
    return found


# ------------------------------------------------------------------ output sizes


@dataclass(frozen=True, slots=True)
class Law:
    """A right formula: what it computes, how it is written, and the torch layer that obeys it."""

    compute: Callable[[int, int, int, int, int], Fraction]
    shown: str
    helper: str


CONVOLUTION = Law(
    lambda n, f, p, s, d: Fraction(n + 2 * p - d * (f - 1) - 1, s) + 1,
    "⌊(n+2p-f)/s⌋+1",
    "conv_side",
)
TRANSPOSED = Law(
    lambda n, f, p, s, d: Fraction((n - 1) * s - 2 * p + d * (f - 1) + 1),
    "(n-1)·s+f-2p",
    "transposed_side",
)
POINTS = tuple(
    point
    for point in product((7, 8, 12, 15), (1, 2, 3, 5), (0, 1, 2), (1, 2, 3), (1, 2))
    if point[0] + 2 * point[2] >= point[4] * (point[1] - 1) + 1 and 2 * point[2] <= point[1] + 1
)
DEFAULTS = {"p": 0, "s": 1, "d": 1}


def _size(
    context: Context,
    sentence: Sentence,
    name: str | None,
    side: Side,
    left: Side | None = None,
    *,
    said: bool = True,
) -> Candidate | None:
    """Judge a formula of an output's size. Without ``said`` nothing in the sentence says that it is
    one: then only a right one is a claim."""
    expression = side.expression
    assert expression is not None
    parts = axes(expression)
    meanings = [roles(each) for each in parts]
    if any(each is None or not {"n", "f"} <= set(each.values()) for each in meanings):
        return None
    output = name is not None and (name in OUTPUT_NAMES or name in ("size", "width", "height"))
    layered = output or name is None or role(name) == "n"
    if name is not None and not layered and not SIZE_WORDS & sentence.words:
        return None
    laws = [_law(part, meaning or {}) for part, meaning in zip(parts, meanings, strict=True)]
    if all(laws):
        law = laws[0]
        assert law is not None
        evidence = output or context.speaks_of(*LAYER_WORDS) or len(meanings[0] or {}) >= 3
        if not evidence:
            return None
        return _formula(context, side, left, law, parts, meanings, right=True)
    if not said:
        return None
    if not sentence.has("side", "sides", "border", "borders", "edge") and all(
        _total_padding(part, meaning or {}) for part, meaning in zip(parts, meanings, strict=True)
    ):
        return None  # p counts both borders together
    # Wrong: only where the sentence says that this is a layer's output size.
    sized = output or bool(SIZE_WORDS & sentence.words)
    if not (sized and context.speaks_of(*LAYER_WORDS) and all(map(_linear, parts))):
        return None
    law = TRANSPOSED if context.speaks_of(*TRANSPOSED_WORDS) else CONVOLUTION
    return _formula(context, side, left, law, parts, meanings, right=False)


def axes(expression: Expression) -> list[Expression]:
    """Split ``(n-f+1) × (n-f+1)`` into its axes; a depth after them is left out."""
    match expression:
        case Binary("*", left, right) if not expression.bracketed:
            first, second = axes(left), axes(right)
            if all(_sum(each) for each in (*first, *second)):
                return first + second
            if all(_sum(each) for each in first) and isinstance(right, Name | Number):
                return first
        case _:
            pass
    return [expression]


def _sum(expression: Expression) -> bool:
    match expression:
        case Binary("+" | "-", _, _) | Call():
            return True
        case _:
            return False


def _law(expression: Expression, meaning: Mapping[str, str]) -> Law | None:
    """Find the law that a formula agrees with everywhere."""
    for law in (CONVOLUTION, TRANSPOSED):
        if law is TRANSPOSED and "s" not in meaning.values():
            continue
        if _agrees(expression, meaning, law):
            return law
    return None


def _agrees(expression: Expression, meaning: Mapping[str, str], law: Law) -> bool:
    exact = floored = True
    for point in POINTS:
        values = dict(zip("nfpsd", point, strict=True))
        if any(
            values[each] != default
            for each, default in DEFAULTS.items()
            if each not in meaning.values()
        ):
            continue
        right = law.compute(*(values[each] for each in "nfpsd"))
        try:
            stated = evaluate(
                expression, {name: Fraction(values[each]) for name, each in meaning.items()}
            )
        except UncomputableError:
            return False
        exact = exact and stated == right
        floored = floored and stated == floor(right)
        if not (exact or floored):
            return False
    return True


def _total_padding(expression: Expression, meaning: Mapping[str, str]) -> bool:
    """Whether a formula is right for a padding that counts both borders together."""
    if "p" not in meaning.values():
        return False
    for n, f, p, s in product((7, 8, 12), (1, 3, 5), (0, 2, 4), (1, 2)):
        if s != 1 and "s" not in meaning.values():
            continue
        values = {"n": n, "f": f, "p": p, "s": s, "d": 1}
        try:
            stated = evaluate(
                expression, {name: Fraction(values[each]) for name, each in meaning.items()}
            )
        except UncomputableError:
            return False
        right = Fraction(n + p - f, s) + 1
        if stated not in (right, floor(right)):
            return False
    return True


def _linear(expression: Expression) -> bool:
    """Whether a formula is built as size formulas are: sums, quotients, whole numbers."""
    match expression:
        case Number(value):
            return value.denominator == 1 and value < 10
        case Name():
            return True
        case Negative(of) | Call("floor" | "ceil", of):
            return _linear(of)
        case Binary("+" | "-" | "*" | "/", left, right):
            return _linear(left) and _linear(right)
        case _:
            return False


def _formula(
    context: Context,
    side: Side,
    left: Side | None,
    law: Law,
    parts: list[Expression],
    meanings: list[dict[str, str] | None],
    *,
    right: bool,
) -> Candidate:
    setup = []
    for part, meaning in zip(parts, meanings, strict=True):
        identifiers = {name: f"{each}" for name, each in (meaning or {}).items()}
        used = [each for each in "nfpsd" if each in identifiers.values()]
        arguments = ", ".join(f"{each}={each}" for each in used)
        setup.append(
            f"assert all(floor({python(part, identifiers)}) == {law.helper}({arguments}) "
            f"for {', '.join(used)} in points({''.join(used)!r}))"
        )
    reading = Reading(right, f"an output has {law.shown}", "", tuple(dict.fromkeys(setup)))
    return _make(context.passage, side, left, reading, computed=law.shown)


def _make(
    passage: Passage,
    side: Side,
    left: Side | None,
    reading: Reading,
    *,
    computed: str,
) -> Candidate:
    assert side.expression is not None
    first = passage.tokens[min(side.first, left.first) if left is not None else side.first]
    begin = passage.tokens[side.first]
    return Candidate(
        KIND,
        min(first.start, begin.start),
        passage.tokens[side.last - 1].end,
        begin.start,
        True,
        (reading,),
        expected=written(side.expression),
        computed=computed,
    )


# ------------------------------------------------------------------ same padding


def _padding(context: Context, name: str | None, left: Side, side: Side) -> Candidate | None:
    """``p = (f-1)/2``."""
    expression = side.expression
    assert expression is not None
    meaning = roles(expression)
    if name is None or role(name) != "p" or meaning is None or set(meaning.values()) != {"f"}:
        return None
    (kernel,) = meaning
    if written(expression) == f"{kernel}/2":
        return None  # rounded down, as code does, it is right for odd kernels
    right = True
    for odd in (1, 3, 5, 7, 11):
        try:
            right = right and evaluate(expression, {kernel: Fraction(odd)}) == (odd - 1) // 2
        except UncomputableError:
            return None
    try:
        total = evaluate(expression, {kernel: Fraction(5)}) == 4  # both borders together
    except UncomputableError:
        return None
    if not right and (
        total or not (context.speaks_of("same", "pad", "conv") and _linear(expression))
    ):
        return None
    line = (
        f"assert all(conv_side(n=n, f=f, p={python(expression, {kernel: 'f'})}) == n "
        "for n in (7, 8, 12) for f in (1, 3, 5, 7))"
    )
    reading = Reading(right, "padding that keeps the size is (f-1)/2", "", (line,))
    return _make(context.passage, side, left, reading, computed="(f-1)/2")


# ------------------------------------------------------------------ parameters


def _parameters(context: Context, sentence: Sentence, side: Side, left: Side) -> Candidate | None:
    """``(f·f·c + 1)·n`` in any letters: only recognised where it is right."""
    if not sentence.has("parameter", "weight") or not context.speaks_of(
        "conv", "filter", "filters", "kernel", "cnn"
    ):
        return None
    expression = side.expression
    assert expression is not None
    used = sorted(names(expression))
    if not 2 <= len(used) <= 3:
        return None
    for bias, order in product((True, False), permutations(("k", "c", "n"), len(used))):
        if "k" not in order:
            continue
        meaning = dict(zip(used, order, strict=True))
        if _counts(expression, meaning, bias=bias):
            given = ", ".join(each if each in order else "1" for each in ("c", "n", "k"))
            letters = "".join(each for each in "kcn" if each in order)
            line = (
                f"assert all({python(expression, meaning)} == parameters(nn.Conv2d({given}, "
                f"bias={bias})) "
                f"for {', '.join(letters)} in cases({letters!r}))"
            )
            shown = "n·(k·k·c + 1)" if bias else "n·k·k·c"
            reading = Reading(True, f"a convolution has {shown} parameters", "", (line,))
            return _make(context.passage, side, left, reading, computed=shown)
    return None


def _counts(expression: Expression, meaning: Mapping[str, str], *, bias: bool) -> bool:
    for k, c, n in product((1, 3, 5), (1, 2, 7), (1, 4, 6)):
        values = {"k": k, "c": c, "n": n}
        if any(values[each] != 1 for each in ("c", "n") if each not in meaning.values()):
            continue
        try:
            stated = evaluate(
                expression, {name: Fraction(values[each]) for name, each in meaning.items()}
            )
        except UncomputableError:
            return False
        if stated != n * (k * k * c + bias):
            return False
    return True


# ------------------------------------------------------------------ separable convolutions


def _ratio(context: Context, side: Side, left: Side) -> Candidate | None:
    """``1/N + 1/f²``, what a depthwise-separable convolution costs of a standard one."""
    if not context.speaks_of("depthwise", "separable"):
        return None
    expression = side.expression
    assert expression is not None
    used = sorted(names(expression))
    if len(used) != 2 or not _unit_fractions(expression):
        return None
    right = False
    inputs = _named_inputs(context, used)
    meaning = dict(zip(used, ("n", "f"), strict=True))
    for order in (("n", "f"), ("f", "n")):
        candidate = dict(zip(used, order, strict=True))
        if any(role(name) == "f" != candidate[name] for name in used):
            continue  # a kernel's letter where the filters belong
        if _is_ratio(expression, candidate):
            meaning = candidate
            right = inputs is None or candidate[inputs] != "n"
            break
    else:
        guess = {name: role(name) for name in used}
        if set(guess.values()) != {"n", "f"} and "f" not in guess.values():
            return None
        meaning = {name: "f" if guess[name] == "f" else "n" for name in used}
        if len(set(meaning.values())) != 2:
            return None
    line = (
        f"assert all({python(expression, meaning)} == separable_share(n=n, f=f) "
        "for n in (4, 64, 512) for f in (3, 5))"
    )
    if inputs is not None and not right:
        channels = {name: "6" if each == "n" else each for name, each in meaning.items()}
        line = (
            f"assert all({python(expression, channels)} == separable_share(n=n, f=f) "
            "for n in (4, 64, 512) for f in (3, 5))"
        )
    reading = Reading(right, "the ratio of costs is 1/N + 1/f²", "", (line,))
    return _make(context.passage, side, left, reading, computed="1/N + 1/f²")


INPUTS = pattern(
    r"<l:~> (?:be|=|:|for|denotes) <*the a number of many*>"
    r"(?:input channel|channel (?:in|of) the input|incoming channel)"
)


def _named_inputs(context: Context, used: Sequence[str]) -> str | None:
    """The letter that the statement calls the number of input channels."""
    for sentence in context.sentences:
        for found in sentence.find(INPUTS):
            letter = found["l"].expression
            if isinstance(letter, Name) and letter.name in used:
                return letter.name
    return None


def _unit_fractions(expression: Expression) -> bool:
    match expression:
        case Binary("+", Binary("/", Number(one), _), Binary("/", Number(other), _)):
            return one == other == 1
        case _:
            return False


def _is_ratio(expression: Expression, meaning: Mapping[str, str]) -> bool:
    for n, f in product((4, 64, 512), (3, 5)):
        values = {"n": Fraction(n), "f": Fraction(f)}
        try:
            stated = evaluate(expression, {name: values[each] for name, each in meaning.items()})
        except UncomputableError:
            return False
        if stated != Fraction(1, n) + Fraction(1, f * f):
            return False
    return True


# ------------------------------------------------------------------ dilation


def _dilated(context: Context, side: Side, left: Side) -> Candidate | None:
    """``k + (k-1)(d-1)``, the reach of a dilated kernel: only recognised where it is right."""
    if not context.speaks_of("dilation"):
        return None
    expression = side.expression
    assert expression is not None
    used = sorted(names(expression))
    for order in permutations(("f", "d")):
        if len(used) != 2:
            return None
        meaning = dict(zip(used, order, strict=True))
        try:
            right = all(
                evaluate(
                    expression,
                    {name: Fraction({"f": f, "d": d}[each]) for name, each in meaning.items()},
                )
                == d * (f - 1) + 1
                for f, d in product((1, 2, 3, 5), (1, 2, 4))
            )
        except UncomputableError:
            return None
        if right:
            line = (
                f"assert all(16 - conv_side(n=16, f=f, d=d) + 1 == {python(expression, meaning)} "
                "for f in (1, 2, 3) for d in (1, 2, 3))"
            )
            reading = Reading(True, "a dilated kernel reaches d·(f-1)+1", "", (line,))
            return _make(context.passage, side, left, reading, computed="d·(f-1)+1")
    return None
