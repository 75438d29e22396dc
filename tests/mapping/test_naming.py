"""Names made of headings: always usable as Python identifiers and file names."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.mapping.naming import RESERVED, free_name, identifier, is_identifier


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("TinyNet", "tinynet"),
        ("Tiny-Net v2", "tiny_net_v2"),
        ("Réseau élan", "reseau_elan"),
        ("class", "class_net"),
        ("match", "match_net"),
        ("torch", "torch_net"),
        ("3 layers", "net_3_layers"),
        ("__init__", "init"),
    ],
)
def test_identifier(text: str, name: str) -> None:
    assert identifier(text) == name


@given(st.text(max_size=60))
def test_any_text_gives_a_usable_name(text: str) -> None:
    name = identifier(text)
    assert name.isidentifier()
    assert name.isascii()
    assert name == name.lower()
    assert not keyword.iskeyword(name)
    assert name not in RESERVED
    assert is_identifier(name)
    assert identifier(text) == name


def test_other_scripts_do_not_collide() -> None:
    assert (
        len({identifier("小网络"), identifier("大网络"), identifier("모델"), identifier("")}) == 4
    )


@pytest.mark.parametrize("text", ["a b", "1a", "for", "é", "_x", "torch", "a" * 200])
def test_not_an_identifier(text: str) -> None:
    assert not is_identifier(text)


def test_free_name() -> None:
    assert free_name("a", {"a", "a_2"}) == "a_3"
    assert free_name("b", {"a"}) == "b"
