"""Columns that describe layers in words: ``96 kernels of size 11×11, stride 4`` beside ``conv1``.

They give what no column of its own does; prose gives nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from generator.architectures.blocks import block_type
from generator.architectures.tables.headers import UNKNOWN, Column
from generator.architectures.tables.numbers import read_numbers
from generator.architectures.tables.operations import read_operations
from generator.architectures.tables.text import key
from generator.architectures.tables.words import FILLERS


def details_of(columns: list[Column], typed: int) -> tuple[int, ...]:
    """The columns that may describe layers in words: ``96 kernels of size 11×11, stride 4``."""
    return tuple(
        index
        for index, each in enumerate(columns)
        if index != typed and (each.kind == UNKNOWN or is_description(each))
    )


def is_description(column: Column) -> bool:
    """Say whether a column is named as one of descriptions."""
    return bool(column.spellings) and key(column.spellings[0]) in DESCRIPTIONS


DESCRIPTIONS = frozenset(
    ("description", "layerdescription", "details", "comment", "comments", "remarks", "notes")
)


def read_detail(text: str, kind: str, *, named: bool) -> Mapping[str, object]:
    """Read the values a description gives a layer: ``96 kernels of size 11×11, stride 4``; nothing
    from prose. Sizes without a word are taken where the column is one of descriptions (``named``)."""
    block = block_type(kind)
    assert block is not None
    operations = read_operations(text)
    if operations is not None:
        if len(operations) > 1 or operations[0].type != kind:
            return {}
        values = operations[0].values
        return {name: value for name, value in values.items() if block.field(name) is not None}
    plain_text = re.sub(r"\([^()]*\)", " ", text.casefold())
    words = re.findall(r"[^\W\d_]{2,}", re.sub(r"\dx(?=\d)", " ", plain_text))
    if not (words or (named and re.search(r"\dx\d", text))) or not FILLERS.issuperset(words):
        return {}
    values = read_numbers(plain_text, kind)
    return {name: value for name, value in values.items() if block.field(name) is not None}
