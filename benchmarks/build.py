"""Time `notetorch build` against the floor of any such tool, in one run.

`python -m benchmarks.build [--notes 1000] [--rounds 3]`

The floor parses each note with plain markdown-it-py, replaces wiki-links by a regular expression,
fills one jinja page and writes it: the least a generator built on these libraries can do. Printed are
medians of CPU seconds (user + system, children included) for a cold build, a second build without an
edit and a build after an edit of one note, and their ratios to the floor.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.synthetic_vault import write_vault

FLOOR = """
import re, sys
from pathlib import Path
from jinja2 import Environment
from markdown_it import MarkdownIt
source, target = Path(sys.argv[1]), Path(sys.argv[2])
page = Environment(autoescape=False).from_string(
    "<!doctype html><title>{{ title }}</title><nav>{{ title }}</nav><main>{{ body }}</main>")
markdown = MarkdownIt("commonmark").enable("table")
link = re.compile(r"\\[\\[([^\\]|#]+)[^\\]]*\\]\\]")
for note in sorted(source.rglob("*.md")):
    body = markdown.render(link.sub(r"[\\1](\\1.html)", note.read_text(encoding="utf-8")))
    out = target / note.relative_to(source).with_suffix(".html")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(page.render(title=note.stem, body=body), encoding="utf-8")
"""


def cpu_and_wall(command: list[str], folder: Path) -> tuple[float, float]:
    """CPU and wall seconds of one finished command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime), wall


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--notes", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    times: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_vault(folder / "vault", options.notes)
        script = folder / "floor.py"
        script.write_text(FLOOR, encoding="utf-8")
        build = [sys.executable, "-m", "generator", "build", "vault"]
        for each in range(options.rounds):
            run = folder / f"run{each}"
            run.mkdir()
            (run / "vault").symlink_to(folder / "vault")
            floor = [sys.executable, str(script), "vault", "floor"]
            times.setdefault("floor", []).append(cpu_and_wall(floor, run))
            times.setdefault("cold", []).append(cpu_and_wall(build, run))
            times.setdefault("no edit", []).append(cpu_and_wall(build, run))
            with (folder / "vault/Notes").joinpath("Note 1.md").open("a") as note:
                note.write(f"\nedit {each}\n")
            times.setdefault("one edit", []).append(cpu_and_wall(build, run))
    floor_cpu = statistics.median(cpu for cpu, _ in times["floor"])
    print(f"{options.notes} notes, {options.rounds} rounds, medians")
    print(f"{'build':<10}{'CPU s':>8}{'wall s':>8}{'CPU / floor':>13}")
    for what, pairs in times.items():
        cpu = statistics.median(pair[0] for pair in pairs)
        wall = statistics.median(pair[1] for pair in pairs)
        print(f"{what:<10}{cpu:>8.2f}{wall:>8.2f}{cpu / floor_cpu:>13.2f}")


if __name__ == "__main__":
    main()
