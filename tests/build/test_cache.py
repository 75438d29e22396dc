"""The cache gives back what it was given, and nothing that runs code."""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from generator.build.cache import Cache
from generator.core.source import Position


def test_values_come_back(tmp_path: Path) -> None:
    cache = Cache(tmp_path, stamp="1")
    cache.put("notes", "k", (Position("a.md", 2, 3), "text"))
    cache.save()
    assert Cache(tmp_path, stamp="1").get("notes", "k") == (Position("a.md", 2, 3), "text")


def test_what_was_put_is_there_at_once() -> None:
    cache = Cache(None)
    cache.put("notes", "k", "v")
    assert cache.get("notes", "k") == "v"


def test_another_generator_misses(tmp_path: Path) -> None:
    cache = Cache(tmp_path, stamp="1")
    cache.put("notes", "k", "v")
    cache.save()
    assert Cache(tmp_path, stamp="2").get("notes", "k") is None


def test_entries_not_asked_for_are_dropped(tmp_path: Path) -> None:
    first = Cache(tmp_path)
    first.put("notes", "old", 1)
    first.put("notes", "kept", 2)
    first.save()
    second = Cache(tmp_path)
    assert second.get("notes", "kept") == 2
    second.save()
    third = Cache(tmp_path)
    assert third.get("notes", "old") is None
    assert third.get("notes", "kept") == 2


class Malicious:
    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, ("pwned",)


@pytest.mark.parametrize(
    "content", [b"", b"garbage", pickle.dumps(("", {"k": Malicious()})), pickle.dumps([1, 2])]
)
def test_a_foreign_file_is_an_empty_cache(
    tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notes.cache").write_bytes(content)
    assert Cache(tmp_path).get("notes", "k") is None
    assert not (tmp_path / "pwned").exists()
