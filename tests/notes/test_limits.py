"""Hostile and huge notes end soon: doubling one must not take four times as long."""

from __future__ import annotations

import time

import pytest

from generator.notes.parse import parse_note

SIZE = 4000
HOSTILE = {
    "open links": "[[" * SIZE,
    "open embeds": "![[a|" * SIZE,
    "open labels": "[a](" * SIZE,
    "open titles": '[a](b "' * SIZE,
    "brackets": "[" * SIZE + "]" * SIZE,
    "dollars": "$" * SIZE,
    "open formulas": "$a " * SIZE,
    "display lines": "$$a\n\n" * (SIZE // 4),
    "braces": "$" + "{" * SIZE + "$",
    "macros": "".join(
        f"$\\newcommand{{\\{chr(98 + i)}}}{{{(chr(92) + chr(97 + i)) * 6}}}$" for i in range(12)
    )
    + "$\\newcommand{\\a}{x}\\m$",
    "quotes": ">" * SIZE,
    "quote lines": (">" * 60 + " a\n") * 40,
    "deep lists": "\n".join(" " * (2 * i) + "- a" for i in range(200)),
    "markers": "- " * SIZE + "a",
    "percent signs": "%%" * SIZE,
    "open comments": "a %% b\n\n" * (SIZE // 4),
    "equals signs": "=" * SIZE,
    "highlights": "==a " * SIZE,
    "emphasis": "*a _b" * SIZE,
    "comments": "<!--" * SIZE,
    "elements": "<div>" * SIZE,
    "element lines": "<div>\n" * SIZE,
    "attributes": '<a href="' * SIZE,
    "templates": "<%\n" * SIZE,
    "inline notes": "^[a" * SIZE,
    "footnotes": "[^a]: b\n" * SIZE,
    "references": "".join(f"[{i}]: b\n" for i in range(SIZE)),
    "wide table": "|" + "a|" * 300 + "\n|" + "--|" * 300 + "\n" + "|a\n" * 100,
    "equal headings": "# a\n" * SIZE,
    "fields": "[k:: " * SIZE,
    "bracket pairs": "([" * SIZE + "::",
    "fences": "```\n" * SIZE,
    "admonitions": "```ad-note\n```js\n" * (SIZE // 20),
    "one line": "word " * (SIZE * 10),
    "aliases of aliases": "---\na: &a [x]\n"
    + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{('*' + chr(97 + i) + ',') * 9}]\n" for i in range(9)
    )
    + "---\n",
    "YAML brackets": "---\na: " + "[" * 100_000 + "\n---\n",
    "YAML lists": "---\na:\n  " + "- " * 100_000 + "\n---\n",
    "block ids": "^x\n\n" * SIZE,
    "sentences": "[[a]] b. " * SIZE,
    "addresses": "http://a" + ")" * SIZE,
    "colons": "::" * SIZE,
    "backticks": "".join("`" * (i % 90) + " " for i in range(SIZE // 4)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_note_ends_soon(name: str) -> None:
    content = HOSTILE[name].encode()
    start = time.process_time()
    parse_note("Note.md", content)
    # Generous for a slow machine; a rule that is quadratic in these sizes takes minutes.
    assert time.process_time() - start < 8


def test_depth_is_bounded_and_said() -> None:
    note = parse_note("Note.md", b">" * 5000 + b" a")
    assert [each.code for each in note.diagnostics] == ["NT220"]


def test_a_line_of_a_megabyte() -> None:
    note = parse_note("Note.md", b"many words " * 100_000 + b"[[N]] " * 5_000)
    assert len(note.links) == 5_000
    assert max(len(link.sentence) for link in note.links) <= 402


def test_long_lines_have_no_fields() -> None:
    """Dataview passes over lines of more than 32768 characters (rules 11.10)."""
    assert not parse_note("Note.md", b"key:: " + b"v" * 32768).fields
    assert parse_note("Note.md", b"key:: " + b"v" * 32000).fields
