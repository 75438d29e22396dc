"""Words and images as vectors: one-hot vectors, tables of embeddings, patches of an image as tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from generator.claims.candidate import Candidate, Reading, claiming, if_true
from generator.claims.context import Context
from generator.claims.described.statement import states
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort
from generator.claims.scene import number, whole

KIND = "sequence shape"

ONE_HOT = wordset("one-hot onehot one-hot-encoded one-hots")
ENTRIES = wordset(
    "entries entry elements element components component dimensions dimension dims dimensional values "
    "numbers long positions slots"
)
ROWS = wordset("words word token tokens symbols characters vocab vocabulary entries")
VOCABULARY = wordset("vocab vocabulary dictionary")
FEATURES = wordset("features feature dims dimensions dimension dimensional d")
TABLE = wordset("matrix table lookup layer")
HELD = wordset("parameter weight values numbers entries floats")
LINKS = wordset("size of = : be with have about a the is")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find numbers of one-hot vectors, embeddings and patches."""
    for sentence in context.sentences:
        if sentence.question:
            continue
        if sentence.has(*ONE_HOT):
            yield from _one_hot(sentence)
        elif sentence.has("embedding", "embeddings"):
            yield from _table(sentence)
        if sentence.has("patch", "patches"):
            yield from _patches(sentence)


def _after(sentence: Sentence, at: int, count: int) -> list[str]:
    return [each.gist for each in sentence.pieces[at + 1 : at + 1 + count]]


def _numbers(sentence: Sentence) -> Iterator[tuple[int, Piece]]:
    for at, piece in enumerate(sentence.pieces):
        if piece.sort is Sort.NUMBER and piece.quantity is not None:
            yield at, piece


def _one(found: Sequence[int]) -> int | None:
    return found[0] if len(found) == 1 else None


def _claim(
    sentence: Sentence, at: int, values: Sequence[tuple[int, str, str]], *used: int
) -> Iterator[Candidate]:
    """The number at a place beside what it may be: value, computation, Python."""
    piece = sentence.pieces[at]
    if piece.quantity is None or not states(sentence, at):
        return
    readings = tuple(Reading(Fraction(value), how, source) for value, how, source in values)
    places = tuple(sentence.pieces[each].start for each in used)
    yield claiming(KIND, sentence, piece, piece.quantity, readings, used=places)


# ------------------------------------------------------------------ one-hot vectors


def _vocabulary(sentence: Sentence) -> int | None:
    """Where the size of the vocabulary stands: "a vocab of 10k", "a 50,000-word vocabulary"."""
    found = []
    for at, piece in _numbers(sentence):
        if piece.numeral or number(piece) < 2:
            continue
        here = at
        while here and sentence.pieces[here - 1].gist in LINKS:
            here -= 1
        named = here and sentence.pieces[here - 1].gist in VOCABULARY
        if named or set(_after(sentence, at, 2)) & (VOCABULARY | {"words"}):
            found.append(at)
    return _one(found)


def _one_hot(sentence: Sentence) -> Iterator[Candidate]:
    """ "A one-hot vector for a vocab of 10k words has 10,000 entries, one of them non-zero"."""
    vocabulary = _vocabulary(sentence)
    if vocabulary is None or sentence.has("not", "embedding"):
        return
    size = number(sentence.pieces[vocabulary])
    vector = f"nn.functional.one_hot(torch.tensor(1), {size})"
    for at, piece in _numbers(sentence):
        after = _after(sentence, at, 5)
        if at == vocabulary:
            continue
        if after[:1] and after[0] in ENTRIES and not piece.numeral:
            yield from _claim(
                sentence, at, [(size, f"one entry for each of {size:,} words", f"len({vector})")],
                vocabulary,
            )  # fmt: skip
        elif set(after[:4]) & {"non-zero", "nonzero"}:
            yield from _claim(
                sentence, at, [(1, "one entry is not zero", f"int({vector}.sum())")], vocabulary
            )
        elif after[:1] == ["zeros"]:
            source = f"int(({vector} == 0).sum())"
            yield from _claim(sentence, at, [(size - 1, f"{size:,} - 1", source)], vocabulary)


# ------------------------------------------------------------------ tables of embeddings


def _table(sentence: Sentence) -> Iterator[Candidate]:
    """ "An embedding matrix for 10,000 words and 300 features is 300 × 10,000: 3 million parameters"."""
    rows, columns, counts = [], [], []
    for at, piece in _numbers(sentence):
        after = _after(sentence, at, 2)
        if piece.numeral or not after:
            continue
        if after[0] in HELD - {"entries"}:
            counts.append(at)
        elif after[0] in FEATURES:
            columns.append(at)
        elif after[0] in ROWS:
            rows.append(at)
    one, other = _one(rows), _one(columns)
    sizes = [at for at, each in enumerate(sentence.pieces) if each.sort is Sort.SIZE]
    if one is None or other is None or len(sizes) > 1 or not sentence.has(*TABLE):
        return
    v, d = number(sentence.pieces[one]), number(sentence.pieces[other])
    layer = f'nn.Embedding({v}, {d}, device="meta")'
    for at in sizes:
        piece = sentence.pieces[at]
        if len(piece.size) != 2 or not states(sentence, at):
            continue
        readings = (
            Reading(
                (v, d), f"a row of {d} for each of {v:,} words", f"tuple({layer}.weight.shape)"
            ),
            Reading((d, v), f"{d} rows of {v:,}", f"tuple({layer}.weight.T.shape)"),
        )
        used = (sentence.pieces[one].start, sentence.pieces[other].start)
        yield claiming(KIND, sentence, piece, piece.size, readings, used=used)
    for at in counts if len(counts) == 1 else ():
        how = f"{v:,}·{d} = {v * d:,}"
        found = _claim(sentence, at, [(v * d, how, f"parameters({layer})")], one, other)
        yield from (replace(each, decisive=True) for each in found)  # nothing else is the table's


# ------------------------------------------------------------------ patches

PIXELS = wordset("px pixel pixels image input picture resolution photo")
CLASS_TOKEN = wordset("cls class classification [cls]")
PATCHES = wordset("patches patch")
OTHER = wordset("merging merge merged stage windows distillation pruned dropped masked")
GIVEN = wordset("into give be = → there have so works see sees token split cuts i.e")
TRANSFORMER = ("vit", "deit")


def _patches(sentence: Sentence) -> Iterator[Candidate]:
    """ "224 px in patches of 16 make 196 tokens, with the class token 197"."""
    pieces = sentence.pieces
    window = _one([at for at in range(len(pieces)) if _is_patch(pieces, at)])
    image = _one([at for at in range(len(pieces)) if at != window and _is_image(sentence, at)])
    if (
        window is None
        or image is None
        or sentence.has("overlap", "overlapping", "stride", "conv", *OTHER)
    ):
        return
    patch, side = _side(pieces[window]), _side(pieces[image])
    if not patch or not side or side % patch:
        return
    many = (side // patch) ** 2
    layer = f'nn.Conv2d(3, 8, {patch}, stride={patch}, device="meta")'
    count = f'{layer}(torch.empty(1, 3, {side}, {side}, device="meta"))[0, 0].numel()'
    plain = (many, f"({side}/{patch})² = {many}", count)
    more = (many + 1, f"({side}/{patch})² + 1 = {many + 1}", f"{count} + 1")
    made = -1  # the last number that the image becomes
    for at, piece in _numbers(sentence):
        after = _after(sentence, at, 6)
        if at in (window, image) or piece.numeral or not after:
            continue
        if after[0] in PATCHES:
            made = at if _given(sentence, at) else made
            yield from _sure(made == at, _claim(sentence, at, [plain], window, image))
        elif after[0] in ("tokens", "positions") or (
            after[0] == "with" and set(after) & CLASS_TOKEN
        ):
            told = _class_token(sentence, at)
            values = [plain, more] if told is None else [more if told else plain]
            goes_on = bool(told) and made >= 0 and _alone(sentence, made, at)
            made = at if _given(sentence, at) else made
            yield from _sure(made == at or goes_on, _claim(sentence, at, values, window, image))


def _given(sentence: Sentence, at: int) -> bool:
    """Whether a number is what the image is said to become."""
    return bool({each.gist for each in sentence.pieces[max(0, at - 3) : at]} & GIVEN)


def _alone(sentence: Sentence, made: int, at: int) -> bool:
    """Whether no other number stands behind what an image becomes: "577 with the class token at 384"."""
    numeric = (Sort.NUMBER, Sort.SIZE, Sort.EXPRESSION)
    behind = [k for k, each in enumerate(sentence.pieces) if k > made and each.sort in numeric]
    return behind == [at]


def _sure(made: bool, found: Iterator[Candidate]) -> Iterator[Candidate]:
    """Count a number that the image does not become only where it is right; "197 with the [CLS] token" goes on
    with one that it does."""
    for each in found:
        kept = each if made else if_true(each)
        if kept is not None:
            yield kept


def _class_token(sentence: Sentence, at: int) -> bool | None:
    """Whether a count includes the class token, as its own words say."""
    pieces = sentence.pieces
    first = at
    while first and pieces[first - 1].gist not in (",", ";", ":", "(", ")"):
        first -= 1
    last = at
    while last + 1 < len(pieces) and pieces[last + 1].gist not in (",", ";", ":", "(", ")"):
        last += 1
    near = [each.gist for each in pieces[first : last + 1]]
    if not set(near) & CLASS_TOKEN:
        return None
    return None if "without" in near else True


def _is_patch(pieces: Sequence[Piece], at: int) -> bool:
    piece = pieces[at]
    before = [each.gist for each in pieces[max(0, at - 3) : at]]
    after = [each.gist for each in pieces[at + 1 : at + 3]]
    if before[-1:] == ["/"] and before[-2:-1] and before[-2].startswith(TRANSFORMER):
        return True
    sized = piece.sort is Sort.SIZE and after[:1] and after[0] in PATCHES
    given = before[-2:] in (["patches", "of"], ["patch", "size"]) or before == [
        "patch",
        "size",
        "of",
    ]
    return bool(sized or (given and _side(piece)))


def _is_image(sentence: Sentence, at: int) -> bool:
    piece = sentence.pieces[at]
    if piece.sort not in (Sort.SIZE, Sort.NUMBER) or piece.numeral or not _side(piece):
        return False
    return bool(set(_after(sentence, at, 2)) & PIXELS)


def _side(piece: Piece) -> int:
    """The side of a square, or of a number; nought for anything else."""
    value = whole(piece)
    if value is None or len(value) > 3 or (len(value) > 1 and value[0] != value[1]):
        return 0
    return value[0]
