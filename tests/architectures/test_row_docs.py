"""The page of row types says what the block types accept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from generator.architectures.blocks import BLOCKS
from generator.architectures.blocks.fields import ROW_FIELDS, BlockField

PAGE = Path(__file__).parents[2] / "docs" / "rows.md"


def _value(field: BlockField) -> str:
    """A field's type, with its choices or range, and its default."""
    parts = [" ".join(map(str, field.choices))] if field.choices else [field.type.value]
    if field.minimum is not None and field.maximum is not None:
        parts.append(f"{field.minimum:g} to {field.maximum:g}")
    return "; ".join(parts).replace("|", "\\|")


def _default(field: BlockField) -> str:
    if field.required:
        return "needed"
    return "" if field.default is None else f"`{field.default}`"


def _table(fields: tuple[BlockField, ...]) -> list[str]:
    lines = ["| field | value | default | meaning |", "|---|---|---|---|"]
    return lines + [
        f"| `{each.name}` | {_value(each)} | {_default(each)} | {each.doc} |" for each in fields
    ]


def documentation() -> str:
    lines = [
        "# Row types",
        "",
        "Printed from `generator/architectures/blocks/` (`pytest tests/architectures/test_row_docs.py",
        "--refresh`). A row of a layer table, of a `layers:` block or of a family's specification has one",
        "of these types; tables may use the other words listed, in any letter case.",
        "",
        "Fields that every row may have:",
        "",
        *_table(tuple(ROW_FIELDS)),
    ]
    for block in BLOCKS:
        lines += ["", f"## {block.name}", "", block.doc]
        if block.synonyms:
            lines += ["", f"Also: {', '.join(block.synonyms)}."]
        if block.fields:
            lines += ["", *_table(tuple(block.fields))]
    return "\n".join(lines) + "\n"


def test_the_page_of_row_types_is_current(expect: Callable[[Path, str], None]) -> None:
    expect(PAGE, documentation())
