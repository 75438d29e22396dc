"""Generated Python through the formatter: the last step of every file we write.

Ruff is called as a program, once for all files, without reading any configuration, so the same text
comes out on every machine. A text that is no Python is our bug and raises.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

LINE_LENGTH = 88  # ruff's default, so a copied file is clean in a project without settings

# ``format_sources``, or a memory of it: name to text, both ways.
Format: TypeAlias = Callable[[Mapping[str, str]], dict[str, str]]


def format_sources(sources: Mapping[str, str]) -> dict[str, str]:
    """Sort and prune the imports of Python files and format them; name to text, both ways.

    Raises ``RuntimeError`` with ruff's words when a text cannot be parsed or ruff is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="notetorch-format-") as folder:
        paths = {name: Path(folder, f"{index}.py") for index, name in enumerate(sorted(sources))}
        for name, path in paths.items():
            path.write_bytes(sources[name].encode("utf-8"))
        _ruff("check", "--fix", "--exit-zero", "--select=F401,I001,RUF022", folder)
        done = _ruff("format", f"--line-length={LINE_LENGTH}", folder)
        if done.returncode != 0:
            names = ", ".join(f"{path.name} is {name}" for name, path in paths.items())
            raise RuntimeError(f"ruff cannot format generated code ({names}): {done.stderr}")
        return {name: path.read_bytes().decode("utf-8") for name, path in paths.items()}


def _ruff(command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    from ruff import find_ruff_bin  # type: ignore[import-untyped]

    return subprocess.run(
        [
            find_ruff_bin(),
            command,
            "--isolated",
            "--no-cache",
            "--target-version=py311",
            *arguments,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
