"""What notes become on their pages: cases are vaults with the expected text of some pages.

``NT_REFRESH=1 pytest tests/emit/site/test_bodies.py`` writes what is expected anew; read the diff.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emit.site.pages import broken_links, repeated_ids
from tests.emit.site.vaults import built, input_of

CASES = sorted((Path(__file__).parent / "fixtures" / "bodies").glob("*.txt"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_body(case: Path) -> None:
    check(case)


def check(case: Path) -> None:
    """Build the vault of a case and compare the texts of the pages it shows."""
    parts = list(_parts(case.read_text(encoding="utf-8")))
    files = {name: text for mark, name, text in parts if mark == "---"}
    site = built(input_of(files))
    got = [
        (mark, name, text if mark == "---" else text_of(site[name]) + "\n")
        for mark, name, text in parts
    ]
    if os.environ.get("NT_REFRESH"):
        written = "".join(f"{mark} {name}\n{text}" for mark, name, text in got)
        case.write_text(written, encoding="utf-8")
    assert [each for each in got if each[0] == ">>>"] == [
        each for each in parts if each[0] == ">>>"
    ]
    assert broken_links(site) == []
    assert list(repeated_ids(site)) == []


def text_of(page: str) -> str:
    """The note's own text in a page."""
    start = page.index('<div class="text">') + len('<div class="text">')
    return page[start : page.index("</article>", start)].rstrip().removesuffix("</div>").strip()


def _parts(text: str) -> Iterator[tuple[str, str, str]]:
    """Split a case into (mark, name, content); ``---`` inside a note's front matter has no name."""
    mark, name, lines = "", "", []
    for line in text.splitlines(keepends=True):
        if line.startswith(("--- ", ">>> ")):
            if mark:
                yield mark, name, "".join(lines)
            mark, name, lines = line[:3], line[4:].strip(), []
        else:
            lines.append(line)
    yield mark, name, "".join(lines)
