"""Embeddings by their counts: "50,257 × 768 has 38,597,376 parameters", "10,000 words at dimension 300 → 3M"."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from generator.claims.candidate import Candidate, claiming, number_reading
from generator.claims.context import Context
from generator.claims.lexicon import wordset
from generator.claims.passage import Piece, Sentence, Sort, pattern
from generator.claims.scene import whole

KIND = "parameters"

TOPIC = wordset("embedding embeddings vocabulary vocab")
OTHERS = wordset(
    "hidden fc unit heads head block blocks layer lstm gru rnn conv together total model"
)
TABLE = pattern(
    r"(?:embedding|embeddings|table|lookup|matrix) (?:table |matrix |layer )?<*of with a "
    r"the be : size shape , has have in*><k:@>"
)
COUNTED = tuple(
    pattern(text)
    for text in (
        r"(?:vocabulary|vocab) (?:size )?<*of with have = :*><a:#> <*words tokens token entries , and "
        r"at with in a an embedded embedding of*>(?:dimension|dim|dimensions|size|width) <*of = :*><b:#>",
        r"<a:#> <*different*>(?:words|tokens|token|positions|entries|symbols|characters|"
        r"subwords) <*, and at with in a an "
        r"embedded embedding of each into to*>(?:dimension|dim|dimensions|size|width) <*of = :*><b:#>",
        r"<a:#> <*different*>(?:words|tokens|token|positions|entries|symbols|characters|"
        r"subwords) <*, and at with in a an "
        r"embedded embedding of each into to*><b:#> (?:dimensions|dims|dimensional|dim|d|features)",
    )
)


def recognise(context: Context) -> Iterator[Candidate]:
    """Find counts of parameters of embeddings."""
    for number, sentence in enumerate(context.sentences):
        spoken = sentence.has(*TOPIC) or (number and context.sentences[number - 1].has(*TOPIC))
        table = sentence.has("token", "word", "position") and sentence.has("table")
        if (
            sentence.question
            or not (spoken or table)
            or sentence.has("not", "if", "would", *OTHERS)
        ):
            continue
        given = _given(sentence)
        if given is not None:
            yield from _stated(sentence, *given)


def _given(sentence: Sentence) -> tuple[int, int, tuple[Piece, ...]] | None:
    """Entries and dimensions, if the sentence gives them once."""
    found: list[tuple[int, int, tuple[Piece, ...]]] = []
    for match in sentence.find(TABLE):
        if len(match["k"].size) == 2:
            found.append((*match["k"].size, (match["k"],)))
    for form in COUNTED:
        for match in sentence.find(form):
            a, b = whole(match["a"]), whole(match["b"])
            if a and b and a[0] > 1 and b[0] > 1:
                found.append((a[0], b[0], (match["a"], match["b"])))
    return found[0] if len({each[:2] for each in found}) == 1 else None


def _stated(
    sentence: Sentence, entries: int, width: int, given: tuple[Piece, ...]
) -> Iterator[Candidate]:
    last = max(sentence.index_of(each) for each in given)
    pieces = sentence.pieces
    for at in range(last + 1, len(pieces)):
        piece = pieces[at]
        if piece.sort is not Sort.NUMBER or piece.quantity is None or piece.numeral:
            continue
        before = pieces[at - 1].gist
        after = pieces[at + 1].gist if at + 1 < len(pieces) else ""
        if after in ("embedding", "embeddings") and at + 2 < len(pieces):
            after = pieces[at + 2].gist
        spoken = after in ("parameter", "weight", "entries", "numbers", "values")
        alone = before in ("(", "=", "→", ":") or at == last + 1
        if not spoken and not (alone and after in ("", ")", ",")):
            continue
        value = Fraction(entries * width)
        yield claiming(
            KIND,
            sentence,
            piece,
            piece.quantity,
            (
                number_reading(
                    value,
                    f"{entries:,}·{width} = {entries * width:,}",
                    f'parameters(nn.Embedding({entries}, {width}, device="meta"))',
                ),
            ),
            expected=f"{piece.quantity.text} parameters",
            used=tuple(each.start for each in given),
        )
