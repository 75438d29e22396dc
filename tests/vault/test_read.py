"""Reading a vault from disk: what is in the snapshot and what is reported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.vault.model import Snapshot
from generator.vault.read import find_config, read_vault


def make(root: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return root


def check(root: Path, *, read: list[str], codes: list[str]) -> Snapshot:
    """The vault at ``root`` gives these files and diagnostics."""
    snapshot, diagnostics = read_vault(root)
    assert [file.path for file in snapshot.files] == read
    assert [each.code for each in diagnostics] == codes
    return snapshot


def test_notes_and_attachments_are_read_sorted(tmp_path: Path) -> None:
    make(tmp_path, {"b.md": "b", "a/x.png": b"\x89", "a/N.canvas": "{}", "v.base": "views: []"})
    snapshot = check(tmp_path, read=["a/N.canvas", "a/x.png", "b.md", "v.base"], codes=[])
    assert dict(snapshot.texts) == {"a/N.canvas": b"{}", "b.md": b"b", "v.base": b"views: []"}
    assert snapshot.note_paths() == ("b.md",)


def test_what_is_never_looked_at(tmp_path: Path) -> None:
    make(
        tmp_path,
        {
            "n.md": "",
            ".obsidian/app.json": "{}",
            ".trash/old.md": "",
            ".hidden.md": "",
            "sub/node_modules/pkg/README.md": "",
            "out/site/n.md": "",
            "_notetorch/tiny/spec.yaml": "name: tiny",
            "_notetorch/tiny/deep/x.md": "",
        },
    )
    snapshot, diagnostics = read_vault(tmp_path, outputs=(tmp_path / "out" / "site",))
    assert [file.path for file in snapshot.files] == ["n.md"]
    assert snapshot.families == {"tiny": {"spec.yaml": b"name: tiny"}}
    assert diagnostics == ()


def test_hostile_bytes_are_kept_as_they_are(tmp_path: Path) -> None:
    make(tmp_path, {"n.md": b"\x00\xff\xfe bytes", "empty.md": b""})
    snapshot = check(tmp_path, read=["empty.md", "n.md"], codes=[])
    assert snapshot.texts["n.md"] == b"\x00\xff\xfe bytes"


def test_paths_are_nfc_and_the_disk_spelling_is_kept(tmp_path: Path) -> None:
    make(tmp_path, {"U\u0308ber.md": "x"})
    snapshot = check(tmp_path, read=["Über.md"], codes=[])
    assert snapshot.files[0].disk_path == "U\u0308ber.md"
    assert snapshot.texts["Über.md"] == b"x"


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file system that takes any bytes")
def test_names_that_collide_or_are_no_text_are_reported(tmp_path: Path) -> None:
    make(tmp_path, {"Über.md": "1", "U\u0308ber.md": "2", "note.md": "", "Note.md": ""})
    (tmp_path / os.fsdecode(b"bad\xff.md")).write_bytes(b"")
    snapshot, diagnostics = read_vault(tmp_path)
    assert [file.path for file in snapshot.files] == ["Note.md", "note.md", "Über.md"]
    assert [each.code for each in diagnostics] == ["NT107", "NT111", "NT107"]


def test_symbolic_links_lead_neither_out_nor_in_circles(tmp_path: Path) -> None:
    outside = make(tmp_path / "outside", {"secret.md": "s", "key.png": "k"})
    vault = make(tmp_path / "vault", {"a/n.md": "n"})
    (vault / "a/loop").symlink_to(vault)
    (vault / "b").symlink_to(vault / "a")
    (vault / "self").symlink_to(vault / "self")
    (vault / "out").symlink_to(outside)
    (vault / "pic.png").symlink_to(outside / "key.png")
    (vault / "same.md").symlink_to(vault / "a/n.md")
    check(vault, read=["a/n.md", "same.md"], codes=["NT108"] * 5)
    make(vault, {"notetorch.toml": "follow_links = true"})
    snapshot, diagnostics = read_vault(vault, config_file=vault / "notetorch.toml")
    assert "out/secret.md" in snapshot.texts
    assert [each.position.path for each in diagnostics] == ["a/loop", "b", "self"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    check(tmp_path, read=[], codes=[])


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_an_unreadable_note_is_an_error_and_remembered(tmp_path: Path) -> None:
    make(tmp_path, {"n.md": "x"})
    (tmp_path / "n.md").chmod(0)
    assert check(tmp_path, read=[], codes=["NT106"]).unreadable == {"n.md"}


def test_a_vault_that_does_not_exist_is_a_diagnostic(tmp_path: Path) -> None:
    check(tmp_path / "none", read=[], codes=["NT106"])


def test_a_huge_note_is_not_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.vault.read.LARGEST_NOTE", 10)
    make(tmp_path, {"n.md": "x" * 11})
    assert check(tmp_path, read=["n.md"], codes=["NT109"]).note_paths() == ()


def test_settings_templates_dailies_and_excluded(tmp_path: Path) -> None:
    make(
        tmp_path,
        {
            ".obsidian/app.json": '{"strictLineBreaks": true, "userIgnoreFilters": ["old/", "/\\\\bwip\\\\b/"]}',
            ".obsidian/templates.json": '{"folder": "tpl"}',
            ".obsidian/plugins/templater-obsidian/data.json": '{"templates_folder": "/more tpl"}',
            ".obsidian/daily-notes.json": '{"folder": "log", "format": "DD.MM.YYYY"}',
            ".obsidian/types.json": '{"types": {"year": "number", "odd": 3}}',
            "old/a.md": "",
            "old/pic.png": "",
            "x wip y.md": "",
            "swipe.md": "",
            "tpl/t.md": "",
            "More tpl/u.md": "",
            "log/anything.md": "",
            "2024-05-01.md": "",
            "private/p.md": "",
            "private/p.png": "",
            "notetorch.toml": 'exclude = ["private/**"]\n',
        },
    )
    snapshot, diagnostics = read_vault(tmp_path, config_file=tmp_path / "notetorch.toml")
    assert diagnostics == ()
    assert snapshot.settings.strict_line_breaks
    assert snapshot.settings.property_types == {"year": "number"}
    assert snapshot.excluded == {"old/a.md", "x wip y.md", "private/p.md", "private/p.png"}
    assert snapshot.templates == {"tpl/t.md", "More tpl/u.md"}
    assert snapshot.dailies == {"log/anything.md", "2024-05-01.md"}


@pytest.mark.parametrize(
    ("content", "line"),
    [("{\n  broken", 2), ("[]", 1), (b"\xff", 1), ("[" * 100_000, 1), ('{"a": 1,}', 1)],
)
def test_broken_settings_are_reported_and_defaults_used(
    tmp_path: Path, content: str | bytes, line: int
) -> None:
    make(tmp_path, {".obsidian/app.json": content})
    snapshot, (found,) = read_vault(tmp_path)
    assert (found.code, found.position.path, found.position.line) == (
        "NT104",
        ".obsidian/app.json",
        line,
    )
    assert not snapshot.settings.strict_line_breaks


def test_settings_of_the_wrong_type_count_as_absent(tmp_path: Path) -> None:
    make(
        tmp_path,
        {".obsidian/app.json": '{"strictLineBreaks": "yes", "userIgnoreFilters": {"a": 1}}'},
    )
    snapshot = check(tmp_path, read=[], codes=[])
    assert not snapshot.settings.strict_line_breaks
    assert snapshot.settings.ignore_filters == ()


def test_a_malformed_or_endless_pattern_excludes_nothing(tmp_path: Path) -> None:
    make(
        tmp_path,
        {
            ".obsidian/app.json": '{"userIgnoreFilters": ["/(/", "/^(a+)+$/"]}',
            "a" * 60 + "!.md": "",
        },
    )
    assert check(tmp_path, read=["a" * 60 + "!.md"], codes=["NT105"]).excluded == frozenset()


def test_find_config(tmp_path: Path) -> None:
    vault, here = tmp_path / "v", tmp_path / "h"
    make(tmp_path, {"v/n.md": "", "h/x": ""})
    assert find_config(vault, here) is None
    make(here, {"notetorch.toml": ""})
    assert find_config(vault, here) == here / "notetorch.toml"
    make(vault, {"notetorch.toml": ""})
    assert find_config(vault, here) == vault / "notetorch.toml"


def git(folder: Path, *arguments: str, when: str = "2020-01-01T00:00:00Z") -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_AUTHOR_DATE": when,
        "GIT_COMMITTER_DATE": when,
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(
        ["git", *identity, *arguments], cwd=folder, env=environment, check=True, capture_output=True
    )


def test_dates_come_from_git_and_follow_renames(tmp_path: Path) -> None:
    vault = make(tmp_path / "repo" / "my vault", {"a.md": "a\n" * 20, "Ä b.md": "b\n" * 20})
    repo = tmp_path / "repo"
    git(repo, "init", "-q")
    git(repo, "add", ".")
    git(repo, "commit", "-qm", "1", when="2020-01-01T00:00:00Z")
    git(vault, "mv", "a.md", "moved.md")
    git(repo, "commit", "-qm", "2", when="2021-06-01T12:00:00+02:00")
    make(vault, {"Ä b.md": "b\n" * 21, "new.md": "", "a.md": "other"})
    git(repo, "add", "my vault/a.md", "my vault/Ä b.md")
    git(repo, "commit", "-qm", "3", when="2022-01-01T00:00:00Z")
    snapshot, _ = read_vault(vault)
    assert {file.path: (file.created[:10], file.modified[:10]) for file in snapshot.files} == {
        "moved.md": ("2020-01-01", "2021-06-01"),
        "Ä b.md": ("2020-01-01", "2022-01-01"),
        "a.md": ("2022-01-01", "2022-01-01"),
        "new.md": ("", ""),
    }
    assert {f.path: f for f in snapshot.files}["moved.md"].modified == "2021-06-01T10:00:00Z"


def test_a_shallow_clone_gives_no_dates(tmp_path: Path) -> None:
    repo = make(tmp_path / "repo", {"a.md": "a"})
    git(repo, "init", "-q")
    git(repo, "add", ".")
    git(repo, "commit", "-qm", "1")
    make(repo, {"b.md": ""})
    git(repo, "add", ".")
    git(repo, "commit", "-qm", "2")
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{repo}", "shallow")
    snapshot, _ = read_vault(tmp_path / "shallow")
    assert {file.created for file in snapshot.files} == {""}


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    make(tmp_path, {"b.md": "b", "a/c.md": "c", "x.png": ""})
    assert read_vault(tmp_path) == read_vault(tmp_path)
