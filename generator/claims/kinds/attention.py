"""Shapes and counts of attention: d_model shared out to heads, T × T scores a head, logits B × T × V.

Batch, length, vocabulary, model width and heads are read from letters with a value and from words
("a vocab of 65", "8 heads"). A number is a claim where its words say which of these it follows from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import prod

from generator.claims.candidate import Candidate, Reading, Size, claiming
from generator.claims.context import Context
from generator.claims.expression import Name
from generator.claims.lexicon import wordset
from generator.claims.pairs import paired
from generator.claims.passage import Passage, Piece, Sentence, Sort, pattern
from generator.claims.quantity import show
from generator.claims.scene import whole

KIND = "sequence shape"

# What letters stand for in sequence models; the first that has a value counts.
LETTERS: Mapping[str, str] = {
    **dict.fromkeys(("B", "N_B", "batch"), "batch"),
    **dict.fromkeys(("T", "L", "seq_len"), "length"),
    **dict.fromkeys(("V",), "vocabulary"),
    **dict.fromkeys(("d_model", "D", "d_m", "n_embd", "d_embed"), "width"),
    **dict.fromkeys(("h", "H", "n_heads", "n_head", "n_h"), "heads"),
}
WORDS_OF: tuple[tuple[str, str], ...] = (
    ("batch", r"batch (?:size )?(?:of |= |: |be )?(?:size )?<n:#>"),
    ("batch", r"<n:#> (?:sequences|sentences|examples)"),
    ("length", r"<n:#> (?:token|tokens|positions|timesteps|time steps|words|characters)"),
    ("length", r"(?:sequence|context|block|sequences) (?:length |size |window |len )?"
               r"(?:of |= |: |be )?(?:length )?<n:#>"),
    ("length", r"length (?:of |= |: |be )?<n:#>"),
    ("vocabulary", r"(?:vocab|vocabulary) (?:size )?(?:of |= |: |be |with |have )?(?:size )?<n:#>"),
    ("vocabulary", r"<n:#> (?:words|token|tokens|entries|symbols) (?:in the )?(?:vocab|vocabulary)"),
    ("width", r"(?:model|embedding|hidden|residual) (?:dim|dimension|size|width) (?:of |= |: |be )?<n:#>"),
    ("width", r"embedded (?:in|into|with) <n:#> (?:dims|dimensions|features)"),
    ("width", r"<n:#> (?:dimensional|dim|d) (?:embedding|embeddings|model|vector|residual)"),
    ("width", r"heads (?:, |and |with )+<n:#> (?:dims|dimensions|hidden)(?! (?:each|for|in))"),
    ("heads", r"<n:#> (?:attention |parallel )?heads"),
)  # fmt: skip
PATTERNS = tuple((name, pattern(text)) for name, text in WORDS_OF)

# A width in the words of code: "d_model 512".
_LABEL = re.compile(r"\b(?:d_?model|n_embd|d_?embed|embed_dim|hidden_size)\W{0,2}$")
TOPIC = wordset(
    "attention head heads logits token tokens vocab vocabulary transformer transformers sequence "
    "embedding gpt bert query key keys queries"
)
BOUND = pattern(r"<l:~> (?:=|:|be|of) <n:#>")
_DIMS = r"(?:dim|dims|dimension|dimensions|dimensional|feature|features|channel|d|values?) "
PER_HEAD = tuple(
    pattern(text)
    for text in (
        rf"<n:#> {_DIMS}?<*wide for in to*>each <*attention*>head",
        r"(?:per-head|per head|each head) (?:size|dim|dimension|width) (?:be |= |of |: )*<n:#>",
        r"head <*be have with dim dims size dimension dimensions width a an of = : works on*><n:#>",
        r"each <*attention*>head <*then be have with dim dims size dimension width give works see "
        r"on in of only a = :*><n:#>",
        rf"heads <*then , so we it*>(?:give|leave|make|→|=|have) <n:#> (?:{_DIMS})?(?:each|apiece)",
        rf"heads (?:of|with) (?:size |width |dim )?<n:#>(?: {_DIMS[:-1]})?",
    )
)
HEAD_LETTERS = ("d_k", "d_v", "d_h", "d_head", "d_q")
SCORES = pattern(
    r"<n:#> (?:attention )?(?:scores|entries|values|weight|elements|numbers) "
    r"(?:for |in |of )?(?P<scope>each|a) (?:attention )?(?P<unit>head|layer|matrix)"
)
ALSO_LAYER = pattern(r"each head <*and or , so then*><n:#> (?:for |in )?(?:each|a) layer")
MATRIX = pattern(
    r"<v:@> <*attention score weight*>(?:matrix|scores|map|maps|matrices)|(?:matrix|scores|map) "
    r"(?:(?:of|for) (?:a |the )?batch of #\d+ )?<*of be have shape size a the are*><w:@>"
)
LOGITS = pattern(
    r"(?:logits|softmax output|outputs?|predictions|probabilities) "
    r"<*be have shape of a the volume size as form are with = : then*><v:@>"
)
EMBEDDED = pattern(
    r"(?:tensor|shape|embeddings|embedding|volume|x) <*of a be have shape size the with*><v:@>"
)
MODEL = pattern(
    rf"<h:#> heads (?:of|with|x|×|\*|times) <k:#> (?:{_DIMS})?<*each for head ,*>(?:give|make|be|=|→|total|"
    r"sum|fill|together) <*a an the model width dimension dim size d_model of to in us total*><n:#>"
)


def recognise(context: Context) -> Iterator[Candidate]:
    """Find shapes and counts of attention."""
    if not context.speaks_of(*TOPIC):
        return
    known = known_sizes(context.passage)
    for sentence in context.sentences:
        if sentence.question or sentence.has("not"):
            continue
        yield from _heads(sentence, known)
        yield from _scores(sentence, known)
        yield from _logits(sentence, known)


def known_sizes(passage: Passage) -> dict[str, tuple[int, Piece | None]]:
    """The sizes that a statement gives, each with the piece that says it; two values are none."""
    found: dict[str, dict[int, Piece | None]] = {}
    for letter, value in passage.bindings.items():
        role = LETTERS.get(letter)
        if role is not None and value.denominator == 1:
            found.setdefault(role, {})[int(value)] = None
    for sentence in passage.sentences:
        for match in sentence.find(BOUND):
            name, number = match["l"].expression, whole(match["n"])
            if isinstance(name, Name) and len(name.name) > 1 and number is not None:
                role = LETTERS.get(name.name)
                if role is not None:
                    found.setdefault(role, {}).setdefault(number[0], match["n"])
        for piece in sentence.pieces:
            number = whole(piece) if piece.sort is Sort.NUMBER else None
            first = passage.tokens[piece.tokens[1] - 1].start
            if number is not None and _LABEL.search(passage.text[:first]):
                found.setdefault("width", {}).setdefault(number[0], piece)
        for role, form in PATTERNS:
            for match in sentence.find(form):
                number = whole(match["n"])
                if number is not None and number[0] > 0:
                    found.setdefault(role, {}).setdefault(number[0], match["n"])
    for each in found.get("vocabulary", ()):
        found.get("length", {}).pop(each, None)  # "a vocabulary of 10,000 words"
    return {role: next(iter(values.items())) for role, values in found.items() if len(values) == 1}


def _used(sentence: Sentence, known: Mapping[str, tuple[int, Piece | None]]) -> tuple[int, ...]:
    given = [each.start for _, each in known.values() if each is not None]
    bound = (found["n"].start for found in sentence.find(pattern(r"~\d+ (?:=|:) <n:#>")))
    layers = (found["n"].start for found in sentence.find(pattern(r"<n:#> layer")))
    return (*given, *bound, *layers)


# ------------------------------------------------------------------ heads


def _heads(
    sentence: Sentence, known: Mapping[str, tuple[int, Piece | None]]
) -> Iterator[Candidate]:
    """d_model / heads, alone or for several numbers of heads; heads × dims."""
    for found in sentence.find(MODEL):
        several, size = whole(found["h"]), whole(found["k"])
        if several and size and found["n"].quantity is not None:
            how = f"{several[0]}·{size[0]} = {several[0] * size[0]}"
            line = f"{several[0]} * {size[0]}"
            used = (found["h"].start, found["k"].start)
            yield number_stated(
                sentence, found["n"], Fraction(several[0] * size[0]), how, line, used
            )
    if "width" not in known:
        return
    width, piece = known["width"]
    counts: list[int] = [
        at
        for at, each in enumerate(sentence.pieces)
        if whole(each) and sentence.words_after(each, 1) == ("heads",)
    ]
    stated = [sentence.index_of(each) for each in _per_head(sentence)]
    others = [
        at
        for at, each in enumerate(sentence.pieces)
        if at in stated or (at not in counts and each is not piece and _plain(sentence, at, each))
    ]
    pairs = paired(counts, others) if len(counts) == len(others) > 1 else ()
    shared: list[tuple[int, int]] = []
    if not pairs and "heads" in known:
        shared = [(known["heads"][0], at) for at in stated]
    elif stated:
        shared = [((whole(sentence.pieces[at]) or (0,))[0], other) for at, other in pairs]
    for count, at in shared:
        if not count:
            continue
        value = Fraction(width, count)
        how = f"{width}/{count} = {show(value)}"
        explained = (*_used(sentence, known), *(sentence.pieces[each].start for each in counts))
        yield number_stated(
            sentence, sentence.pieces[at], value, how, f"Fraction({width}, {count})", explained
        )


def _per_head(sentence: Sentence) -> Iterator[Piece]:
    for form in PER_HEAD:
        for found in sentence.find(form):
            if not found["n"].numeral and sentence.words_after(found["n"], 1) != ("heads",):
                yield found["n"]
    for found in sentence.find(pattern(r"<l:~> (?:=|:) <n:#>")):
        name = found["l"].expression
        if isinstance(name, Name) and name.name in HEAD_LETTERS:
            yield found["n"]


def _plain(sentence: Sentence, at: int, piece: Piece) -> bool:
    """Whether a number has no noun: "over 16 heads 32"."""
    if piece.sort is not Sort.NUMBER or piece.numeral or piece.quantity is None:
        return False
    before = sentence.pieces[at - 1].gist if at else ""
    after = sentence.words_after(piece, 1)
    return before != "=" and (not after or after[0] in (",", "and", ".", ")"))


# ------------------------------------------------------------------ scores


def _scores(
    sentence: Sentence, known: Mapping[str, tuple[int, Piece | None]]
) -> Iterator[Candidate]:
    """T × T scores a head, H·T² a layer."""
    if "length" not in known or not sentence.has("head", "heads", "attention", "scores", "layer"):
        return
    length = known["length"][0]
    used = _used(sentence, known)
    for found in sentence.find(MATRIX):
        piece = found.get("v") or found["w"]
        shape = _score_shape(piece.size, known)
        if shape is not None:
            source = f'tuple(torch.empty({shape}, device="meta").shape)'
            yield size_stated(
                sentence, piece, shape, f"{length} queries for {length} keys", source, used
            )
    counted = [(each["n"], each.match.group("unit")) for each in sentence.find(SCORES)]
    counted += [(each["n"], "layer") for each in sentence.find(ALSO_LAYER)] if counted else []
    for piece, unit in counted:
        heads = known["heads"][0] if unit == "layer" and "heads" in known else 1
        if piece.quantity is None or (unit == "layer" and "heads" not in known):
            continue
        axes = (heads, length, length) if heads > 1 else (length, length)
        how = f"{'·'.join(map(str, axes))} = {prod(axes):,}"
        source = f'torch.empty({axes}, device="meta").numel()'
        yield number_stated(sentence, piece, Fraction(prod(axes)), how, source, used)


def _score_shape(stated: Size, known: Mapping[str, tuple[int, Piece | None]]) -> Size | None:
    """The shape of scores with as many axes as stated: T × T, (H, T, T), (B, T, T), (B, H, T, T)."""
    length = known["length"][0]
    heads, batch = known.get("heads"), known.get("batch")
    match len(stated), heads, batch:
        case 2, _, _:
            return (length, length)
        case 3, None, (count, _):
            return (count, length, length)
        case 3, (count, _), None:
            return (count, length, length)
        case 4, (several, _), (count, _):
            return (count, several, length, length)
        case _:
            return None


# ------------------------------------------------------------------ logits


def _logits(
    sentence: Sentence, known: Mapping[str, tuple[int, Piece | None]]
) -> Iterator[Candidate]:
    """B × T × V, or flattened (B·T) × V; embedded tokens B × T × C."""
    if {"batch", "length", "width"} <= set(known) and "vocabulary" not in known:
        embedded = (known["batch"][0], known["length"][0], known["width"][0])
        for found in sentence.find(EMBEDDED):
            if len(found["v"].size) == 3:
                source = f'tuple(torch.empty({embedded}, device="meta").shape)'
                how = f"{'×'.join(map(str, embedded))} from batch, length and width"
                yield size_stated(
                    sentence, found["v"], embedded, how, source, _used(sentence, known)
                )
    if "vocabulary" not in known or "length" not in known:
        return
    axes = [known[each][0] for each in ("batch", "length", "vocabulary") if each in known]
    for found in sentence.find(LOGITS):
        piece = found["v"]
        shape: Size = tuple(axes)
        if len(piece.size) == 2 and len(axes) == 3:
            shape = (axes[0] * axes[1], axes[2])
        if len(piece.size) != len(shape):
            continue
        source = f'tuple(torch.empty({shape}, device="meta").shape)'
        how = f"{'×'.join(map(str, shape))} from batch, length and vocabulary"
        yield size_stated(sentence, piece, shape, how, source, _used(sentence, known))


# ------------------------------------------------------------------ candidates


def number_stated(
    sentence: Sentence,
    piece: Piece,
    value: Fraction,
    how: str,
    source: str,
    used: Sequence[int],
) -> Candidate:
    """A sentence's number, stated of a tensor's shape, beside the one value that it can have."""
    assert piece.quantity is not None
    return claiming(
        KIND,
        sentence,
        piece,
        piece.quantity,
        (Reading(value, how, source),),
        used=tuple(used),
    )


def size_stated(
    sentence: Sentence, piece: Piece, shape: Size, how: str, source: str, used: Sequence[int]
) -> Candidate:
    """A sentence's size, stated of a tensor's shape, beside the one shape that it can have."""
    return claiming(
        KIND,
        sentence,
        piece,
        piece.size,
        (Reading(shape, how, source),),
        used=tuple(used),
    )
