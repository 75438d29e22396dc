"""Generated packages with their tests, in a folder under any name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from generator.emit.models.render import render_modules
from generator.emit.tests.render import render_tests, shared_files
from generator.mapping.model import Architecture
from tests.emit.models import plans


def write(folder: Path, *architectures: Architecture) -> None:
    """Write modules and tests of some architectures as a package."""
    planned = list(plans.plans(*architectures).values())
    tests = folder / "tests"
    tests.mkdir(parents=True)
    (folder / "__init__.py").write_text("", encoding="utf-8")
    texts = {folder / f"{name}.py": text for name, text in render_modules(planned).items()}
    texts |= {tests / name: text for name, text in shared_files().items()}
    texts |= {tests / f"test_{name}.py": text for name, text in render_tests(planned).items()}
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8", newline="\n")


def run(folder: Path, *options: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run pytest on a folder from anywhere, as its user would."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder), *options],
        cwd=cwd,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
