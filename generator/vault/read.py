"""Disk -> :class:`Snapshot`: the only place in the pipeline that reads the vault.

What later stages may know of the vault is decided here: dot-folders, ``node_modules``,
``_notetorch`` and output folders are not looked into, and symbolic links do not lead out.
"""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position
from generator.vault.config import parse_config
from generator.vault.dailies import daily_filter
from generator.vault.filters import glob_filter, ignore_filter
from generator.vault.history import HistoryTimeoutError, file_dates
from generator.vault.model import Config, ObsidianSettings, Snapshot, VaultFile
from generator.vault.settings import APP, SETTINGS_FILES, parse_settings

CONFIG_NAME = "notetorch.toml"
FAMILIES = "_notetorch"
TEXT_EXTENSIONS = frozenset({"md", "canvas", "base"})
# What queries and scripts of notes may read besides: tables and script views.
QUERY_EXTENSIONS = frozenset({"csv", "js"})
LARGEST_QUERY_FILE = 1024 * 1024
# Bytes. The longest hand-written note of 7,230 surveyed has under 1 MiB.
LARGEST_NOTE = 16 * 1024 * 1024


def find_config(vault: Path, here: Path) -> Path | None:
    """Give the configuration file that holds for a vault: in the vault, else in ``here``."""
    for folder in (vault, here):
        if (folder / CONFIG_NAME).is_file():
            return folder / CONFIG_NAME
    return None


def read_vault(
    root: Path, *, config_file: Path | None = None, outputs: tuple[Path, ...] = ()
) -> tuple[Snapshot, tuple[Diagnostic, ...]]:
    """Read a vault; folders in ``outputs`` (absolute) are passed over.

    Never raises: what cannot be read is left out and reported.
    """
    diagnostics: list[Diagnostic] = []
    config = _read_config(root, config_file, diagnostics)
    settings = _read_settings(root, diagnostics)
    walk = _Walk(root=root, outputs=_real(outputs), follow_links=config.follow_links)
    walk.read()
    diagnostics += walk.diagnostics
    files = _with_dates(root, walk.files, diagnostics)
    diagnostics += _case_collisions(files)
    texts, large, unreadable = _read_texts(root, files, diagnostics)
    files = tuple(file for file in files if file.path not in unreadable)
    ignored, problems = ignore_filter(settings.ignore_filters, Position(APP))
    diagnostics += problems
    excluded = glob_filter(config.exclude)
    daily = daily_filter(settings.daily_folder, settings.daily_format)
    snapshot = Snapshot(
        root=str(root),
        files=files,
        texts=MappingProxyType(texts),
        settings=settings,
        config=config,
        # Obsidian's excluded files hide folders from search; an attachment folder hidden so is
        # still shown where a note embeds from it. Our own globs mean every file they match.
        excluded=frozenset(
            file.path
            for file in files
            if excluded(file.path) or (file.path in texts and ignored(file.path))
        ),
        templates=frozenset(path for path in texts if _below(path, settings.template_folders)),
        dailies=frozenset(path for path in texts if path.endswith(".md") and daily(path)),
        families=_read_families(root, walk, diagnostics),
        unreadable=unreadable | large,
    )
    return snapshot, tuple(sorted(diagnostics, key=Diagnostic.sort_key))


def _read_config(root: Path, file: Path | None, diagnostics: list[Diagnostic]) -> Config:
    if file is None:
        return Config()
    name = _shown(root, file)
    try:
        content = file.read_bytes()
    except OSError as error:
        diagnostics.append(_unreadable(name, error))
        return Config(path=name)
    config, problems = parse_config(content, name)
    diagnostics.extend(problems)
    return config


def _read_settings(root: Path, diagnostics: list[Diagnostic]) -> ObsidianSettings:
    contents: dict[str, bytes] = {}
    for path in SETTINGS_FILES:
        try:
            contents[path] = (root / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            diagnostics.append(_unreadable(path, error))
    settings, problems = parse_settings(contents)
    diagnostics.extend(problems)
    return settings


@dataclass(slots=True)
class _Walk:
    """One pass over the folders of a vault: the files found and what was passed over."""

    root: Path
    outputs: frozenset[str]
    follow_links: bool
    files: list[VaultFile] = field(default_factory=list)
    families: list[str] = field(default_factory=list)  # disk paths of _notetorch/<family>/<file>
    diagnostics: list[Diagnostic] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _real_root: str = ""

    def read(self) -> None:
        self._real_root = os.path.realpath(self.root)
        self._seen.add(self._real_root)
        folders = [""]
        names: dict[str, str] = {}
        while folders:
            folder = folders.pop()
            for entry in self._entries(folder):
                disk = f"{folder}/{entry.name}" if folder else entry.name
                path = _normal(disk)
                if entry.name.startswith("."):
                    continue
                if not _is_text(disk):
                    shown = disk.encode("utf-8", "replace").decode("utf-8")
                    self._report("NT107", shown, "A file name is not valid UTF-8; it is not read.")
                elif entry.is_dir() if not entry.is_symlink() else self._leads_to_folder(entry):
                    if self._enters(entry, disk):
                        folders.append(disk)
                elif (file := self._file(entry, path, disk)) is not None:
                    if path in names:
                        self._report(
                            "NT107",
                            path,
                            "Two files have the same name once Unicode is normalised.",
                        )
                    elif path.startswith(f"{FAMILIES}/"):
                        if path.count("/") == 2:
                            self.families.append(disk)
                    else:
                        names[path] = disk
                        self.files.append(file)
        self.files.sort(key=lambda each: each.path)

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(os.path.join(self.root, folder)) as entries:
                return sorted(entries, key=lambda each: each.name)
        except OSError as error:
            self.diagnostics.append(_unreadable(_normal(folder), error))
            return []

    def _leads_to_folder(self, entry: os.DirEntry[str]) -> bool:
        try:
            return stat.S_ISDIR(os.stat(entry.path).st_mode)
        except OSError:  # a link to nowhere, or to itself
            return False

    def _enters(self, entry: os.DirEntry[str], disk: str) -> bool:
        """Whether a folder is looked into."""
        if entry.name == "node_modules":
            return False
        real = os.path.realpath(entry.path)
        if real in self.outputs and real != self._real_root:
            return False
        if entry.is_symlink() and not self._may_follow(real, disk):
            return False
        if real in self._seen:
            self._report(
                "NT108", _normal(disk), "A folder is linked to twice; it is read at one place only."
            )
            return False
        self._seen.add(real)
        return True

    def _may_follow(self, real: str, disk: str) -> bool:
        """Whether a symbolic link is followed to ``real``.

        Folders of the vault itself are read where they stand: links among them could otherwise
        multiply without bound.
        """
        if os.path.isdir(real) and _inside(real, self._real_root):
            self._report(
                "NT108",
                _normal(disk),
                "A symbolic link leads to a folder of the vault itself; it is not followed.",
            )
            return False
        if self.follow_links or _inside(real, self._real_root):
            return True
        self._report(
            "NT108",
            _normal(disk),
            "A symbolic link leads out of the vault; it is not followed.",
            hint="set `follow_links = true` if what it leads to may be read and published",
        )
        return False

    def _file(self, entry: os.DirEntry[str], path: str, disk: str) -> VaultFile | None:
        try:
            status = os.stat(entry.path)
        except OSError as error:
            if entry.is_symlink():
                self._report("NT108", path, "A symbolic link leads nowhere.")
            else:
                self.diagnostics.append(_unreadable(path, error))
            return None
        if not stat.S_ISREG(status.st_mode):  # reading a pipe would wait for ever
            return None
        if entry.is_symlink() and not self._may_follow(os.path.realpath(entry.path), disk):
            return None
        return VaultFile(path=path, disk_path=disk, size=status.st_size)

    def _report(self, code: str, path: str, message: str, *, hint: str = "") -> None:
        self.diagnostics.append(diagnostic(code, Position(path), message, found=path, hint=hint))


def _with_dates(
    root: Path, files: list[VaultFile], diagnostics: list[Diagnostic]
) -> tuple[VaultFile, ...]:
    try:
        dates = file_dates(Path(os.path.realpath(root)))
    except HistoryTimeoutError:
        diagnostics.append(
            diagnostic("NT110", Position(""), "git took too long; files have no dates from it.")
        )
        return tuple(files)
    if not dates:
        return tuple(files)
    return tuple(
        replace(file, created=dates[file.disk_path][0], modified=dates[file.disk_path][1])
        if file.disk_path in dates
        else file
        for file in files
    )


def _case_collisions(files: tuple[VaultFile, ...]) -> Iterator[Diagnostic]:
    first: dict[str, str] = {}
    for file in files:
        other = first.setdefault(file.path.casefold(), file.path)
        if other != file.path:
            yield diagnostic(
                "NT111",
                Position(file.path),
                f"The path differs from `{other}` in upper and lower case only.",
                found=file.path,
            )


def _read_texts(
    root: Path, files: tuple[VaultFile, ...], diagnostics: list[Diagnostic]
) -> tuple[dict[str, bytes], frozenset[str], frozenset[str]]:
    """Read notes, canvases and bases, and small files that queries ask for.

    Gives them, and the paths of notes that are too large and that cannot be read.
    """
    texts: dict[str, bytes] = {}
    large: set[str] = set()
    unreadable: set[str] = set()
    for file in files:
        for_queries = file.extension in QUERY_EXTENSIONS and file.size <= LARGEST_QUERY_FILE
        if file.extension not in TEXT_EXTENSIONS and not for_queries:
            continue
        if file.size > LARGEST_NOTE:
            large.add(file.path)
            diagnostics.append(
                diagnostic(
                    "NT109",
                    Position(file.path),
                    "The note is too large to be read as one.",
                    found=f"{file.size / 2**20:.1f} MiB",
                    expected=f"at most {LARGEST_NOTE // 2**20} MiB",
                )
            )
            continue
        try:
            texts[file.path] = (root / file.disk_path).read_bytes()
        except OSError as error:
            unreadable.add(file.path)
            diagnostics.append(_unreadable(file.path, error))
    return texts, frozenset(large), frozenset(unreadable)


def _read_families(
    root: Path, walk: _Walk, diagnostics: list[Diagnostic]
) -> MappingProxyType[str, MappingProxyType[str, bytes]]:
    families: dict[str, dict[str, bytes]] = {}
    for disk in sorted(walk.families):
        _, family, name = _normal(disk).split("/")
        try:
            families.setdefault(family, {})[name] = (root / disk).read_bytes()
        except OSError as error:
            diagnostics.append(_unreadable(_normal(disk), error))
    return MappingProxyType({name: MappingProxyType(each) for name, each in families.items()})


def _unreadable(path: str, error: OSError) -> Diagnostic:
    reason = error.strerror or type(error).__name__
    what = f"`{path}`" if path else "The vault"
    return diagnostic("NT106", Position(path), f"{what} cannot be read: {reason}.")


def _shown(root: Path, file: Path) -> str:
    """Name a file from the vault if it lies in it, else as it was given."""
    try:
        return _normal(file.resolve().relative_to(root.resolve()).as_posix())
    except (ValueError, OSError):
        return file.as_posix()


def _real(folders: tuple[Path, ...]) -> frozenset[str]:
    return frozenset(os.path.realpath(folder) for folder in folders)


def _normal(disk: str) -> str:
    return unicodedata.normalize("NFC", disk)


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _below(path: str, folders: tuple[str, ...]) -> bool:
    return any(path.casefold().startswith(folder.casefold() + "/") for folder in folders)
