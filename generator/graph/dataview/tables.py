"""CSV text -> rows as queries see them (``FROM csv("…")``)."""

from __future__ import annotations

import csv
import io
import re

from generator.graph.dataview.inline_values import canonical_name, property_value
from generator.graph.dataview.values import Record, Value

_NUMBER = re.compile(r"\s*-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*", re.ASCII)
_MOST_ROWS = 50_000


def csv_rows(text: str) -> tuple[Record, ...]:
    """Read a table with a header row; numbers and booleans become those, blank cells null.

    Lines that start with ``#`` are comments. Each column also gets its canonical name.
    """
    lines = (line for line in text.lstrip("\ufeff").splitlines() if line and line[0] != "#")
    reader = csv.reader(io.StringIO("\n".join(lines)))
    rows: list[Record] = []
    try:
        header = next(reader, [])
        for cells in reader:
            if len(rows) >= _MOST_ROWS:
                break
            row: dict[str, Value] = {}
            for name, cell in zip(header, cells, strict=False):
                row[name] = row[canonical_name(name)] = _cell(cell)
            rows.append(row)
    except csv.Error:
        pass  # a cell beyond the reader's limit ends the table
    return tuple(rows)


def _cell(text: str) -> Value:
    if text == "":
        return None
    if text in ("true", "TRUE", "false", "FALSE"):
        return text.lower() == "true"
    if _NUMBER.fullmatch(text):
        return float(text)
    return property_value(text)
