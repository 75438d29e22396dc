"""Keys of a note's ``notetorch`` property that set nothing: most likely typing mistakes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from generator.architectures.model import Parameter
from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position
from generator.mapping.built import Built, Vault
from generator.mapping.explicit import RESERVED_FIELDS, frontmatter_settings
from generator.mapping.own import OWN_PARAMETERS
from generator.mapping.settings import canonical, family_key
from generator.mapping.suggest import nearest


def unknown_front_matter(built: Sequence[Built], vault: Vault) -> Iterator[Diagnostic]:
    """Keys of ``notetorch:`` that no network of the note has as a parameter."""
    by_note: dict[str, list[Built]] = {}
    for each in built:
        by_note.setdefault(each.unit.path, []).append(each)
    for path in sorted(vault.notes):
        note = vault.notes[path]
        settings, paths, name = frontmatter_settings(note)
        if not settings or path not in vault.maps:
            continue
        units = by_note.get(path, [])
        known = {
            canonical(spelling): spelling
            for each in units
            for parameter in _parameters(each, vault)
            for spelling in (parameter.name, *parameter.aliases)
        }
        for key, value in settings.items():
            if canonical(key) in RESERVED_FIELDS or key.casefold() == "params":
                continue
            if isinstance(value, Mapping):
                families = {each.unit.family for each in units}
                expected = ", ".join(sorted(each for each in families if each))
                sets_nothing = family_key(key, vault.lexicon) not in families
            else:
                expected = ", ".join(sorted(set(known.values())))
                sets_nothing = canonical(key) not in known
            if sets_nothing:
                near = nearest(canonical(key), known)
                yield diagnostic(
                    "NT407",
                    Position(path, paths.get(f"{name}.{key}", 1)),
                    f"{key!r} under `{name}` sets nothing in this note",
                    found=key,
                    expected=expected,
                    hint=f"did you mean {near!r}?" if near else "",
                )


def _parameters(built: Built, vault: Vault) -> Iterator[Parameter]:
    if built.unit.family is None:
        yield from OWN_PARAMETERS
    else:
        for network in vault.lexicon.families[built.unit.family].networks:
            yield from network.parameters
