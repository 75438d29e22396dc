"""Canvas files: cards, connections, and what is said of broken ones (rule 9.1)."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.graph.canvas import (
    Canvas,
    End,
    FileCard,
    Frame,
    GroupCard,
    LinkCard,
    TextCard,
    file_of,
    missing_files,
    read_canvas,
)
from generator.graph.resolve import build_graph
from tests.graph.dataview.vault import make_graph
from tests.graph.notes import make_snapshot

PLACE = {"x": 0, "y": -10, "width": 100, "height": 50}


def check(data: object, *codes: str) -> Canvas:
    """The data gives a canvas and findings with these codes."""
    content = data if isinstance(data, bytes) else json.dumps(data).encode()
    canvas, found = read_canvas("c.canvas", content)
    assert [each.code for each in found] == list(codes)
    return canvas


def test_rule_9_1_cards_of_every_kind() -> None:
    canvas = check(
        {
            "nodes": [
                {
                    "id": "g",
                    "type": "group",
                    **PLACE,
                    "label": "G",
                    "background": "p.png",
                    "backgroundStyle": "repeat",
                },
                {"id": "t", "type": "text", **PLACE, "text": "# hi", "color": "2", "unknown": 1},
                {
                    "id": "f",
                    "type": "file",
                    **PLACE,
                    "file": "a/N.md",
                    "subpath": "#H",
                    "color": "#aAbBcC",
                },
                {"id": "l", "type": "link", **PLACE, "url": "https://a.org", "color": "red;}"},
            ],
            "edges": [
                {
                    "id": "e",
                    "fromNode": "t",
                    "fromSide": "right",
                    "toNode": "f",
                    "label": "is",
                    "color": "1",
                },
                {
                    "id": "e2",
                    "fromNode": "f",
                    "toNode": "l",
                    "fromEnd": "arrow",
                    "toEnd": "none",
                    "toSide": "middle",
                },
            ],
        }
    )
    frame = Frame(0, -10, 100, 50)
    assert canvas.cards == (
        GroupCard("g", frame, "G", "p.png", "repeat"),
        TextCard("t", Frame(0, -10, 100, 50, "orange"), "# hi"),
        FileCard("f", Frame(0, -10, 100, 50, "#aAbBcC"), "a/N.md", "#H"),
        LinkCard("l", frame, "https://a.org"),
    )
    first, second = canvas.connections
    assert (first.start, first.end) == (End("t", "right", arrow=False), End("f", "", arrow=True))
    assert (first.label, first.color) == ("is", "red")
    assert (second.start, second.end) == (End("f", "", arrow=True), End("l", "", arrow=False))
    assert canvas.bounds() == frame


@pytest.mark.parametrize("content", [b"", b"  \n", b"{}", b'\xef\xbb\xbf{"nodes": []}'])
def test_rule_9_1_an_empty_canvas_is_one(content: bytes) -> None:
    assert check(content) == Canvas("c.canvas", (), ())


@pytest.mark.parametrize(
    "data",
    [
        b"{", b"[]", b"\xff", b"[" * 100000, {"nodes": {}}, {"nodes": [{"id": "a", "type": "text", "text": "x"}]},
        {"nodes": [{"id": "a", "type": "odd", **PLACE}]}, {"nodes": [{"type": "text", "text": "", **PLACE}]},
        {"nodes": [{"id": "a", "type": "text", "text": "", **PLACE, "x": 1e300}]},
        {"nodes": [{"id": "a", "type": "file", **PLACE}]}, {"edges": [{"id": "e", "fromNode": "a", "toNode": "b"}]},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_reported(data: object) -> None:
    assert check(data, "NT306") == Canvas("c.canvas", (), ())


def test_files_that_are_missing_or_private() -> None:
    graph = make_graph({"N.md": "", "P.md": "---\npublish: false\n---\n"}, p__png="")
    cards = [
        {"id": name, "type": "file", **PLACE, "file": name}
        for name in ("N.md", "P.md", "p.png", "Gone.md", "gone.png")
    ]
    canvas = check({"nodes": cards})
    found = [file_of(graph, card) for card in canvas.cards if isinstance(card, FileCard)]
    assert found == ["N.md", None, "p.png", None, None]
    assert [each.code for each in missing_files(graph.snapshot, canvas)] == ["NT301", "NT302"]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["nodes", "edges", "id", "type", "x", "file", "text"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_a_canvas(data: object) -> None:
    content = json.dumps(data).encode()
    assert read_canvas("c.canvas", content) == read_canvas("c.canvas", content)


@given(st.binary(max_size=60))
def test_any_bytes_are_a_canvas(content: bytes) -> None:
    assert isinstance(read_canvas("c.canvas", content)[0], Canvas)


def test_rule_9_1_findings_of_canvases_are_among_the_graphs() -> None:
    card = '{"id":"a","type":"file","file":"Gone.md","x":0,"y":0,"width":9,"height":9}'
    texts = {
        "one.canvas": f'{{"nodes":[{card}]}}'.encode(),
        "two.canvas": b"{",
        "t/three.canvas": b"{",
    }
    snapshot = make_snapshot(texts, templates=frozenset({"t/three.canvas"}))
    snapshot = replace(snapshot, texts=texts)
    found = build_graph(snapshot, {}).diagnostics
    assert [(each.code, each.position.path) for each in found] == [
        ("NT301", "one.canvas"),
        ("NT306", "two.canvas"),
    ]
