"""Vaults in memory for mapping's tests: texts by path in, mapping out."""

from __future__ import annotations

from collections.abc import Mapping

from generator.architectures.model import Family
from generator.architectures.spec import load_families
from generator.graph.model import Graph
from generator.graph.resolve import build_graph
from generator.mapping.map_vault import map_vault
from generator.mapping.model import Architecture, Decision, VaultMapping
from generator.notes.parse import parse_note
from generator.vault.dailies import is_date_name
from generator.vault.model import Config, ObsidianSettings, Snapshot, VaultFile

FAMILIES: tuple[Family, ...] = load_families()[0]


NO_CONFIG = Config()


def snapshot(
    texts: Mapping[str, str | bytes], config: Config = NO_CONFIG, **given: object
) -> Snapshot:
    """A snapshot of a vault that holds these notes."""
    contents = {
        path: text.encode() if isinstance(text, str) else text for path, text in texts.items()
    }
    files = tuple(VaultFile(path, path, len(contents[path])) for path in sorted(contents))
    dailies = {path for path in contents if is_date_name(path.rsplit("/", 1)[-1][:-3])}
    given.setdefault("dailies", frozenset(dailies))
    return Snapshot("/vault", files, contents, ObsidianSettings(), config, **given)  # type: ignore[arg-type]


def graph_of(taken: Snapshot) -> Graph:
    """Parse and resolve a snapshot."""
    notes = {path: parse_note(path, taken.texts[path]) for path in taken.note_paths()}
    return build_graph(taken, notes)


def map_notes(
    texts: Mapping[str, str | bytes],
    *,
    config: Config = NO_CONFIG,
    families: tuple[Family, ...] = FAMILIES,
    **given: object,
) -> VaultMapping:
    """Map a vault that holds these notes."""
    return map_vault(graph_of(snapshot(texts, config, **given)), families, config=config)


def model(mapping: VaultMapping, name: str) -> Architecture:
    """The architecture of a name; fails with the names there are."""
    found = {each.name: each for each in mapping.architectures}
    assert name in found, f"{name} is not among {sorted(found)}; refused: {mapping.refused}"
    return found[name]


def decision(mapping: VaultMapping, text: str) -> Decision:
    """The decision about the section with this heading; fails if there is not exactly one."""
    (found,) = [each for each in mapping.decisions if each.level and each.text == text]
    return found
