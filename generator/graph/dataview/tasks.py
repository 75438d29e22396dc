"""Task records -> a tree of tasks: each stands once, below its parent where that is shown too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from generator.graph.dataview.results import TaskGroup, TaskItem, TaskResult
from generator.graph.dataview.values import Record, Value, ValueLink, value_text


def task_result(records: tuple[Record, ...], groups: tuple[str, ...] = ()) -> TaskResult:
    """Make a task query's result; ``groups`` names the groupings around the tasks."""
    return TaskResult(_entries(records, groups))


def grouping_result(values: tuple[Value, ...], *, by_file: bool) -> TaskResult:
    """Make the result of a script's task list: items, or ``{key, rows}`` groups of them."""
    if values and all(_is_group(value) for value in values):
        return TaskResult(tuple(_group(cast(Record, value)) for value in values))
    records = tuple(value for value in values if isinstance(value, Mapping))
    if not by_file:
        return TaskResult(_nested(records))
    files: dict[str, list[Record]] = {}
    for record in records:
        files.setdefault(value_text(record.get("path") or ""), []).append(record)
    return TaskResult(
        tuple(
            TaskGroup(ValueLink(path), _nested(tuple(members)), len(members))
            for path, members in sorted(files.items())
        )
    )


def _is_group(value: Value) -> bool:
    return isinstance(value, Mapping) and value.keys() == {"key", "rows"}


def _group(record: Record) -> TaskGroup:
    rows = record["rows"]
    members = rows if isinstance(rows, tuple) else ()
    inner = grouping_result(members, by_file=False)
    return TaskGroup(record["key"], inner.entries, _count(inner.entries, len(members)))


def _count(entries: tuple[TaskGroup, ...] | tuple[TaskItem, ...], members: int) -> int:
    groups = [each for each in entries if isinstance(each, TaskGroup)]
    return sum(each.count for each in groups) if groups else members


def _entries(
    records: tuple[Record, ...], groups: tuple[str, ...]
) -> tuple[TaskGroup, ...] | tuple[TaskItem, ...]:
    if not groups:
        return _nested(records)
    made: list[TaskGroup] = []
    for record in records:
        rows = record.get("rows")
        members = (
            tuple(each for each in rows if isinstance(each, Mapping))
            if isinstance(rows, tuple)
            else ()
        )
        entries = _entries(members, groups[:-1])
        made.append(TaskGroup(record.get(groups[-1]), entries, _count(entries, len(members))))
    return tuple(made)


def _nested(records: tuple[Record, ...]) -> tuple[TaskItem, ...]:
    """Leave out items that are shown below another one of the list."""
    shown = {_place(record) for record in records}
    waiting = list(records)
    while waiting:
        for child in _children(waiting.pop()):
            place = _place(child)
            if place not in shown:
                shown.add(place)
                waiting.append(child)
    return tuple(_item(record) for record in records if not _parent_in(record, shown))


def _parent_in(record: Record, shown: set[tuple[str, str]]) -> bool:
    parent = record.get("parent")
    return parent is not None and (_path(record), value_text(parent)) in shown


def _place(record: Record) -> tuple[str, str]:
    return (_path(record), value_text(record.get("line")))


def _path(record: Record) -> str:
    return value_text(record.get("path"))


def _children(record: Record) -> tuple[Record, ...]:
    children = record.get("children")
    if not isinstance(children, tuple):
        return ()
    return tuple(each for each in children if isinstance(each, Mapping))


def _item(record: Record) -> TaskItem:
    text = record.get("visual")
    if not isinstance(text, str):
        text = record.get("text")
    status = record.get("status")
    line = record.get("line")
    link = record.get("link")
    path = _path(record)
    return TaskItem(
        text=text if isinstance(text, str) else value_text(text),
        status=status if isinstance(status, str) and record.get("task") else None,
        path=path,
        line=int(line) + 1 if isinstance(line, float) else 1,
        link=link if isinstance(link, ValueLink) else ValueLink(path),
        children=tuple(_item(child) for child in _children(record)),
    )
