"""Small vaults as site inputs, without a disk: notes by path, networks by heading."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from generator.architectures.lower import lower, resolve_params
from generator.architectures.spec import load_families
from generator.claims.model import Claim
from generator.core.diagnostics import Diagnostic
from generator.emit.model import Output
from generator.emit.site import ModuleText, SiteInput, TestResult, plan_site
from generator.emit.site.model import Queries, no_queries
from generator.graph.model import Graph
from generator.graph.resolve import build_graph
from generator.mapping.model import (
    Architecture,
    Decision,
    Outcome,
    Setting,
    Source,
    Value,
    VaultMapping,
)
from generator.notes.parse import parse_note
from generator.vault.model import Config, ObsidianSettings, Snapshot, VaultFile

FAMILIES, _ = load_families()


def snapshot_of(
    files: Mapping[str, str | bytes],
    *,
    config: Config | None = None,
    dates: Mapping[str, tuple[str, str]] | None = None,
) -> Snapshot:
    """A snapshot of ``files``; ``dates`` gives (created, modified) by path."""
    contents = {
        path: text.encode("utf-8") if isinstance(text, str) else text
        for path, text in files.items()
    }
    return Snapshot(
        root="/vault",
        files=tuple(
            VaultFile(path, path, len(contents[path]), *((dates or {}).get(path, ("", ""))))
            for path in sorted(contents)
        ),
        texts=MappingProxyType(
            {
                path: content
                for path, content in sorted(contents.items())
                if path.endswith((".md", ".canvas", ".base"))
            }
        ),
        settings=ObsidianSettings(),
        config=config or Config(),
    )


def graph_of(snapshot: Snapshot) -> Graph:
    """The vault's notes, parsed and resolved."""
    notes = {
        path: parse_note(path, snapshot.texts[path], settings=snapshot.settings)
        for path in snapshot.note_paths()
    }
    return build_graph(snapshot, notes)


def input_of(
    files: Mapping[str, str | bytes],
    *,
    models: Mapping[str, str] | None = None,
    claims: Mapping[str, tuple[Claim, ...]] | None = None,
    tests: Mapping[str, TestResult] | None = None,
    diagnostics: tuple[Diagnostic, ...] = (),
    queries: Queries = no_queries,
    config: Config | None = None,
    dates: Mapping[str, tuple[str, str]] | None = None,
) -> SiteInput:
    """A site input. ``models`` maps ``path#Heading`` (or ``path`` for a whole note) to a variant."""
    graph = graph_of(snapshot_of(files, config=config, dates=dates))
    architectures, decisions = [], []
    for place, variant in (models or {}).items():
        path, _, heading = place.partition("#")
        architectures.append(_architecture(graph, path, heading, variant))
        decisions.extend(_decisions(graph, architectures[-1]))
    mapping = VaultMapping(
        decisions=tuple(decisions),
        architectures=tuple(sorted(architectures, key=lambda each: each.name)),
        refused=(),
        families=FAMILIES,
        diagnostics=(),
    )
    modules = {each.module: each for each in mapping.architectures}
    return SiteInput(
        graph=graph,
        mapping=mapping,
        claims=claims or {},
        modules=tuple(_module(modules[name]) for name in sorted(modules)),
        tests=tests or {},
        diagnostics=(*graph.diagnostics, *diagnostics),
        queries=queries,
    )


def built(site_input: SiteInput) -> dict[str, str]:
    """The site's text files by path."""
    outputs, _ = plan_site(site_input)
    return {each.path: text_of(each) for each in outputs if not each.path.endswith(".woff2")}


def text_of(output: Output) -> str:
    """An output's text; for a copied file a note of where it is from."""
    if output.content is None:
        return f"copy of {output.copy_from}"
    return output.content.decode("utf-8")


def _architecture(graph: Graph, path: str, heading: str, name: str) -> Architecture:
    note = graph.notes[path]
    family, (network, variant) = next(
        (each, found) for each in FAMILIES if (found := each.variant(name)) is not None
    )
    section = 0
    slug = ""
    if heading:
        found = next(each for each in note.headings if each.plain == heading)
        section = next(each.index for each in note.sections if each.heading == found.index)
        slug = found.slug
    params = resolve_params(network, variant.params)
    position = None
    return Architecture(
        name=family.name,
        module=network.module,
        family=family,
        network=network,
        variant=name,
        values=tuple(
            Value(key, Setting(value, "variant", position)) for key, value in params.items()
        ),
        rows=None,
        sources=(
            Source(
                path, section, heading or note.title, slug, note.sections[section].line, note.title
            ),
        ),
        ir=lower(network, params, input_size=variant.input_size),
    )


def _decisions(graph: Graph, architecture: Architecture) -> list[Decision]:
    source = architecture.sources[0]
    note = graph.notes[source.path]
    family = architecture.family.name if architecture.family else None
    found = []
    for section in note.sections:
        outcome = Outcome.MODEL if section.index == source.section else Outcome.PART
        if section.index != source.section and section.parent != source.section:
            continue
        text = "" if section.heading is None else note.headings[section.heading].plain
        found.append(
            Decision(
                source.path,
                section.index,
                text,
                section.level,
                section.line,
                outcome,
                family,
                architecture.variant,
                "heading-tokens",
                "",
            )
        )
    return found


def _module(architecture: Architecture) -> ModuleText:
    network = architecture.network
    assert network is not None
    return ModuleText(
        name=architecture.module,
        path=f"{architecture.module}.py",
        code=f'"""The {architecture.name} network."""\n\nimport torch\n\nWIDTH = 64\n',
        test_path=f"tests/test_{architecture.module}.py",
        test_code="def test_shape() -> None:\n    assert True\n",
        models=(architecture.name, *(each.name for each in network.variants)),
    )
