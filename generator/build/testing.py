"""Running the generated tests with pytest, in a process of their own, and keeping what they gave."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from generator.build.results import read_junit, save


class PytestMissingError(Exception):
    """pytest is not installed in this environment."""


def run_generated_tests(
    models: Path, state: Path, *, fast: bool = False, keyword: str | None = None
) -> int:
    """Run the tests below ``models`` and store their results in ``state``.

    Gives pytest's exit status: 0 all passed, 1 some failed (a false claim counts). Output goes
    straight to the terminal. Raises :class:`PytestMissingError`.
    """
    if importlib.util.find_spec("pytest") is None:
        raise PytestMissingError
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "junit.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--rootdir",
            str(models),
            f"--junitxml={report}",
            str(models / "tests"),
        ]
        if fast:
            command += ["-m", "not slow"]
        if keyword:
            command += ["-k", keyword]
        if importlib.util.find_spec("xdist") is not None and (os.cpu_count() or 1) > 1:
            command += ["-n", str(min(os.cpu_count() or 1, 8))]
        environment = {**os.environ, "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1")}
        status = subprocess.run(command, env=environment, check=False).returncode
        if report.is_file():
            save(state, read_junit(report, models))
    return status
