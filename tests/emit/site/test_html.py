"""Small pieces of HTML: raw HTML of notes made harmless, plain sentences made readable, properties."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from generator.emit.site import assets
from generator.emit.site.numbers import exact, short, times
from generator.emit.site.prose import prose
from generator.emit.site.raw_html import tame
from generator.emit.site.snippets import cut
from generator.notes.highlight import COLOURED
from tests.emit.site.pages import facts
from tests.emit.site.vaults import built, input_of


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://a.example/x.png" alt="x">',
        '<p><img alt="a > b" src="//a.example/x.png"></p>',
        '<iframe src="HTTPS://a.example/"></iframe>',
        '<video src="http://a.example/v.mp4" poster="http://a.example/p.png"></video>',
        '<audio controls><source src="https://a.example/s.mp3"></audio>',
        '<img src="https://a.example/1.png"><img src="https://a.example/2.png">',
    ],
)
def test_nothing_of_another_host_is_loaded(html: str) -> None:
    assert facts(tame(html)).loads == []


def test_a_foreign_picture_stays_reachable() -> None:
    shown = tame('<img src="https://a.example/x.png?a=1&amp;b=2" alt="A cat">')
    assert 'href="https://a.example/x.png?a=1&amp;b=2"' in shown
    assert "Image: A cat (a.example)" in shown


def test_a_link_does_not_hold_a_link() -> None:
    shown = tame('<a href="https://b.example"><img src="https://a.example/x.png"></a>')
    assert facts(shown).tags["a"] == 1


@pytest.mark.parametrize("href", ["page.html", "#top", "../x", "?q=1", ""])
def test_relative_addresses_of_raw_html_lead_nowhere(href: str) -> None:
    assert facts(tame(f'<a class="c" href="{href}">text</a>')).links == []


@pytest.mark.parametrize("href", ["https://a.example", "mailto:a@b.example", "obsidian://open"])
def test_absolute_addresses_stay(href: str) -> None:
    assert facts(tame(f'<a href="{href}">text</a>')).links == [href]


def test_data_images_stay() -> None:
    html = '<img src="data:image/png;base64,AAAA">'
    assert tame(html) == html


def test_sentences_show_code_and_formulas() -> None:
    shown = prose("a `x<y` and $n^2$ < $5")
    assert "<code>x&lt;y</code>" in shown
    assert "<math" in shown
    assert shown.endswith("&lt; $5")


def test_texts_are_cut_between_words() -> None:
    assert cut("one  two\nthree", 40) == "one two three"
    assert cut("one two, three", 9) == "one two …"


def test_numbers() -> None:
    assert exact(138357544) == "138,357,544"
    assert [short(each) for each in (12, 61706, 999_600, 25_557_032, 4_089_184_256)] == [
        "12",
        "61.7 k",
        "1.00 M",
        "25.6 M",
        "4.09 G",
    ]
    assert times((64, 56, 56)) == "64×56×56"


def test_properties_are_shown_as_what_they_are() -> None:
    note = (
        "---\nstatus: <b>done</b>\nok: true\nlinks: ['[[Other|the other]]', plain]\n"
        "site: https://example.org/a?b=1&c=2\nmeta: {depth: 3}\nempty:\ncreated: 2026-01-02\n"
        "title: T\npublish: true\nnotetorch: {num_classes: 10}\n---\ntext"
    )
    site = built(input_of({"A.md": note, "Other.md": "x"}))
    html = site["A.html"]
    shown = html[html.index('<details class="properties"') : html.index("</details>")]
    page = facts(shown)
    assert [
        each for each in ("status", "ok", "links", "site", "meta", "depth") if each in page.text
    ]
    assert "<b>done</b>" in page.text
    assert page.links == ["Other.html", "https://example.org/a?b=1&c=2"]
    for name in ("empty", "created", "title", "publish", "notetorch"):
        assert f"<dt>{name}</dt>" not in shown


def test_an_impossible_date_is_no_date() -> None:
    html = built(input_of({"A.md": "---\ncreated: 2026-13-45\n---\ntext"}))["A.html"]
    assert "<time" not in html
    assert "2026-13-45" in html


def test_every_class_of_coloured_code_has_a_colour() -> None:
    style = (Path(assets.__file__).parent / "assets" / "style.css").read_text(encoding="utf-8")
    assert set(re.findall(r"\.([a-z][a-z0-9]{0,2})\b", style)) >= COLOURED
