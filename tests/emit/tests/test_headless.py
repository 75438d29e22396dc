"""Generated tests of networks whose last layer gives no outputs per class pass, too."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.architectures.model import Row
from tests.emit.models import plans
from tests.emit.models.tables import row
from tests.emit.tests.folder import run, write

# What a network ends in, behind a few common layers.
ENDINGS: dict[str, tuple[Row, ...]] = {
    "decoder": (row("conv_transpose", width=3, kernel=4, stride=2, padding=1),),
    "encoder": (row("residual", width=16, stride=2),),
    "map": (row("conv", width=6, kernel=1),),
    "one value": (row("conv", width=1, kernel=8, padding=0, activation="sigmoid"),),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_passes(ending: str, tmp_path: Path) -> None:
    rows = (row("conv", width=8, norm="batch", stride=2), *ENDINGS[ending])
    write(tmp_path / "models", plans.table("pebbles", rows, size=16))
    done = run(tmp_path / "models", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
