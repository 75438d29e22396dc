"""The whole program on one screen: a vault in, outputs out.

``compile_vault`` goes from disk to meaning (snapshot, notes, graph, mapping, claims) and writes
nothing. ``build_vault`` goes on to plan all outputs and brings the two output folders to the plan.
Everything these two call is pure, except reading the vault, the cache and writing.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from generator.architectures.spec import load_families
from generator.build.cache import FOLDER, Cache, generator_digest
from generator.build.claiming import CachedCheck
from generator.build.parsing import note_keys, parse_notes
from generator.build.planning import Planned, plan_models, plan_pages
from generator.build.templates import trusted
from generator.build.write import NotOursError, Result, WriteReport, write_models, write_site
from generator.claims.model import Claim, Status
from generator.core.diagnostics import Diagnostic, Severity, diagnostic
from generator.core.source import Position
from generator.graph.model import Graph
from generator.graph.resolve import build_graph
from generator.mapping.map_vault import map_vault
from generator.mapping.model import VaultMapping
from generator.mapping.subjects import check_claims
from generator.vault.model import Config
from generator.vault.read import find_config, read_vault

Progress = Callable[[str], None]
_CONFIGURATION_UNREADABLE = "NT101"
MODELS, SITE = "generated_models", "site"  # where outputs go in the current folder


class InsideVaultError(Exception):
    """Outputs would lie among the notes although nobody asked for it; the message names the folder."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for; ``None`` leaves the choice to the configuration."""

    vault: Path
    models: Path | None = None
    site: Path | None = None
    config_file: Path | None = None
    check: bool = False
    force: bool = False
    jobs: int | None = None
    cached: bool = True
    trust_templates: bool = False

    def config_path(self) -> Path | None:
        """Configuration file in effect: the one given, else the vault's, else the one here."""
        return self.config_file or find_config(self.vault, Path.cwd())

    def trusts(self, compilation: Compilation) -> bool:
        """Say whether templates of families in the vault may run."""
        config = compilation.graph.snapshot.config
        return self.trust_templates or trusted(config, self.config_path(), self.vault)[0]

    def folders(self, config: Config | None = None) -> Folders:
        """Output folders in effect, absolute. Reads the configuration when it is not given."""
        if config is None:
            from generator.vault.config import parse_config

            path = self.config_path()
            config = parse_config(path.read_bytes(), str(path))[0] if path else Config()
        asked = (self.models or config.models, self.site or config.site)
        return Folders(
            models=Path(asked[0] or MODELS).absolute(),
            site=Path(asked[1] or SITE).absolute(),
            state=Path(FOLDER).absolute(),
            unasked=tuple(
                name for given, name in zip(asked, (MODELS, SITE), strict=True) if not given
            ),
        )


@dataclass(frozen=True, slots=True)
class Folders:
    """Where outputs go; ``state`` holds the cache and the results of test runs.

    ``unasked`` are the folders whose place is only the default.
    """

    models: Path
    site: Path
    state: Path
    unasked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Compilation:
    """What a vault means, before anything is rendered."""

    graph: Graph
    mapping: VaultMapping
    claims: Mapping[str, tuple[Claim, ...]]
    diagnostics: tuple[Diagnostic, ...]
    timings: Mapping[str, float]

    def headline(self) -> str:
        """One line: how much was read and what was found."""
        claims = [each for group in self.claims.values() for each in group]
        verified = sum(each.status is Status.VERIFIED for each in claims)
        false = sum(each.status is Status.FALSE for each in claims)
        return (
            f"{len(self.graph.notes)} notes, {len(self.mapping.architectures)} architectures, "
            f"{len(claims)} claims ({verified} verified, {false} false)"
        )


@dataclass(frozen=True, slots=True)
class Built:
    """A finished build."""

    compilation: Compilation
    folders: Folders
    models: WriteReport
    site: WriteReport
    diagnostics: tuple[Diagnostic, ...]
    timings: Mapping[str, float]
    checked: bool = False

    def changes(self) -> int:
        """Number of files written or removed (or that would be, under ``--check``)."""
        changed = (Result.WRITTEN, Result.REMOVED)
        return sum(each.result in changed for each in (*self.models.results, *self.site.results))

    def summary(self, *, seconds: float) -> list[str]:
        """The last lines of the terminal: what was made and where it lies."""
        verb = "would change" if self.checked else "changed"
        return [
            f"{self.compilation.headline()}; {self.changes()} files {verb}; {seconds:.1f} s",
            f"models: {self.folders.models}",
            f"site:   {(self.folders.site / 'index.html').as_uri()}",
        ]


def compile_vault(options: Options, *, progress: Progress = lambda _: None) -> Compilation:
    """Read, parse, resolve, map and check a vault. Writes nothing but the cache."""
    folders = options.folders()
    cache = _cache(options, folders)
    compilation = _compile(options, folders, cache, _Clock(progress))
    cache.save()
    return compilation


def build_vault(options: Options, *, progress: Progress = lambda _: None) -> Built:
    """Compile a vault, plan every output and write what differs.

    Raises :class:`generator.build.write.NotOursError` when an output folder is somebody else's, and
    :class:`InsideVaultError` when it would lie in the vault without having been named.
    """
    clock = _Clock(progress)
    folders = options.folders()
    if folders.unasked and Path.cwd().resolve().is_relative_to(options.vault.resolve()):
        raise InsideVaultError(folders.unasked[0])
    cache = _cache(options, folders)
    compilation = _compile(options, folders, cache, clock)
    if any(each.code == _CONFIGURATION_UNREADABLE for each in compilation.diagnostics):
        # It may have said what is private: nothing is written until it can be read.
        nothing = WriteReport((), ())
        return Built(
            compilation=compilation,
            folders=folders,
            models=nothing,
            site=nothing,
            diagnostics=compilation.diagnostics,
            timings=clock.seconds,
            checked=options.check,
        )
    with clock("models"):
        models = plan_models(
            compilation, folders, cache, trust=options.trusts(compilation), jobs=options.jobs
        )
    with clock("site"):
        pages = plan_pages(compilation, models, folders, cache)
    with clock("write"):
        written_models, written_site = _write(options, folders, compilation, models, pages)
    cache.save()
    found = [*compilation.diagnostics, *models.diagnostics, *pages.diagnostics]
    found += [*written_models.diagnostics, *written_site.diagnostics]
    config = compilation.graph.snapshot.config
    built = Built(
        compilation=compilation,
        folders=folders,
        models=written_models,
        site=written_site,
        diagnostics=_at_configured_levels(found, config),
        timings=clock.seconds,
        checked=options.check,
    )
    if options.check and built.changes():
        stale = [
            each.path
            for each in (*written_models.results, *written_site.results)
            if each.result in (Result.WRITTEN, Result.REMOVED)
        ]
        finding = diagnostic(
            "NT806",
            Position(stale[0]),
            f"{len(stale)} outputs are not what the notes give now.",
            found=", ".join(stale[:5]) + (", …" if len(stale) > 5 else ""),
            hint="run `notetorch build`",
        )
        return replace(built, diagnostics=(*built.diagnostics, finding))
    return built


def stale_models(options: Options) -> tuple[str, ...]:
    """Files of the generated package that a build would change; empty for a folder of somebody's own."""
    folders = options.folders()
    compilation = compile_vault(options)
    cache = _cache(options, folders)
    planned = plan_models(compilation, folders, cache, trust=options.trusts(compilation))
    try:
        report = write_models(folders.models, planned.outputs, keep=planned.keep, check=True)
    except NotOursError:
        return ()
    changed = (Result.WRITTEN, Result.REMOVED)
    return tuple(each.path for each in report.results if each.result in changed)


def _compile(options: Options, folders: Folders, cache: Cache, clock: _Clock) -> Compilation:
    with clock("read"):
        snapshot, found = read_vault(
            options.vault,
            config_file=options.config_path(),
            outputs=(folders.models, folders.site, folders.state),
        )
        diagnostics = list(found)
        diagnostics += trusted(snapshot.config, options.config_path(), options.vault)[1]
    with clock("parse", f"{len(snapshot.note_paths())} notes"):
        notes = parse_notes(snapshot, cache, jobs=options.jobs)
        diagnostics += [each for note in notes.values() for each in note.diagnostics]
    with clock("resolve"):
        graph = build_graph(snapshot, notes)
        diagnostics += graph.diagnostics
    with clock("map"):
        families, problems = load_families(snapshot.families)
        diagnostics += problems
        mapping = map_vault(graph, families, config=snapshot.config)
        diagnostics += mapping.diagnostics
    with clock("claims"):
        check = CachedCheck(cache, note_keys(snapshot), options.jobs)
        claims, problems = check_claims(graph, mapping, check=check)
        diagnostics += problems
    return Compilation(
        graph=graph,
        mapping=mapping,
        claims=claims,
        diagnostics=_at_configured_levels(diagnostics, snapshot.config),
        timings=clock.seconds,
    )


def _write(
    options: Options, folders: Folders, compilation: Compilation, models: Planned, pages: Planned
) -> tuple[WriteReport, WriteReport]:
    snapshot = compilation.graph.snapshot
    written_models = write_models(
        folders.models,
        models.outputs,
        keep=models.keep,
        force=options.force,
        check=options.check,
    )
    written_site = write_site(
        folders.site,
        pages.outputs,
        vault=options.vault,
        disk_paths={each.path: each.disk_path for each in snapshot.files},
        keep=pages.keep,
        check=options.check,
    )
    return written_models, written_site


def _cache(options: Options, folders: Folders) -> Cache:
    if not options.cached:
        return Cache(None)
    return Cache(folders.state / "cache", stamp=generator_digest())


def _at_configured_levels(diagnostics: list[Diagnostic], config: Config) -> tuple[Diagnostic, ...]:
    """Apply ``[levels]`` of the configuration, drop what is ``off``, sort by place."""
    levels = config.levels
    kept = (
        replace(each, severity=Severity(levels[each.code])) if each.code in levels else each
        for each in diagnostics
        if levels.get(each.code) != "off"
    )
    return tuple(sorted(kept, key=Diagnostic.sort_key))


@dataclass(slots=True)
class _Clock:
    """Times stages and announces them. Garbage collection waits until a stage is over: the stages
    make many small immutable values and no cycles."""

    progress: Progress
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, stage: str, what: str = "") -> Iterator[None]:
        self.progress(f"{stage} {what}".rstrip() + " …")
        started = time.perf_counter()
        collecting = gc.isenabled()
        gc.disable()
        try:
            yield
        finally:
            if collecting:
                gc.enable()
            self.seconds[stage] = time.perf_counter() - started
