"""Outputs onto disk: only what differs is written, and nothing of a person's is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.build.write import MANIFEST, NotOursError, Result, write_models, write_site
from generator.emit.model import Output, Tree
from generator.emit.models.header import detached, with_header


def module(path: str, body: str) -> Output:
    text = with_header(body, sources=("Note > Heading",), spec="spec")
    return Output(Tree.MODELS, path, text.encode())


def page(path: str, text: str) -> Output:
    return Output(Tree.SITE, path, text.encode())


def statuses(report: object) -> dict[str, str]:
    return {each.path: str(each.result) for each in report.results}  # type: ignore[attr-defined]


def test_a_second_write_writes_nothing(tmp_path: Path) -> None:
    outputs = [module("a.py", "A = 1\n"), Output(Tree.MODELS, "py.typed", b"")]
    assert statuses(write_models(tmp_path, outputs))["a.py"] == Result.WRITTEN
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")}
    assert set(statuses(write_models(tmp_path, outputs)).values()) == {Result.UNCHANGED}
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*")} == before


def test_an_unplanned_module_goes(tmp_path: Path) -> None:
    write_models(tmp_path, [module("a.py", "A = 1\n"), module("b.py", "B = 1\n")])
    report = write_models(tmp_path, [module("a.py", "A = 1\n")])
    assert statuses(report) == {"a.py": Result.UNCHANGED, "b.py": Result.REMOVED}
    assert not (tmp_path / "b.py").exists()


def test_an_edited_module_is_kept_and_the_new_text_lies_beside_it(tmp_path: Path) -> None:
    write_models(tmp_path, [module("a.py", "A = 1\n")])
    edited = (tmp_path / "a.py").read_text() + "MINE = 2\n"
    (tmp_path / "a.py").write_text(edited)
    report = write_models(tmp_path, [module("a.py", "A = 3\n")])
    assert statuses(report) == {"a.py": Result.REFUSED}
    assert [each.code for each in report.diagnostics] == ["NT801"]
    assert "MINE = 2" in report.diagnostics[0].found
    assert (tmp_path / "a.py").read_text() == edited
    assert "A = 3" in (tmp_path / "a.py.new").read_text()


def test_force_overwrites_an_edited_module_and_keeps_a_backup(tmp_path: Path) -> None:
    write_models(tmp_path, [module("a.py", "A = 1\n")])
    (tmp_path / "a.py").write_text((tmp_path / "a.py").read_text() + "MINE = 2\n")
    write_models(tmp_path, [module("a.py", "A = 3\n")])
    assert (tmp_path / "a.py.new").exists()
    report = write_models(tmp_path, [module("a.py", "A = 3\n")], force=True)
    assert statuses(report) == {"a.py": Result.WRITTEN}
    assert "MINE = 2" in (tmp_path / "a.py.bak").read_text()
    assert not (tmp_path / "a.py.new").exists()


def test_the_difference_is_shown_comments_too(tmp_path: Path) -> None:
    write_models(tmp_path, [module("a.py", "A = 1\n")])
    (tmp_path / "a.py").write_text((tmp_path / "a.py").read_text() + "# mine\n")
    (finding,) = write_models(tmp_path, [module("a.py", "A = 1\n")]).diagnostics
    assert finding.found.split("\n")[-1] == "+# mine"
    assert f"notetorch detach {tmp_path.name}/a.py" in finding.hint


def test_an_edited_orphan_stays(tmp_path: Path) -> None:
    write_models(tmp_path, [module("a.py", "A = 1\n"), module("b.py", "B = 1\n")])
    (tmp_path / "b.py").write_text((tmp_path / "b.py").read_text() + "MINE = 2\n")
    report = write_models(tmp_path, [module("a.py", "A = 1\n")])
    assert [each.code for each in report.diagnostics] == ["NT803"]
    assert (tmp_path / "b.py").exists()


def test_a_detached_module_is_left_alone(tmp_path: Path) -> None:
    write_models(tmp_path, [module("a.py", "A = 1\n"), module("b.py", "B = 1\n")])
    (tmp_path / "a.py").write_text(detached((tmp_path / "a.py").read_text()))
    report = write_models(tmp_path, [module("a.py", "A = 3\n"), module("b.py", "B = 1\n")])
    assert [each.code for each in report.diagnostics] == ["NT802"]
    assert "A = 1" in (tmp_path / "a.py").read_text()
    write_models(tmp_path, [module("b.py", "B = 1\n")])
    assert (tmp_path / "a.py").exists()


def test_outputs_of_refused_sections_are_kept(tmp_path: Path) -> None:
    write_models(tmp_path, [module("a.py", "A = 1\n"), module("b.py", "B = 1\n")])
    report = write_models(tmp_path, [module("a.py", "A = 1\n")], keep=frozenset({"b.py"}))
    assert statuses(report)["b.py"] == Result.REFUSED
    assert (tmp_path / "b.py").exists()


def test_a_folder_of_somebody_elses_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.py").write_text("x = 1\n")
    with pytest.raises(NotOursError):
        write_models(tmp_path, [module("a.py", "A = 1\n")])
    with pytest.raises(NotOursError):
        write_site(tmp_path, [page("index.html", "hi")], vault=tmp_path, disk_paths={})
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.py"]


def test_check_writes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "models"
    report = write_models(target, [module("a.py", "A = 1\n")], check=True)
    assert statuses(report) == {"a.py": Result.WRITTEN}
    assert not target.exists()


def test_the_site_writes_what_differs_and_removes_orphans(tmp_path: Path) -> None:
    vault, site = tmp_path / "vault", tmp_path / "site"
    vault.mkdir()
    (vault / "a.png").write_bytes(b"image")
    picture = Output(Tree.SITE, "-/files/a.png", copy_from="a.png")
    write_site(site, [page("x/a.html", "a"), picture], vault=vault, disk_paths={})
    assert (site / "-/files/a.png").read_bytes() == b"image"
    report = write_site(site, [page("b.html", "b"), picture], vault=vault, disk_paths={})
    assert statuses(report) == {
        "-/files/a.png": Result.UNCHANGED,
        "b.html": Result.WRITTEN,
        "x/a.html": Result.REMOVED,
    }
    assert not (site / "x").exists()
    report = write_site(site, [page("b.html", "b"), picture], vault=vault, disk_paths={})
    assert set(statuses(report).values()) == {Result.UNCHANGED}


def test_a_page_may_become_a_folder_and_back(tmp_path: Path) -> None:
    site = tmp_path / "site"
    for path in ("A.html", "A.html/B.html", "A.html"):
        write_site(site, [page(path, path)], vault=tmp_path, disk_paths={})
        assert (site / path).read_text() == path


def test_a_build_killed_halfway_is_repaired_by_the_next(tmp_path: Path) -> None:
    site = tmp_path / "site"
    write_site(site, [page("a.html", "a")], vault=tmp_path, disk_paths={})
    # The state a kill leaves: manifest with old and new paths, one new page, a temporary file.
    (site / MANIFEST).write_text(
        json.dumps({"generator": "notetorch", "files": ["a.html", "b.html", "c.html"]})
    )
    (site / "b.html").write_text("half")
    (site / ".1-1.nt-tmp").write_text("rest")
    write_site(site, [page("c.html", "c")], vault=tmp_path, disk_paths={})
    left = {p.relative_to(site).as_posix() for p in site.rglob("*") if p.is_file()}
    assert left == {"c.html", MANIFEST}


@pytest.mark.parametrize("path", ["../out.html", "/etc/x", "a/../../b", ""])
def test_no_output_leaves_its_folder(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="leaves its folder"):
        write_site(tmp_path / "site", [page(path, "x")], vault=tmp_path, disk_paths={})


def test_a_link_inside_the_output_folder_is_not_followed(tmp_path: Path) -> None:
    site, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    elsewhere.mkdir()
    write_site(site, [page("a.html", "a")], vault=tmp_path, disk_paths={})
    (site / "x").symlink_to(elsewhere)
    with pytest.raises(ValueError, match="link to elsewhere"):
        write_site(site, [page("x/b.html", "b")], vault=tmp_path, disk_paths={})
    assert list(elsewhere.iterdir()) == []


def test_a_foreign_manifest_cannot_delete_files_elsewhere(tmp_path: Path) -> None:
    site, other = tmp_path / "site", tmp_path / "keep.txt"
    other.write_text("mine")
    (site / "-").mkdir(parents=True)
    (site / MANIFEST).write_text(
        json.dumps({"generator": "notetorch", "files": ["../keep.txt", str(other)]})
    )
    write_site(site, [page("a.html", "a")], vault=tmp_path, disk_paths={})
    assert other.read_text() == "mine"


def test_a_missing_attachment_is_a_diagnostic(tmp_path: Path) -> None:
    gone = Output(Tree.SITE, "-/files/a.png", copy_from="a.png")
    report = write_site(tmp_path / "site", [gone], vault=tmp_path, disk_paths={})
    assert [each.code for each in report.diagnostics] == ["NT804"]
