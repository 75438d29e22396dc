"""Dataview's query language over a graph: tables, lists, tasks, calendars and inline values.

:func:`run_query` and :func:`evaluate_inline` are all that other stages need; results are frozen
values (:mod:`.results`), and :mod:`.render` turns them into pieces of HTML.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from generator.graph.dataview.dates import Date
from generator.graph.dataview.errors import EvaluationError, OutOfBudgetError
from generator.graph.dataview.execute import execute, page_context
from generator.graph.dataview.grammar import DataviewSyntaxError, parse_expression, parse_query
from generator.graph.dataview.pages import PageIndex
from generator.graph.dataview.results import QueryError, QueryResult, ValueResult
from generator.graph.model import Graph

__all__ = ["PageIndex", "evaluate_inline", "page_index", "run_query"]

T = TypeVar("T")


def run_query(
    graph: Graph,
    source_path: str,
    text: str,
    *,
    now: datetime,
    visible: frozenset[str] | None = None,
) -> QueryResult | QueryError:
    """Run the query of a ``dataview`` block that stands in note ``source_path``.

    ``now`` is what ``date(now)`` means; only notes in ``visible`` (default: the published ones)
    exist for the query. Never raises.
    """
    index = page_index(graph, visible)
    return _answered(
        lambda: execute(parse_query(text), index, source_path, now=_date(now)), index, "Dataview: "
    )


def evaluate_inline(
    graph: Graph,
    path: str,
    text: str,
    *,
    now: datetime,
    visible: frozenset[str] | None = None,
) -> ValueResult | QueryError:
    """Evaluate an inline query (the text after ``=``) of note ``path``. Never raises."""
    index = page_index(graph, visible)
    text = text.strip()

    def evaluate() -> ValueResult:
        context = page_context(index, path, _date(now))
        return ValueResult(context.evaluate(parse_expression(text), {}))

    return _answered(evaluate, index, f"Dataview (for inline query '{text}'): ")


def _answered(answer: Callable[[], T], index: PageIndex, label: str) -> T | QueryError:
    try:
        return answer()
    except OutOfBudgetError as error:
        index.exhausted += 1
        return QueryError(str(error), label=label)
    except DataviewSyntaxError as error:
        return QueryError(error.message, offset=error.offset, kind="syntax", label=label)
    except EvaluationError as error:
        return QueryError(str(error), label=label)
    except RecursionError:
        return QueryError("The query's values are nested too deeply.", label=label)


def page_index(graph: Graph, visible: frozenset[str] | None = None) -> PageIndex:
    """The pages of a graph; the last one asked for is kept, since a build asks often."""
    global _last
    shown = graph.published if visible is None else visible
    if _last is None or _last.graph is not graph or _asked != shown:
        _remember(PageIndex.of(graph, shown), shown)
    assert _last is not None
    return _last


_last: PageIndex | None = None
_asked: frozenset[str] = frozenset()


def _remember(index: PageIndex, shown: frozenset[str]) -> None:
    global _last, _asked
    _last, _asked = index, shown


def _date(now: datetime) -> Date:
    """The moment as local (UTC) time, to the millisecond."""
    return Date(now.replace(tzinfo=None, microsecond=now.microsecond // 1000 * 1000))
