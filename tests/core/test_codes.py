"""Every diagnostic code is documented, and used somewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from generator.core.codes import CODES
from generator.core.diagnostics import Severity

ROOT = Path(__file__).parents[2]


def documentation() -> str:
    lines = [
        "# Diagnostics",
        "",
        "Printed from `generator/core/codes.py` (`pytest tests/core --refresh`). The same text is given",
        "by `notetorch explain CODE`. Levels can be changed in `notetorch.toml` under `[levels]`.",
    ]
    for code, entry in sorted(CODES.items()):
        lines += ["", f"## {code}: {entry.title}", "", f"*{entry.severity}*. {entry.explanation}"]
    return "\n".join(lines) + "\n"


def test_the_page_of_codes_is_current(expect: Callable[[Path, str], None]) -> None:
    expect(ROOT / "docs" / "diagnostics.md", documentation())


def test_every_code_has_a_level_and_tells_what_to_do() -> None:
    for code, entry in CODES.items():
        assert re.fullmatch(r"NT[1-9]\d\d", code)
        assert entry.severity in set(Severity)
        assert entry.title
        assert len(entry.explanation) > 40, code


def test_every_code_is_used() -> None:
    sources = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "generator").rglob("*.py")
        if path.name != "codes.py"
    )
    unused = [code for code in CODES if f'"{code}"' not in sources]
    assert unused == []


def test_every_code_in_the_sources_is_in_the_table() -> None:
    for path in (ROOT / "generator").rglob("*.py"):
        for code in re.findall(r'"(NT\d{3})"', path.read_text(encoding="utf-8")):
            assert code in CODES, f"{path}: {code}"
