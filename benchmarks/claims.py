"""How many statements does the claims checker judge rightly, how many wrongly?

`python -m benchmarks.claims [--missed]`

Reads the corpora below `tests/claims/fixtures`, each file a row: true and false statements that get their
verdict (recall), verdicts that are the opposite of the truth or stand where none should, and changed
numbers that go unnoticed. `unseen/` are sets that were written without knowledge of the recognisers;
they are measured, not required. ``--missed`` lists what is missed or wrong.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from tests.claims.corpus import FIXTURES, Case, cases, check, outcome

SURE = ("true", "false")


def main() -> None:
    """Print one line a file and one for each folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--missed", action="store_true", help="list the statements behind it")
    arguments = parser.parse_args()
    print(f"{'corpus':<28}{'recall':>16}{'wrong':>8}{'unnoticed':>11}")
    for folder in (FIXTURES, FIXTURES / "precision", FIXTURES / "unseen"):
        every = cases(folder)
        for name in dict.fromkeys(each.source.split(":")[0] for each in every):
            own = [each for each in every if each.source.startswith(f"{name}:")]
            _line(name, own, missed=arguments.missed)
        _line(f"{folder.name}/", every, missed=False)


def _line(name: str, corpus: Iterable[Case], *, missed: bool) -> None:
    found = right = wrong = unnoticed = 0
    for case in corpus:
        verdict = outcome(check(case.heading, case.text))
        found += case.label in SURE
        right += case.label in SURE and verdict == case.label
        opposed = verdict in SURE and verdict != case.label
        wrong += opposed
        if missed and case.label in SURE and verdict != case.label:
            print(f"  {case.source} {case.label}, found {verdict}: {case.text}")
        if verdict == case.label == "true" and "⟦" in case.marked:
            unnoticed += sum(
                outcome(check(case.heading, text)) != "false" for text, _ in case.perturbed()
            )
    share = f"{right}/{found} = {100 * right / found:.1f} %" if found else "-"
    print(f"{Path(name).name:<28}{share:>16}{wrong:>8}{unnoticed:>11}", flush=True)


if __name__ == "__main__":
    main()
