"""The wording of a row: ``3x3 conv, 64, stride 2``, ``conv3-64``, ``5x Conv dw / s1``, ``[3x3, 64; 3x3, 64] x2``.

Turns text (see :mod:`.text`) into operations: what it names is :mod:`.words`', its numbers are
:mod:`.numbers`', code is :mod:`.calls`'.
"""

from __future__ import annotations

import re

from generator.architectures.blocks.fields import LEAKY
from generator.architectures.tables.calls import read_calls
from generator.architectures.tables.model import Operation
from generator.architectures.tables.numbers import read_numbers
from generator.architectures.tables.words import LIBRARY, types_of

# ``[1x1, 64; 3x3, 64; 1x1, 256] x3`` and its spellings, round or curly brackets too.
BRACKETED = re.compile(
    r"[\[({](?P<body>[^\[\](){}]*\dx\d[^\[\](){}]*)[\])}]\s*(?:[x*]\s*)?(?P<times>\d+)?"
)
BRACKET_LAYER = re.compile(
    r"(\d+)\s*x\s*(\d+)\s*(?:,|-|conv\b|\s)\s*(?:conv\b)?\s*,?\s*(\d+)?(?:\s*,\s*(?:c|g|groups?)\s*=\s*(\d+))?"
)
# ``5x conv``, ``2 x (conv + BN)``; ``conv x2``, ``conv (x2)``.
PREFIX_TIMES = re.compile(
    r"^\s*(\d{1,3})\s*x\s+(?=[^\W\d])|^\s*(\d{1,3})\s*x\s*(?=[a-z]{2}|[\[({])", re.I
)
SUFFIX_TIMES = re.compile(r"(?<=[\w\])}])\s*\(?\bx\s*(\d{1,3})\)?\s*$|\(x(\d{1,2})\)\s*$", re.I)
# ``residual block x 3 (128 channels)``
INNER_TIMES = re.compile(r"(?<=[a-z\])])\s+x\s*(\d{1,3})\s*(?=[(,])", re.I)
ENCLOSED = re.compile(r"^\s*[\[({]([^\[\](){}]*(?:\([^()]*\)[^\[\](){}]*)*)[\])}]\s*$", re.DOTALL)
IN_TO_OUT = re.compile(r"(?<=\d)\s*(?:→|->|=>)\s*(?=\d+\b(?!\s*x))")
SEPARATORS = re.compile(r"\s*(?:→|->|=>|>|\bthen\b|\n|;)\s*", re.I)
JOINTS = re.compile(r"\s*[+&]\s*")
COMMA = re.compile(r"\s*,\s*(?![^()]*\))")


def read_operations(text: str, *, times: bool = True) -> list[Operation] | None:
    """Read a wording of one or several operations, in order; ``None`` if it names none.

    ``conv + BN + ReLU`` is three; ``[3x3, 64; 3x3, 64] x2`` one residual block, twice. Operations
    that repeat together have one count and one group.
    """
    if (calls := read_calls(text)) is not None:
        return calls
    text = IN_TO_OUT.sub("⇒", text)
    found: list[Operation] = []
    position = 0
    for bracket in BRACKETED.finditer(text):
        block = _bracket(bracket)
        if block is None:
            continue
        before = text[position : bracket.start()]
        if count := re.fullmatch(r"\s*(\d{1,3})\s*x\s*", before):
            block.repeat *= int(count[1])
        elif before.strip(" \n,;+"):
            earlier = _unbracketed(before, times=times)
            if earlier is None:
                return None
            found.extend(earlier)
        found.append(block)
        position = bracket.end()
    rest = text[position:]
    if rest.strip(" \n,;+"):
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
        operations = _piece(piece, times=times)
        if operations is None:
            return None
        for each in operations:
            each.group += len(found) if each.group else 0
        found.extend(operations)
    return found or None


def _piece(text: str, *, times: bool) -> list[Operation] | None:
    """Read what stands between two arrows: a count before or behind it is that of all its layers
    but a pooling or linear one."""
    prefix = PREFIX_TIMES.search(text) if times else None
    suffix = SUFFIX_TIMES.search(text) if times and prefix is None else None
    repeat = 1
    if prefix:
        repeat, text = int(prefix[1] or prefix[2]), text[prefix.end() :]
    elif suffix:
        repeat, text = int(suffix[1] or suffix[2]), text[: suffix.start()]
    elif times and (inner := INNER_TIMES.search(text)):
        repeat, text = int(inner[1]), text[: inner.start()] + " " + text[inner.end() :]
    enclosed = ENCLOSED.match(text)
    found: list[Operation] = []
    for joined in JOINTS.split(enclosed[1] if enclosed else text):
        for part in _parts(joined) if joined.strip(" ,") else ():
            operations = _piece(part, times=times) if part != text else _single(part)
            if operations is None:
                return None
            found.extend(operations)
    repeated = _repeated(found, last=suffix is not None) if repeat > 1 else []
    for each in repeated:
        each.repeat *= repeat
        each.group = 1 if len(repeated) > 1 else 0
    return found or None


def _repeated(operations: list[Operation], *, last: bool) -> list[Operation]:
    """The operations that a count belongs to: those up to, or from, the nearest that ends a stage."""
    ends = [index for index, each in enumerate(operations) if each.type in ENDS_A_STAGE]
    if not ends or len(operations) == 1:
        return operations
    return operations[ends[-1] + 1 :] if last else operations[: ends[0]]


ENDS_A_STAGE = frozenset(("max_pool", "avg_pool", "global_avg_pool", "linear", "flatten"))


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


def _single(text: str) -> list[Operation] | None:
    found = types_of(re.sub(r"conv(?=\d+-\d)", "conv ", text))
    if found is None:
        return None
    operations = [Operation(kind, dict(implied)) for kind, implied in found]
    if (leaky := LEAKY.search(text)) is not None:
        for each in operations:
            if each.values.get("function") == "leaky_relu":
                each.values["function"] = leaky[0]
    first = operations[0]
    first.values |= read_numbers(text, first.type)
    if first.type == "conv" and LIBRARY.search(text):
        first.values.setdefault("padding", "valid")  # as the library's own layer
    if first.type in ("max_pool", "avg_pool") and re.search(r"\bglobal\b", text.casefold()):
        first.type = "global_avg_pool"
    return operations
