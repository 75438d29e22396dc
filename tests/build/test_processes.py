"""Several processes give what one gives, also where the system cannot fork."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence

import pytest

from generator.build.processes import spread

ITEMS = list(range(10))


def squares(numbers: Sequence[int]) -> list[int]:
    return [each * each for each in numbers]


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_results_come_in_the_items_order(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if method not in multiprocessing.get_all_start_methods():
        pytest.skip(f"this system cannot {method}")
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: [method])
    found = spread(squares, ITEMS, jobs=2, least=2, batch=3, sent=True)
    assert found == squares(ITEMS)


def test_what_cannot_be_sent_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocessing, "get_all_start_methods", lambda: ["spawn"])
    seen: list[Sequence[int]] = []

    def work(numbers: Sequence[int]) -> list[int]:
        seen.append(numbers)
        return squares(numbers)

    assert spread(work, ITEMS, jobs=2, least=2, batch=3) == squares(ITEMS)
    assert seen == [ITEMS]


def test_few_items_are_done_here() -> None:
    unpicklable = lambda numbers: squares(numbers)  # noqa: E731
    assert spread(unpicklable, ITEMS, jobs=2, least=11, batch=3, sent=True) == squares(ITEMS)
