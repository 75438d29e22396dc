"""The immutable picture of a vault that every later stage works from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class VaultFile:
    """One file of the vault, note or not.

    ``path`` is vault-relative, ``/``-separated, NFC. ``disk_path`` is the same as the file system
    spells it. ``size`` is in bytes. ``created``/``modified`` are UTC times from git, spelled
    ``2024-05-01T12:34:56Z``, or ``""`` when unknown (never from file times, which differ between
    machines).
    """

    path: str
    disk_path: str
    size: int
    created: str = ""
    modified: str = ""

    @property
    def name(self) -> str:
        """File name with its extension."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def extension(self) -> str:
        """Lower-case extension without the dot; ``""`` when there is none."""
        stem, dot, extension = self.name.rpartition(".")
        return extension.lower() if dot and stem else ""


@dataclass(frozen=True, slots=True)
class ObsidianSettings:
    """What ``.obsidian/*.json`` says that changes meaning (defaults are Obsidian's).

    Sources: app.json, templates.json, daily-notes.json, types.json and
    plugins/templater-obsidian/data.json.
    """

    strict_line_breaks: bool = False
    ignore_filters: tuple[str, ...] = ()
    template_folders: tuple[str, ...] = ()
    daily_folder: str = ""
    daily_format: str = "YYYY-MM-DD"
    attachment_folder: str = "/"
    property_types: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Config:
    """``notetorch.toml``, typed, with its defaults (documented in docs/configuration.md).

    ``values`` is the ``[values.<family>]`` tables: parameter values for the whole vault, with the
    line each stands on in ``value_lines`` under ``"<family>.<parameter>"``.
    """

    path: str = ""
    title: str = ""
    models: str = ""  # folder; empty: `generated_models`
    site: str = ""  # folder; empty: `site`
    publish: str = "all"  # or "explicit"
    exclude: tuple[str, ...] = ()  # globs: read but never published or mapped
    unmapped: tuple[str, ...] = ()  # globs: published, never mapped
    names: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    values: Mapping[str, Mapping[str, object]] = field(default_factory=lambda: MappingProxyType({}))
    value_lines: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    levels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    dataview_lenient: bool = True
    resolve_aliases: bool = True
    site_url: str = ""
    follow_links: bool = False  # read symbolic links that lead out of the vault
    trust_templates: bool = False  # run templates of families in the vault


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A vault at one moment.

    ``files`` are all files that are read, sorted by path. ``texts`` holds the raw bytes of every
    note (and ``.canvas`` / ``.base`` file) by vault path; other files stay on disk under ``root``.
    ``excluded`` (by Obsidian's or the configuration's patterns), ``templates`` and ``dailies`` are
    what paths and settings can tell about notes; front matter has its say in
    :mod:`generator.graph.visibility`.
    """

    root: str
    files: tuple[VaultFile, ...]
    texts: Mapping[str, bytes]
    settings: ObsidianSettings
    config: Config
    excluded: frozenset[str] = frozenset()
    templates: frozenset[str] = frozenset()
    dailies: frozenset[str] = frozenset()
    families: Mapping[str, Mapping[str, bytes]] = field(
        default_factory=lambda: MappingProxyType({})
    )  # _notetorch/<family>/<file>
    unreadable: frozenset[str] = frozenset()  # notes the disk would not give; not in ``files``

    def note_paths(self) -> tuple[str, ...]:
        """Paths of all Markdown notes whose text was read, sorted."""
        return tuple(f.path for f in self.files if f.extension == "md" and f.path in self.texts)
