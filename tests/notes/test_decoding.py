"""Bytes that are not UTF-8: the note is read all the same, and the place is named."""

from __future__ import annotations

from generator.notes.parse import parse_note


def test_a_bad_byte_is_named() -> None:
    note = parse_note("N.md", "# Überblick\nö ".encode() + b"\xff [[A]]")
    [found] = note.diagnostics
    assert (found.code, str(found.position)) == ("NT201", "N.md:2:3")
    assert "0xFF" in found.message
    assert [link.target for link in note.links] == ["A"]


def test_utf_16_is_read() -> None:
    note = parse_note("N.md", "# A\n[[B]]".encode("utf-16"))
    assert [each.code for each in note.diagnostics] == ["NT201"]
    assert note.headings[0].plain == "A"


def test_a_byte_order_mark_is_no_text() -> None:
    note = parse_note("N.md", b"\xef\xbb\xbf# A")
    assert note.headings[0].text == "A"
    assert note.diagnostics == ()


def test_line_ends_make_no_difference() -> None:
    unix = parse_note("N.md", b"# A\n\n- b\n\n```x\nc\n```\n")
    windows = parse_note("N.md", b"# A\r\n\r\n- b\r\n\r\n```x\r\nc\r\n```\r\n")
    assert unix.body == windows.body
    assert unix.statements == windows.statements
