"""The commands that run generated networks. Options are declared here; torch comes with the first call.

A network is found in a package: ``--models`` names its folder, ``--vault`` a vault whose package it
is, and without either it is the folder of the configuration.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from generator.runtime.package import Package

_F = TypeVar("_F", bound=Callable[..., Any])
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_DEVICE = click.option("--device", help="cpu, cuda, cuda:1 ... (default: cuda if there is one).")
_SIZE = click.option(
    "--size", type=click.IntRange(min=1), help="Height and width of the input (default: usual)."
)
_THREADS = click.option("--threads", type=click.IntRange(min=1), help="Threads on the CPU.")
_CLASSES = click.option("--num-classes", type=click.IntRange(min=1), help="Number of classes.")


def _package_options(command: _F) -> _F:
    """Add the options that say which package is meant."""
    for option in (
        click.option(
            "--config",
            "config_file",
            type=_FILE,
            help="Configuration file (default: notetorch.toml in the vault, else here).",
        ),
        click.option(
            "--vault",
            type=click.Path(path_type=Path, exists=True, file_okay=False),
            help="Use the package that this vault's build writes.",
        ),
        click.option(
            "--models", type=click.Path(path_type=Path), help="Folder of the generated package."
        ),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("model")
@_package_options
@click.option("--image", type=_FILE, help="Image file (random input if left out).")
@click.option("--weights", type=_FILE, help="State dict or checkpoint to load.")
@click.option("--batch", type=click.IntRange(min=1), help="Images in the batch.")
@_SIZE
@click.option("--device", help="cpu, cuda, mps ... (default: cpu).")
def run(
    model: str,
    models: Path | None,
    vault: Path | None,
    config_file: Path | None,
    **options: Any,
) -> None:
    """Build MODEL, pass one batch through it, print shape, cost and time."""
    with wrong_usage():
        package = _package(models, vault, config_file)
        package.facts(model)
        given = [
            text
            for name, value in options.items()
            if value is not None
            for text in (f"--{name}", str(value))
        ]
        package.main([model, *given], prog="notetorch run")


@click.command()
@click.argument("model")
@_package_options
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False),
    help="Folder with train/CLASS/*.png|jpg and perhaps val/ (default: scikit-learn's digits).",
)
@click.option("--epochs", type=click.IntRange(min=1), default=10, show_default=True, help="Passes.")
@click.option(
    "--batch-size",
    type=click.IntRange(min=1),
    default=64,
    show_default=True,
    help="Images a step, in each process.",
)
@click.option(
    "--lr",
    type=click.FloatRange(min=0, min_open=True),
    default=1e-3,
    show_default=True,
    help="Greatest learning rate; it rises, then falls as a cosine.",
)
@click.option(
    "--weight-decay",
    type=click.FloatRange(min=0),
    default=0.01,
    show_default=True,
    help="Decay of weights (not of biases and norms).",
)
@click.option(
    "--optimizer",
    type=click.Choice(["adamw", "sgd"]),
    default="adamw",
    show_default=True,
    help="AdamW, or SGD with Nesterov's momentum 0.9.",
)
@click.option(
    "--label-smoothing",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.0,
    show_default=True,
    help="Share of the label given to all classes alike.",
)
@click.option(
    "--warmup",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.05,
    show_default=True,
    help="Share of the steps in which the learning rate rises.",
)
@click.option(
    "--clip",
    type=click.FloatRange(min=0),
    default=1.0,
    show_default=True,
    help="Greatest norm of all gradients together; 0 for any.",
)
@click.option(
    "--augment",
    type=click.Choice(["none", "crop", "crop+flip"]),
    help="Random crops, and mirroring (default: crop+flip with --data, else none).",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed.")
@_DEVICE
@_THREADS
@click.option("--workers", type=click.IntRange(min=0), help="Processes that read images.")
@click.option("--weights", type=click.Path(exists=True, dir_okay=False), help="Start from these.")
@click.option("--freeze-backbone", is_flag=True, help="Train the classifier only.")
@_CLASSES
@_SIZE
@click.option("--out", type=click.Path(file_okay=False), help="Folder of the run (runs/MODEL).")
@click.option("--resume", is_flag=True, help="Continue the run in --out exactly where it stopped.")
@click.pass_context
def train(
    context: click.Context,
    /,
    model: str,
    models: Path | None,
    vault: Path | None,
    config_file: Path | None,
    resume: bool,
    out: str | None,
    **options: Any,
) -> None:
    """Train MODEL on a folder of images, or on scikit-learn's digits to see it work."""
    with wrong_usage():
        from generator.runtime.training.run import train as run_training
        from generator.runtime.training.settings import Settings

        given = {
            name
            for name in options
            if context.get_parameter_source(name) is not ParameterSource.DEFAULT
        }
        settings = Settings(model=model, out=out or f"runs/{model}", **options)
        package = _package(models, vault, config_file)
        finished = run_training(
            package, settings, resume=resume, given=frozenset(given), say=click.echo
        )
        sys.exit(0 if finished else 1)


@click.command()
@click.argument("model")
@_package_options
@click.option(
    "--format",
    "form",
    type=click.Choice(["pt2", "onnx"]),
    default="pt2",
    show_default=True,
    help="torch.export's program, or ONNX.",
)
@click.option("--out", type=click.Path(path_type=Path), help="File to write (MODEL.FORMAT).")
@click.option("--weights", type=_FILE, help="State dict or checkpoint to load.")
@_CLASSES
@_SIZE
@click.option("--fold-batch-norm", is_flag=True, help="Fold batch norms into convolutions.")
def export(
    model: str,
    models: Path | None,
    vault: Path | None,
    config_file: Path | None,
    form: str,
    out: Path | None,
    weights: Path | None,
    num_classes: int | None,
    size: int | None,
    fold_batch_norm: bool,
) -> None:
    """Write MODEL to a file for any batch size, and check what the file computes."""
    with wrong_usage():
        from generator.runtime.export import Format
        from generator.runtime.export import export as export_network

        for line in export_network(
            _package(models, vault, config_file),
            model,
            form=Format(form),
            out=out,
            weights=weights,
            num_classes=num_classes,
            size=size,
            fold_batch_norm=fold_batch_norm,
        ):
            click.echo(line)


@click.command()
@click.argument("model")
@_package_options
@click.option("--batch", type=click.IntRange(min=1), default=8, show_default=True, help="Images.")
@_SIZE
@_THREADS
@click.option(
    "--rounds", type=click.IntRange(min=1), default=20, show_default=True, help="Passes a form."
)
@_DEVICE
@click.option("--compile", "compiled", is_flag=True, help="Time torch.compile too.")
def bench(
    model: str,
    models: Path | None,
    vault: Path | None,
    config_file: Path | None,
    batch: int,
    size: int | None,
    threads: int | None,
    rounds: int,
    device: str | None,
    compiled: bool,
) -> None:
    """Time MODEL as it is, channels last, and with batch norms folded."""
    with wrong_usage():
        from generator.runtime.bench import bench as bench_network

        for line in bench_network(
            _package(models, vault, config_file),
            model,
            batch=batch,
            size=size,
            threads=threads,
            rounds=rounds,
            device=device,
            compiled=compiled,
            progress=_progress,
        ):
            click.echo(line)


COMMANDS = (run, train, export, bench)


@contextmanager
def wrong_usage() -> Iterator[None]:
    """Turn what the runtime cannot do into messages: exit code 2, or 1 for what it tried."""
    from generator.runtime.problem import RunError, UsageError

    try:
        yield
    except UsageError as error:
        raise click.UsageError(str(error)) from None
    except RunError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:  # of the disk: no space, no permission, no such place
        raise click.ClickException(str(error)) from None
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise click.UsageError("running networks needs torch: pip install torch") from None


def _package(models: Path | None, vault: Path | None, config_file: Path | None) -> Package:
    """Import the package that is meant; note on standard error where a vault has gone on since."""
    from generator.runtime.package import load_package

    if models is not None:
        return load_package(models)
    from generator.build.pipeline import Options, stale_models

    options = Options(vault=vault or Path("vault"), config_file=config_file)
    folder = options.folders().models
    if not folder.is_dir():
        raise click.UsageError(
            f"there is no folder {folder}; run `notetorch build {vault or 'VAULT'}` first, or name "
            "the package with --models"
        )
    package = load_package(folder)
    if vault is not None and (stale := stale_models(options)):
        click.echo(
            f"{len(stale)} files of {folder} are not what {vault} gives now; "
            f"`notetorch build {vault}` writes them",
            err=True,
        )
    return package


def _progress(message: str) -> None:
    """One line a stage, on standard error, only where somebody watches."""
    if sys.stderr.isatty():
        click.echo(click.style(message, dim=True), err=True)
