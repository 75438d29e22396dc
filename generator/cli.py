"""The ``notetorch`` command: options in, calls to the pipeline, text out.

Exit codes: 0 done (warnings allowed), 1 diagnostics of error level (or warnings under ``--strict``,
stale outputs under ``--check``, failed tests), 2 wrong usage.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator import __version__
from generator.cli_runtime import COMMANDS, wrong_usage

if TYPE_CHECKING:
    from generator.build.pipeline import Compilation
    from generator.core.diagnostics import Diagnostic, Severity

_VAULT = click.argument("vault", default="vault", type=click.Path(path_type=Path))
_MODELS = click.option(
    "--models", type=click.Path(path_type=Path), help="Folder for the generated package."
)
_SITE = click.option("--site", type=click.Path(path_type=Path), help="Folder for the site.")
_CONFIG = click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Configuration file (default: notetorch.toml in the vault, else here).",
)
_PACKAGE = click.option(
    "--models",
    "package",
    type=click.Path(path_type=Path),
    help="Ask this generated package instead of a vault.",
)
_STRICT = click.option("--strict", is_flag=True, help="Warnings count as errors.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="notetorch")
def main() -> None:
    """Compile an Obsidian vault into tested PyTorch modules and a linked site.

    Start with `notetorch init`, then `notetorch build`. Every heading that names a network
    becomes a module; `notetorch explain` says why, or why not.
    """
    gc.set_threshold(100_000)  # a command is short and makes few cycles


@main.command()
@_VAULT
@_CONFIG
def init(vault: Path, config_file: Path | None) -> None:
    """Write notetorch.toml and list what a build would find."""
    from generator.build.start import describe, write_config

    root = _vault(vault)
    written = write_config(root)
    compilation = _compile(root, config_file=config_file)
    click.echo(f"{'wrote' if written else 'found'} {root / 'notetorch.toml'}")
    for line in describe(compilation):
        click.echo(line)


@main.command()
@_VAULT
@_MODELS
@_SITE
@_CONFIG
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if a build would.")
@_STRICT
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="JSON report.")
@click.option("--force", is_flag=True, help="Overwrite edited generated files (keeps .bak).")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes for reading notes.")
@click.option("--no-cache", is_flag=True, help="Parse every note again.")
@click.option("--trust-templates", is_flag=True, help="Run templates of families in the vault.")
@click.option("-v", "--verbose", is_flag=True, help="Show every diagnostic.")
def build(
    vault: Path,
    models: Path | None,
    site: Path | None,
    config_file: Path | None,
    check: bool,
    strict: bool,
    report: Path | None,
    force: bool,
    jobs: int | None,
    no_cache: bool,
    trust_templates: bool,
    verbose: bool,
) -> None:
    """Generate models, tests and site from VAULT."""
    from generator.build.listing import full, grouped
    from generator.build.pipeline import InsideVaultError, Options, build_vault
    from generator.build.report import report_json
    from generator.build.write import NotOursError
    from generator.core.diagnostics import Severity

    started = time.perf_counter()
    root = _vault(vault)
    options = Options(
        vault=root,
        models=models,
        site=site,
        config_file=config_file,
        check=check,
        force=force,
        jobs=jobs,
        cached=not no_cache,
        trust_templates=trust_templates,
    )
    try:
        done = build_vault(options, progress=_progress)
    except NotOursError as error:
        raise click.UsageError(
            f"{error} holds files that notetorch did not write; choose another folder with "
            "--models or --site, or empty it."
        ) from None
    except InsideVaultError as error:
        raise click.UsageError(
            f"this folder is part of the vault, and `{error}` would lie among the notes; run it from "
            "another folder, or name a place with --models and --site or in notetorch.toml."
        ) from None
    if report is not None:
        text = json.dumps(report_json(done), indent=1, ensure_ascii=False)
        report.write_text(text + "\n", encoding="utf-8")
    lines = full(done.diagnostics) if verbose else grouped(done.diagnostics)
    for line in lines:
        click.echo(line)
    for line in done.summary(seconds=time.perf_counter() - started):
        click.echo(line)
    sys.exit(_status(done.diagnostics, strict=strict, error=Severity.ERROR))


@main.command()
@_VAULT
@_CONFIG
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
)
@_STRICT
@click.option("-v", "--verbose", is_flag=True, help="Show every diagnostic.")
def check(vault: Path, config_file: Path | None, form: str, strict: bool, verbose: bool) -> None:
    """Read VAULT and report what is wrong, without writing anything."""
    from generator.build.listing import as_github, as_json, as_sarif, full, grouped
    from generator.core.diagnostics import Severity

    compilation = _compile(_vault(vault), config_file=config_file)
    found = compilation.diagnostics
    match form:
        case "json":
            click.echo(json.dumps(as_json(found), indent=1, ensure_ascii=False))
        case "sarif":
            click.echo(as_sarif(found))
        case "github":
            for line in as_github(found):
                click.echo(line)
        case _:
            for line in full(found) if verbose else grouped(found):
                click.echo(line)
            click.echo(compilation.headline())
    sys.exit(_status(found, strict=strict, error=Severity.ERROR))


@main.command()
@click.argument("target")
@click.option("--vault", default="vault", type=click.Path(path_type=Path), show_default=True)
@_CONFIG
def explain(target: str, vault: Path, config_file: Path | None) -> None:
    """Say why TARGET is what it is: a note, note#heading, model, model.parameter or NT code."""
    from generator.core.codes import CODES
    from generator.mapping.explain import explain as explain_target
    from generator.mapping.explain import like

    code = CODES.get(target.upper())
    if code is not None:
        click.echo(f"{target.upper()} ({code.severity}): {code.title}\n\n{code.explanation}")
        return
    compilation = _compile(_vault(vault), config_file=config_file)
    lines = explain_target(compilation.mapping, compilation.graph, target)
    if not lines:
        near = like(compilation.mapping, compilation.graph, target)
        raise click.UsageError(
            f"nothing in the vault is called {target!r}; "
            + (f"did you mean {near!r}? " if near else "")
            + "TARGET is a note, note#heading, model, model.parameter or a diagnostic code"
        )
    for line in lines:
        click.echo(line)


@main.command()
@_VAULT
@_MODELS
@_SITE
@_CONFIG
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def serve(
    vault: Path, models: Path | None, site: Path | None, config_file: Path | None, port: int
) -> None:
    """Build VAULT, serve the site on this machine, rebuild and reload on every change."""
    from generator.build.listing import grouped
    from generator.build.pipeline import Options, build_vault
    from generator.build.serve import ServeExtraMissingError
    from generator.build.serve import serve as run_server

    options = Options(vault=_vault(vault), models=models, site=site, config_file=config_file)

    def rebuild() -> bool:
        started = time.perf_counter()
        try:
            done = build_vault(options, progress=_progress)
        except OSError as error:  # a file vanished mid-build: the next change builds again
            click.echo(f"build failed: {error}", err=True)
            return False
        for line in grouped(done.diagnostics, limit=12):
            click.echo(line)
        written = done.changes()
        click.echo(f"built in {time.perf_counter() - started:.2f} s: {written} files changed")
        return written > 0

    rebuild()
    folders = options.folders()
    try:
        run_server(
            folders.site,
            options.vault,
            ignore=(folders.models, folders.site),
            port=port,
            rebuild=rebuild,
            announce=lambda url: click.echo(f"serving {url} (Ctrl-C ends)"),
        )
    except ServeExtraMissingError:
        raise click.UsageError(
            "serving needs extra packages: pip install 'notetorch[serve]'"
        ) from None
    except OSError as error:
        raise click.UsageError(f"cannot listen on port {port}: {error.strerror}") from None


@main.command()
@_VAULT
@_MODELS
@_SITE
@_CONFIG
@click.option("--fast", is_flag=True, help="Leave out tests marked slow.")
@click.option("-k", "keyword", help="Only tests whose name matches (pytest -k).")
def test(
    vault: Path,
    models: Path | None,
    site: Path | None,
    config_file: Path | None,
    fast: bool,
    keyword: str | None,
) -> None:
    """Run the generated tests and show their results on the site."""
    from generator.build.pipeline import Options, build_vault
    from generator.build.testing import PytestMissingError, run_generated_tests

    known = models is not None and not vault.exists()
    options = Options(
        vault=vault if known else _vault(vault), models=models, site=site, config_file=config_file
    )
    folders = options.folders()
    if not (folders.models / "tests").is_dir():
        raise click.UsageError(f"{folders.models} holds no generated tests; run notetorch build")
    try:
        status = run_generated_tests(folders.models, folders.state, fast=fast, keyword=keyword)
    except PytestMissingError:
        raise click.UsageError("running tests needs pytest: pip install pytest") from None
    if not known and folders.site.is_dir():
        build_vault(options, progress=_progress)
        click.echo(f"results are on the site: {(folders.site / 'index.html').as_uri()}")
    sys.exit(1 if status else 0)


@main.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def detach(file: Path) -> None:
    """Make a generated FILE your own: builds leave it alone from now on."""
    from generator.emit.models.header import detached, is_ours

    text = file.read_text(encoding="utf-8")
    if not is_ours(text):
        raise click.UsageError(f"{file} has no notetorch header: it is your own already")
    file.write_text(detached(text), encoding="utf-8")
    click.echo(f"{file} is yours now; delete it to have it generated again")


@main.command("new-family")
@click.argument("name")
@click.option("--vault", default="vault", type=click.Path(path_type=Path), show_default=True)
def new_family(name: str, vault: Path) -> None:
    """Write a working family NAME into the vault, to be changed into your own."""
    from generator.build.new_family import write_family

    try:
        files = write_family(_vault(vault), name)
    except (ValueError, FileExistsError) as error:
        raise click.UsageError(
            f"{error} exists already" if isinstance(error, FileExistsError) else str(error)
        ) from None
    for path in files:
        click.echo(f"wrote {path}")
    click.echo(f"a heading `# {name}` in any note now makes this network; try notetorch build")


@main.command()
@click.option("--vault", default="vault", type=click.Path(path_type=Path), show_default=True)
@_PACKAGE
@_CONFIG
def models(vault: Path, package: Path | None, config_file: Path | None) -> None:
    """List the models of a vault or a package, with parameters and multiply-adds."""
    from generator.emit.summary import models_table

    if package is not None:
        with wrong_usage():
            from generator.runtime.facts import models_table as package_table

            click.echo("\n".join(package_table(package)))
        return
    for line in models_table(_compile(_vault(vault), config_file=config_file).mapping):
        click.echo(line)


@main.command()
@click.argument("model")
@click.option("--vault", default="vault", type=click.Path(path_type=Path), show_default=True)
@_PACKAGE
@click.option("--size", type=click.IntRange(min=1), help="Input height and width.")
@_CONFIG
def summary(
    model: str, vault: Path, package: Path | None, size: int | None, config_file: Path | None
) -> None:
    """Show MODEL layer by layer: shapes, parameters, multiply-adds."""
    from generator.emit.summary import UnknownModelError, layer_table

    if package is not None:
        with wrong_usage():
            from generator.runtime.layers import layer_table as package_layers
            from generator.runtime.package import load_package

            click.echo("\n".join(package_layers(load_package(package), model, size=size)))
        return
    mapping = _compile(_vault(vault), config_file=config_file).mapping
    try:
        lines = layer_table(mapping, model, size=size)
    except UnknownModelError as error:
        raise click.UsageError(str(error)) from None
    for line in lines:
        click.echo(line)


for each in COMMANDS:
    main.add_command(each)


# ------------------------------------------------------------------ shared by the commands


def _vault(path: Path) -> Path:
    """Give the vault's folder, or a usage error that says what to do."""
    if path.is_dir():
        return path
    hint = ""
    if path == Path("vault") and Path(".obsidian").is_dir():
        hint = " (this folder is a vault itself: write `.` for it)"
    raise click.UsageError(f"there is no folder {str(path)!r}{hint}")


def _compile(root: Path, *, config_file: Path | None) -> Compilation:
    from generator.build.pipeline import Options, compile_vault

    return compile_vault(Options(vault=root, config_file=config_file), progress=_progress)


def _progress(message: str) -> None:
    """One line a long stage, on standard error, only where somebody watches."""
    if sys.stderr.isatty():
        click.echo(click.style(message, dim=True), err=True)


def _status(diagnostics: tuple[Diagnostic, ...], *, strict: bool, error: Severity) -> int:
    levels = {each.severity for each in diagnostics}
    return int(error in levels or (strict and "warning" in levels))
