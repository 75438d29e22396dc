"""Links resolve as Obsidian resolves them (rules sections 2 and 3 of docs/obsidian.md)."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from generator.core.diagnostics import Diagnostic
from generator.graph.fragments import find_block, find_heading, heading_link_text
from generator.graph.model import Found, Graph
from generator.graph.resolve import build_graph
from generator.notes.keys import heading_key
from generator.vault.model import Config
from tests.graph.notes import make_note, make_snapshot

# The vault of rule 2; links stand in a/s.md.
PATHS = (
    "N.md", "a/N.md", "a/b/N.md", "c/M.md", "d/e/M.md", "ab/P.md", "zz/P.md", "i/pic.png",
    "a/s.md", "Dir/Dir.md", "Note.v2.md", "plain", "plain.md", "xb/Q.md", "Ünï côde.md",
)  # fmt: skip


def graph_of(
    texts: dict[str, str], *, extra: tuple[str, ...] = (), config: Config | None = None
) -> Graph:
    notes = {path: make_note(path, text) for path, text in texts.items()}
    return build_graph(make_snapshot((*texts, *extra), config=config), notes)


def check(link: str, expected: str | None, *, source: str = "a/s.md") -> None:
    """A link written in ``source`` leads to the file ``expected``."""
    notes = {path: make_note(path) for path in PATHS if path.endswith(".md")}
    notes[source] = make_note(source, link)
    graph = build_graph(make_snapshot((*PATHS, source)), notes)
    assert graph.destinations[source][0].path == expected


@pytest.mark.parametrize(
    ("rule", "link", "expected"),
    [
        ("2.0", "[[#H]]", "a/s.md"),
        ("2.1", "[[plain]]", "plain"),
        ("2.1", "[[plain.md]]", "plain.md"),
        ("2.1", "[[Note.v2]]", "Note.v2.md"),
        ("2.2", "[[note.V2]]", "Note.v2.md"),
        ("2.2", "[[PIC.PNG]]", "i/pic.png"),
        ("2.3", "[[./N]]", "a/N.md"),
        ("2.3", "[[../c/M]]", "c/M.md"),
        ("2.3", "[[./../c/M]]", "c/M.md"),
        ("2.3", "[[../../N]]", "N.md"),
        ("2.4", "[[/a/N]]", "a/N.md"),
        ("2.5", "[[N]]", "N.md"),
        ("2.6", "[[/b/N]]", None),
        ("2.7", "[[b/N]]", "a/b/N.md"),
        ("2.7", "[[b/Q]]", "xb/Q.md"),
        ("2.8", "[[M]]", "c/M.md"),
        ("2.8", "[[P]]", "ab/P.md"),
        ("2.9", "[[x/N]]", None),
        ("2.11", "[[Dir]]", "Dir/Dir.md"),
        ("2.11", "[[c]]", None),
        ("2.12", "[[pic]]", None),
        ("2.13", "[[U\u0308ni\u0308\u00a0co\u0302de]]", "Ünï côde.md"),
        ("2.13", "[[.obsidian]]", None),
    ],
)
def test_link_goes_where_obsidian_goes(rule: str, link: str, expected: str | None) -> None:
    check(link, expected)


def test_rule_2_8_prefers_files_below_the_source_folder_by_plain_prefix() -> None:
    check("[[P]]", "zz/P.md", source="zz/t.md")
    check("[[P]]", "ab/P.md", source="a/t.md")
    check("[[P]]", "ab/P.md", source="t.md")


def test_rule_2_10_alias_is_a_fallback_that_is_reported_and_can_be_switched_off() -> None:
    notes = {
        "Artificial Intelligence.md": make_note("Artificial Intelligence.md", aliases=("AI",)),
        "s.md": make_note("s.md", "[[ai]]"),
    }
    snapshot = make_snapshot(tuple(notes))
    graph = build_graph(snapshot, notes)
    assert graph.destinations["s.md"][0].path == "Artificial Intelligence.md"
    assert graph.destinations["s.md"][0].by_alias
    assert codes(graph) == ["NT305"]
    assert graph.diagnostics[0].expected == "[[Artificial Intelligence|ai]]"
    strict = build_graph(replace(snapshot, config=Config(resolve_aliases=False)), notes)
    assert strict.destinations["s.md"][0].found is Found.MISSING


def test_rule_2_14_the_note_of_an_alias_is_named_as_shortly_as_obsidian_does() -> None:
    for others, expected in (((), "[[Deep|ai]]"), (("x/Deep.md",), "[[a/Deep|ai]]")):
        notes = {path: make_note(path) for path in others}
        notes["a/Deep.md"] = make_note("a/Deep.md", aliases=("AI",))
        notes["s.md"] = make_note("s.md", "[[ai]]")
        (found,) = build_graph(make_snapshot(tuple(notes)), notes).diagnostics
        assert found.expected == expected


def test_a_file_name_wins_over_an_alias() -> None:
    notes = {
        "AI.md": make_note("AI.md"),
        "b.md": make_note("b.md", aliases=("AI",)),
        "s.md": make_note("s.md", "[[AI]]"),
    }
    graph = build_graph(make_snapshot(tuple(notes)), notes)
    assert graph.destinations["s.md"][0].path == "AI.md"
    assert not graph.destinations["s.md"][0].by_alias


def test_an_alias_of_several_notes_means_the_first_and_all_are_named() -> None:
    notes = {
        "b.md": make_note("b.md", aliases=("AI",)),
        "a.md": make_note("a.md", aliases=("ai",)),
        "s.md": make_note("s.md", "[[AI]]"),
    }
    graph = build_graph(make_snapshot(tuple(sorted(notes))), notes)
    assert graph.destinations["s.md"][0].path == "a.md"
    assert graph.destinations["s.md"][0].candidates == ("a.md", "b.md")


def test_rule_2_15_an_ambiguous_link_is_reported_with_all_candidates() -> None:
    graph = graph_of({"s.md": "see [[N]]", "a/N.md": "", "b/c/N.md": ""})
    assert graph.destinations["s.md"][0].candidates == ("a/N.md", "b/c/N.md")
    (found,) = graph.diagnostics
    assert (found.code, found.position.line, found.position.column) == ("NT304", 1, 5)
    assert "b/c/N.md" in found.message


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("ResNets (residual networks)", "resnets residual networks"),
        ("ResNet benefits/", "resnet benefits"),
        ("A: B", "a b"),
        ("C++", "c"),
        ("C#", "c"),
        ("it's a-b_c", "it's a-b_c"),
        ("[[X|Y]] z", "x y z"),
        ("日本語", "日本語"),
    ],
)
def test_rule_3_1_heading_key(heading: str, key: str) -> None:
    assert heading_key(heading) == key


@pytest.mark.parametrize(
    ("heading", "text"),
    [("A: B|C", "A B C"), ("a ^b %%c%% [[d]]\\e", "a b c d e"), ("a-b_c's (d)", "a-b_c's (d)")],
)
def test_rule_3_2_a_heading_in_a_link(heading: str, text: str) -> None:
    assert heading_link_text(heading) == text
    note = make_note("n.md", "# " + heading)
    assert find_heading(note, "#" + text) == 0


OUTLINE = "# A\n## X\n# B\n## X\n### Deep\n> # Quoted\n# C#\n# ResNet benefits/"


@pytest.mark.parametrize(
    ("rule", "subpath", "line"),
    [
        ("3.3", "#X", 2),
        ("3.3", "#B#X", 4),
        ("3.3", "#A#B", None),
        ("3.3", "#A#Deep", 5),
        ("3.3", "#B#X#Deep", 5),
        ("3.4", "#Quoted", None),
        ("3.1", "#C++", 7),
        ("3.1", "#resnet  Benefits", 8),
        ("1.8", "##x", 2),
    ],
)
def test_rule_3_heading_targets(rule: str, subpath: str, line: int | None) -> None:
    note = make_note("n.md", OUTLINE)
    index = find_heading(note, subpath)
    assert (None if index is None else note.headings[index].position.line) == line


def test_rule_3_8_block_ids_ignore_case() -> None:
    note = make_note("n.md", "one ^first\ntwo ^Second-2")
    assert find_block(note, "second-2") == 1
    assert find_block(note, "third") is None


def test_fragments_of_links() -> None:
    graph = graph_of(
        {
            "n.md": OUTLINE + "\nword ^w1",
            "s.md": "[[n#B#X]] [[n#^W1]] [[n#Gone]] [[n#^gone]] [[n#]]",
        },
        extra=("i.png",),
    )
    found = [(d.found, d.heading, d.block) for d in graph.destinations["s.md"]]
    assert found == [
        (Found.HEADING, 3, None),
        (Found.BLOCK, None, 0),
        (Found.MISSING_FRAGMENT, None, None),
        (Found.MISSING_FRAGMENT, None, None),
        (Found.FILE, None, None),
    ]
    assert codes(graph) == ["NT303", "NT303"]


def test_rule_4_4_fragments_of_attachments_are_not_looked_up() -> None:
    graph = graph_of({"s.md": "![[i.png#outline]] ![[d.pdf#page=3]]"}, extra=("i.png", "d.pdf"))
    assert [d.found for d in graph.destinations["s.md"]] == [Found.FILE, Found.FILE]
    assert graph.diagnostics == ()


@pytest.mark.parametrize(
    ("link", "code", "hint"),
    [
        ("[[Not yet]]", "NT301", ""),
        ("![[gone.png]]", "NT302", ""),
        ("[[Node.js]]", "NT301", ""),
        ("[[grad cam]]", "NT301", "did you mean `Grad-CAM`?"),
        ("[[Convolutional netwroks]]", "NT301", "did you mean `Convolutional networks`?"),
        ("![[PIC 1.png]]", "NT302", "did you mean `i/pic1.png`?"),
        ("![[Grad-CAM.mp4]]", "NT302", ""),
        ("[[pic 1]]", "NT301", "did you mean `i/pic1.png`?"),
    ],
)
def test_missing_targets_are_reported_with_the_near_name(link: str, code: str, hint: str) -> None:
    graph = graph_of(
        {"s.md": f"first line\n{link}", "Grad-CAM.md": "", "Convolutional networks.md": ""},
        extra=("i/pic1.png",),
    )
    (found,) = graph.diagnostics
    assert (found.code, found.position.line, found.hint) == (code, 2, hint)


def test_no_diagnostic_names_an_unpublished_note() -> None:
    notes = {
        "s.md": make_note("s.md", "[[sesame]] [[Sesme]] [[N]] [[codename]] [[Sesame#Gone]]"),
        "Sesame.md": make_note("Sesame.md", "# Vault door", publish=False, aliases=("codename",)),
        "a/N.md": make_note("a/N.md"),
        "sesame private/N.md": make_note("sesame private/N.md", publish=False),
    }
    graph = build_graph(make_snapshot(tuple(notes)), notes)
    for found in graph.diagnostics:
        shown = found.message + found.hint + found.expected
        assert "Sesame" not in shown
        assert "private" not in shown
        assert "Vault door" not in shown


def test_templates_and_unpublished_notes_give_no_diagnostics() -> None:
    notes = {"t/x.md": make_note("t/x.md", "[[{{title}}]]")}
    graph = build_graph(make_snapshot(tuple(notes), templates=frozenset({"t/x.md"})), notes)
    assert graph.diagnostics == ()
    assert graph.destinations["t/x.md"][0].found is Found.MISSING


def test_backlinks_carry_sentences_and_are_sorted() -> None:
    graph = graph_of(
        {"n.md": "[[n]] itself", "b.md": "![[n]] b", "a.md": "x\nsee [[n#Gone]]\n[[n]]"}
    )
    assert [(b.source, b.position.line, b.sentence) for b in graph.backlinks["n.md"]] == [
        ("a.md", 2, "see [[n#Gone]]"),
        ("a.md", 3, "[[n]]"),
        ("b.md", 1, "![[n]] b"),
    ]


def test_ten_thousand_notes_with_a_hundred_thousand_links_resolve_in_seconds() -> None:
    # Every folder has a README: the worst case for ambiguous names.
    texts = {
        f"f{i % 5000}/n{i}.md": " ".join(f"[[n{(i * 7 + k * 13) % 20000}]]" for k in range(5))
        + " [[README]] [[README#Top]] [[Missing one]] [[../f3/n3]] [[Readme]]"
        for i in range(5000)
    } | {f"f{i}/README.md": "# Top" for i in range(5000)}
    notes = {path: make_note(path, text) for path, text in texts.items()}
    snapshot = make_snapshot(tuple(texts))
    start = time.process_time()
    graph = build_graph(snapshot, notes)
    assert time.process_time() - start < 10
    assert sum(len(each) for each in graph.destinations.values()) == 50_000
    assert graph.destinations["f17/n17.md"][5].path == "f17/README.md"


def codes(graph: Graph) -> list[str]:
    return [each.code for each in sorted(graph.diagnostics, key=Diagnostic.sort_key)]
