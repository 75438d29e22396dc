"""Patterns over paths: config globs, excluded files, daily notes, JavaScript expressions."""

from __future__ import annotations

import pytest

from generator.core.source import Position
from generator.vault.dailies import daily_filter, is_date_name
from generator.vault.filters import glob_filter, ignore_filter
from generator.vault.javascript_regex import JavascriptRegex, RegexError


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [
        ("drafts/**", ["drafts/a.md", "drafts/b/c.md"], ["x/drafts/a.md", "drafts.md"]),
        ("drafts/", ["drafts/a.md", "x/drafts/a.md"], ["drafts.md"]),
        ("drafts", ["drafts/a.md"], ["drafts2/a.md"]),
        ("*.tmp.md", ["a.tmp.md", "x/y.tmp.md"], ["a.md"]),
        ("a/*.md", ["a/b.md"], ["a/b/c.md", "x/a/b.md"]),
        ("/a.md", ["a.md"], ["b/a.md"]),
        ("**/log/*", ["log/a.md", "x/y/log/b.md"], ["logs/a.md"]),
        ("n?.md", ["n1.md"], ["n12.md", "n/.md"]),
        ("n[0-9].md", ["n1.md"], ["nx.md"]),
        ("n[!0-9].md", ["nx.md"], ["n1.md"]),
        ("Private", ["private/a.md"], []),
        ("a+b(c).md", ["a+b(c).md"], ["aab(c).md"]),
        ("[z-a]", ["[z-a]"], ["z"]),
    ],
)
def test_globs(pattern: str, yes: list[str], no: list[str]) -> None:
    matches = glob_filter((pattern,))
    assert [matches(path) for path in yes] == [True] * len(yes)
    assert [matches(path) for path in no] == [False] * len(no)


def test_no_globs_match_nothing() -> None:
    assert not glob_filter(())("a.md")
    assert not glob_filter(("", "/", " "))("a.md")


def test_excluded_files_are_prefixes_or_expressions() -> None:
    ignored, problems = ignore_filter(("Archive/", r"/\d{4}-old/"), Position("x"))
    assert problems == ()
    assert ignored("Archive/a.md")
    assert not ignored("My Archive/a.md")
    assert ignored("b/2020-old.md")


@pytest.mark.parametrize(
    "stem",
    [
        "2024-05-01", "20240501", "2024_05_01", "2024.5.1", "2024-05-01 Wednesday", "Wed 2024-05-01",
        "2024-05-01 (Wed)", "01-05-2024", "1.5.2024", "2024-W18", "2024-05", "May 1st, 2024",
        "1 May 2024", "2024年5月1日", "2024-05-01 星期三", "2024-05-01 среда", "2024-05-01-Mittwoch",
    ],
)  # fmt: skip
def test_date_names(stem: str) -> None:
    assert is_date_name(stem)


@pytest.mark.parametrize(
    "stem",
    [
        "2024-05-01 ResNet", "ResNet", "2015", "CIFAR 10-100", "1x1 convolutions", "2024-13-01",
        "Deep learning 2024-05-01", "3.1.2 Layers", "May", "11-785", "20240501 notes on VGG",
    ],
)  # fmt: skip
def test_other_names(stem: str) -> None:
    assert not is_date_name(stem)


@pytest.mark.parametrize(
    ("folder", "form", "path", "daily"),
    [
        ("", "YYYY-MM-DD", "a/2024-05-01.md", True),
        ("", "[Day] DDD", "Day 120.md", True),
        ("", "YYYY/MM-MMMM/dddd Do", "2024/05-May/Wednesday 1st.md", True),
        ("", "[Day] DDD", "Day one.md", False),
        ("", "[ResNet]", "ResNet.md", False),
        ("log", "YYYY", "log/2024.md", True),
        ("Log/", "YYYY-MM-DD", "log/x.md", True),
        ("log", "YYYY-MM-DD", "logs/x.md", False),
        ("", "", "x.md", False),
        ("", "(((", "x.md", False),
    ],
)
def test_daily_notes_by_setting(folder: str, form: str, path: str, daily: bool) -> None:
    assert daily_filter(folder, form)(path) is daily


def test_javascript_expressions_mean_what_they_do_in_javascript() -> None:
    assert JavascriptRegex(r"^\p{L}+$", "u").test("日本")
    assert JavascriptRegex("[ys]", "g").replace("yes", "a") == "aea"
    assert JavascriptRegex("(a)(b)?", "g").replace("ab", "$2$1\u2028\x00é") == "ba\u2028\x00é"
    assert JavascriptRegex("(.)l").split("hello") == ["h", "e", "lo"]
    assert JavascriptRegex(", ").split("a, b", 1) == ["a"]
    assert JavascriptRegex("a").test("\ud800a")


def test_a_sticky_expression_starts_afresh_on_every_text() -> None:
    expression = JavascriptRegex("a", "g")
    assert [expression.test("a"), expression.test("a")] == [True, True]


def test_a_malformed_expression_raises() -> None:
    with pytest.raises(RegexError, match=r"\w+"):
        JavascriptRegex("(")


def test_an_endless_expression_fails_once_and_then_at_once() -> None:
    expression = JavascriptRegex("^(a+)+$")
    with pytest.raises(RegexError, match="too long"):
        expression.search("a" * 60 + "!")
    for _ in range(1000):
        assert not expression.test("a" * 60 + "!")
