"""A cache of parsed notes and rendered text between builds.

A cache is an optimisation only: a missing, broken or foreign file means an empty cache. Entries are
keyed by content digest and by the digest of the generator's own sources, so an edit to either gives
a miss. Values are stored with :mod:`pickle`, but a vault that somebody sends you may bring a cache
file along, so loading admits nothing but the frozen value types named below: unpickling can then
build such values and call nothing else.
"""

from __future__ import annotations

import copyreg
import dataclasses
import functools
import gc
import io
import operator
import os
import pickle
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from generator.core.digest import digest

T = TypeVar("T")

FOLDER = ".notetorch"
_PACKAGE = Path(__file__).resolve().parents[1]

# Modules whose dataclasses and enums may be unpickled, and the builtins those values contain.
_VALUE_MODULES = frozenset(
    {
        "generator.core.source",
        "generator.core.diagnostics",
        "generator.notes.model",
        "generator.claims.model",
    }
)
_VALUE_BUILTINS = frozenset({("builtins", "frozenset"), ("builtins", "set")})


def generator_digest() -> str:
    """Give a digest that changes whenever a source file of the generator does (by size and time)."""
    stamps = []
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix in {".py", ".jinja", ".yaml", ".js", ".css", ".html"}:
            stat = path.stat()
            stamps.append(f"{path.relative_to(_PACKAGE)}:{stat.st_size}:{stat.st_mtime_ns}")
    return digest("\n".join(stamps))


@functools.cache
def pickle_notes_quickly() -> None:
    """Let notes be pickled as constructor calls.

    The way slotted dataclasses have of their own asks for the fields of each value anew, which takes
    three times as long.
    """
    from generator.core import diagnostics, source
    from generator.notes import model

    for module in (source, diagnostics, model):
        for kind in vars(module).values():
            if isinstance(kind, type) and dataclasses.is_dataclass(kind):
                copyreg.pickle(kind, _constructor_call(kind))


def _constructor_call(kind: type[T]) -> Callable[[T], tuple[type[T], tuple[object, ...]]]:
    names = [each.name for each in dataclasses.fields(kind) if each.init]  # type: ignore[arg-type]
    if len(names) == 1:
        only = operator.attrgetter(names[0])
        return lambda each: (kind, (only(each),))
    values = operator.attrgetter(*names)
    return lambda each: (kind, values(each))


class _ValueUnpickler(pickle.Unpickler):
    """An unpickler that can make the pipeline's frozen values and nothing else."""

    def find_class(self, module: str, name: str) -> object:
        if (module, name) in _VALUE_BUILTINS:
            return super().find_class(module, name)
        if module in _VALUE_MODULES and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not a cached value type")


class Cache:
    """Values by (kind, key), loaded on first use and saved as one file a kind.

    ``get`` and ``put`` never raise. Entries not asked for in a build are dropped when it is saved,
    so the cache holds what the vault holds.
    """

    def __init__(self, folder: Path | None, *, stamp: str = "") -> None:
        self._folder = folder
        self._stamp = stamp
        self._old: dict[str, dict[str, object]] = {}
        self._new: dict[str, dict[str, object]] = {}
        self._dirty: set[str] = set()

    def get(self, kind: str, key: str) -> object | None:
        """Give the value stored under ``key``, or ``None``."""
        new = self._new.setdefault(kind, {})
        value = new.get(key)
        if value is None and (value := self._load(kind).get(key)) is not None:
            new[key] = value
        return value

    def put(self, kind: str, key: str, value: object) -> None:
        """Store ``value`` for this build and the next."""
        self._load(kind)
        self._new.setdefault(kind, {})[key] = value
        self._dirty.add(kind)

    def save(self, kinds: Iterable[str] | None = None) -> None:
        """Write what changed; a cache that cannot be written is silently absent next time."""
        if self._folder is None:
            return
        for kind in sorted(kinds if kinds is not None else self._new):
            new, old = self._new.get(kind, {}), self._old.get(kind, {})
            if kind not in self._dirty and len(new) == len(old):
                continue
            pickle_notes_quickly()
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                ignore = self._folder.parent / ".gitignore"
                if not ignore.exists():
                    ignore.write_text("*\n", encoding="utf-8")
                temporary = self._folder / f"{kind}.{os.getpid()}.tmp"
                temporary.write_bytes(pickle.dumps((self._stamp, new), protocol=5))
                temporary.replace(self._folder / f"{kind}.cache")
            except OSError:
                return

    def _load(self, kind: str) -> dict[str, object]:
        known = self._old.get(kind)
        if known is not None:
            return known
        entries: dict[str, object] = {}
        if self._folder is not None:
            collecting = gc.isenabled()
            gc.disable()  # thousands of small frozen values: collection would double the time
            try:
                data = (self._folder / f"{kind}.cache").read_bytes()
                stamp, loaded = _ValueUnpickler(io.BytesIO(data)).load()
                if stamp == self._stamp and isinstance(loaded, dict):
                    entries = loaded
            except Exception:  # any malformed cache is an empty cache
                entries = {}
            finally:
                if collecting:
                    gc.enable()
        self._old[kind] = entries
        return entries
