"""How many small errors in the generated modules do the generated tests find?

`python -m benchmarks.mutation [--models DIR] [--family NAME] [--module NAME] [--limit N] [--jobs N]
[--write FILE.md] [--report FILE.json]`

Takes each generated module apart with ``ast``, changes one thing at a time (stride, padding, kernel,
groups, bias, an activation, a norm, a shortcut, a table entry …: `benchmarks/mutation_operators.py`)
and runs the module's own test file on every mutant. First the module itself must pass, written back
from its tree, so that formatting and comments play no part. Printed, and with ``--write`` kept
(`docs/mutation.md` has the last figures), are the kill rates per family and the survivors; those
listed in `benchmarks/mutation/equivalents.toml`, each with a reason, compute the same as the
original. Exits 1 if a survivor is not listed.

Each mutant runs in a child of one process that has torch loaded, in a folder of its own.
"""

from __future__ import annotations

import argparse
import ast
import compileall
import fnmatch
import json
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.mutation_operators import Mutant, mutants

EQUIVALENTS = Path(__file__).with_suffix("") / "equivalents.toml"
PACKAGE = "models"
MEMORY_LIMIT = 16 * 2**30  # bytes; a mutant may ask for absurd widths
PASSED, FAILED, BROKEN_COLLECTION = 0, 1, 2


@dataclass(frozen=True)
class Outcome:
    """What the tests said of a mutant."""

    module: str
    family: str
    kind: str
    where: str
    line: int
    change: str
    killed: bool
    how: str
    equivalent: str
    seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark and print the report."""
    options = _options(arguments)
    families = _families()
    modules = [
        path.stem
        for path in sorted(options.models.glob("*.py"))
        if (options.models / "tests" / f"test_{path.stem}.py").is_file()
        and (not options.module or path.stem in options.module)
        and (not options.family or families.get(path.stem, "own table") in options.family)
    ]
    if not modules:
        print(f"no generated module with tests found in {options.models}", file=sys.stderr)
        return 2
    _warm_up()
    known = tomllib.loads(EQUIVALENTS.read_text(encoding="utf-8")).get("equivalent", [])
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        for module in modules:
            family = families.get(module, "own table")
            outcomes.extend(_judge(module, family, options, known, Path(folder)))
    text = report(outcomes, limit=options.limit)
    print(f"\n{text}")
    if options.write:
        options.write.write_text(text, encoding="utf-8")
    if options.report:
        text = json.dumps([asdict(each) for each in outcomes], indent=1)
        options.report.write_text(text + "\n", encoding="utf-8")
    return 1 if any(not each.killed and not each.equivalent for each in outcomes) else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", type=Path, default=Path("generated_models"))
    parser.add_argument("--family", action="append", help="only modules of this family")
    parser.add_argument("--module", action="append", help="only this module")
    parser.add_argument("--limit", type=int, default=0, help="at most N mutants a module, spread")
    parser.add_argument("--jobs", type=int, default=1, help="mutants tested at one time")
    parser.add_argument("--write", type=Path, help="write what is printed to a Markdown file")
    parser.add_argument("--report", type=Path, help="write every mutant's outcome as JSON")
    parser.add_argument("--verbose", action="store_true", help="print each survivor when found")
    return parser.parse_args(arguments)


def _families() -> dict[str, str]:
    """Map modules to families; a module of a note's own table belongs to none."""
    from generator.architectures.spec import built_in_families

    return {
        network.module: family.name for family in built_in_families() for network in family.networks
    }


def _warm_up() -> None:
    """Load in this process what every child needs: importing torch takes seconds.

    Nothing here starts a thread, so that children can be forked.
    """
    sys.dont_write_bytecode = True
    os.environ["OMP_NUM_THREADS"] = "1"
    import pytest  # noqa: F401
    import torch
    import torch.utils.flop_counter

    torch.set_num_threads(1)
    import torch.export

    layers = (torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.ReLU())
    model = torch.nn.Sequential(*layers, torch.nn.Flatten(), torch.nn.Linear(16, 2)).eval()
    batch = torch.export.Dim("batch", min=2, max=8)
    image = torch.ones(2, 3, 4, 4)
    torch.export.export(model, (image,), dynamic_shapes=({0: batch},))
    with torch.utils.flop_counter.FlopCounterMode(display=False):
        model.to("meta")(image.to("meta"))


def _judge(
    module: str,
    family: str,
    options: argparse.Namespace,
    known: list[dict[str, str]],
    folder: Path,
) -> list[Outcome]:
    source = (options.models / f"{module}.py").read_text(encoding="utf-8")
    plain = ast.unparse(ast.parse(source))
    rooms = [
        _room(options.models, module, folder / f"{module}-{each}") for each in range(options.jobs)
    ]
    began = time.monotonic()
    code = _wait(_start(rooms[0], module, plain), deadline=time.monotonic() + 600)
    baseline = time.monotonic() - began
    if code != PASSED:
        raise SystemExit(f"{module}: the unchanged module does not pass its tests (pytest: {code})")
    found = list(mutants(source))
    if options.limit and len(found) > options.limit:
        found = [found[index * len(found) // options.limit] for index in range(options.limit)]
    print(f"{module}: {len(found)} mutants, unchanged module {baseline:.1f} s", flush=True)
    outcomes = []
    for mutant, code, seconds in _run(found, module, rooms, limit=60 + 5 * baseline):
        killed = code != PASSED
        reason = "" if killed else _equivalent(module, mutant, known)
        how = {PASSED: "survived", FAILED: "test", BROKEN_COLLECTION: "import"}.get(code, "crash")
        outcomes.append(
            Outcome(
                module=module,
                family=family,
                kind=mutant.kind,
                where=mutant.where,
                line=mutant.line,
                change=mutant.change,
                killed=killed,
                how=how,
                equivalent=reason,
                seconds=round(seconds, 2),
            )
        )
        if options.verbose and not killed:
            print(f"  {_words(outcomes[-1])}", flush=True)
    return outcomes


def _room(models: Path, module: str, folder: Path) -> Path:
    """Copy what the module's tests need into a package of its own."""
    package = folder / PACKAGE
    (package / "tests").mkdir(parents=True)
    (package / "__init__.py").write_text("", encoding="utf-8")
    for path in sorted((models / "tests").glob("*.py")):
        if not path.name.startswith("test_") or path.name == f"test_{module}.py":
            shutil.copy(path, package / "tests" / path.name)
    compileall.compile_dir(package / "tests", quiet=1)  # the only files that stay the same
    return folder


def _run(
    found: list[Mutant], module: str, rooms: list[Path], *, limit: float
) -> Iterator[tuple[Mutant, int, float]]:
    """Test mutants, one child a room; results come as children end."""
    free = list(rooms)
    running: dict[int, tuple[Mutant, Path, float]] = {}
    waiting = list(reversed(found))
    while waiting or running:
        while waiting and free:
            mutant, room = waiting.pop(), free.pop()
            running[_start(room, module, mutant.source)] = (mutant, room, time.monotonic())
        time.sleep(0.02)
        for child, (mutant, room, began) in list(running.items()):
            code = _poll(child, late=time.monotonic() - began > limit)
            if code is not None:
                del running[child]
                free.append(room)
                yield mutant, code, time.monotonic() - began


def _start(room: Path, module: str, source: str) -> int:
    """Fork a child that tests ``source`` as the module; gives its process id."""
    (room / PACKAGE / f"{module}.py").write_text(source, encoding="utf-8")
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    code = 70
    try:
        code = _test(room, module)
    finally:
        os._exit(code)


def _test(room: Path, module: str) -> int:
    import pytest

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    os.chdir(room)
    tests = f"{PACKAGE}/tests/test_{module}.py"
    plugins = ("cacheprovider", "xdist", "hypothesispytest", "playwright", "asyncio", "base_url")
    without = [word for name in plugins for word in ("-p", f"no:{name}")]
    settings = ["-x", "-q", "--assert=plain", f"--rootdir={room}", "-c", os.devnull]
    return int(pytest.main([*settings, *without, tests]))


def _wait(child: int, *, deadline: float) -> int:
    while (code := _poll(child, late=time.monotonic() > deadline)) is None:
        time.sleep(0.02)
    return code


def _poll(child: int, *, late: bool) -> int | None:
    """Give a child's exit code, ``None`` while it runs; a late one is ended."""
    if late:
        os.kill(child, signal.SIGKILL)
    ended, status = os.waitpid(child, 0 if late else os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if ended else None


def _equivalent(module: str, mutant: Mutant, known: list[dict[str, str]]) -> str:
    for each in known:
        named = each["module"] in ("*", module)
        here = fnmatch.fnmatchcase(mutant.where, each.get("where", "*"))
        if named and here and _fits(mutant.change, each["change"]):
            return each["reason"]
    return ""


def _fits(change: str, pattern: str) -> bool:
    """Match text with ``*`` for anything; brackets stand for themselves."""
    return fnmatch.fnmatchcase(change, pattern.replace("[", "[[]"))


def report(outcomes: list[Outcome], *, limit: int) -> str:
    """Write kill rates per family and the survivors, as Markdown."""
    by_family: dict[str, list[Outcome]] = defaultdict(list)
    for each in outcomes:
        by_family[each.family].append(each)
    which = f"At most {limit} mutants a module, spread evenly" if limit else "All mutants"
    options = f" --limit {limit}" if limit else ""
    lines = [
        "# Faults that the generated tests find",
        "",
        f"Printed by `python -m benchmarks.mutation{options} --write docs/mutation.md`. A mutant is one",
        "small change of a generated module; it is killed if the module's own test file fails on it.",
        "Equivalents are listed in `benchmarks/mutation/equivalents.toml`.",
        "",
        f"{which} of {', '.join(sorted({each.module for each in outcomes}))}.",
        "",
        "| family | mutants | killed | raw | without equivalents |",
        "|---|---:|---:|---:|---:|",
        *(_rates(family, group) for family, group in sorted(by_family.items())),
        _rates("all", outcomes),
        "",
        "## Survivors",
        "",
        *(f"- {_words(each)}" for each in outcomes if not each.killed),
        "",
    ]
    return "\n".join(lines)


def _rates(family: str, group: list[Outcome]) -> str:
    killed = sum(each.killed for each in group)
    real = [each for each in group if not each.equivalent]
    rest = sum(each.killed for each in real) / max(1, len(real))
    return f"| {family} | {len(group)} | {killed} | {killed / len(group):.1%} | {rest:.1%} |"


def _words(outcome: Outcome) -> str:
    line = " ".join(outcome.change.split()).replace("`", "'")
    change = line if len(line) < 160 else line[:157] + "..."
    note = f" Equivalent: {outcome.equivalent}." if outcome.equivalent else ""
    return f"`{outcome.module}:{outcome.line}` {outcome.where} ({outcome.kind}): `{change}`{note}"


if __name__ == "__main__":
    sys.exit(main())
