"""``notetorch.toml``: values, and what is said of those that cannot be used."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.vault.config import KEYS, parse_config
from generator.vault.model import Config
from generator.vault.toml_positions import key_lines, line_of


def check(text: str, *found: tuple[str, int]) -> Config:
    """The text gives a configuration and diagnostics with these codes and lines."""
    config, diagnostics = parse_config(text.encode(), "notetorch.toml")
    assert [(each.code, each.position.line) for each in diagnostics] == list(found)
    return config


def test_every_setting_is_read() -> None:
    config = check(
        """
        title = "Notes"
        models = "m"
        site = "s"
        site_url = "https://example.org"
        publish = "explicit"
        exclude = ["a/**", "b"]
        unmapped = "log"
        dataview_lenient = false
        resolve_aliases = false
        follow_links = true
        [names]
        resnet = ["Residualnetz", "RN"]
        [values.vgg]
        num_classes = 10
        when = 2024-05-01
        widths = [1, 2]
        [levels]
        NT301 = "off"
        """
    )
    assert config.title == "Notes"
    assert (config.models, config.site, config.site_url) == ("m", "s", "https://example.org")
    assert config.publish == "explicit"
    assert config.exclude == ("a/**", "b")
    assert config.unmapped == ("log",)
    assert (config.dataview_lenient, config.resolve_aliases, config.follow_links) == (
        False,
        False,
        True,
    )
    assert config.names == {"resnet": ("Residualnetz", "RN")}
    assert config.values == {"vgg": {"num_classes": 10, "when": "2024-05-01", "widths": (1, 2)}}
    assert config.value_lines == {"vgg.num_classes": 15, "vgg.when": 16, "vgg.widths": 17}
    assert config.levels == {"NT301": "off"}


def test_the_table_of_keys_is_the_configuration() -> None:
    assert set(KEYS) == {each.name for each in fields(Config)} - {"path", "value_lines"}


def test_an_unknown_key_gets_the_nearest_one() -> None:
    _, (found,) = parse_config(b'\n[names]\nx = "y"\n[modles]\n', "c.toml")
    assert (found.code, found.position.line) == ("NT102", 4)
    assert found.hint == "did you mean `models`?"


@pytest.mark.parametrize(
    "line",
    [
        "title = 3",
        "dataview_lenient = 'yes'",
        "exclude = [1]",
        "names = 'x'",
        "publish = 'some'",
        "values = {vgg = 3}",
        "[values]\nvgg = 3",
        "[levels]\nNT301 = 'loud'",
        "[names]\nresnet = 3",
    ],
)
def test_a_wrong_value_is_an_error_at_its_line(line: str) -> None:
    check("# comment\n" + line, ("NT103", 1 + len(line.split("\n"))))


def test_an_unusable_publish_choice_publishes_nothing() -> None:
    assert check("publish = 'explict'", ("NT103", 1)).publish == "explicit"


@pytest.mark.parametrize(
    ("text", "line"),
    [("title = Notes", 1), ("a = 1\n[x\n", 2), ("a = 1\na = 2", 2), ("x = " + "[" * 5000, 1)],
)
def test_broken_toml_is_an_error_at_its_line(text: str, line: int) -> None:
    config, (found,) = parse_config(text.encode(), "c.toml")
    assert config == Config(path="c.toml")
    assert found.code == "NT101"
    assert found.position.line in (line, 1)


def test_bytes_that_are_no_text() -> None:
    _, (found,) = parse_config(b"title = 'a'\nsite = '\xff'", "c.toml")
    assert (found.code, found.position.line) == ("NT101", 2)


def test_lines_of_keys_through_strings_comments_and_brackets() -> None:
    lines = key_lines(
        'a = """\n[not.a.table]\nb = 1\n"""\n# [no]\nc = [\n  "]", # ]\n  1,\n]\n'
        "[t.u] # x\n'quoted key' = {x = 1}\nd.e = 'ends with \\'\n[[rows]]\nf = 1\n"
    )
    assert lines == {
        "a": 1,
        "c": 6,
        "t": 10,
        "t.u": 10,
        "t.u.quoted key": 11,
        "t.u.d": 12,
        "t.u.d.e": 12,
        "rows": 13,
        "rows.f": 14,
    }
    assert line_of(lines, "t.u.quoted key.x") == 11
    assert line_of(lines, "nothing") == 1


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_give_a_configuration(content: bytes) -> None:
    assert isinstance(parse_config(content, "c.toml")[0], Config)


@given(st.text(alphabet="a=[]{}'\"\\\n#., 1", max_size=80))
def test_positions_of_any_text_end(text: str) -> None:
    assert all(line >= 1 for line in key_lines(text).values())
