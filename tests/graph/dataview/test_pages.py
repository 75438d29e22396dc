"""Page objects and sources (rules sections 11 and 12, 13.4)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from generator.graph.dataview import PageIndex
from generator.graph.dataview.errors import EvaluationError
from generator.graph.dataview.grammar import parse_source
from generator.graph.dataview.sources import matching_paths
from generator.graph.dataview.values import Value, value_text
from tests.graph.dataview.vault import make_graph

NOTE = """\
---
tags: [b, "#Vision/cnn"]
aliases: [First, Second]
Created: 2023-01-02
due: 2024-01-02
took: 90m
up: "[[B]]"
a: 1
nested:
  key: [1, two]
---
# One
a:: 2 #inline
**Bold Field**:: nice
see [x:: 5] and (y:: "z")
Links [[B#Part one|to b]] [[Nowhere]] ![[p.png|100]] [[A]]
- item with k:: v and [[B]]
  - [x] done [completion:: 2024-03-01] #t ^blk
  - [ ] open 📅 2024-05-01
    - [ ] deeper
## Part
1. numbered
"""

GRAPH = make_graph(
    {
        "A.md": NOTE,
        "B.md": "# Part one\n[[A]]\n[[A]] again\n#Vision",
        "dir/C.md": "[[A]] date:: 2024-02-03",
        "dir/deep/2024-05-06 D.md": "#vision/CNN/more [[Nowhere]]",
        "private/P.md": "---\npublish: false\naliases: [Codename]\n---\n#b [[A]] secret:: x",
        "E.md": "to [[P]] and [[private/P|Codename]] and [[P|an old idea]]\nlink:: [[P]]\ntext:: see [[P|Codename]] there\n- [[P]] item",
    },
    p__png="",
)
INDEX = PageIndex.of(GRAPH)


def field(path: str, *keys: str) -> Value:
    value: Value = INDEX.page(path)
    for key in keys:
        assert isinstance(value, Mapping)
        value = value[key]
    return value


def check(keys: str, text: str, *, path: str = "A.md") -> None:
    """A field of a page (``file.name``) has this text."""
    assert value_text(field(path, *keys.split("."))) == text


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("file.path", "A.md"),
        ("file.folder", ""),
        ("file.name", "A"),
        ("file.ext", "md"),
        ("file.link", "[[A.md|A]]"),
        ("file.etags", "#inline, #t, #b, #Vision/cnn"),
        ("file.tags", "#inline, #t, #b, #Vision/cnn, #Vision"),
        ("file.aliases", "First, Second"),
        ("file.inlinks", "[[A.md|A]], [[B.md|B]], [[dir/C.md|C]]"),
        ("file.frontmatter.took", "90m"),
        ("file.frontmatter.due", "2024-01-02"),
        ("file.ctime", "January 02, 2023"),
        ("file.mtime", "\\-"),
        ("file.starred", "false"),
        ("due", "January 02, 2024"),
        ("took", "1 hour, 30 minutes"),
        ("up", "[[B.md|B]]"),
        ("a", "1, 2 #inline"),
        ("Bold Field", "nice"),
        ("bold-field", "nice"),
        ("x", "5"),
        ("y", "z"),
        ("nested", "{ key: [1, two] }"),
    ],
)
def test_rule_12_page_fields(keys: str, text: str) -> None:
    check(keys, text)


def test_rule_12_1_outlinks_of_properties_then_links_then_embeds() -> None:
    check(
        "file.outlinks",
        "[[B.md|B]], [[B.md#Part one|to b]], [[Nowhere|Nowhere]], [[A.md|A]], [[B.md|B]], ![[p.png|100]]",
    )


def test_rule_12_2_inlinks_once_per_note() -> None:
    check("file.inlinks", "[[A.md|A]]", path="B.md")


def test_rule_11_12_the_day_of_a_note() -> None:
    check("file.day", "February 03, 2024", path="dir/C.md")
    check("file.day", "May 06, 2024", path="dir/deep/2024-05-06 D.md")
    file = field("A.md", "file")
    assert isinstance(file, Mapping)
    assert "day" not in file


def items() -> list[Mapping[str, Value]]:
    value = field("A.md", "file", "lists")
    assert isinstance(value, tuple)
    return [item for item in value if isinstance(item, Mapping)]


def test_rule_12_6_list_items() -> None:
    first, done, due, deeper, numbered = items()
    assert [item["text"] for item in items()] == [
        "item with k:: v and [[B]]",
        "done [completion:: 2024-03-01] #t ^blk",
        "open 📅 2024-05-01",
        "deeper",
        "numbered",
    ]
    assert first["children"] == (done, due)
    assert (first["line"], done["line"], done["parent"]) == (16.0, 17.0, 16.0)
    assert (first["task"], done["task"], done["status"]) == (False, True, "x")
    assert (done["completed"], done["checked"], due["checked"]) == (True, True, False)
    assert (done["fullyCompleted"], due["fullyCompleted"]) == (True, False)
    assert value_text(done["completion"]) == "March 01, 2024"
    assert value_text(due["due"]) == "May 01, 2024"
    assert done["tags"] == ("#t",)
    assert done["blockId"] == "blk"
    assert value_text(done["link"]) == "[[A.md#^blk|A > blk]]"
    assert value_text(numbered["section"]) == "[[A.md#Part|A > Part]]"
    assert (numbered["symbol"], first["symbol"]) == ("1.", "-")
    assert value_text(first["outlinks"]) == "[[B.md|B]]"
    assert deeper["children"] == ()
    assert [item["lineCount"] for item in items()] == [1.0] * 5


def test_rule_12_6_tags_of_items_are_found_by_dataviews_own_rule() -> None:
    graph = make_graph({"n.md": "- a #x (#paren) a#b `#code` #1984 #a=b ##c #d/e-f\n  #next"})
    page = PageIndex.of(graph).page("n.md")
    assert page is not None
    file = page["file"]
    assert isinstance(file, Mapping)
    (item,) = file["lists"]
    assert item["tags"] == ("#x", "#paren", "#b", "#code", "#1984", "#d/e-f", "#next")
    assert item["lineCount"] == 2.0


def test_rule_11_7_fields_of_plain_items_reach_the_page_those_of_tasks_do_not() -> None:
    page = INDEX.page("A.md")
    assert page is not None
    assert "completion" not in page
    assert value_text(page["item with k"]) == "v and [[B]]"


@pytest.mark.parametrize(
    ("source", "paths"),
    [
        ("#b", ["A.md"]),
        ("#vision", ["A.md", "B.md", "dir/deep/2024-05-06 D.md"]),
        ("#Vision/CNN", ["A.md", "dir/deep/2024-05-06 D.md"]),
        ("#none", []),
        ('"dir"', ["dir/C.md", "dir/deep/2024-05-06 D.md"]),
        ('"dir/"', ["dir/C.md", "dir/deep/2024-05-06 D.md"]),
        ('"dir/C"', ["dir/C.md"]),
        ('"A.md"', ["A.md"]),
        ('"missing"', []),
        ("[[A]]", ["A.md", "B.md", "dir/C.md"]),
        ("[[]]", ["A.md", "B.md", "dir/C.md"]),
        ("[[#]]", ["A.md", "B.md", "dir/C.md"]),
        ("[[Nowhere]]", ["A.md", "dir/deep/2024-05-06 D.md"]),
        ("outgoing([[A]])", ["B.md", "A.md"]),
        ("-#vision", ["E.md", "dir/C.md"]),
        ('!"dir" and #vision', ["A.md", "B.md"]),
        ('#b or "dir" and #vision', ["A.md", "dir/deep/2024-05-06 D.md"]),
        ('#b | ("dir" & #vision)', ["A.md", "dir/deep/2024-05-06 D.md"]),
    ],
)
def test_rule_13_4_sources(source: str, paths: list[str]) -> None:
    assert sorted(matching_paths(parse_source(source), INDEX, "A.md")) == sorted(paths)


def test_rule_13_4_outgoing_links_of_a_missing_note_are_an_error() -> None:
    with pytest.raises(EvaluationError):
        matching_paths(parse_source("outgoing([[p.png]])"), INDEX, "A.md")


def test_nothing_of_an_unpublished_note_is_in_any_page() -> None:
    everything = "\n".join(value_text(INDEX.page(path), room=10**7) for path in INDEX.paths)
    for word in ("Codename", "private", "[[P", "|P]]", "secret"):
        assert word not in everything
    check("link", "an unpublished note", path="E.md")
    check("text", "see an unpublished note there", path="E.md")
    assert INDEX.page("private/P.md") is None
    assert INDEX.find("P", "E.md") is None
    assert INDEX.text("private/P.md") is None
    assert matching_paths(parse_source("#b"), INDEX, "E.md") == ("A.md",)
    assert matching_paths(parse_source('"private"'), INDEX, "E.md") == ()
