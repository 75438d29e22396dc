"""Phrases that speak of a part of a network: "the first of its three 3×3 convolutions", "module 3a",
"the last stage of ResNet-18", "`classifier.1`", "a 1×1 convolution from 320 to 1,280 channels".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from generator.claims.anatomy import Choice
from generator.claims.lexicon import wordset
from generator.claims.naming import Mention
from generator.claims.passage import Piece, Sentence, Sort
from generator.claims.scene import LARGEST_WINDOW, whole

ORDERS = {
    "first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "sixth": 5, "last": -1, "final": -1,
    "1st": 0, "2nd": 1, "3rd": 2, "4th": 3, "5th": 4, "opening": 0, "initial": 0, "closing": -1,
}  # fmt: skip
DETERMINERS = wordset("the its their this that these those a an each every all both whose of-the")
# What may stand between an order and the noun, and changes nothing.
ADJECTIVES = wordset(
    "max average global residual inverted big large huge small wide plain standard spatial hidden "
    "convolve main single trainable inception basic linear separable parallel same-size such own "
    "weighted identity projection softmax output classification intermediate"
)
# A noun's gist: its sort. Plurals are told from the word as written.
NOUNS = {
    "conv": "conv",
    "fc": "fc",
    "pool": "pool",
    "layer": "layer",
    "stage": "stage",
    "stages": "stage",
    "block": "block",
    "bottleneck": "block",
    "bottlenecks": "block",
    "residual-block": "block",
    "residual-blocks": "block",
    "module": "module",
    "modules": "module",
    "branch": "branch",
    "branches": "branch",
    "path": "branch",
    "stem": "stem",
    "classifier": "fc",
    "head": "fc",
    "bn": "norm",
    "shortcut": "shortcut",
    "projection": "shortcut",
    "pointwise": "conv",
    "depthwise": "conv",
}
PLURALS = wordset(
    "convs convolutions fcs layers stages blocks bottlenecks modules branches residual-blocks pools poolings "
    "max-pools batchnorms norms paths units shortcuts projections skip-connections"
)
# What stands before the subject of a clause.
OPENING = wordset(
    ", ; : ( and but so while whereas where which that then hence thus of in at for with by because "
    "since → = also be alone"
)
BEHIND = wordset("layer one ones part parts section half portion unit block")
_LABEL = re.compile(
    r"(?:fc|conv|pool)-?\d(?:[_-]\d)?|(?:[CFS]\d)|conv\d_x|(?:Mixed|Conv2d)_\d\w+|layer\d(?:\.\d+)*|"
    r"(?:features|classifier|conv|fc|layer|block)(?:\.\w+)+|inception_?\d\w(?:\.\w+)*",
    re.IGNORECASE,
)
# A module as code: "model.layer4[0].downsample[0]", "features[0]".
_CODE = re.compile(
    r"`?(?:(?:model|net|self|cnn)\.)?"
    r"((?:layer\d|features|classifier|conv\d|fc|inception\d\w|Mixed_\d\w)(?:\[\d+\]|\.\w+)+)`?"
)
_MODULE = re.compile(r"[345][a-e]")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part that a sentence speaks of, and the pieces (first, last + 1) that say it. ``vague``: one
    of several that nothing tells apart. ``count``, ``ends`` and ``kernel`` are the pieces that say how
    many there are, what goes in and out, the window, and each one's channels; ``own``: "its", of what was spoken of."""

    choice: Choice
    first: int
    last: int
    vague: bool = False
    count: Piece | None = None
    ends: tuple[Piece, Piece] | None = None
    kernel: Piece | None = None
    own: bool = False
    width: Piece | None = None

    @property
    def listed(self) -> bool:
        """Whether it only says how many layers of a sort there are: "13 conv layers"."""
        return self.vague and self.choice.plural and self.count is not None


def find(sentence: Sentence, text: str, mentioned: Sequence[Mention] = ()) -> list[Phrase]:
    """Find the phrases of a sentence that speak of parts, in order; what one is in belongs to it."""
    inside = {at for each in mentioned for at in range(each.first, each.last)}
    found: list[Phrase] = []
    at = 0
    coded = "[" in text
    while at < len(sentence.pieces):
        silent = at in inside or (not coded and _is_plain(sentence.pieces[at]))
        phrase = None if silent else _phrase(sentence, text, at, inside)
        if phrase is None:
            at += 1
            continue
        found.append(phrase)
        at = phrase.last
    return _joined(sentence, found)


def _is_plain(piece: Piece) -> bool:
    """Whether a piece is a word of letters that names no part and no place in an order."""
    spoken = piece.gist in NOUNS or piece.gist in ORDERS
    return piece.sort is Sort.WORD and not spoken and piece.word.isalpha()


# ------------------------------------------------------------------ one phrase


def _phrase(sentence: Sentence, text: str, at: int, inside: set[int]) -> Phrase | None:
    """Read a phrase whose noun or name stands at a place."""
    pieces = sentence.pieces
    piece = pieces[at]
    written = text[piece.start : piece.end].strip("`'’ ").removesuffix("'s").removesuffix("’s")
    if coded := _coded(sentence, text, at):
        return coded
    if _LABEL.fullmatch(written) and (piece.sort is Sort.WORD or "." in written):
        name = Choice("label" if not _is_path(written) else "named", name=written)
        return Phrase(name, at, at + 1)
    lettered = _MODULE.match(written)
    if lettered and piece.sort is Sort.SYMBOLIC and not written[2:3].isalnum():
        return Phrase(Choice("module", name=lettered[0]), at, at + 1)
    if piece.sort is not Sort.WORD or piece.gist not in NOUNS:
        return _ordered_one(sentence, at) or _window(sentence, at)
    return _lettered(sentence, text, at) or _common(sentence, at, inside)


def _coded(sentence: Sentence, text: str, at: int) -> Phrase | None:
    """Read the path of a module written as code, with indices in brackets."""
    found = _CODE.match(text, sentence.pieces[at].start)
    if found is None or "[" not in found[1]:
        return None
    last = next(
        (here for here, each in enumerate(sentence.pieces) if each.start >= found.end()),
        len(sentence.pieces),
    )
    name = re.sub(r"\[(\d+)\]", r".\1", found[1])
    return Phrase(Choice("named", name=name), at, last)


def _lettered(sentence: Sentence, text: str, at: int) -> Phrase | None:
    """Read "module 3a", "stage 3", "block 4"."""
    if at + 1 >= len(sentence.pieces) or sentence.pieces[at].word.lower() in PLURALS:
        return None
    noun, piece = sentence.pieces[at], sentence.pieces[at + 1]
    written = text[piece.start : piece.end].strip("`'’ ").removesuffix("'s")
    if noun.gist in ("module", "block") and _MODULE.fullmatch(written):
        return Phrase(Choice("module", name=written), at, at + 2)
    if noun.gist not in ("stage", "block", "conv", "layer") or not re.fullmatch(r"[1-9]", written):
        return None
    if sentence.pieces[at + 1].start - noun.end > 1:
        return None
    if noun.gist == "stage":
        return Phrase(Choice("named", name=f"stage{written}"), at, at + 2)
    return Phrase(Choice(NOUNS[noun.gist], int(written) - 1), at, at + 2)


def _is_path(written: str) -> bool:
    return "." in written or written.lower().startswith(("layer", "mixed", "inception"))


def _ordered_one(sentence: Sentence, at: int) -> Phrase | None:
    """Read "the second one", "the first kernels", and the order in "the first of its convolutions"."""
    pieces = sentence.pieces
    order = ORDERS.get(pieces[at].gist)
    if order is None:
        return None
    after = [each.gist for each in pieces[at + 1 : at + 4]]
    told = at > 0 and pieces[at - 1].gist in DETERMINERS
    if after[:1] in (["filters"], ["filter"]) and (told or not at):
        return Phrase(Choice("conv", order), at, at + 1)
    numeral = at + 1 < len(pieces) and pieces[at + 1].numeral and pieces[at + 1].word == ""
    if told and numeral and whole(pieces[at + 1]) == (1,):
        return Phrase(Choice("", order), at - 1, at + 2)
    listed = at > 0 and pieces[at - 1].gist in LISTING  # "…, second 36,928"
    if (told or listed) and at + 1 < len(pieces) and _begins_claim(pieces[at + 1]):
        return Phrase(Choice("", order), at - told, at + 1)  # "the second 36,928"
    placed = at > 1 and pieces[at - 2].gist in ("in", "for")
    if told and placed and (not after or after[0] in (",", "and", ")", ":", "(", "about")):
        return Phrase(Choice("", order), at - 1, at + 1)  # "3 in the first stage, 4 in the second"
    if told and after[:1] == ["of"]:
        return Phrase(Choice("", order), at - 1, at + 1)
    return None


def _begins_claim(piece: Piece) -> bool:
    large = piece.quantity is not None and not piece.numeral and piece.quantity.value >= 100
    return (large and piece.sort is Sort.NUMBER) or piece.gist in ("have", ":")


def _window(sentence: Sentence, at: int) -> Phrase | None:
    """Read "the 3×3" and "a last 1×1" as a convolution."""
    pieces = sentence.pieces
    size = pieces[at].size
    if len(size) != 2 or max(size) > LARGEST_WINDOW or pieces[at].word == "tuple" or not at:
        return None
    order = ORDERS.get(pieces[at - 1].gist)
    place = at - 1 if order is not None else at
    if not place or pieces[place - 1].gist not in DETERMINERS:
        return None
    following = pieces[at + 1] if at + 1 < len(pieces) else None
    if following is not None and following.gist not in NOMINAL and following.sort is Sort.WORD:
        return None
    return Phrase(Choice("conv", order, kernel=size), place - 1, at + 1, vague=order is None)


LISTING = wordset(", ; and then while")
NOMINAL = wordset("have that which to of with and be before after behind in from on need give")


def _common(sentence: Sentence, at: int, inside: set[int]) -> Phrase | None:
    pieces = sentence.pieces
    sort, last = NOUNS[pieces[at].gist], at + 1
    if sort == "pool" and _global(pieces, at):
        return None
    plural = pieces[at].word.lower() in PLURALS
    depthwise = pieces[at].gist == "depthwise"
    while last < len(pieces) and (pieces[last].gist in BEHIND or pieces[last].gist in NOUNS):
        if pieces[last].sort is not Sort.WORD:
            break
        following = NOUNS.get(pieces[last].gist)
        if following is not None and following not in ("layer", sort):
            if sort in ("stem", "shortcut") or (sort, following) in HEADED:
                pass  # "the stem convolution", "the projection layer"
            elif sort in ("conv", "layer", "fc") and following in ("stage", "block", "module"):
                sort = following
            else:
                break
        plural = plural or pieces[last].word.lower() in PLURALS | {"ones", "parts"}
        last += 1
    first, order, kernel, count, told = at, None, None, None, False
    width: Piece | None = None
    here = at - 1
    while here >= 0 and (here not in inside or pieces[here].gist == "inception"):
        piece = pieces[here]
        if piece.gist in ORDERS:
            order = ORDERS[piece.gist]
        elif piece.sort is Sort.SIZE and len(piece.size) == 2 and max(piece.size) <= LARGEST_WINDOW:
            kernel = piece
        elif (
            piece.sort is Sort.NUMBER and piece.quantity is not None and piece.quantity.value < 200
        ):
            count = piece
        elif here and piece.gist in WIDE and _attribute(pieces[here - 1], piece):
            width, here = pieces[here - 1], here - 1
        elif piece.gist in ("depthwise", "pointwise"):
            depthwise = depthwise or piece.gist == "depthwise"
        elif piece.gist in ADJECTIVES:
            if piece.gist == "output" and sort in ("layer", "fc"):
                order = -1
        elif piece.gist in DETERMINERS:
            told, first = True, here
            break
        else:
            break
        first = here
        here -= 1
    if count is not None and count.quantity is not None and count.quantity.value > 1:
        plural = plural or sort in ("conv", "fc", "pool", "layer")
    if count is not None and not plural and sort != "norm":
        count = None
    plural = plural or bool({each.gist for each in pieces[at:last]} & WHOLES)
    pair, end = _ends(pieces, last)
    call = _tuple(pieces, last) if sort == "fc" else None
    if call is not None:
        pair, end = (call, call), last + 1
    choice = Choice(
        sort,
        order,
        plural and order is None,
        kernel.size if kernel is not None else (1, 1) if pieces[at].gist == "pointwise" else (),
        None,
        depthwise,
    )
    article = pieces[first].gist in ("a", "an", "each", "every")
    vague = order is None and sort != "stem" and (not told or article) and pair is None
    vague = vague and not (
        first == 0 and sort in ("conv", "fc") and pieces[at].gist in ("classifier",)
    )
    own = pieces[first].gist in ("its", "their", "whose")
    return Phrase(choice, first, end, vague, count, pair, kernel, own, width)


def _global(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a pooling layer is the one over whole maps, before the classifier."""
    before = {each.gist for each in pieces[max(0, at - 2) : at]}
    return pieces[at].word.lower() == "avgpool" or "global" in before


WIDE = wordset("channel filter filters map")


def _attribute(number: Piece, noun: Piece) -> bool:
    """Whether a number and its noun say what each is like: "512-channel convs"."""
    return number.sort is Sort.NUMBER and not number.numeral and noun.start - number.end <= 1


WHOLES = wordset("classifier head part parts section half portion")
HEADED = {("branch", "conv")}


def _tuple(pieces: Sequence[Piece], at: int) -> Piece | None:
    here = pieces[at] if at < len(pieces) else None
    called = here is not None and here.word == "tuple" and len(here.size) == 2
    return here if called else None


def _ends(pieces: Sequence[Piece], at: int) -> tuple[tuple[Piece, Piece] | None, int]:
    """Read "from 320 to 1,280 channels", "(25,088 → 4,096)", "24→144→24" behind a noun."""
    numbers: list[Piece] = []
    here = at
    while here < len(pieces) and here < at + 9:
        piece = pieces[here]
        if piece.sort is Sort.NUMBER and piece.quantity is not None:
            numbers.append(piece)
        elif piece.gist not in END_WORDS or (len(numbers) > 1 and piece.gist not in BEHIND_ENDS):
            break
        here += 1
    joints = {each.gist for each in pieces[at:here]}
    if len(numbers) < 2 or not joints & {"to", "→", "into"}:
        return None, at
    return (numbers[0], numbers[-1]), here


BEHIND_ENDS = wordset(") channel → unit")
END_WORDS = wordset(
    "from to → into ( ) , input channel unit output that maps raises takes turns be"
)


# ------------------------------------------------------------------ phrases within phrases


def _joined(sentence: Sentence, found: list[Phrase]) -> list[Phrase]:
    """Put "the first of" and what it is of together, and a part with what it is part of."""
    out: list[Phrase] = []
    for phrase in found:
        between = _between(sentence, out, phrase)
        if (
            out
            and not out[-1].choice.sort
            and out[-1].choice.order is not None
            and between == ["of"]
        ):
            order = out.pop()
            choice = replace(phrase.choice, order=order.choice.order, plural=False)
            out.append(replace(phrase, choice=choice, first=order.first, vague=False))
        elif out and between in OF and _holds(phrase.choice.sort, out[-1].choice.sort):
            inner = out.pop()
            choice = replace(inner.choice, within=phrase.choice)
            out.append(replace(inner, choice=choice, last=phrase.last, vague=phrase.vague))
        elif out and not between and _inside(sentence, out[-1], phrase):
            outer = out.pop()
            choice = replace(phrase.choice, within=outer.choice)
            out.append(replace(phrase, choice=choice, first=outer.first, vague=outer.vague))
        else:
            out.append(phrase)
    return out


def _inside(sentence: Sentence, outer: Phrase, inner: Phrase) -> bool:
    """Whether a part is told with what it is in first: "in 3a the 5×5 branch"."""
    before = sentence.pieces[outer.first - 1].gist if outer.first else ""
    told = sentence.pieces[inner.first].gist in DETERMINERS
    return before in ("in", "inside") and told and _holds(outer.choice.sort, inner.choice.sort)


OF = (["of"], ["in"], ["inside"], ["into"], ["of", "the"], ["in", "the"])
RANKS = (
    "",
    "norm",
    "conv",
    "fc",
    "pool",
    "layer",
    "shortcut",
    "branch",
    "block",
    "module",
    "stage",
)


def _holds(outer: str, inner: str) -> bool:
    def rank(sort: str) -> int:
        return RANKS.index(sort) if sort in RANKS else len(RANKS)

    return rank(outer) > rank(inner) and outer not in ("fc", "pool", "norm", "layer")


def _between(sentence: Sentence, out: Sequence[Phrase], phrase: Phrase) -> list[str]:
    if not out:
        return []
    return [each.gist for each in sentence.pieces[out[-1].last : phrase.first]]


def choices(phrase: Phrase) -> Iterator[Choice]:
    """Give what a phrase may choose: with its channels as it says, then without them."""
    pair = [each.quantity for each in phrase.ends or ()]
    if phrase.ends is not None and phrase.ends[0].size:
        one, other = phrase.ends[0].size  # "Linear(2048, 1000)"
        yield replace(phrase.choice, ends=(one, other))
    elif len(pair) == 2 and pair[0] is not None and pair[1] is not None:
        yield replace(phrase.choice, ends=(int(pair[0].value), int(pair[1].value)))
    yield phrase.choice
