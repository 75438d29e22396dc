"""The JSON report of a build: everything it decided, for programs to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from generator.architectures.arithmetic import macs, parameters
from generator.architectures.model import ParamValue
from generator.build.listing import as_json
from generator.emit.site import note_urls
from generator.notes.model import Note

if TYPE_CHECKING:
    from generator.build.pipeline import Built, Compilation


def report_json(built: Built) -> dict[str, object]:
    """Give the report that ``--report`` writes (its schema is in docs/report.md)."""
    compilation = built.compilation
    urls = note_urls(compilation.graph)
    return {
        "diagnostics": as_json(built.diagnostics),
        "notes": [
            _note(compilation, note, urls.get(path))
            for path, note in sorted(compilation.graph.notes.items())
        ],
        "headings": [
            {
                "path": each.path,
                "line": each.line,
                "level": each.level,
                "text": each.text,
                "outcome": str(each.outcome),
                "family": each.family,
                "variant": each.variant,
                "rule": each.rule,
                "reason": each.reason,
            }
            for each in compilation.mapping.decisions
        ],
        "models": _models(compilation),
        "claims": [
            {
                "id": claim.id,
                "path": claim.path,
                "line": claim.position.line,
                "column": claim.position.column,
                "text": claim.text,
                "kind": claim.kind,
                "expected": claim.expected,
                "computed": claim.computed,
                "how": claim.how,
                "status": str(claim.status),
            }
            for _, claims in sorted(compilation.claims.items())
            for claim in claims
        ],
        "outputs": [
            {"path": f"{tree}/{each.path}", "status": str(each.result)}
            for tree, report in (("models", built.models), ("site", built.site))
            for each in report.results
        ],
        "timings": {stage: round(seconds, 4) for stage, seconds in built.timings.items()},
    }


def _note(compilation: Compilation, note: Note, url: str | None) -> dict[str, object]:
    graph = compilation.graph
    return {
        "path": note.path,
        "title": note.title,
        "url": url,
        "published": note.path in graph.published,
        "aliases": list(note.aliases),
        "tags": list(dict.fromkeys(tag.name for tag in note.tags)),
        "links": [
            {
                "target": link.target,
                "subpath": link.subpath,
                "line": link.position.line,
                "column": link.position.column,
                "resolved": destination.path,
                "found": str(destination.found),
                "kind": "embed" if link.embed else str(link.kind),
            }
            for link, destination in zip(
                note.links, graph.destinations.get(note.path, ()), strict=True
            )
        ],
        "backlinks": list(
            dict.fromkeys(each.source for each in graph.backlinks.get(note.path, ()))
        ),
    }


def _models(compilation: Compilation) -> list[dict[str, object]]:
    models: list[dict[str, object]] = []
    for each in compilation.mapping.architectures:
        source = each.sources[0]
        models.append(
            {
                "name": each.name,
                "module": each.module,
                "family": each.family.name if each.family else None,
                "variant": each.variant,
                "variants": [
                    variant.name
                    for network in (each.family.networks if each.family else ())
                    for variant in network.variants
                ],
                "path": source.path,
                "heading": source.heading,
                "line": source.line,
                "sources": [
                    {"path": one.path, "heading": one.heading, "line": one.line}
                    for one in each.sources
                ],
                "parameters": parameters(each.ir),
                "macs": macs(each.ir),
                "params": {value.name: _plain(value.setting.value) for value in each.values},
                "levels": {value.name: value.setting.level for value in each.values},
            }
        )
    return models


def _plain(value: ParamValue) -> object:
    """A value as JSON has it: lists and objects for tuples and mappings."""
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return value
