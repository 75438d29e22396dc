"""Queries -> results: the pages of the source go through the operations in their order.

A row on which an expression fails is left out; if it fails on every row, the query fails with the
first messages (rule 13.6).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from generator.graph.dataview.dates import Date
from generator.graph.dataview.errors import EvaluationError, OutOfBudgetError
from generator.graph.dataview.evaluate import STEPS, Context
from generator.graph.dataview.pages import PageIndex
from generator.graph.dataview.results import CalendarResult, ListResult, QueryResult, TableResult
from generator.graph.dataview.sources import matching_paths
from generator.graph.dataview.syntax import (
    BinarySource,
    CsvSource,
    Expression,
    Flatten,
    FolderSource,
    GroupBy,
    LateFrom,
    Limit,
    LinkSource,
    Named,
    NegatedSource,
    Operation,
    Query,
    Sort,
    Source,
    TagSource,
    Where,
)
from generator.graph.dataview.tables import csv_rows
from generator.graph.dataview.tasks import task_result
from generator.graph.dataview.values import (
    ListPair,
    Record,
    Value,
    ValueLink,
    compare,
    is_truthy,
    sort_key,
    type_of,
    value_text,
)

if TYPE_CHECKING:
    from _typeshed import SupportsAllComparisons


# After so many queries of a vault that used up their steps, each gets a twentieth of them.
MOST_EXHAUSTED = 5

_EXTRACTION = "final data extraction"
# What Dataview calls a source that stands where an operation should.
_SOURCE_KINDS = {
    TagSource: "tag",
    FolderSource: "folder",
    LinkSource: "link",
    CsvSource: "csv",
    NegatedSource: "negate",
    BinarySource: "binaryop",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what it stands for, and its fields."""

    id: Value
    fields: Record


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows after an operation; ``groups`` are the names of the groupings around them."""

    rows: tuple[Row, ...]
    groups: tuple[str, ...] = ()


def page_context(index: PageIndex, origin: str, now: Date) -> Context:
    """The context of expressions in note ``origin``."""

    def resolve(path: str) -> Record | None:
        found = index.find(path, origin)
        return None if found is None else index.page(found)

    def normalize(path: str) -> str:
        return index.find(path, origin) or path

    this = index.page(origin)
    steps = STEPS if index.exhausted < MOST_EXHAUSTED else STEPS // 20
    return Context({"this": {} if this is None else this}, now, resolve, normalize, steps)


def execute(query: Query, index: PageIndex, origin: str, *, now: Date) -> QueryResult:
    """Run a query that stands in note ``origin``. Raises :class:`EvaluationError`."""
    context = page_context(index, origin, now)
    if query.kind == "task":
        rows = run_operations(
            Rows(tuple(_task_rows(query.source, index, origin))), query.operations, context
        )
        return task_result(tuple(row.fields for row in rows.rows), rows.groups)
    rows = run_operations(
        Rows(tuple(_page_rows(query.source, index, origin))), query.operations, context
    )
    match query.kind:
        case "table":
            return _table(query, rows, context)
        case "list":
            return _list(query, rows, context)
    return _calendar(query, rows, context)


def query_data(
    query: Query, index: PageIndex, origin: str, *, now: Date, with_id: bool | None = None
) -> Value:
    """Run a query for a script: the result as an object (rules 15.2). ``with_id`` overrides the
    query's own choice. Raises :class:`EvaluationError`."""
    if with_id is not None:
        query = replace(query, with_id=with_id)
    if query.kind == "task":
        context = page_context(index, origin, now)
        rows = Rows(tuple(_task_rows(query.source, index, origin)))
        rows = run_operations(rows, query.operations, context)
        records = tuple(row.fields for row in rows.rows)
        return {"type": "task", "values": _grouped(records, rows.groups)}
    if query.kind == "calendar":
        context = page_context(index, origin, now)
        rows = Rows(tuple(_page_rows(query.source, index, origin)))
        found = _extract(query.columns, run_operations(rows, query.operations, context), context)
        days = tuple({"date": value, "link": _link_of(row)} for row, (value,) in found)
        return {"type": "calendar", "values": days}
    result = execute(query, index, origin, now=now)
    match result:
        case TableResult():
            return {"type": "table", "headers": result.headers, "values": result.rows}
        case ListResult():
            return {"type": "list", "values": result.items}
    raise EvaluationError(f"Unrecognized query type '{query.kind}'")


def _grouped(records: tuple[Record, ...], groups: tuple[str, ...]) -> tuple[Value, ...]:
    """Task rows as scripts get them: records, or groups of a key and its rows."""
    if not groups:
        return records
    made: list[Value] = []
    for record in records:
        rows = record.get("rows")
        members = rows if isinstance(rows, tuple) else ()
        inner = tuple(each for each in members if isinstance(each, Mapping))
        made.append({"key": record.get(groups[-1]), "rows": _grouped(inner, groups[:-1])})
    return tuple(made)


def run_operations(rows: Rows, operations: tuple[Operation, ...], context: Context) -> Rows:
    """Apply operations in order. Raises :class:`EvaluationError`."""
    for operation in operations:
        match operation:
            case Where():
                rows = _where(operation, rows, context)
            case Sort():
                rows = _sort(operation, rows, context)
            case Limit():
                rows = _limit(operation, rows, context)
            case GroupBy():
                rows = _group(operation, rows, context)
            case Flatten():
                rows = _flatten(operation, rows, context)
            case LateFrom():
                kind = _SOURCE_KINDS[type(operation.source)]
                raise EvaluationError(f"Unrecognized query operation '{kind}'")
            case _:
                assert_never(operation)
    return rows


# ---------------------------------------------------------------------- sources


def _page_rows(source: Source, index: PageIndex, origin: str) -> list[Row]:
    rows: list[Row] = []
    for path in matching_paths(source, index, origin):
        if path.lower().endswith(".csv"):
            text = index.text(path)
            if text is None:
                raise EvaluationError(f"Could not find the table '{path}'")
            rows += [Row(f"{path}#{place}", row) for place, row in enumerate(csv_rows(text))]
        elif (page := index.page(path)) is not None:
            rows.append(Row(ValueLink(path), page))
    return rows


def _task_rows(source: Source, index: PageIndex, origin: str) -> list[Row]:
    """A row for each task, with the fields of its page below its own."""
    rows: list[Row] = []
    for path in matching_paths(source, index, origin):
        page = index.page(path)
        file = page.get("file") if page is not None else None
        if page is None or not isinstance(file, Mapping):
            continue
        tasks = file["tasks"]
        assert isinstance(tasks, tuple)
        for task in tasks:
            assert isinstance(task, Mapping)
            rows.append(Row(f"{path}#{value_text(task['line'])}", {**page, **task}))
    return rows


# ---------------------------------------------------------------------- operations


def _each(
    name: str, rows: tuple[Row, ...], expression: Expression, context: Context
) -> list[tuple[Row, Value]]:
    """Evaluate on every row, leaving out those on which it fails."""
    return [(row, values[0]) for row, values in _every(name, rows, (expression,), context)]


def _every(
    name: str, rows: tuple[Row, ...], expressions: tuple[Expression, ...], context: Context
) -> list[tuple[Row, tuple[Value, ...]]]:
    found: list[tuple[Row, tuple[Value, ...]]] = []
    errors: list[str] = []
    for row in rows:
        try:
            values = tuple([context.evaluate(each, row.fields) for each in expressions])
        except OutOfBudgetError:
            raise
        except EvaluationError as error:
            errors.append(str(error))
            continue
        found.append((row, values))
    if errors and len(errors) >= len(rows):
        # Dataview's own count of the last step takes the larger number.
        told = (max if name == _EXTRACTION else min)(3, len(errors))
        first = "\n".join(f"- {message}" for message in errors[:3])
        raise EvaluationError(
            f"Every row during {name} failed with an error; first {told}:\n\n{first}"
        )
    return found


def _where(operation: Where, rows: Rows, context: Context) -> Rows:
    found = _each("operation 'where'", rows.rows, operation.condition, context)
    return Rows(tuple(row for row, value in found if is_truthy(value)), rows.groups)


def _sort(operation: Sort, rows: Rows, context: Context) -> Rows:
    keys = tuple(expression for expression, _ in operation.keys)
    found = _every("operation 'sort'", rows.rows, keys, context)
    order = sort_key(context.normalize)
    # Stable sorts from the last key to the first are one sort by all of them.
    for place, (_, descending) in reversed(list(enumerate(operation.keys))):
        context.spend(4 * len(found) * len(found).bit_length())
        found.sort(key=_by(place, order), reverse=descending)
    return Rows(tuple(row for row, _ in found), rows.groups)


def _by(
    place: int, order: Callable[[Value], SupportsAllComparisons]
) -> Callable[[tuple[Row, tuple[Value, ...]]], SupportsAllComparisons]:
    return lambda entry: order(entry[1][place])


def _limit(operation: Limit, rows: Rows, context: Context) -> Rows:
    try:
        amount = context.evaluate(operation.amount, {})
    except OutOfBudgetError:
        raise
    except EvaluationError as error:
        raise EvaluationError(f"Failed to execute 'limit' statement: {error}") from None
    if isinstance(amount, bool) or not isinstance(amount, float | int):
        raise EvaluationError(
            "Failed to execute 'limit' statement: limit should be a number, but got "
            f"'{type_of(amount)}' ({'null' if amount is None else value_text(amount)})"
        )
    end = len(rows.rows) if amount >= len(rows.rows) or amount != amount else int(amount)
    return Rows(rows.rows[:end], rows.groups)


def _group(operation: GroupBy, rows: Rows, context: Context) -> Rows:
    """Rows of equal key become one row, in the order of keys; null is a key too."""
    order = sort_key(context.normalize)
    found = _each("operation 'group'", rows.rows, operation.field.expression, context)
    context.spend(4 * len(found) * len(found).bit_length())
    found.sort(key=lambda entry: order(entry[1]))
    groups: list[tuple[Value, list[Record]]] = []
    for row, key in found:
        if groups and compare(groups[-1][0], key, context.normalize) == 0:
            groups[-1][1].append(row.fields)
        else:
            groups.append((key, [row.fields]))
    name = operation.field.name
    return Rows(
        tuple(Row(key, {"key": key, "rows": tuple(members), name: key}) for key, members in groups),
        (*rows.groups, name),
    )


def _flatten(operation: Flatten, rows: Rows, context: Context) -> Rows:
    """One row for each element of a list; another value keeps its row, an empty list none."""
    name = operation.field.name
    flat: list[Row] = []
    for row, value in _each("operation 'flatten'", rows.rows, operation.field.expression, context):
        values = value if isinstance(value, tuple) else (value,)
        context.spend(8 * len(values))
        flat += [Row(row.id, {**row.fields, name: each}) for each in values]
    groups = rows.groups[:-1] if rows.groups[-1:] == (name,) else rows.groups
    return Rows(tuple(flat), groups)


# ---------------------------------------------------------------------- results


def _extract(
    columns: tuple[Named, ...], rows: Rows, context: Context
) -> list[tuple[Row, tuple[Value, ...]]]:
    # Columns of the same name share the last one's value, as an object's keys do.
    last = {column.name: column.expression for column in columns}
    expressions = tuple(last[column.name] for column in columns)
    return _every(_EXTRACTION, rows.rows, expressions, context)


def _table(query: Query, rows: Rows, context: Context) -> TableResult:
    found = _extract(query.columns, rows, context)
    names = tuple(column.name for column in query.columns)
    if not query.with_id:
        return TableResult(names, tuple(values for _, values in found))
    first = rows.groups[-1] if rows.groups else "File"
    return TableResult((first, *names), tuple((row.id, *values) for row, values in found))


def _list(query: Query, rows: Rows, context: Context) -> ListResult:
    found = _extract(query.columns, rows, context)
    if not query.columns:
        return ListResult(tuple(row.id for row, _ in found))
    if not query.with_id:
        return ListResult(tuple(values[0] for _, values in found))
    return ListResult(tuple(ListPair(row.id, values[0]) for row, values in found))


def _calendar(query: Query, rows: Rows, context: Context) -> CalendarResult:
    days: dict[str, tuple[Date, list[ValueLink]]] = {}
    for row, (value,) in _extract(query.columns, rows, context):
        link = _link_of(row)
        if isinstance(value, Date) and isinstance(link, ValueLink):
            day = value.without_time()
            days.setdefault(day.moment.isoformat(), (day, []))[1].append(link)
        elif value is not None and not isinstance(value, Date):
            raise EvaluationError(
                f"A calendar needs dates, but got a {type_of(value)} ({value_text(value)})"
            )
    return CalendarResult(tuple((day, tuple(links)) for _, (day, links) in sorted(days.items())))


def _link_of(row: Row) -> Value:
    file = row.fields.get("file")
    return file.get("link") if isinstance(file, Mapping) else None
