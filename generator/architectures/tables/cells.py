"""A cell under a field's header, read into field values of a row.

``3x3/2`` under ``kernel`` gives kernel and stride; ``64`` under ``filters`` the width of a
convolution; a dash gives nothing.
"""

from __future__ import annotations

import re

from generator.architectures.blocks import block_type
from generator.architectures.blocks.fields import (
    ROW_FIELDS,
    BlockField,
    BlockType,
    FieldType,
    fold,
    read_value,
)
from generator.architectures.builder import ArchitectureError
from generator.architectures.tables.numbers import read_numbers
from generator.architectures.tables.text import absent, key


class CellError(Exception):
    """A cell that does not fit its column, with what would."""

    def __init__(self, message: str, *, found: str = "", expected: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.found = found
        self.expected = expected


# What people write where the number of classes stands.
CLASSES = re.compile(
    r"(?:k|n|c|num_?classes|n_?classes|classes|#\s?classes|number of classes)", re.I
)


def find_field(block: BlockType, spelling: str) -> BlockField | None:
    """Find the field of a block, or of any row, that a header spells."""
    for name in (spelling, key(spelling)):
        if (found := block.field(name)) is not None:
            return found
        for each in ROW_FIELDS:
            if fold(name) in (fold(each.name), *(fold(other) for other in each.synonyms)):
                return each
    # A column is one thing for all its rows: what it is for a convolution, it is for a block.
    conv = block_type("conv")
    spelt = conv.field(spelling) if conv is not None else None
    return block.field(spelt.name) if spelt is not None else None


def read_cell(block: BlockType, field: BlockField, text: str) -> dict[str, object]:
    """Read one cell under a field's header into values, the field's own among them.

    ``{}`` where the cell says nothing. Raises :class:`CellError` when it does not fit.
    """
    if absent(text) and not (field.type is FieldType.BOOL or field.name == "activation"):
        return {}
    if not text.strip():
        return {}
    try:
        return {field.name: read_value(field, text)}
    except ArchitectureError as error:
        values = _wordy(block, field, text)
        if values is None:
            raise CellError(
                f"'{text[:60]}' is no {field.name.replace('_', ' ')} of a {block.name} row",
                found=text[:60],
                expected=error.expected or field.doc,
            ) from None
        return values


# Fields whose cells may carry more than their own value.
WINDOW_FIELDS = ("kernel", "stride", "size", "width", "pool", "padding")


# Values tried, not a value: ``32, 64``, ``3-7``.
SEVERAL = re.compile(r"\d+(?:\s*(?:[,;|–-]|or|to)\s*\d+)+")


def _wordy(block: BlockType, field: BlockField, text: str) -> dict[str, object] | None:
    """Read ``3x3/2``, ``3x3, stride 2``, ``7x7/2 (x96)``, ``/2``, ``s2``, ``p=1``, ``64 filters``."""
    if field.name not in WINDOW_FIELDS or SEVERAL.fullmatch(text):
        return None
    numbers = read_numbers(text, block.name)
    found: dict[str, object] = {}
    for name, value in numbers.items():
        known = block.field(name)
        if known is None:
            continue
        try:
            found[name] = read_value(known, value)
        except ArchitectureError:
            return None
    if field.name == "pool" and "kernel" not in found:
        kernel = read_numbers(text, "max_pool").get("kernel")
        if isinstance(kernel, int | tuple) and re.search(r"max|avg|average|pool", text.casefold()):
            pooling = "avg" if re.search(r"avg|average|mean", text.casefold()) else "max"
            return {"pool": kernel if isinstance(kernel, tuple) else (kernel, kernel)} | (
                {"pooling": pooling} if block.field("pooling") else {}
            )
        return None
    if field.name == "pool":
        window = found.pop("kernel")
        return {"pool": window}
    words = re.sub(r"[\d\sx×/.,;:()=@+-]+", "", text.casefold())
    leftover = re.sub(
        r"strides?|step|pad(?:ding)?|same|valid|filters?|kernels?|channels?|maps?|units?|neurons?"
        r"|conv|max|avg|pool(?:ing)?|dw|s|p|d|of|window",
        "",
        words,
    )
    return found if field.name in found and not leftover else None
