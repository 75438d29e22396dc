"""A training run from beginning to end, or from where it was interrupted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import torch

from generator.runtime.data.digits import read_digits
from generator.runtime.data.examples import Examples
from generator.runtime.data.folders import read_folders
from generator.runtime.data.loading import (
    Images,
    Share,
    TrainingOrder,
    ValidationOrder,
    loader,
)
from generator.runtime.data.prepare import Augment, Preparation
from generator.runtime.package import Package
from generator.runtime.problem import RunError, UsageError
from generator.runtime.training.build import build_network
from generator.runtime.training.checkpoint import BEST, LAST, Checkpoint, Progress
from generator.runtime.training.epoch import Result, Sums, Trainer
from generator.runtime.training.interrupt import Interrupt, interruptible
from generator.runtime.training.loss import Loss
from generator.runtime.training.optimiser import Schedule, optimiser
from generator.runtime.training.processes import processes, shared, summed
from generator.runtime.training.settings import Settings

Say = Callable[[str], None]


def train(
    package: Package, settings: Settings, *, resume: bool, given: frozenset[str], say: Say
) -> bool:
    """Train a network of the package and leave its checkpoints in the run's folder.

    Gives whether the run was finished: Ctrl-C stops it early, with everything saved. With ``resume``
    the run in that folder goes on; ``given`` are the settings that were asked for. Raises
    :class:`UsageError` before it begins, :class:`RunError` when training fails.
    """
    package.facts(settings.model)
    folder = Path(settings.out)
    saved = Checkpoint.load(folder) if resume else None
    if saved is not None:
        settings = settings.resumed(saved.settings, given=given)
    elif (folder / LAST).exists():
        raise UsageError(
            f"{folder} holds a run already: --resume continues it; or name another --out"
        )
    if settings.threads is not None:
        torch.set_num_threads(settings.threads)
    with processes(settings.device) as (share, device):
        return _train(package, settings, share, device, saved, say)


def _train(
    package: Package,
    settings: Settings,
    share: Share,
    device: torch.device,
    saved: Checkpoint | None,
    say: Say,
) -> bool:
    """Train in this process; nothing of the run is left when the others are parted from."""
    if share.rank != 0:
        say = _silent
    examples = _read(settings)
    if saved is not None and saved.classes != examples.classes:
        raise UsageError(
            f"the run to resume has the classes {', '.join(saved.classes)}, the data "
            f"{', '.join(examples.classes)}"
        )
    run = _Run(package, settings, examples, share, device, saved, say)
    try:
        with interruptible() as interrupt:
            return run.go(interrupt)
    except torch.OutOfMemoryError:
        raise RunError(f"{device} has too little memory: lower --batch-size or --size") from None


class _Run:
    """The parts of a run, put together: data, network, optimiser, progress."""

    def __init__(
        self,
        package: Package,
        settings: Settings,
        examples: Examples,
        share: Share,
        device: torch.device,
        saved: Checkpoint | None,
        say: Say,
    ) -> None:
        self.settings, self.share, self.say = settings, share, say
        self.examples = examples
        self.folder = Path(settings.out)
        self.progress = Progress() if saved is None else saved.progress
        self.order = TrainingOrder(len(examples.train), settings.batch_size, settings.seed, share)
        if self.order.per_process() < 1:
            raise UsageError(f"{share.world} processes are too many for the few images there are")
        torch.manual_seed(settings.seed)  # the same first weights in every process
        built = build_network(package, settings, len(examples.classes), self.order, saved, say)
        self.options, self.size = built.options, built.size
        model = built.model.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.trainer = Trainer(
            model=model,
            parallel=shared(model, share),
            optimizer=optimiser(model, settings),
            schedule=Schedule.of(settings, batches=self.order.batches()),
            loss=Loss.of(package, settings.model, smoothing=settings.label_smoothing),
            clip=settings.clip,
            device=device,
            share=share,
        )
        self.random = None if saved is None else saved.random
        if saved is not None:
            self.trainer.optimizer.load_state_dict(saved.optimizer)
        self._load_images(package)

    def _load_images(self, package: Package) -> None:
        settings, cuda = self.settings, self.trainer.device.type == "cuda"
        preparation = Preparation.of(package.facts(settings.model), self.size)
        usual = Augment.NONE if settings.data is None else Augment.CROP_FLIP
        augment = usual if settings.augment is None else Augment(settings.augment)
        workers = settings.workers
        if workers is None:
            workers = 0 if settings.data is None else min(4, torch.get_num_threads())
        self.train_batches = loader(
            Images(self.examples.train, preparation, augment, settings.seed),
            self.order,
            batch=settings.batch_size,
            workers=workers,
            pinned=cuda,
        )
        self.val_batches = loader(
            Images(self.examples.val, preparation, Augment.NONE, settings.seed),
            ValidationOrder(len(self.examples.val), self.share),
            batch=settings.batch_size,
            workers=workers,
            pinned=cuda,
        )

    def go(self, interrupt: Interrupt) -> bool:
        """Train epoch after epoch; say whether all were finished before somebody asked to stop."""
        settings, progress = self.settings, self.progress
        self.folder.mkdir(parents=True, exist_ok=True)  # before the work, if it cannot be made
        self.say(self._headline())
        if progress.epoch >= settings.epochs:
            self.say(f"all {settings.epochs} epochs are done")
        while progress.epoch < settings.epochs:
            if not self._epoch(interrupt):
                self.say(
                    f"stopped in epoch {progress.epoch + 1} after batch {progress.batch}: "
                    f"{self.folder / LAST} holds everything, --resume continues"
                )
                return False
        self.say(f"best validation accuracy {progress.best:.4f}: {self.folder / BEST}")
        self.say(f'use it: create_model("{settings.model}", weights="{self.folder / BEST}")')
        return True

    def _epoch(self, interrupt: Interrupt) -> bool:
        """Train for one epoch or the rest of one; say whether it was finished."""
        progress, trainer, order = self.progress, self.trainer, self.order
        order.epoch, order.first = progress.epoch, progress.batch
        if progress.batch and self.random is not None:
            torch.set_rng_state(self.random)
        else:
            seed = f"{self.settings.seed}{progress.epoch:05}{self.share.rank:03}"
            torch.manual_seed(int(seed) % 2**63)
        sums = Sums.begin(trainer.device, progress.sums)
        step = progress.epoch * order.batches() + progress.batch

        def stop() -> bool:
            return summed((float(interrupt.asked),), self.share, trainer.device) != (0.0,)

        progress.batch += trainer.train(self.train_batches, sums, step=step, stop=stop)
        progress.sums = sums.values()
        if progress.batch < order.batches():
            self._save()
            return False
        result = sums.result(self.share)
        held = trainer.evaluate(self.val_batches)
        lr = trainer.schedule.at((progress.epoch + 1) * order.batches() - 1)  # its last step's
        self._finish_epoch(result, held, lr=lr, seconds=sums.seconds)
        return not interrupt.asked or progress.epoch >= self.settings.epochs

    def _finish_epoch(self, result: Result, held: Result, *, lr: float, seconds: float) -> None:
        progress = self.progress
        progress.epoch, progress.batch = progress.epoch + 1, 0
        progress.sums = Progress().sums
        progress.metrics.append(
            {
                "epoch": progress.epoch,
                "train_loss": result.loss,
                "train_accuracy": result.accuracy,
                "val_loss": held.loss,
                "val_accuracy": held.accuracy,
                "lr": lr,
                "images_per_second": round(result.rate, 1),
                "seconds": round(seconds, 3),
            }
        )
        better = held.accuracy > progress.best
        progress.best = max(progress.best, held.accuracy)
        self._save(better=better)
        self.say(
            f"epoch {progress.epoch:>{len(str(self.settings.epochs))}}/{self.settings.epochs}  "
            f"train loss {result.loss:.4f} accuracy {result.accuracy:.4f}  "
            f"val loss {held.loss:.4f} accuracy {held.accuracy:.4f}  "
            f"{result.rate:,.0f} images/s  lr {lr:.2e}"
        )

    def _save(self, *, better: bool = False) -> None:
        """Write the checkpoints, in one process."""
        if self.share.rank != 0:
            return
        now = Checkpoint(
            model=self.trainer.model.state_dict(),
            options=self.options,
            classes=self.examples.classes,
            settings=self.settings.stored(),
            optimizer=self.trainer.optimizer.state_dict(),
            progress=self.progress,
            random=torch.get_rng_state(),
        )
        if better:
            now.save_best(self.folder)
        now.save(self.folder)

    def _headline(self) -> str:
        settings, examples = self.settings, self.examples
        parameters = sum(p.numel() for p in self.trainer.model.parameters() if p.requires_grad)
        where = settings.data or "scikit-learn's digits"
        return (
            f"{settings.model}: {parameters:,} parameters to train, {len(examples.classes)} classes; "
            f"{where}: {len(examples.train):,} images to train on, {len(examples.val):,} held back; "
            f"{self.size}×{self.size} on {self.trainer.device}"
        )


def _read(settings: Settings) -> Examples:
    if settings.data is None:
        return read_digits(seed=settings.seed)
    return read_folders(Path(settings.data), seed=settings.seed)


def _silent(_line: str) -> None:
    """Say nothing: another process speaks."""
