"""The wording of one operation: ``3x3 conv, 64, stride 2``, ``conv3-64``, ``FC-4096``, ``5x Conv dw / s1``.

Turns text (see :mod:`.text`) into layer types with field values. Numbers say what they are by how
they are written; what a word means is the block types' own synonyms plus the table here.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TypeAlias

from generator.architectures.blocks import BLOCKS
from generator.architectures.builder import ACTIVATIONS
from generator.architectures.tables.text import key


@dataclass(slots=True)
class Operation:
    """One layer as a text words it: its type, field values, and how often it repeats."""

    type: str
    values: dict[str, object] = field(default_factory=dict)
    repeat: int = 1


# Words that name a type together with some of its fields.
WORDINGS: Mapping[str, tuple[str, Mapping[str, object]]] = {
    **{
        f"{first}{second}": ("max_pool" if first[:3] == "max" else "avg_pool", {})
        for first in ("max", "maximum", "avg", "average", "mean")
        for second in ("pool", "pooling", "pooled", "subsampling")
    },
    **{
        f"{globally}{first}{second}": ("global_avg_pool", {})
        for globally in ("global", "spatial")
        for first in ("avg", "average", "mean", "")
        for second in ("pool", "pooling")
    },
    "convdw": ("conv", {"depthwise": True}),
    "dwconv": ("conv", {"depthwise": True}),
    "dw": ("conv", {"depthwise": True}),
    "depthwise": ("conv", {"depthwise": True}),
    "depthwiseconv": ("conv", {"depthwise": True}),
    "depthwiseconvolution": ("conv", {"depthwise": True}),
    "depthwiseconvd": ("conv", {"depthwise": True}),
    "convpw": ("conv", {"kernel": 1}),
    "pwconv": ("conv", {"kernel": 1}),
    "pointwise": ("conv", {"kernel": 1}),
    "pointwiseconv": ("conv", {"kernel": 1}),
    "pointwiseconvolution": ("conv", {"kernel": 1}),
    "dilatedconv": ("conv", {"dilation": 2}),
    "batchnorm": ("norm", {"kind": "batch"}),
    "batchnormd": ("norm", {"kind": "batch"}),
    "batchnormalization": ("norm", {"kind": "batch"}),
    "batchnormalisation": ("norm", {"kind": "batch"}),
    "bn": ("norm", {"kind": "batch"}),
    "layernorm": ("norm", {"kind": "layer"}),
    "layernormalization": ("norm", {"kind": "layer"}),
    "ln": ("norm", {"kind": "layer"}),
    "groupnorm": ("norm", {"kind": "group"}),
    "groupnormalization": ("norm", {"kind": "group"}),
    "gn": ("norm", {"kind": "group"}),
    "lrn": ("norm", {"kind": "lrn"}),
    "localrespnorm": ("norm", {"kind": "lrn"}),
    "localresponsenorm": ("norm", {"kind": "lrn"}),
    "localresponsenormalization": ("norm", {"kind": "lrn"}),
    "localresponsenormalisation": ("norm", {"kind": "lrn"}),
    "contrastnormalization": ("norm", {"kind": "lrn"}),
    "softmax": ("activation", {"function": "softmax"}),
    "logsoftmax": ("activation", {"function": "softmax"}),
    "softmaxoutput": ("activation", {"function": "softmax"}),
    "softmaxclassifier": ("activation", {"function": "softmax"}),
    "hs": ("activation", {"function": "hardswish"}),
    "hswish": ("activation", {"function": "hardswish"}),
    "swish": ("activation", {"function": "silu"}),
    "lrelu": ("activation", {"function": "leaky_relu"}),
    "leakyrelu": ("activation", {"function": "leaky_relu"}),
    "bottleneck": ("residual", {"kind": "bottleneck"}),
    "bottleneckblock": ("residual", {"kind": "bottleneck"}),
    "bottleneckresidual": ("residual", {"kind": "bottleneck"}),
    "residualbottleneck": ("residual", {"kind": "bottleneck"}),
    "basicblock": ("residual", {"kind": "basic"}),
    "subsampling": ("avg_pool", {}),
    "subsample": ("avg_pool", {}),
    "input": ("input", {}),
    "inputimage": ("input", {}),
    "image": ("input", {}),
    "data": ("input", {}),
    "inputlayer": ("input", {}),
    "rgbimage": ("input", {}),
    "输入": ("input", {}),
    "输入层": ("input", {}),
    "入力": ("input", {}),
    "입력": ("input", {}),
    "eingabe": ("input", {}),
    "entrée": ("input", {}),
    "entrada": ("input", {}),
    "вход": ("input", {}),
}

# LeNet's names (LeCun et al. 1998): C for convolution, S for subsampling, F for fully connected.
LETTERS = {"c": "conv", "s": "avg_pool", "f": "linear"}

# Words that say nothing about the type.
FILLERS = frozenset((
    "layer", "layers", "with", "of", "and", "a", "an", "the", "filters", "filter", "channels",
    "channel", "units", "unit", "kernels", "kernel", "neurons", "maps", "map", "feature",
    "features", "size", "same", "valid", "padding", "pad", "stride", "strides", "step",
    "window", "nodes", "outputs", "dim", "d", "ch", "by", "per", "over", "each", "x", "n", "p",
    "k", "rgb", "no", "nbn", "block", "module", "stage", "rate",
))  # fmt: skip


# Layers over sequences and volumes.
OTHER_DIMENSIONS = re.compile(r"(?:conv|pool|pooling|norm)\s?[13]d\b|\b[13]d\s?(?:conv|pool)")

Wording: TypeAlias = tuple[str, Mapping[str, object]]


@cache
def _types() -> dict[str, Wording]:
    """Every word for a type, folded, digits left out."""
    found: dict[str, Wording] = {}
    for block in BLOCKS:
        for word in (block.name, *block.synonyms):
            found.setdefault(_letters(key(word)), (block.name, {}))
    for function in ACTIVATIONS:
        if function != "none":
            found.setdefault(_letters(key(function)), ("activation", {"function": function}))
    found.update(WORDINGS)
    found.pop("", None)
    return found


def _letters(text: str) -> str:
    return "".join(each for each in text if each.isalpha())


# What stands beside a type's name: windows (3x3), steps (/2, s1), a layer's place ((3a), 2d).
BESIDE = re.compile(
    r"\d+(?:x\d+)+|/\s*s?\s*\d+|\b[skp]\s*=?\s*\d+\b|\(?\b\d+[a-z]?\b\)?|(?<=[a-z])2d\b"
)


def type_of(text: str) -> Wording | None:
    """Find the layer type that a wording names, with the fields the wording implies."""
    found = types_of(text)
    return found[0] if found is not None and len(found) == 1 else None


def nearest_type(text: str) -> str:
    """Find a type's word that a misspelt one may have meant, ``""`` if none is near."""
    words = re.findall(r"[^\W\d_]{4,}", text.casefold())
    for word in words:
        near: list[str] = difflib.get_close_matches(word, list(_types()), n=1, cutoff=0.75)
        if near:
            return near[0]
    return ""


@lru_cache(maxsize=4096)
def types_of(text: str) -> tuple[Wording, ...] | None:
    """Find the layer types that a wording names in a row: ``conv3-64 LRN`` names two."""
    if OTHER_DIMENSIONS.search(text.casefold()):
        return None
    if key(text) in ("relu6", "hardswish", "hardsigmoid"):
        return (("activation", {"function": key(text)}),)
    if letter := re.fullmatch(r"([csf])\d", text.strip().casefold()):
        return ((LETTERS[letter[1]], {}),)
    bare = BESIDE.sub(" ", text.casefold())
    words = [_letters(each) for each in re.split(r"[\s\-_/,;:()\[\]@=|]+", bare)]
    words = [each for each in words if each]
    known = _types()
    if (found := known.get("".join(words))) is not None:
        return (found,)
    words = [each for each in words if each not in FILLERS]
    return _segmented(words) if words else None


def _segmented(words: list[str]) -> tuple[Wording, ...] | None:
    """Cut words into runs that each name a type, the longest first; all words must be used."""
    known = _types()
    found: list[Wording] = []
    start = 0
    while start < len(words):
        for end in range(len(words), start, -1):
            if (wording := known.get("".join(words[start:end]))) is not None:
                found.append(wording)
                start = end
                break
        else:
            return None
    return tuple(found)


# ------------------------------------------------------------------ numbers in a wording

NUMBERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    # torch's own spelling: Conv2d(3, 64, 3), Linear(512, 10).
    ("call-conv", re.compile(r"conv\s*\(\s*\d+\s*,\s*(\d+)\s*,\s*(?:kernel_size\s*=\s*)?\(?(\d+)")),
    ("call-linear", re.compile(r"linear\s*\(\s*\d+\s*,\s*(\d+)")),
    ("square", re.compile(r"\b(?:kernel(?:[\s_]size)?|filter size|k)\s*[=:]\s*(\d+)(?!\s*x)")),
    ("conv-width", re.compile(r"(?<![a-z])conv(?:olution)?\s*\(?(\d+)(?:x(\d+))?\)?\s*-\s*(\d+)")),
    ("groups", re.compile(r"\b(?:c|g|groups?|cardinality)\s*=\s*(\d+)")),
    ("dilation", re.compile(r"\b(?:dilation|dilated|rate|d)\s*[=:]?\s*(\d+)\b")),
    (
        "padding",
        re.compile(
            r"\b(?:zero[\s-]*)?(?:pad(?:ding)?\s*(?:of)?\s*[=:(]?\s*|p\s*=\s*)(\d+)(?![\d.])\)?"
        ),
    ),
    (
        "stride",
        re.compile(
            r"\bstrides?\s*(?:of)?\s*[=:(]?\s*(\d+)(?:x\d+)?\)?|/\s*s?\s*(\d+)(?:x\d+)?(?![\d.%])"
            r"|\bs\s*=?\s*(\d+)\b"
        ),
    ),
    ("percent", re.compile(r"(\d+(?:\.\d+)?)\s*%|(?<![\w.])(\d*\.\d+|\d+(?=\s*\)?\s*$))")),
    (
        "width",
        re.compile(
            r"(\d+)\s*-?\s*(?:filters?|channels?|kernels?|feature maps?|maps?|units?|neurons?"
            r"|nodes?|outputs?|hidden|ch\b|-?d(?:im)?\b)"
        ),
    ),
    ("maps-at", re.compile(r"(\d+)\s*@\s*(\d+)x(\d+)")),
    ("kernel-width", re.compile(r"(\d+)x(\d+)x(\d+)(?:x(\d+))?")),
    ("kernel", re.compile(r"(\d+)x(\d+)")),
    ("x-width", re.compile(r"\(\s*x\s*(\d+)\s*\)")),
)
# A layer's number in its name (conv1_1, fc6, pool 5, C3) is no value.
INDEX = re.compile(r"[a-z]+(?:_?\d+(?:[_.]\d+)?[a-z]?|\s\d(?!\d))(?![\dx.%])")


def read_numbers(text: str, kind: str) -> dict[str, object]:
    """Read the numbers of a wording for a layer of type ``kind`` into field values."""
    values: dict[str, object] = {}
    if re.fullmatch(r"[a-z]\d+", text.strip().casefold()):
        return values  # LeNet's C1, S2: a name
    rest = f" {re.sub(r'(?<=[a-z])2d', '', text.casefold())} "
    pooled = kind in ("max_pool", "avg_pool")
    for what, pattern in NUMBERS:
        found = pattern.search(rest)
        if found is None:
            continue
        groups = [each for each in found.groups() if each]
        match what:
            case "call-conv":
                values |= {"width": int(groups[0]), "kernel": int(groups[1])}
            case "call-linear":
                values["width"] = int(groups[0])
            case "square":
                values["kernel"] = int(groups[0])
            case "conv-width":
                values["kernel"] = (int(groups[0]), int(groups[-2 if len(groups) == 3 else 0]))
                values["width"] = int(groups[-1])
            case "percent":
                if kind != "dropout":
                    continue
                number = float(groups[0])
                values["p"] = number / 100 if found[1] else number
            case "maps-at":
                values["width"] = int(groups[0])
            case "kernel-width":
                values["kernel"] = (int(groups[0]), int(groups[1]))
                if "width" not in values and not pooled:
                    values["width"] = int(groups[-1])
            case "kernel":
                values["kernel"] = (int(groups[0]), int(groups[1]))
            case "x-width":
                values.setdefault("width", int(groups[0]))
            case _:
                values[what] = int(groups[0])
        rest = rest[: found.start()] + " ; " + rest[found.end() :]
    if re.search(r"\bsame\b", rest) and "padding" not in values:
        values["padding"] = "same"
    elif re.search(r"\bvalid\b|\bno padding\b", rest) and "padding" not in values:
        values["padding"] = "valid"
    _loose_number(rest, kind, values)
    return values


def _loose_number(rest: str, kind: str, values: dict[str, object]) -> None:
    """Place a number that nothing marks: a width, a pooling window, a dropout rate."""
    hyphen = re.search(r"[a-z\u3040-\uffff]\s*-\s*(\d{1,7})\b", rest)
    loose = re.findall(r"(?<![\w.])(\d[\d,]*)(?![\w.%])", INDEX.sub(" ", rest))
    number = hyphen[1] if hyphen else loose[0].strip(",") if loose else ""
    if not number and kind == "linear":
        # FC4096 without a separator; fc6, fc7 are the layers' own numbers.
        glued = re.search(r"[a-z](\d{2,7})\b", rest)
        number = glued[1] if glued else ""
    number = number.replace(",", "")
    if not number.isdigit():
        return
    if kind in ("max_pool", "avg_pool"):
        values.setdefault("kernel", int(number))
    elif kind in ("conv", "conv_transpose", "linear", "residual", "depthwise_separable",
                  "inverted_residual", "vgg_stage"):  # fmt: skip
        values.setdefault("width", int(number))


# ------------------------------------------------------------------ whole wordings

# ``[1x1, 64; 3x3, 64; 1x1, 256] x3`` and its spellings, round or curly brackets too.
BRACKETED = re.compile(
    r"[\[({](?P<body>[^\[\](){}]*\dx\d[^\[\](){}]*)[\])}]\s*(?:[x*]\s*)?(?P<times>\d+)?"
)
BRACKET_LAYER = re.compile(
    r"(\d+)\s*x\s*(\d+)\s*(?:,|-|conv\b|\s)\s*(?:conv\b)?\s*,?\s*(\d+)?(?:\s*,\s*(?:c|g|groups?)\s*=\s*(\d+))?"
)
PREFIX_TIMES = re.compile(r"^\s*(\d{1,3})\s*x\s+(?=[^\W\d])|^\s*(\d{1,3})\s*x(?=[a-z]{2})", re.I)
SUFFIX_TIMES = re.compile(r"(?<=[\w\])])\s+\(?x\s*(\d{1,3})\)?\s*$|\(x(\d{1,2})\)\s*$", re.I)
SEPARATORS = re.compile(r"\s*(?:\+|→|->|=>|>|\bthen\b|&|\n|;)\s*", re.I)
COMMA = re.compile(r"\s*,\s*(?![^()]*\))")


def read_operations(text: str, *, times: bool = True) -> list[Operation] | None:
    """Read a wording of one or several operations, in order; ``None`` if it names none.

    ``conv + BN + ReLU`` is three; ``[3x3, 64; 3x3, 64] x2`` one residual block, twice.
    """
    found: list[Operation] = []
    position = 0
    for bracket in BRACKETED.finditer(text):
        block = _bracket(bracket)
        if block is None:
            continue
        before = text[position : bracket.start()]
        if before.strip(" \n,;"):
            earlier = _unbracketed(before, times=times)
            if earlier is None:
                return None
            found.extend(earlier)
        found.append(block)
        position = bracket.end()
    rest = text[position:]
    if rest.strip(" \n,;"):
        later = _unbracketed(rest, times=times)
        if later is None:
            return None
        found.extend(later)
    return found or None


def _bracket(match: re.Match[str]) -> Operation | None:
    """Read a bracketed block: two k×k convolutions, or 1×1, k×k, 1×1."""
    layers = BRACKET_LAYER.findall(match["body"].casefold().replace("\n", " ; "))
    repeat = int(match["times"] or 1)
    kernels = [(int(a), int(b)) for a, b, _, _ in layers]
    widths = [int(width) for _, _, width, _ in layers if width]
    if bracket_problem(match["body"]):
        return None
    if not widths and kernels == [(1, 1), (3, 3)]:  # DenseNet's table gives windows only
        return Operation("dense_block", {"layers": repeat})
    if len(widths) != len(layers):
        return None
    groups = next((int(group) for *_, group in layers if group), 1)
    if len(layers) == 2:
        values: dict[str, object] = {"kind": "basic", "width": widths[0], "kernel": kernels[0]}
        if widths[1] != widths[0]:
            values["out"] = widths[1]
    else:
        values = {
            "kind": "bottleneck",
            "width": widths[0],
            "kernel": kernels[1],
            "out": widths[2],
        }
        if groups != 1:
            values |= {"groups": groups, "inner": widths[1]}
    return Operation("residual", values, repeat)


def bracket_problem(text: str) -> str:
    """Say why a bracketed text is no block, ``""`` if it is one."""
    layers = BRACKET_LAYER.findall(text.casefold().replace("\n", " ; "))
    kernels = [(int(a), int(b)) for a, b, _, _ in layers]
    widths = [int(width) if width else None for _, _, width, _ in layers]
    if not 2 <= len(layers) <= 3:
        return "a block in brackets has two or three convolutions"
    if None in widths:
        dense = kernels == [(1, 1), (3, 3)] and not any(widths)
        return "" if dense else "each convolution of a block needs its width"
    if len(layers) == 2 and kernels[0] != kernels[1]:
        return "both convolutions of a residual block have the same window"
    if len(layers) == 3 and not kernels[0] == kernels[2] == (1, 1):
        return "the first and the last convolution of a bottleneck are 1×1"
    if len(layers) == 3 and widths[0] != widths[1]:
        return "the first two convolutions of a bottleneck have the same width"
    return ""


def _unbracketed(text: str, *, times: bool) -> list[Operation] | None:
    found: list[Operation] = []
    for piece in SEPARATORS.split(text.strip(" ,;\n")):
        if not piece.strip(" ,"):
            continue
        for part in _parts(piece):
            operations = _single(part, times=times)
            if operations is None:
                return None
            found.extend(operations)
    return found or None


def _parts(piece: str) -> list[str]:
    """Split at commas outside brackets where a second type begins: ``max pool, 1000-d fc``."""
    parts: list[str] = []
    named = False
    for part in COMMA.split(piece):
        names = types_of(part) is not None
        if parts and not (named and names):
            parts[-1] += f", {part}"
        else:
            parts.append(part)
        named = named or names
    return parts


def _single(text: str, *, times: bool) -> list[Operation] | None:
    repeat = 1
    if times:
        if prefix := PREFIX_TIMES.search(text):
            repeat, text = int(prefix[1] or prefix[2]), text[prefix.end() :]
        elif suffix := SUFFIX_TIMES.search(text):
            repeat, text = int(suffix[1] or suffix[2]), text[: suffix.start()]
    found = types_of(re.sub(r"conv(?=\d+-\d)", "conv ", text))
    if found is None:
        return None
    operations = [Operation(kind, dict(implied), repeat) for kind, implied in found]
    first = operations[0]
    first.values |= read_numbers(text, first.type)
    if first.type in ("max_pool", "avg_pool") and re.search(r"\bglobal\b", text.casefold()):
        first.type = "global_avg_pool"
    return operations
