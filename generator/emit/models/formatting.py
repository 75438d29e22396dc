"""Generated Python through the formatter: the last step of every file we write.

Ruff is called as a program, once for all files, without reading any configuration, so the same text
comes out on every machine. A text that is no Python is our bug and raises.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

LINE_LENGTH = 88  # ruff's default, so a copied file is clean in a project without settings


def format_sources(sources: Mapping[str, str]) -> dict[str, str]:
    """Format Python files, given and returned as name to text.

    Raises ``RuntimeError`` with ruff's words when a text cannot be parsed or ruff is not installed.
    """
    from ruff import find_ruff_bin

    with tempfile.TemporaryDirectory(prefix="notetorch-format-") as folder:
        paths = {name: Path(folder, f"{index}.py") for index, name in enumerate(sorted(sources))}
        for name, path in paths.items():
            path.write_bytes(sources[name].encode("utf-8"))
        done = subprocess.run(
            [
                find_ruff_bin(),
                "format",
                "--isolated",
                "--no-cache",
                f"--line-length={LINE_LENGTH}",
                "--target-version=py311",
                folder,
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            names = ", ".join(f"{path.name} is {name}" for name, path in paths.items())
            raise RuntimeError(f"ruff cannot format generated code ({names}): {done.stderr}")
        return {name: path.read_bytes().decode("utf-8") for name, path in paths.items()}


def format_source(source: str) -> str:
    """Format one Python file."""
    return format_sources({"module": source})["module"]
