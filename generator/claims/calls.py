"""Layers written as code: ``nn.ConvTranspose2d(64, 32, 2, stride=2)`` as a call with its arguments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from types import MappingProxyType

from generator.claims.passage import Piece, Sentence, Sort

# A class by its canonical word: the names of its arguments, in order.
CONVOLUTION = ("in", "out", "kernel", "stride", "pad", "dilation", "groups", "bias")
SIGNATURES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "conv2d": CONVOLUTION,
        "transposed": ("in", "out", "kernel", "stride", "pad", "output-pad", "groups", "bias"),
        "pool": ("kernel", "stride", "pad"),
        "fc": ("in", "out", "bias"),
        "embedding": ("in", "out"),
        "conv1d": CONVOLUTION,
        "bn": ("out",),
        "layernorm": ("out",),
        "groupnorm": ("groups", "out"),
        "lstm": ("in", "out"),
        "gru": ("in", "out"),
        "rnn": ("in", "out"),
        "multiheadattention": ("out", "heads"),
    }
)
KEYWORDS = {
    "in_channels": "in",
    "out_channels": "out",
    "in_features": "in",
    "out_features": "out",
    "num_embeddings": "in",
    "embedding_dim": "out",
    "input_size": "in",
    "hidden_size": "out",
    "num_channels": "out",
    "num_features": "out",
    "num_groups": "groups",
    "kernel_size": "kernel",
    "kernel-size": "kernel",
    "size": "kernel",
    "output_padding": "output-pad",
}


@dataclass(frozen=True, slots=True)
class Argument:
    """A value of one number or two, the index of its piece, and that piece."""

    value: tuple[int, ...]
    index: int
    piece: Piece


@dataclass(frozen=True, slots=True)
class LayerCall:
    """A call: its class by canonical word, the pieces it takes, its arguments by name.

    ``bias`` is ``False`` where the call says so.
    """

    layer: str
    first: int
    last: int
    arguments: Mapping[str, Argument]
    bias: bool = True

    def value(self, name: str, default: int) -> int:
        """Give an argument of one number."""
        found = self.arguments.get(name)
        return found.value[0] if found else default

    def pair(self, name: str, default: tuple[int, int]) -> tuple[int, int]:
        """Give an argument as height and width."""
        found = self.arguments.get(name)
        return (found.value[0], found.value[-1]) if found else default


def calls(sentence: Sentence) -> Iterator[LayerCall]:
    """Find the layers that a sentence writes as code."""
    pieces = sentence.pieces
    for at, piece in enumerate(pieces[:-1] if not sentence.words.isdisjoint(SIGNATURES) else ()):
        names = SIGNATURES.get(piece.gist)
        if names is None or not _class(piece):
            continue
        following = pieces[at + 1]
        if following.sort is Sort.SIZE and following.word == "tuple":
            named = {
                name: Argument((value,), at + 1, following)
                for name, value in zip(names, following.size, strict=False)
            }
            yield LayerCall(piece.gist, at, at + 2, named)
        elif following.gist == "(":
            found = _arguments(pieces, at, names)
            if found is not None:
                yield found


def _class(piece: Piece) -> bool:
    """Whether a word is written as classes are: Conv2d, Linear, MaxPool2d."""
    return piece.word[:1].isupper() and (
        piece.word.lower() != piece.word[:1].lower() + piece.word[1:]
        or piece.word in ("Linear", "Embedding", "Conv1d", "Conv2d", "Dense")
    )


def _arguments(pieces: tuple[Piece, ...], at: int, names: tuple[str, ...]) -> LayerCall | None:
    found: dict[str, Argument] = {}
    bias = True
    keyword, position, index = "", 0, at + 2
    while index < len(pieces) and pieces[index].gist != ")":
        piece = pieces[index]
        value = _value(piece)
        if value is not None:
            name = keyword or (names[position] if position < len(names) else "")
            position += not keyword
            if name in ("in", "out") and piece.word != "tuple":
                value = (prod(value),)  # nn.Linear(16*5*5, 120)
            if name:
                found[name] = Argument(value, index, piece)
        elif piece.gist in (".", "?", "…"):
            return None  # "ConvTranspose2d(.., 4, 2, 1)"
        elif piece.gist == ",":
            keyword = ""
        elif piece.gist in ("true", "false"):
            bias = bias and not (keyword == "bias" and piece.gist == "false")
        elif piece.gist not in ("=", "filter"):
            keyword = KEYWORDS.get(piece.gist, piece.gist)
        index += 1
    if index >= len(pieces):
        return None
    return LayerCall(pieces[at].gist, at, index + 1, MappingProxyType(found), bias)


def _value(piece: Piece) -> tuple[int, ...] | None:
    if piece.sort is Sort.SIZE:
        return piece.size
    whole = piece.quantity is not None and piece.quantity.value.denominator == 1
    return (int(piece.quantity.value),) if whole and piece.quantity is not None else None
