"""A base's YAML -> :class:`Base`. What cannot be used is left out and said."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import yaml

from generator.graph.bases.grammar import BaseSyntaxError, parse
from generator.graph.bases.model import Base, Combined, Condition, Filter, Order, View
from generator.graph.bases.syntax import Expression

# Filters a base may unfold to: aliases of aliases in YAML grow without bound.
_MOST_FILTERS = 500
_MOST_VIEWS = 50


class BaseReadError(Exception):
    """The text is not a base at all; ``line`` counts from 1."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.line = line


def read_base(text: str) -> tuple[Base, tuple[str, ...]]:
    """Read a base and give it with the problems of its parts. Raises :class:`BaseReadError`."""
    try:
        # Every scalar stays text: a base's values are expressions and names.
        data = yaml.load(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BaseReadError(f"not valid YAML: {error.problem}", line) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise BaseReadError(f"not valid YAML: {error}") from None
    if data in (None, ""):
        data = {}
    if not isinstance(data, dict):
        raise BaseReadError("a base is a table of filters, formulas and views")
    reader = _Reader()
    return reader.base(data), tuple(reader.problems)


class _Reader:
    def __init__(self) -> None:
        self.problems: list[str] = []
        self._filters = 0

    def base(self, data: Mapping[str, Any]) -> Base:
        views = data.get("views")
        read = [
            self._view(each) for each in (views if isinstance(views, list) else [])[:_MOST_VIEWS]
        ]
        properties = data.get("properties")
        return Base(
            filter=self._filter(data.get("filters")),
            formulas=self._expressions(data.get("formulas"), "formula"),
            names=MappingProxyType(
                {
                    str(name): str(each["displayName"])
                    for name, each in (properties.items() if isinstance(properties, dict) else ())
                    if isinstance(each, dict) and isinstance(each.get("displayName"), str)
                }
            ),
            summaries=self._expressions(data.get("summaries"), "summary"),
            views=tuple(read) or (View("table", "Table", columns=("file.name",)),),
        )

    def _expressions(self, data: Any, kind: str) -> Mapping[str, Expression]:
        found: dict[str, Expression] = {}
        for name, text in data.items() if isinstance(data, dict) else ():
            expression = self._expression(str(text), f"{kind} `{name}`")
            if expression is not None:
                found[str(name)] = expression
        return MappingProxyType(found)

    def _expression(self, text: str, where: str) -> Expression | None:
        try:
            return parse(text)
        except (BaseSyntaxError, RecursionError) as error:
            self.problems.append(f"The {where} does not parse: {error} in `{_short(text)}`.")
            return None

    def _filter(self, data: Any, depth: int = 0) -> Filter | None:
        if data in (None, ""):
            return None
        self._filters += 1
        if depth > 20 or self._filters > _MOST_FILTERS:
            self.problems.append("The filters are nested too deeply or too many.")
            return Combined("or", ())
        if isinstance(data, str):
            expression = self._expression(data, "filter")
            # A filter that cannot be read lets nothing through: showing all would be wrong.
            return Combined("or", ()) if expression is None else Condition(data, expression)
        if isinstance(data, dict):
            parts = [self._combined(how, each, depth) for how, each in data.items()]
            return parts[0] if len(parts) == 1 else Combined("and", tuple(parts))
        if isinstance(data, list):
            return self._combined("and", data, depth)
        return None

    def _combined(self, how: str, data: Any, depth: int) -> Filter:
        if how not in ("and", "or", "not"):
            self.problems.append(f"A filter has `{_short(str(how))}` where and, or, not may stand.")
            return Combined("or", ())
        inner = data if isinstance(data, list) else [data]
        filters = [self._filter(each, depth + 1) for each in inner]
        return Combined(how, tuple(each for each in filters if each is not None))

    def _view(self, data: Any) -> View:
        fields: Mapping[str, Any] = data if isinstance(data, dict) else {}
        kind = str(fields.get("type", "table"))
        summaries = fields.get("summaries")
        order = fields.get("order")
        sort = fields.get("sort")
        group = fields.get("groupBy")
        return View(
            kind=kind,
            name=str(fields.get("name", "")) or kind.title(),
            filter=self._filter(fields.get("filters")),
            columns=tuple(map(str, order)) if isinstance(order, list) else ("file.name",),
            sort=tuple(map(_order, sort)) if isinstance(sort, list) else (),
            group=None if group in (None, "") else _order(group),
            limit=_whole(fields.get("limit")),
            image=str(fields.get("image", "")),
            summaries=(
                {str(name): str(each) for name, each in summaries.items()}
                if isinstance(summaries, dict)
                else {}
            ),
        )


def _order(data: Any) -> Order:
    if not isinstance(data, dict):
        return Order(str(data))
    name = data.get("property", data.get("column", ""))
    return Order(str(name), str(data.get("direction", "ASC")).upper().startswith("DESC"))


def _whole(data: Any) -> int | None:
    return int(data) if isinstance(data, str) and data.isascii() and data.isdigit() else None


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
