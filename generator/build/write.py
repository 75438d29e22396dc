"""Planned outputs onto disk: write what differs, remove what nobody plans, protect what is edited.

Files are replaced atomically and orphans go last, so a build killed at any moment leaves every file
whole, and the next build completes the work. Two trees have two ways to know our own files: every
generated Python file carries a header with the hash of its body; the site has a manifest, written
before the first file with the union of old and new paths and after the last with the new ones.
"""

from __future__ import annotations

import difflib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position
from generator.emit.model import Output
from generator.emit.models.header import detached, is_edited, is_ours

MANIFEST = "-/manifest.json"
_TEMPORARY = ".nt-tmp"
_DIFF_LINES = 12  # shown of a hand edit


class Result(StrEnum):
    """What became of a planned output."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    REMOVED = "removed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Written:
    """One output file and what happened to it; ``path`` is relative to its tree."""

    path: str
    result: Result


@dataclass(frozen=True, slots=True)
class WriteReport:
    """All results of one tree, sorted by path, with what went wrong."""

    results: tuple[Written, ...]
    diagnostics: tuple[Diagnostic, ...]


class NotOursError(Exception):
    """The output folder holds files and nothing says that notetorch wrote them."""


# --------------------------------------------------------------------------- generated models


def write_models(
    folder: Path,
    outputs: Sequence[Output],
    *,
    keep: frozenset[str] = frozenset(),
    force: bool = False,
    check: bool = False,
) -> WriteReport:
    """Bring ``folder`` to the planned models.

    ``keep`` are paths of refused sections: left as they are, reported ``refused``. A file whose body
    no longer has its header's hash was edited by hand: it is kept, the new text is written beside it
    as ``<name>.new`` and an error says so; ``force`` saves it as ``<name>.bak`` and writes. A file
    without a header where one is planned is the user's own. With ``check`` nothing is written.

    Raises :class:`NotOursError` when the folder holds files but none of ours.
    """
    found = {
        path.relative_to(folder).as_posix(): path
        for path in (sorted(folder.rglob("*")) if folder.is_dir() else ())
        if path.is_file() and _looks_generated(path)
    }
    if folder.is_dir() and not found and any(_foreign(folder)):
        raise NotOursError(str(folder))
    results: list[Written] = []
    diagnostics: list[Diagnostic] = []
    writer = _Writer(folder, check=check)
    for output in sorted(outputs, key=lambda each: each.path):
        assert output.content is not None
        target = writer.locate(output.path)
        existing = target.read_bytes() if target.is_file() else None
        if existing is not None and existing != output.content:
            text = existing.decode("utf-8", "replace")
            position = Position(output.path)
            if not is_ours(text) and text.strip():
                diagnostics.append(
                    diagnostic(
                        "NT802",
                        position,
                        "This file is your own (it has no notetorch header) and is left alone.",
                        hint="delete it to have it generated again",
                    )
                )
                results.append(Written(output.path, Result.REFUSED))
                continue
            if is_ours(text) and is_edited(text):
                if force and not check:
                    shutil.copy2(target, target.with_name(target.name + ".bak"))
                else:
                    diagnostics.append(
                        _edited(position, text, output.content.decode("utf-8"), folder=folder.name)
                    )
                    if not check:
                        writer.write(output.path + ".new", output.content)
                    results.append(Written(output.path, Result.REFUSED))
                    continue
        results.append(Written(output.path, writer.write(output.path, output.content)))
        if target.with_name(target.name + ".new").is_file():
            writer.remove(output.path + ".new")  # what it was offered for is settled
    planned = {each.path for each in outputs}
    for path, file in found.items():
        if path in planned:
            continue
        if path in keep:
            results.append(Written(path, Result.REFUSED))
        elif is_edited(file.read_text(encoding="utf-8", errors="replace")):
            diagnostics.append(
                diagnostic(
                    "NT803",
                    Position(path),
                    "No note asks for this file any more, but it was edited by hand, so it stays.",
                    hint="delete it, or run `notetorch detach` to make it your own",
                )
            )
            results.append(Written(path, Result.REFUSED))
        else:
            writer.remove(path)
            results.append(Written(path, Result.REMOVED))
    writer.close()
    return WriteReport(_sorted(results), tuple(diagnostics))


def _looks_generated(path: Path) -> bool:
    if path.suffix not in {".py", ".toml", ".typed"}:
        return False
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return is_ours(file.readline() + file.readline())
    except OSError:
        return False


def _foreign(folder: Path) -> Iterable[Path]:
    """Files in ``folder`` that a first build must not mix with; byte code and hidden files aside."""
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(p.startswith(".") or p == "__pycache__" for p in parts):
            yield path


def _edited(position: Position, old: str, new: str, *, folder: str) -> Diagnostic:
    texts = (detached(new).splitlines(), detached(old).splitlines())
    changed = list(difflib.unified_diff(*texts, "generated", "edited", lineterm="", n=1))
    more = len(changed) - _DIFF_LINES
    shown = "\n".join(changed[:_DIFF_LINES]) + (f"\n… {more} more lines" if more > 0 else "")
    return diagnostic(
        "NT801",
        position,
        "This generated file was edited by hand and is not overwritten.",
        found=shown,
        hint=f"the new text is in {position.path}.new; --force overwrites and keeps a .bak; "
        f"`notetorch detach {folder}/{position.path}` makes the file your own",
    )


# --------------------------------------------------------------------------- the site


def write_site(
    folder: Path,
    outputs: Sequence[Output],
    *,
    vault: Path,
    disk_paths: Mapping[str, str],
    keep: frozenset[str] = frozenset(),
    check: bool = False,
) -> WriteReport:
    """Bring ``folder`` to the planned site; attachments are copied from ``vault``.

    ``disk_paths`` gives the file system's spelling of a vault path. ``keep`` are pages that stay as
    they are (stale pages of refused sections). With ``check`` nothing is written.

    Raises :class:`NotOursError` when the folder holds files but no manifest of ours.
    """
    old = _read_manifest(folder)
    if old is None:
        if folder.is_dir() and any(_foreign(folder)):
            raise NotOursError(str(folder))
        old = frozenset()
    planned = {each.path for each in outputs}
    kept = {path for path in keep if path not in planned and (folder / path).is_file()}
    orphans = sorted(old - planned - kept - {MANIFEST})
    results = [Written(path, Result.REFUSED) for path in kept]
    diagnostics: list[Diagnostic] = []
    writer = _Writer(folder, check=check)
    during = old | planned | kept
    if during != old:
        writer.write(MANIFEST, _manifest(during))
    in_the_way = _in_the_way(orphans, planned)
    for path in in_the_way:
        writer.remove(path)
    for output in sorted(outputs, key=lambda each: each.path):
        if output.content is not None:
            results.append(Written(output.path, writer.write(output.path, output.content)))
            continue
        assert output.copy_from is not None
        source = vault / disk_paths.get(output.copy_from, output.copy_from)
        try:
            results.append(Written(output.path, writer.copy(output.path, source)))
        except OSError as error:
            diagnostics.append(
                diagnostic(
                    "NT804",
                    Position(output.copy_from),
                    "This attachment cannot be copied to the site.",
                    found=error.strerror or type(error).__name__,
                )
            )
            results.append(Written(output.path, Result.REFUSED))
    for path in orphans:
        if path not in in_the_way:
            writer.remove(path)
        results.append(Written(path, Result.REMOVED))
    final = planned | kept
    if final != during or (old and final != old):
        writer.write(MANIFEST, _manifest(final))
    writer.close()
    return WriteReport(_sorted(results), tuple(diagnostics))


def _read_manifest(folder: Path) -> frozenset[str] | None:
    """Paths that an earlier build wrote, or ``None`` without a readable manifest of ours."""
    try:
        data = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or data.get("generator") != "notetorch":
        return None
    files = data.get("files")
    if not isinstance(files, list):
        return None
    return frozenset(each for each in files if isinstance(each, str) and _safe(each))


def _manifest(paths: Iterable[str]) -> bytes:
    data = {"generator": "notetorch", "files": sorted(paths)}
    return (json.dumps(data, ensure_ascii=False, indent=0) + "\n").encode()


def _in_the_way(orphans: Iterable[str], planned: set[str]) -> list[str]:
    """Orphaned files that stand where a folder is planned, or inside where a file is planned."""
    folders = {str(parent) for path in planned for parent in PurePosixPath(path).parents} - {"."}
    return [
        path
        for path in orphans
        if path in folders or any(str(parent) in planned for parent in PurePosixPath(path).parents)
    ]


# --------------------------------------------------------------------------- one folder


class _Writer:
    """Atomic writes below one folder that never leave it, through ``..`` or a symbolic link."""

    def __init__(self, folder: Path, *, check: bool) -> None:
        self._folder = folder
        self._check = check
        self._known: set[Path] = set()
        self._count = 0
        if folder.is_dir() and not check:
            for stray in folder.glob(f".*{_TEMPORARY}"):  # of a build that was killed
                stray.unlink(missing_ok=True)

    def locate(self, path: str) -> Path:
        if not _safe(path):
            raise ValueError(f"output path leaves its folder: {path!r}")
        return self._folder / path

    def write(self, path: str, content: bytes) -> Result:
        target = self.locate(path)
        try:
            if target.read_bytes() == content:
                return Result.UNCHANGED
        except OSError:
            pass
        if not self._check:
            temporary = self._temporary(target.parent)
            temporary.write_bytes(content)
            self._replace(temporary, target)
        return Result.WRITTEN

    def copy(self, path: str, source: Path) -> Result:
        target = self.locate(path)
        stat = source.stat()
        try:
            there = target.stat()
            if there.st_size == stat.st_size and (
                there.st_mtime_ns == stat.st_mtime_ns or _same_bytes(source, target)
            ):
                return Result.UNCHANGED
        except OSError:
            pass
        if not self._check:
            temporary = self._temporary(target.parent)
            shutil.copyfile(source, temporary)
            os.utime(temporary, ns=(stat.st_mtime_ns, stat.st_mtime_ns))
            self._replace(temporary, target)
        return Result.WRITTEN

    def remove(self, path: str) -> None:
        if self._check:
            return
        target = self.locate(path)
        target.unlink(missing_ok=True)
        parent = target.parent
        while parent != self._folder and parent.is_dir() and not any(parent.iterdir()):
            parent.rmdir()
            parent = parent.parent
        self._known.clear()

    def close(self) -> None:
        """Remove byte code of removed modules and empty cache folders left by them."""
        if self._check or not self._folder.is_dir():
            return
        for cache in [self._folder / "__pycache__", self._folder / "tests" / "__pycache__"]:
            for compiled in cache.glob("*.pyc") if cache.is_dir() else ():
                if not (cache.parent / f"{compiled.name.split('.', 1)[0]}.py").exists():
                    compiled.unlink(missing_ok=True)

    def _temporary(self, parent: Path) -> Path:
        if parent not in self._known:
            parent.mkdir(parents=True, exist_ok=True)
            if not parent.resolve().is_relative_to(self._folder.resolve()):
                raise ValueError(f"output folder is a link to elsewhere: {parent}")
            self._known.add(parent)
        self._count += 1
        return self._folder / f".{os.getpid()}-{self._count}{_TEMPORARY}"

    def _replace(self, temporary: Path, target: Path) -> None:
        if target.is_dir() and not target.is_symlink():
            target.rmdir()  # an empty folder in the way; a full one raises
        temporary.replace(target)


def _safe(path: str) -> bool:
    pure = PurePosixPath(path)
    return bool(path) and not pure.is_absolute() and ".." not in pure.parts and "\0" not in path


def _same_bytes(one: Path, other: Path) -> bool:
    with one.open("rb") as left, other.open("rb") as right:
        read: Callable[[], tuple[bytes, bytes]] = lambda: (left.read(1 << 20), right.read(1 << 20))  # noqa: E731
        for a, b in iter(read, (b"", b"")):
            if a != b:
                return False
    return True


def _sorted(results: Iterable[Written]) -> tuple[Written, ...]:
    return tuple(sorted(results, key=lambda each: each.path))
