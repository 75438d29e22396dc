"""What queries and canvas cards show in place: pictures, notes, the view of a base."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from generator.emit.queries import query_renderer
from tests.emit.site.pages import broken_links, facts
from tests.emit.site.vaults import built, input_of

CARDS = "```base\nviews: [{type: cards, name: C, image: note.cover, order: [file.name]}]\n```"
BASE = "views:\n- {type: table, name: One, order: [file.name]}\n- {type: list, name: Two, order: [file.name, this.file.name]}\n"
PICTURE = b"not read"


def site_of(files: Mapping[str, str | bytes]) -> dict[str, str]:
    plain = input_of(files)
    return built(replace(plain, queries=query_renderer(plain.graph, now="")))


def check(text: str, *loads: str, shows: str = "") -> str:
    """Note ``N`` loads these copied files, and no other picture of the vault is copied."""
    site = site_of(
        {
            "N.md": text,
            "B.md": "# B\n\n## Part\n\nwords of the part\n",
            "Hidden.md": "---\npublish: false\n---\nnever shown ![[hidden.png]]\n",
            "x.base": BASE,
            **dict.fromkeys(("a/one.png", "two.png", "hidden.png", "unused.png"), PICTURE),
        }
    )
    page = site["N.html"]
    body = page[page.index("<article") :]
    assert [each for each in facts(body).loads if "/files/" in each] == list(loads)
    assert {each for each in site if "/files/" in each} == set(loads)
    assert broken_links(site) == []
    assert shows in body
    assert "never shown" not in body
    return body


ONE, TWO = "-/files/a/one.png", "-/files/two.png"


@pytest.mark.parametrize(
    ("text", "loads"),
    [
        (f'---\ncover: "[[one.png]]"\n---\n{CARDS}', [ONE]),
        ("`= embed([[one.png]])`", [ONE]),
        ('```dataviewjs\ndv.el("img", "", {attr: {src: "two.png"}})\n```', [TWO]),
        ('```dataviewjs\ndv.paragraph("![[one.png|20]] ![x](two.png)")\n```', [ONE, TWO]),
        ('```dataviewjs\ndv.paragraph("![[gone.png]]")\n```', []),
        ('```dataviewjs\ndv.paragraph("![[Hidden]]")\n```', []),
    ],
)
def test_pictures_of_results_are_shown_and_copied(text: str, loads: list[str]) -> None:
    check(text, *loads)


def test_sizes_of_results_hold() -> None:
    body = check('```dataviewjs\ndv.paragraph("![[one.png|alt text|20x10]]")\n```', ONE)
    assert 'alt="alt text" width="20" height="10"' in body


def test_notes_embedded_by_results_are_shown() -> None:
    check('```dataviewjs\ndv.paragraph("![[B#Part]]")\n```', shows="words of the part")


def test_rule_4_7_a_note_that_embeds_itself_ends() -> None:
    for text in ("![[N]]", '```dataviewjs\ndv.paragraph("![[N]]")\n```'):
        assert check(text).count("is-circular") == 1


def test_rule_4_1_an_embedded_base_shows_the_view_that_is_named() -> None:
    two = check("![[x.base#Two]]")
    assert "base-view-list" in two
    assert "base-view-table" not in two
    assert "base-view-table" in check("![[x.base]]")


def test_rule_4_11_a_search_is_a_list_of_links_or_its_source() -> None:
    check("```query\nfile:B\n```", shows='<li><a class="internal-link" href="B.html">')
    check("```query\nline:(a b)\n```", shows="Search (source)")


def test_rule_9_1_a_text_cards_picture_is_copied() -> None:
    card = '{"id":"a","type":"text","text":"![[one.png|30]]","x":0,"y":0,"width":90,"height":90}'
    site = site_of({"c.canvas": f'{{"nodes":[{card}]}}', "a/one.png": PICTURE, "u.png": PICTURE})
    assert [each for each in facts(site["c.canvas.html"]).loads if "/files/" in each] == [ONE]
    assert "-/files/u.png" not in site


def test_rule_4_1_an_embedded_canvas_is_drawn() -> None:
    texts = ("![[one.png]]", "![[c.canvas]]")
    nodes = ",".join(
        f'{{"id":"{at}","type":"text","text":"{text}","x":0,"y":0,"width":90,"height":90}}'
        for at, text in enumerate(texts)
    )
    site = site_of(
        {"N.md": "![[c.canvas]]", "c.canvas": f'{{"nodes":[{nodes}]}}', "one.png": PICTURE}
    )
    page = facts(site["N.html"])
    assert "-/files/one.png" in page.loads
    assert site["N.html"].count('class="canvas-ground"') == 1  # and not within itself
    assert broken_links(site) == []
