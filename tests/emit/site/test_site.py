"""The site as a whole: what must hold for every page of every vault."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest

from generator.claims.model import Claim, Status
from generator.core.diagnostics import Diagnostic, Severity
from generator.core.source import Position
from generator.emit.site import CaseResult, SiteInput, TargetLink, TestResult, note_urls, plan_site
from generator.emit.site import assets as site_assets
from generator.emit.site import pages as page_kinds
from generator.emit.site.model import Pieces
from generator.emit.site.render import without_policy
from generator.mapping.model import Setting, Value
from generator.notes.model import QueryHole
from generator.vault.model import Config
from tests.emit.site.pages import broken_links, facts, repeated_ids
from tests.emit.site.vaults import built, input_of

NETWORKS = """---
aliases: [CNN, ConvNet]
created: 2026-01-02
source: "[[Vision/Filters#Why]]"
rating: 4
---
# Networks

Filters are explained in [[Filters]] and [[Filters#Why|here]]. #vision/cnn

## VGG

10 filters of 3x3x3 have 270 parameters. It uses `3x3` and $a^2$ only.

![[vgg.png|300]]

## Other

See [[Not written]] and ![[missing.png]].
"""
VAULT = {
    "Home.md": "# Welcome\n\nStart with [[Networks]].\n",
    "Networks.md": NETWORKS,
    "Vision/Filters.md": "---\ntitle: Filters & kernels\n---\n# Why\n\nBack to [[CNN|networks]].\n",
    "Vision/README.md": "About vision, see [[Filters#Why]].\n",
    "Vision/photo.png": "png",
    "Vision/Deep/index.md": "Deep text ![[photo.png]]\n",
    "Board.canvas": '{"nodes": [{"id": "1", "type": "text", "text": "card"}]}',
    "Unused.png": "png",
}
CLAIM = Claim(
    id="networks-vgg-1a2b",
    path="Networks.md",
    section=2,
    statement=2,
    start=0,
    end=40,
    position=Position("Networks.md", 12, 1),
    text="10 filters of 3x3x3 have 270 parameters",
    kind="filters",
    subject="vgg",
    expected="270",
    computed="271",
    how="10·3·3·3 = 270",
    status=Status.FALSE,
)
RESULT = TestResult(
    (CaseResult("test_shape", "passed", 0.5), CaseResult("test_x", "failed", 0.1, "no"))
)


def example() -> SiteInput:
    return input_of(
        VAULT,
        models={"Networks.md#VGG": "vgg16"},
        claims={"Networks.md": (CLAIM,)},
        tests={"vgg": RESULT},
        config=Config(title="My <notes>"),
    )


@pytest.fixture(scope="module")
def site() -> dict[str, str]:
    return built(example())


def test_the_files_are_those_the_design_names(site: dict[str, str]) -> None:
    expected = {
        "index.html",
        "404.html",
        ".nojekyll",
        "Home.html",
        "Networks.html",
        "CNN.html",
        "ConvNet.html",
        "Board.canvas.html",
        "Vision/index.html",
        "Vision/Filters.html",
        "Vision/README.html",
        "Vision/Deep/index.html",
        "-/models/index.html",
        "-/models/vgg.html",
        "-/tags/index.html",
        "-/tags/vision.html",
        "-/tags/vision/cnn.html",
        "-/claims.html",
        "-/broken.html",
        "-/diagnostics.html",
        "-/files/Vision/photo.png",
        "feed.xml",
    }
    assert {path for path in site if not path.startswith("-/assets/")} == expected
    assert site["-/files/Vision/photo.png"] == "copy of Vision/photo.png"


def test_every_link_and_fragment_resolves(site: dict[str, str]) -> None:
    assert broken_links(site) == []
    assert list(repeated_ids(site)) == []


def test_pages_load_only_the_sites_own_files_and_run_no_other_script(site: dict[str, str]) -> None:
    for path, text in site.items():
        if path.endswith(".html"):
            page = facts(text)
            assert not [each for each in page.loads if "//" in each], path
            assert not page.handlers, path
            assert 'type="module"' not in text
        if path.startswith("-/assets/") and path.endswith(".js") and "/vendor/" not in path:
            assert "fetch(" not in text
            assert "XMLHttpRequest" not in text


def test_a_server_can_take_the_policy_out(site: dict[str, str]) -> None:
    page = site["Networks.html"]
    assert "script-src" in page
    served = without_policy(page.encode()).decode()
    assert "script-src" not in served
    assert len(page) - len(served) < 500


def test_ids_of_the_page_itself_begin_with_nt(site: dict[str, str]) -> None:
    page = facts(site["Networks.html"])
    own = {name for name in page.ids if not name.startswith("nt-")}
    assert own == {"networks", "vgg", "other"}


def test_note_page_shows_what_belongs_to_the_note(site: dict[str, str]) -> None:
    page = site["Networks.html"]
    text = " ".join(facts(page).text.split())
    for part in (
        "also: CNN, ConvNet",
        "2026-01-02",
        "#vision/cnn",
        "rating 4",
        "Generated model vgg",
    ):
        assert part in text
    assert 'href="Vision/Filters.html#why"' in page  # the link in a property
    assert 'href="-/models/vgg.html#nt-model-vgg"' in page
    assert 'class="nt-claim nt-claim-false"' in page
    assert 'title="False: 270 (10·3·3·3 = 270)"' in page
    assert "the missing image <code>vgg.png</code>" in page
    assert "Missing image missing.png" in text
    assert page.count("<h1") == 1  # the heading that repeats the title is not shown again
    assert facts(page).ids["networks"] == 1


def test_backlinks_come_with_their_sentence(site: dict[str, str]) -> None:
    text = " ".join(facts(site["Vision/Filters.html"]).text.split())
    assert "Filters are explained in Filters and here." in text


def test_backlinks_are_in_the_order_of_names() -> None:
    files = {f"{at}/Note {at}.md": "See [[Hub]]." for at in (10, 9, 100)}
    page = facts(built(input_of({**files, "Hub.md": "text"}))["Hub.html"])
    linking = [each for each in page.links if "Note" in each and "index" not in each]
    assert linking[:3] == ["9/Note%209.html", "10/Note%2010.html", "100/Note%20100.html"]


def test_the_outline_leaves_out_what_the_title_says() -> None:
    page = built(input_of({"A.md": "# A\n\n## B\n\n### C\n"}))["A.html"]
    outline = page[page.index('<nav class="outline"') : page.index("</aside>")]
    assert facts(outline).links == ["#b", "#c"]
    assert 'class="depth-0"' in outline


def test_model_page(site: dict[str, str]) -> None:
    page = site["-/models/vgg.html"]
    text = " ".join(facts(page).text.split())
    for part in ("138,357,544", "From Networks › VGG", "vgg11_bn", "1 passed, 1 failed", "test_x"):
        assert part in text
    for part in (
        "features.0",
        "classifier.6",
        "num_classes",
        "import torch",
        "10 filters of 3x3x3",
    ):
        assert part in text
    assert 'href="../../Networks.html#vgg"' in page
    assert '<svg class="nt-net"' in page


def test_a_value_leads_to_where_it_is_set() -> None:
    given = example()
    value = Value("num_classes", Setting(10, "field", Position("Networks.md", 14, 1)))
    architectures = tuple(replace(each, values=(value,)) for each in given.mapping.architectures)
    site = built(replace(given, mapping=replace(given.mapping, architectures=architectures)))
    page = site["-/models/vgg.html"]
    assert '<td>10</td><td><a href="../../Networks.html#vgg">Networks</a>, line 14' in page


def test_titles_are_escaped(site: dict[str, str]) -> None:
    assert "<title>My &lt;notes&gt;</title>" in site["index.html"]
    assert "Filters &amp; kernels" in site["Vision/Filters.html"]


def test_folder_pages(site: dict[str, str]) -> None:
    page = site["Vision/index.html"]
    assert "About vision" in page
    assert 'href="../Vision/Filters.html"' in page
    assert 'href="../Vision/Deep/index.html"' in page
    assert 'href="../Vision/README.html"' in page
    assert "Deep text" in site["Vision/Deep/index.html"]


def test_redirects_lead_to_the_note(site: dict[str, str]) -> None:
    assert 'content="0; url=Networks.html"' in site["CNN.html"]


def test_broken_links_are_listed_by_what_is_missing(site: dict[str, str]) -> None:
    text = " ".join(facts(site["-/broken.html"]).text.split())
    assert "missing.png Networks, line 19" in text
    assert "Not written Networks, line 19" in text


def test_claims_page(site: dict[str, str]) -> None:
    page = site["-/claims.html"]
    assert f'id="nt-claim-{CLAIM.id}"' in page
    text = " ".join(facts(page).text.split())
    assert "states 270 · is 271" in text
    assert "Networks, line 12 · about vgg" in text
    assert "By note Note False Verified Not checked Networks 1 0 0" in text


def test_note_urls_are_those_of_the_plan() -> None:
    urls = note_urls(example().graph)
    assert urls["Vision/Filters.md"] == "Vision/Filters.html"
    assert urls["Vision/Deep/index.md"] == "Vision/Deep/index.html"


def test_the_same_input_gives_the_same_bytes() -> None:
    first, second = plan_site(example()), plan_site(example())
    assert first == second


def test_an_edit_changes_only_pages_that_show_it() -> None:
    before = built(example())
    edited = {**VAULT, "Networks.md": NETWORKS.replace("It uses", "It only uses")}
    after = built(
        input_of(
            edited,
            models={"Networks.md#VGG": "vgg16"},
            claims={"Networks.md": (CLAIM,)},
            tests={"vgg": RESULT},
            config=Config(title="My <notes>"),
        )
    )
    changed = {path for path in before if before[path] != after[path]}
    assert changed == {"Networks.html", "-/assets/words.js"}


def test_a_vault_without_anything() -> None:
    site = built(input_of({}))
    assert "index.html" in site
    assert broken_links(site) == []
    assert "feed.xml" not in site


def test_large_assets_come_only_where_a_page_needs_them() -> None:
    plain = built(input_of({"A.md": "text"}))
    assert not [each for each in plain if "stix" in each or "mermaid-tiny" in each]
    assert not [each for each in plain.values() if "stix" in each or "math.css" in each]
    drawn = built(
        input_of({"A.md": "$a^2$", "B.md": "```mermaid\ngraph TD\n```", "C.md": "![[B]]"})
    )
    scripts = [each for each in drawn if each.endswith("/mermaid.js") and "vendor" in each]
    assert len(scripts) == 1
    assert scripts[0] in drawn["B.html"]
    assert scripts[0] in drawn["C.html"]
    assert scripts[0] not in drawn["A.html"]
    paths = {each.path for each in plan_site(input_of({"A.md": "$a^2$"}))[0]}
    assert [each for each in paths if each.endswith("stix-two-math.woff2")]


def test_feed_lists_what_changed_last() -> None:
    files = {"A.md": "The first note says something.", "B & C.md": "b", "D.md": "d"}
    dates = {"A.md": ("2026-01-01", "2026-03-01T10:00:00"), "B & C.md": ("2026-02-01", "")}
    site = built(input_of(files, dates=dates, config=Config(site_url="https://example.org/n")))
    feed = ElementTree.fromstring(site["feed.xml"])
    name = "{http://www.w3.org/2005/Atom}"
    entries = feed.findall(f"{name}entry")
    assert [each.findtext(f"{name}title") for each in entries] == ["A", "B & C"]
    assert [each.find(f"{name}link").get("href") for each in entries] == [  # type: ignore[union-attr]
        "https://example.org/n/A.html",
        "https://example.org/n/B%20%26%20C.html",
    ]
    assert feed.findtext(f"{name}updated") == "2026-03-01T00:00:00Z"
    assert 'href="/n/index.html"' in site["404.html"]
    text = " ".join(facts(site["index.html"]).text.split())
    assert "Changed last A 2026-03-01 B & C 2026-02-01" in text


def test_an_address_gives_a_sitemap_and_canonical_links() -> None:
    files = {"A & B.md": "#tag", "F/C.md": "c"}
    dates = {"F/C.md": ("", "2026-03-01T10:00:00")}
    site = built(input_of(files, dates=dates, config=Config(site_url="https://example.org/n/")))
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    listed = {
        each.findtext(f"{name}loc"): each.findtext(f"{name}lastmod")
        for each in ElementTree.fromstring(site["sitemap.xml"])
    }
    base = "https://example.org/n/"
    pages = ("-/tags/tag.html", "A%20%26%20B.html", "F/C.html", "F/index.html", "index.html")
    assert sorted(listed) == [base + each for each in pages]  # type: ignore[type-var]
    assert {base + "F/C.html": "2026-03-01"}.items() <= listed.items()
    assert f'<link rel="canonical" href="{base}A%20%26%20B.html">' in site["A & B.html"]
    without = built(input_of(files))
    assert "sitemap.xml" not in without
    assert 'rel="canonical"' not in without["A & B.html"]


def test_the_home_page_names_the_feed() -> None:
    assert 'href="feed.xml"' in built(example())["index.html"]
    assert 'href="feed.xml"' not in built(input_of({"A.md": "a"}))["index.html"]


def test_nested_tags_are_listed_below_their_parents() -> None:
    page = built(input_of({"A.md": "#b #a/b/c", "B.md": "#a"}))["-/tags/index.html"]
    text = " ".join(facts(page).text.split())
    assert "#a 2 notes #a/b 1 note #a/b/c 1 note #b 1 note" in text
    assert "</ul>\n</li>\n</ul>\n</li>" in page.replace("\n\n", "\n")


def test_a_page_does_not_grow_with_the_vault() -> None:
    few = built(input_of({f"Note {at}.md": "text" for at in range(3)}))
    many = built(input_of({f"Note {at}.md": "text" for at in range(300)}))
    assert few["Note 1.html"] == many["Note 1.html"]


def test_many_problems_do_not_make_a_long_page() -> None:
    files = {f"Note {at}.md": f"[[Gone]] [[Gone {at}]]" for at in range(300)}
    site = built(input_of(files))
    broken, listed = site["-/broken.html"], site["-/diagnostics.html"]
    assert max(len(broken), len(listed)) < 60_000
    assert "Gone 299" in broken
    text = " ".join(facts(broken).text.split())
    assert "Notes not written yet 301" in text
    assert "and 296 more" in text
    assert "and 550 more" in " ".join(facts(listed).text.split())


def test_a_finding_leads_to_its_heading_and_says_nothing_twice() -> None:
    page = built(input_of({"A.md": "# A\n\n## Here\n\n![[gone.png]]\n"}))["-/diagnostics.html"]
    assert 'href="../A.html#here">A.md:5:1</a>' in page
    assert "found:" not in page


def test_a_badge_stands_at_the_end_of_its_line() -> None:
    text = "An introduction.\nIts side is 12\nand its sum 30.\n\nAnother 12."
    claims = tuple(
        replace(
            CLAIM,
            path="A.md",
            section=0,
            id=f"a-{nth}",
            statement=0,
            start=text.index(said),
            end=end,
        )
        for nth, said in enumerate(("side is 12", "sum 30"))
        for end in (text.index(said) + len(said),)
    )
    page = built(input_of({"A.md": text}, claims={"A.md": claims}))["A.html"]
    shown = re.sub(r'<a class="nt-claim.*?</a>', "[badge]", page)
    assert "An introduction.<br>\nIts side is 12 [badge]<br>\nand its sum 30. [badge]</p>" in shown


def test_what_a_claim_says_in_a_formula_is_shown_as_one() -> None:
    text = "Sizes: $32 - 5 + 1 = 28$ in words"
    start = text.index("32")
    claim = replace(
        CLAIM,
        path="A.md",
        section=0,
        statement=0,
        start=start,
        end=start + 15,
        text=text[start : start + 15],
        status=Status.VERIFIED,
    )
    page = built(input_of({"A.md": text}, claims={"A.md": (claim,)}))["-/claims.html"]
    assert "<blockquote><math" in page


def test_a_query_is_shown_as_the_engine_gives_it() -> None:
    def answer(path: str, hole: QueryHole) -> Pieces | None:
        assert path == "A.md"
        if hole.language != "dataview":
            return None
        return ("<p>", TargetLink("B.md", "the <b>one</b>", "Part"), TargetLink("gone.md"), "</p>")

    text = "```dataview\nLIST\n```\n\n`$= dv.x`"
    site = built(input_of({"A.md": text, "B.md": "# Part"}, queries=answer))
    html = site["A.html"]
    assert '<a class="internal-link" href="B.html#part">the <b>one</b></a>' in html
    assert '<span class="is-unresolved">gone.md</span>' in html
    assert '<code class="nt-query">' in html


def test_a_stale_module_says_so() -> None:
    given = example()
    stale = replace(given, modules=tuple(replace(each, stale=True) for each in given.modules))
    site = built(stale)
    assert "stale" in facts(site["-/models/vgg.html"]).text
    assert "stale" in facts(site["-/models/index.html"]).text


# ------------------------------------------------------------------ what is private

CANARY = "Zanzibarquokka"
SECRET = f"""---
publish: false
title: {CANARY} title
aliases: [{CANARY}alias]
tags: [{CANARY.lower()}tag]
permalink: {CANARY}-link
property: {CANARY}
---
# {CANARY} heading

{CANARY} sentence with [[Public]], [[{CANARY}unwritten]], ![[{CANARY}.png]] and #{CANARY}inline. ^{CANARY}

![[Public]]
"""
PUBLIC = f"""---
related: "[[{CANARY}]]"
list: ["[[{CANARY}|{CANARY}alias]]", other]
---
Reads [[{CANARY}]] and [[{CANARY}|{CANARY} title]], [[{CANARY}#{CANARY} heading]], [my words]({CANARY}.md).

## On [[{CANARY}]]

![[{CANARY}]] ![[{CANARY}#{CANARY} heading]]

- links [[Other]] in a sentence with [[{CANARY}alias]]
"""


def secret_queries(path: str, hole: QueryHole) -> Pieces:
    return (
        "<ul><li>",
        TargetLink(f"{CANARY}.md"),
        "</li><li>",
        TargetLink("Other.md"),
        "</li></ul>",
    )


def test_an_unpublished_note_leaves_no_byte() -> None:
    files = {
        f"{CANARY}.md": SECRET,
        f"{CANARY}.png": "png",
        f"{CANARY}/Inner.md": SECRET,
        "Public.md": PUBLIC + "\n```dataview\nLIST\n```\n",
        "Other.md": f"Also [[{CANARY}]].",
        "Map.canvas": json.dumps({"nodes": [{"id": "1", "type": "file", "file": f"{CANARY}.md"}]}),
    }
    finding = Diagnostic(
        "NT304", Position("Public.md"), f"Could be {CANARY}.md", severity=Severity.INFO
    )
    own = Diagnostic("NT304", Position(f"{CANARY}.md"), "in the secret note")
    outputs, found = plan_site(
        input_of(files, diagnostics=(finding, own), queries=secret_queries, models=None)
    )
    for each in outputs:
        assert CANARY.casefold() not in each.path.casefold()
        assert CANARY.casefold() not in (each.content or b"").decode("utf-8", "replace").casefold()
        assert each.copy_from is None
    site = {each.path: (each.content or b"").decode("utf-8", "replace") for each in outputs}
    text = " ".join(facts(site["Public.html"]).text.split())
    assert (
        "Reads an unpublished note and an unpublished note, an unpublished note, my words" in text
    )
    assert 'href="Other.html"' in site["Public.html"]
    assert broken_links(site) == []
    assert not [each for each in found if CANARY in str(each)]


def test_a_tag_that_only_unpublished_notes_carry_has_no_page() -> None:
    site = built(input_of({"A.md": "---\ndraft: true\n---\n#secret", "B.md": "#open"}))
    assert "-/tags/open.html" in site
    assert "-/tags/secret.html" not in site


# ------------------------------------------------------------------ hostile vaults

NASTY = [
    '"><script>alert(1)</script>',
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    "a#b?c=d&e%20f%zz",
    "..",
    "<img src=x onerror=alert(1)>",
    "\u202etxt.exe",
    "a'b\"c`d",
    "x\u2028y",
]


@pytest.mark.parametrize("name", NASTY)
def test_hostile_names_stay_text(name: str) -> None:
    clean = name.replace("/", "_")
    files = {
        f"{clean}/{clean}.md": f"---\ntitle: {json.dumps(name)}\ntags: [{json.dumps(name)}]\n---\n"
        f"# {name}\n\n[[Home]] ![[{clean}.png]] ^block\n",
        f"{clean}/{clean}.png": "png",
        "Home.md": f"[[{clean}]] [x](<{clean}/{clean}.md>) ![[{clean}.png]]",
        f"{clean}.canvas": '{"nodes": []}',
    }
    site = built(input_of(files, config=Config(title=name)))
    assert broken_links(site) == []
    for path, text in site.items():
        if path.endswith(".html"):
            page = facts(text)
            assert not page.handlers
            assert page.tags["script"] == (0 if "<main>" in text or "refresh" in text else 2), path
            assert not [each for each in page.links if each.lower().startswith("javascript:")]
    page = next(
        text for path, text in site.items() if 'class="note-head"' in text and "block" in text
    )
    assert unescape(name) in unescape(facts(page).text)


# ------------------------------------------------------------------ parts that can be added to


def test_a_page_kind_is_one_module_and_one_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "statistics.py").write_text(
        "from dataclasses import dataclass\n"
        "from generator.emit.site.model import Page, PageKind\n\n\n"
        "@dataclass(frozen=True)\nclass View:\n    notes: int\n\n\n"
        "def plan(site):\n"
        "    yield Page('-/statistics.html', 'Statistics', View(len(site.notes)))\n\n\n"
        "KIND = PageKind('statistics', 'statistics.html.jinja', plan)\n",
        encoding="utf-8",
    )
    (tmp_path / "statistics.html.jinja").write_text(
        '{% extends "layout.html.jinja" %}{% block content %}<p>{{ view.notes }} notes</p>'
        "{% endblock %}",
        encoding="utf-8",
    )
    monkeypatch.setattr(page_kinds, "__path__", [*page_kinds.__path__, str(tmp_path)])
    site = built(input_of({"A.md": "a", "B.md": "b"}))
    assert "<p>2 notes</p>" in site["-/statistics.html"]
    assert broken_links(site) == []


def test_vendored_files_are_unchanged_and_licensed() -> None:
    folder = Path(site_assets.__file__).parent / "assets" / "vendor"
    packages = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    listed = set()
    for package in packages:
        names = {entry["to"] for entry in package["files"]}
        assert "LICENSE" in names
        assert package["folder"].endswith(package["version"])
        for entry in package["files"]:
            file = folder / package["folder"] / entry["to"]
            listed.add(file)
            assert hashlib.sha256(file.read_bytes()).hexdigest() == entry["sha256"], file
    present = {each for each in folder.rglob("*") if each.is_file()}
    assert present - listed == {folder / "manifest.json", folder / "update.py"}
