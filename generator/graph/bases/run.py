"""A base over a graph -> its views with their rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from generator.graph.bases.evaluate import Scope
from generator.graph.bases.files import FILE_HEADERS, base_files
from generator.graph.bases.functions import SUMMARIES
from generator.graph.bases.model import (
    Base,
    BaseResult,
    Cell,
    CellError,
    Combined,
    Condition,
    Filter,
    Group,
    Row,
    View,
    ViewResult,
)
from generator.graph.bases.read import BaseReadError, read_base
from generator.graph.dataview import page_index
from generator.graph.dataview.dates import Date
from generator.graph.dataview.errors import EvaluationError, OutOfBudgetError
from generator.graph.dataview.execute import page_context
from generator.graph.dataview.pages import PageIndex
from generator.graph.dataview.results import QueryError
from generator.graph.dataview.values import Value, ValueLink, compare, is_truthy, sort_key
from generator.graph.model import Graph

# A step of a base is as much work as so many of a query.
_WEIGHT = 3
# The properties whose cell is a link to the row's file.
_FILE_NAMES = frozenset({"file.name", "file.basename", "file.file"})


def run_base(
    graph: Graph,
    path: str,
    text: str,
    *,
    now: datetime,
    visible: frozenset[str] | None = None,
    view: str = "",
) -> BaseResult | QueryError:
    """Evaluate a base that stands in note (or is file) ``path``.

    ``view`` names the only view wanted (``![[Base.base#View]]``); unknown names give all. Only
    notes in ``visible`` (default: the published ones) and what they link to are rows. Never raises.
    """
    try:
        base, problems = read_base(text)
    except BaseReadError as error:
        offset = sum(len(line) + 1 for line in text.split("\n")[: error.line - 1])
        return QueryError(f"The base cannot be read: {error}.", offset=offset, kind="syntax")
    index = page_index(graph, visible)
    moment = Date(now.replace(tzinfo=None, microsecond=0))
    wanted = [each for each in base.views if each.name.casefold() == view.casefold()]
    try:
        runner = _Runner(index, base, path, moment)
        views = tuple(runner.view(each) for each in wanted or base.views)
    except (OutOfBudgetError, RecursionError) as error:
        index.exhausted += 1
        return QueryError(f"The base cannot be evaluated: {error or 'nested too deeply'}")
    return BaseResult(views, (*problems, *runner.problems()))


class _Runner:
    def __init__(self, index: PageIndex, base: Base, here: str, now: Date) -> None:
        self._index = index
        self._base = base
        self._here = here
        self._context = page_context(index, here, now)
        self._context.steps //= _WEIGHT
        self._made: dict[tuple[str, str], Value] = {}
        self._problems: dict[str, None] = {}
        self._files = [file for file in base_files(index) if self._passes(base.filter, file)]

    def problems(self) -> tuple[str, ...]:
        """What went wrong while filtering, each once."""
        return tuple(self._problems)

    def view(self, view: View) -> ViewResult:
        """Filter, sort, limit and group the rows of one view."""
        files = [file for file in self._files if self._passes(view.filter, file)]
        for order in reversed(view.sort):
            files.sort(key=self._key(order.property), reverse=order.descending)
        total = len(files)
        if view.limit is not None:
            files = files[: view.limit]
        groups = self._groups(view, files)
        return ViewResult(
            kind=view.kind,
            name=view.name,
            headers=tuple(self._header(column) for column in view.columns),
            groups=groups,
            grouped=view.group is not None,
            total=total,
        )

    def _scope(self, file: str) -> Scope:
        return Scope(
            self._index, self._context, file, self._here, self._base.formulas, made=self._made
        )

    def _passes(self, filter_: Filter | None, file: str) -> bool:
        match filter_:
            case None:
                return True
            case Condition():
                try:
                    return is_truthy(self._scope(file).evaluate(filter_.expression))
                except OutOfBudgetError:
                    raise
                except EvaluationError as error:
                    self._problems.setdefault(f"The filter `{filter_.text}` fails: {error}.")
                    return False
            case Combined(how="and"):
                return all(self._passes(each, file) for each in filter_.filters)
            case Combined(how="or"):
                return any(self._passes(each, file) for each in filter_.filters)
        return not any(self._passes(each, file) for each in filter_.filters)

    def _key(self, name: str):  # type: ignore[no-untyped-def]
        order = sort_key(self._context.normalize)
        return lambda file: order(self._value(file, name))

    def _value(self, file: str, name: str) -> Value:
        cell = self._cell(file, name)
        return None if isinstance(cell, CellError) else cell

    def _cell(self, file: str, name: str) -> Cell:
        self._context.spend(1)
        if name in _FILE_NAMES:
            return ValueLink(file)
        try:
            return self._scope(file).property(name)
        except OutOfBudgetError:
            raise
        except EvaluationError as error:
            return CellError(str(error))

    def _header(self, name: str) -> str:
        for known in (name, f"note.{name}", name.removeprefix("note.")):
            if known in self._base.names:
                return self._base.names[known]
        kind, _, rest = name.partition(".")
        if kind == "file":
            return FILE_HEADERS.get(rest, rest)
        return rest if kind in ("note", "formula") and rest else name

    # ------------------------------------------------------------------ groups

    def _groups(self, view: View, files: list[str]) -> tuple[Group, ...]:
        if view.group is None:
            return (self._group(view, None, files),)
        name = view.group.property
        keyed: list[tuple[Value, list[str]]] = []
        order = sort_key(self._context.normalize)
        # Groups are ordered by their key; files keep their order within.
        for file in sorted(files, key=lambda each: order(self._value(each, name))):
            key = self._value(file, name)
            if keyed and compare(keyed[-1][0], key, self._context.normalize) == 0:
                keyed[-1][1].append(file)
            else:
                keyed.append((key, [file]))
        if view.group.descending:
            keyed.reverse()
        return tuple(self._group(view, key, members) for key, members in keyed)

    def _group(self, view: View, key: Value, files: list[str]) -> Group:
        rows = tuple(
            Row(
                file,
                tuple(self._cell(file, column) for column in view.columns),
                self._value(file, view.image) if view.image else None,
            )
            for file in files
        )
        wanted = view.summaries or {}
        summaries = tuple(self._summary(wanted, column, files) for column in view.columns)
        return Group(key, rows, summaries if wanted else ())

    def _summary(self, wanted: Mapping[str, str], column: str, files: list[str]) -> Cell:
        name = wanted.get(column) or wanted.get(f"note.{column}") or ""
        if not name:
            return None
        values = tuple(self._value(file, column) for file in files)
        if name in self._base.summaries:
            scope = Scope(self._index, self._context, self._here, self._here, self._base.formulas)
            try:
                return scope.with_variables(values=values).evaluate(self._base.summaries[name])
            except OutOfBudgetError:
                raise
            except EvaluationError as error:
                return CellError(str(error))
        function = SUMMARIES.get(name)
        return CellError(f"there is no summary `{name}`") if function is None else function(values)
