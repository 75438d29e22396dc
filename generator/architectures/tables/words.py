"""Which layers a wording names: ``conv3-64 LRN`` is a convolution and a norm.

What a word means is the block types' own synonyms plus the table here; numbers beside the words are
:mod:`.numbers`'.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Set
from functools import cache, lru_cache
from typing import TypeAlias

from generator.architectures.blocks import BLOCKS
from generator.architectures.builder import ACTIVATIONS
from generator.architectures.tables.text import key

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
    # EfficientNet's (Tan and Le 2019, section 4): gated, with swish.
    "mbconv": ("inverted_residual", {"form": "mbconv", "se": True, "activation": "silu"}),
    "basicblock": ("residual", {"kind": "basic"}),
    "globalaveraging": ("global_avg_pool", {}),
    "connected": ("linear", {}),  # Darknet's word (Redmon and Farhadi 2018, table 1)
    "fullyconnection": ("linear", {}),
    "fullyconnections": ("linear", {}),
    "hidden": ("linear", {}),
    "logits": ("linear", {}),
    "subsampling": ("avg_pool", {}),
    "subsample": ("avg_pool", {}),
    "input": ("input", {}),
    "inputimage": ("input", {}),
    "image": ("input", {}),
    "data": ("input", {}),
    "inputlayer": ("input", {}),
    "inputs": ("input", {}),
    "inputz": ("input", {}),
    "inputnoise": ("input", {}),
    "inputvector": ("input", {}),
    "noise": ("input", {}),
    "latentvector": ("input", {}),
    "rgbimage": ("input", {}),
    "rgb": ("input", {}),
    "输入": ("input", {}),
    "输入层": ("input", {}),
    "入力": ("input", {}),
    "입력": ("input", {}),
    "eingabe": ("input", {}),
    "entrée": ("input", {}),
    "entrada": ("input", {}),
    "вход": ("input", {}),
}

# Names of layers in published files that say the type where no other word does: Lin et al. 2013, whose
# "mlpconv" is a convolution with 1×1 ones ("cccp") behind it.
NAMES: Mapping[str, tuple[str, Mapping[str, object]]] = {
    "mlpconv": ("conv", {}),
    "cccp": ("conv", {"kernel": 1}),
}

# LeNet's names (LeCun et al. 1998): C for convolution, S for subsampling, F for fully connected.
LETTERS = {"c": "conv", "s": "avg_pool", "f": "linear"}

# Words that say nothing about the type.
FILLERS = frozenset((
    "layer", "layers", "with", "of", "and", "a", "an", "the", "filters", "filter", "channels",
    "channel", "units", "unit", "kernels", "kernel", "neurons", "maps", "map", "feature",
    "features", "size", "same", "valid", "padding", "pad", "padded", "unpadded", "stride", "strides", "step",
    "window", "nodes", "outputs", "dim", "d", "ch", "by", "per", "over", "each", "x", "n", "p",
    "k", "rgb", "no", "nbn", "block", "module", "stage", "rate", "standard", "regular", "normal",
    "ordinary", "plain", "to", "into", "way", "classes", "class", "number", "spatial", "r",
    "t", "at", "or", "dimensions",
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


# What stands beside a type's name: windows (3x3), steps (/2, s1), values (t=6), a layer's place ((3a),
# 2d), channels in and out.
BESIDE = re.compile(
    r"\b[a-z_]+\s*=\s*\d[\dx.]*|\d+⇒\d+|\d+(?:x\d+)+|/\s*s?\s*\d+|\b[skp]\s*=?\s*\d+\b|\(?\b\d+[a-z]?\b\)?|(?<=[a-z])2d\b"
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
    text = LIBRARY.sub("", text)
    if OTHER_DIMENSIONS.search(text.casefold()):
        return None
    if key(text) in ("relu6", "hardswish", "hardsigmoid"):
        return (("activation", {"function": key(text)}),)
    if letter := re.fullmatch(r"([csf])\d", text.strip().casefold()):
        return ((LETTERS[letter[1]], {}),)
    if (named := NAMED.fullmatch(text)) is not None and (inside := types_of(named["type"])):
        # Keras prints a layer's name before its type: conv2d_1 (Conv2D).
        outside = types_of(named["name"])
        if outside is None or outside == inside:
            return inside
    found = _words_types(BESIDE.sub(" ", text.casefold()))
    if found is None and "(" in text:
        found = _words_types(BESIDE.sub(" ", REMARK.sub(" ", text.casefold())))
    return found


LIBRARY = re.compile(r"\b(?:torch\.|tf\.|keras\.|layers\.|nn\.)+")
NAMED = re.compile(r"(?P<name>[\w./-]+)\s*\((?P<type>[A-Za-z]\w*)\)")
REMARK = re.compile(r"\([^()]*\)")


def _words_types(text: str) -> tuple[Wording, ...] | None:
    tokens = [each for each in re.split(r"[\s\-_/,;:()\[\]@=|]+", text) if _letters(each)]
    words = [_letters(each) for each in tokens]
    if (found := _types().get("".join(words))) is not None:
        return (found,)
    # A layer's own name holds a number: cccp3, res2a.
    noise = FILLERS | {_letters(each) for each in tokens if re.fullmatch(r"[^\W\d_]+\d\w*", each)}
    several = _segmented(words, noise) or _segmented(
        [each for each in words if each not in FILLERS], noise
    )
    if several is None and len(words) == 1 and words[0] in NAMES:
        return (NAMES[words[0]],)
    return several


def _segmented(words: list[str], noise: Set[str]) -> tuple[Wording, ...] | None:
    """Cut words into runs that each name a type, the longest first; the rest must be noise."""
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
            if words[start] not in noise:
                return None
            start += 1
    return _once(found) or None


def _once(found: list[Wording]) -> tuple[Wording, ...]:
    """Drop a layer's second name (``output FC``), and the word "activation" beside the function it
    means: ``ReLU activation`` is one layer."""
    exact = any(kind == "activation" and implied for kind, implied in found)
    return tuple(
        each
        for index, each in enumerate(found)
        if each not in found[index - 1 : index] and not (exact and each == ("activation", {}))
    )
