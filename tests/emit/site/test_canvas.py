"""Canvases: cards where they lie, arrows between them, nothing of what is not published."""

from __future__ import annotations

import json
import re

import pytest

from tests.emit.site.pages import broken_links, facts
from tests.emit.site.vaults import built, input_of


def card(name: str, kind: str, **fields: object) -> dict[str, object]:
    return {"id": name, "type": kind, "x": 0, "y": 0, "width": 100, "height": 50, **fields}


CANVAS = {
    "nodes": [
        card("t", "text", x=-20, text="**Bold** and [[Note]] <script>alert(1)</script>", color="2"),
        card("n", "file", x=200, file="Note.md", subpath="#Part"),
        card("i", "file", y=300, file="pic.png"),
        card("u", "link", url="https://example.org/?a=1&b=2"),
        card("j", "link", url="javascript:alert(1)"),
        card("p", "file", file="Private.md"),
        card("m", "file", file="missing.md"),
        card("g", "group", label="A <group>", width=900, height=600),
    ],
    "edges": [
        {"id": "1", "fromNode": "t", "toNode": "n", "label": "to <it>"},
        {"id": "2", "fromNode": "t", "toNode": "p", "label": "secret arrow"},
        {"id": "3", "fromNode": "t", "toNode": "nowhere"},
    ],
}
FILES = {
    "Map.canvas": json.dumps(CANVAS),
    "Note.md": "# Part\n\nA sentence about the part that is long enough.\n",
    "Private.md": "---\npublish: false\n---\nHidden.\n",
    "pic.png": "png",
}


def test_cards_and_arrows() -> None:
    site = built(input_of(FILES))
    html = site["Map.canvas.html"]
    page = facts(html)
    assert "<strong>Bold</strong>" in html
    assert 'href="Note.html#part"' in html
    assert 'href="https://example.org/?a=1&amp;b=2"' in html
    assert 'src="-/files/pic.png"' in html
    assert "A <group>" in page.text
    assert "to <it>" in page.text
    assert "left:40px;top:40px" in html  # the leftmost card, a margin from the edge
    assert html.count('class="edge"') == 1
    assert broken_links(site) == []
    assert page.tags["script"] == 2
    assert not [each for each in page.links if each.startswith("javascript")]
    assert "Private" not in html
    assert "secret arrow" not in html
    assert "missing.md" in page.text


FAR = '{"nodes": [{"id": "a", "type": "text", "x": 1e999, "y": 0, "width": 1, "height": 1}]}'


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", "{", '{"nodes": 1}', '{"nodes": [1, null, {}]}', "[" * 5000, FAR],
)
def test_what_is_no_canvas_has_no_cards(text: str) -> None:
    site = built(input_of({"Odd.canvas": text}))
    assert "This canvas is empty" in site["Odd.canvas.html"]


def test_rule_9_1_a_card_of_a_note_shows_how_it_begins_and_a_place_what_stands_there() -> None:
    nodes = [
        card("w", "file", file="Note.md"),
        card("h", "file", y=100, file="Note.md", subpath="#Second"),
        card("b", "file", y=200, file="Note.md", subpath="#^id"),
    ]
    note = "**First** line.\n\n## Second\nLater text.\n\nA block. ^id\n\n" + "Long. " * 2000
    site = built(
        input_of({"Map.canvas": json.dumps({"nodes": nodes}), "Note.md": note + "\n\nEnd."})
    )
    whole, heading, block = re.findall(
        r'<div class="canvas-text">(.*?)</div></div>', site["Map.canvas.html"], re.DOTALL
    )
    assert "<strong>First</strong> line." in whole
    assert "End." not in whole
    assert "First" not in heading
    assert "Later text." in heading
    assert "A block." in block
    assert "Later text." not in block


@pytest.mark.parametrize(
    ("style", "css"),
    [("cover", "size:cover"), ("ratio", "size:contain"), ("repeat", "repeat:repeat")],
)
def test_rule_9_1_a_group_has_its_image(style: str, css: str) -> None:
    group = card("g", "group", background="a'b.png", backgroundStyle=style)
    site = built(input_of({"Map.canvas": json.dumps({"nodes": [group]}), "a'b.png": "png"}))
    html = site["Map.canvas.html"]
    assert "background-image:url(&#39;-/files/a%27b.png&#39;)" in html
    assert f"background-{css}" in html
    group = card("g", "group", background="missing.png")
    site = built(input_of({"Map.canvas": json.dumps({"nodes": [group]})}))
    assert "background-image" not in site["Map.canvas.html"]
