"""Addresses: one file for each page, safe on every system, and links that browsers read rightly."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.core.source import Position
from generator.emit.site.urls import Redirect, plan_addresses, root_of, url

FIXTURE = Path(__file__).parent / "fixtures" / "addresses.txt"


def groups() -> Iterator[dict[str, str]]:
    group: dict[str, str] = {}
    for line in [*FIXTURE.read_text(encoding="utf-8").splitlines(), ""]:
        if " -> " in line and not line.startswith("#"):
            path, _, page = line.partition(" -> ")
            group[path] = page
        elif not line.strip() and group:
            yield group
            group = {}


@pytest.mark.parametrize("group", list(groups()), ids=lambda group: next(iter(group)))
def test_pages(group: dict[str, str]) -> None:
    addresses, found = plan_addresses(group)
    assert dict(addresses.pages) == group
    renamed = {each.position.path for each in found if each.code == "NT901"}
    assert renamed == {path for path, page in group.items() if "~" in page.rpartition("/")[2]}


NAMES = st.text(
    st.characters(codec="utf-8", exclude_characters="/\x00", exclude_categories=("Cs",)),
    min_size=1,
    max_size=12,
).filter(lambda name: name not in (".", ".."))
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)


@given(st.sets(PATHS, max_size=12), st.sets(PATHS, max_size=6), st.sets(PATHS, max_size=6))
def test_any_names_give_distinct_safe_files(
    notes: set[str], files: set[str], tags: set[str]
) -> None:
    addresses, _ = plan_addresses([f"{each}.md" for each in notes], files=files, tags=tags)
    own = [*addresses.pages.values(), *addresses.files.values(), *addresses.tags.values()]
    folders = [page for page in addresses.folders.values() if page not in own]
    folded = [each.casefold() for each in (*own, *folders)]
    assert len(set(folded)) == len(folded)
    for path in (*own, *folders):
        parts = path.split("/")
        assert not any(part in ("", ".", "..") or part.endswith((".", " ")) for part in parts)
        assert not re.search(r'[<>:"\\|?*\x00-\x1f]', path)
        assert not any(
            "/".join(parts[:count]).casefold() in folded for count in range(1, len(parts))
        )
    reserved = {path for path in addresses.pages.values() if path.split("/")[0] == "-"}
    assert not reserved


@given(PATHS, NAMES)
def test_a_url_leads_back_to_its_path(path: str, fragment: str) -> None:
    address = url(path, fragment)
    parts = urlsplit("https://host/" + address)
    assert unquote(parts.path) == "/" + path
    assert unquote(parts.fragment) == fragment
    assert not parts.query
    assert not re.search(r"[<>\"'&\s]", address)


def test_long_names_fit_into_a_file_system() -> None:
    long = "ä" * 124
    addresses, _ = plan_addresses([f"{long}a.md", f"{long}b.md"], files=[f"{long}.png"])
    names = [*addresses.pages.values(), *(each[8:] for each in addresses.files.values())]
    assert all(len(name.encode()) < 255 for name in names)
    assert len(set(names)) == 3
    assert names[2].endswith(".png")


@pytest.mark.parametrize(
    ("name", "permalink", "expected"),
    [
        ("CNN", False, "A/CNN.html"),
        ("TCP/IP", False, "A/TCP_IP.html"),
        ("cnn networks?", False, "A/cnn networks_.html"),
        ("note", False, None),  # the note's own address
        ("Other", False, None),  # another note's address
        ("networks/cnn", True, "networks/cnn.html"),
        ("/networks/cnn/", True, "networks/cnn/index.html"),
        ("../../out", True, "out.html"),
        ("cnn.html", True, "cnn.html"),
        ("A/NOTE", True, None),
        ("", True, None),
    ],
)
def test_redirects(name: str, permalink: bool, expected: str | None) -> None:
    wish = Redirect(name, "A/Note.md", Position("A/Note.md"), permalink=permalink)
    addresses, found = plan_addresses(["A/Note.md", "A/Other.md"], redirects=[wish])
    assert addresses.redirects == ({expected: "A/Note.md"} if expected else {})
    assert found == ()


@pytest.mark.parametrize("name", ["A/Other", "-/models/vgg", "404"])
def test_a_permalink_that_is_taken_is_reported(name: str) -> None:
    wish = Redirect(name, "A/Note.md", Position("A/Note.md", 3, 1), permalink=True)
    addresses, found = plan_addresses(["A/Note.md", "A/Other.md"], redirects=[wish])
    assert not addresses.redirects
    assert [(each.code, each.position.line) for each in found] == [("NT902", 3)]


def test_root() -> None:
    assert root_of("index.html") == ""
    assert root_of("A/B/c.html") == "../../"
