"""What the numbers in a layer's wording are, by how they are written: ``3x3``, ``/2``, ``64 filters``.

Turns text (see :mod:`.text`) and the type it names into field values.
"""

from __future__ import annotations

import re

from generator.architectures.blocks import block_type

NUMBERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("mbconv", re.compile(r"\bmbconv(\d+)")),
    # Channels in and out: 400 → 120 (the sign is :mod:`.operations`').
    ("arrow", re.compile(r"\d+⇒(\d+)")),
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
            r"\bstrides?\s*(?:of|[a-z]\s*=)?\s*[=:(]?\s*(\d+)(?:x\d+)?\)?|/\s*s?\s*(\d+)(?:x\d+)?(?![\d.%])"
            r"|\bs\s*=?\s*(\d+)\b"
        ),
    ),
    # A digit behind a name counts (Dropout-6); in brackets it is a rate.
    (
        "percent",
        re.compile(
            r"(\d+(?:\.\d+)?)\s*%|(?<![\w.])(\d*\.\d+|(?<![\w.-])\d{2,}(?=\s*\)?\s*$))|\((\d)\)"
        ),
    ),
    # 96 11x11 filters, 32 5x5x3 kernels
    (
        "filters-of",
        re.compile(r"(?<![\dx])(\d+)\s+(\d+)x(\d+)(?:x\d+)?\s+(?:filters?|kernels?|conv)"),
    ),
    (
        "width",
        re.compile(
            r"(?<![\dx])(\d+)\s*-?\s*(?:filters?|channels?|kernels?|feature maps?|maps?|units?|neurons?"
            r"|nodes?|outputs?|hidden|ch\b|-?d(?:im)?\b)"
        ),
    ),
    ("layers", re.compile(r"(\d+)\s*layers?\b")),
    ("maps-at", re.compile(r"(\d+)\s*@\s*(\d+)x(\d+)")),
    ("kernel-width", re.compile(r"(\d+)x(\d+)x(\d+)(?:x(\d+))?")),
    ("kernel", re.compile(r"(\d+)x(\d+)")),
    ("x-width", re.compile(r"\(\s*x\s*(\d+)\s*\)")),
)
ORDINAL = re.compile(r"#\s*\d+")
# ``t=6``, ``r = 16``; ``C=32`` is a cardinality, not channels.
NAMED = re.compile(r"\b(?!c\b)([a-z_]+)\s*=\s*(\d+(?:\.\d+)?)(?![\d.]|\s*x\s*\d)")
# A layer's number in its name (conv1_1, fc6, pool 5, C3) is no value.
INDEX = re.compile(r"[a-z]+(?:_?\d+(?:[_.]\d+)?[a-z]?|\s\d(?!\d))(?![\dx.%])")


def read_numbers(text: str, kind: str) -> dict[str, object]:
    """Read the numbers of a wording for a layer of type ``kind`` into field values."""
    values: dict[str, object] = {}
    if re.fullmatch(r"[a-z]\d+", text.strip().casefold()):
        return values  # LeNet's C1, S2: a name
    rest = f" {ORDINAL.sub(' ', re.sub(r'(?<=[a-z])2d', '', text.casefold()))} "
    pooled = kind in ("max_pool", "avg_pool")
    rest = NAMED.sub(lambda named: _named(named, kind, values), rest)
    for what, pattern in NUMBERS:
        found = pattern.search(rest)
        if found is None:
            continue
        groups = [each for each in found.groups() if each]
        match what:
            case "mbconv":
                values["t"] = int(groups[0])
            case "arrow":
                if not pooled:
                    values["width"] = int(groups[0])
            case "filters-of":
                values |= {"width": int(groups[0]), "kernel": (int(groups[1]), int(groups[2]))}
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
            case "kernel" if kind == "linear":  # 512x1000: its weights
                values["width"] = int(groups[1])
            case "kernel":
                values["kernel"] = (int(groups[0]), int(groups[1]))
            case "x-width":
                values.setdefault("width", int(groups[0]))
            case _:
                values[what] = int(groups[0])
        rest = rest[: found.start()] + " ; " + rest[found.end() :]
    if re.search(r"\bsame\b|\bpadded\b", rest) and "padding" not in values:
        values["padding"] = "same"
    elif re.search(r"\bvalid\b|\bno padding\b|\bunpadded\b", rest) and "padding" not in values:
        values["padding"] = "valid"
    _loose_number(rest, kind, values)
    return values


def _named(named: re.Match[str], kind: str, values: dict[str, object]) -> str:
    """Take ``t=6`` where the type has such a field; gives what is left of the text."""
    block = block_type(kind)
    field = block.field(named[1]) if block is not None else None
    if field is None:
        return named[0]
    values[field.name] = float(named[2]) if "." in named[2] else int(named[2])
    return " ; "


# Thousands may be grouped: 4,096.
LOOSE = re.compile(r"(?<![\w.])(\d{1,3}(?:,\d{3})+|\d+)(?![\w.%])")


def _loose_number(rest: str, kind: str, values: dict[str, object]) -> None:
    """Place a number that nothing marks: a width, a pooling window, a dropout rate."""
    hyphen = re.search(r"[a-z\u3040-\uffff]\s*-\s*(\d{1,7})\b", rest)
    loose = LOOSE.findall(INDEX.sub(" ", rest))
    number = hyphen[1] if hyphen else loose[0] if loose else ""
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
