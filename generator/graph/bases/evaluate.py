"""A base's expressions -> values, for one file at a time.

Values are Dataview's (:mod:`generator.graph.dataview.values`); a file is a link to it. Budget and
bounds are those of queries, too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from generator.graph.bases.files import file_field, note_properties
from generator.graph.bases.syntax import (
    Binary,
    Call,
    Expression,
    ListOf,
    Literal,
    Member,
    Name,
    ObjectOf,
    Pattern,
    Unary,
)
from generator.graph.dataview.date_text import read_date
from generator.graph.dataview.dates import Date, DateRangeError, Duration, plus
from generator.graph.dataview.errors import EvaluationError
from generator.graph.dataview.evaluate import Context
from generator.graph.dataview.pages import PageIndex
from generator.graph.dataview.values import (
    Function,
    Record,
    Value,
    ValueLink,
    compare,
    is_truthy,
    type_of,
)

_DURATION_PART = re.compile(
    r"\s*([+-]?\d+(?:\.\d+)?)\s*(years?|y|months?|M|weeks?|w|days?|d|hours?|h|minutes?|m|seconds?|s)\s*",
    re.ASCII,
)
_UNITS = {
    "y": "years",
    "M": "months",
    "w": "weeks",
    "d": "days",
    "h": "hours",
    "m": "minutes",
    "s": "seconds",
}
_DATE_FIELDS: Mapping[str, Callable[[Date], int]] = {
    "year": lambda date: date.moment.year,
    "month": lambda date: date.moment.month,
    "day": lambda date: date.moment.day,
    "hour": lambda date: date.moment.hour,
    "minute": lambda date: date.moment.minute,
    "second": lambda date: date.moment.second,
    "millisecond": lambda date: date.moment.microsecond // 1000,
}


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression as a value of a base."""

    source: str
    flags: str


@dataclass(slots=True)
class Scope:
    """What expressions can see while one file is looked at.

    ``here`` is the file the base stands in (``this``). ``formulas`` may use each other, but not
    themselves. ``variables`` are those of list functions: ``value``, ``index``, ``acc``.
    """

    index: PageIndex
    context: Context
    path: str
    here: str
    formulas: Mapping[str, Expression]
    variables: Record = field(default_factory=dict)
    open_formulas: tuple[str, ...] = ()
    made: dict[tuple[str, str], Value] = field(default_factory=dict)  # formulas of files

    def with_variables(self, **variables: Value) -> Scope:
        """The same scope with further variables."""
        return Scope(
            self.index, self.context, self.path, self.here, self.formulas,
            {**self.variables, **variables}, self.open_formulas, self.made,
        )  # fmt: skip

    # ------------------------------------------------------------------ evaluation

    def evaluate(self, expression: Expression) -> Value:
        """Evaluate; raises :class:`EvaluationError`."""
        self.context.spend(1)
        match expression:
            case Literal():
                return expression.value
            case Pattern():
                return _regex_value(Regex(expression.source, expression.flags))
            case Name():
                return self._name(expression.name)
            case Unary():
                return self._unary(expression)
            case Binary():
                return self._binary(expression)
            case Member():
                return self._member(expression)
            case Call():
                from generator.graph.bases.functions import call

                return call(self, expression)
            case ListOf():
                return tuple([self.evaluate(item) for item in expression.items])
            case ObjectOf():
                return {name: self.evaluate(item) for name, item in expression.entries}
        assert_never(expression)

    def property(self, name: str) -> Value:
        """The value of a property by the name that columns use: ``file.x``, ``formula.x``, ``x``."""
        kind, dot, rest = name.partition(".")
        if dot and kind == "file":
            return file_field(self.index, self.path, rest)
        if dot and kind == "formula":
            return self._formula(rest)
        if dot and kind == "note":
            return _of_any_case(note_properties(self.index, self.path), rest)
        return _of_any_case(note_properties(self.index, self.path), name)

    def _name(self, name: str) -> Value:
        if name in self.variables:
            return self.variables[name]
        if name in ("file", "note"):
            return (
                ValueLink(self.path) if name == "file" else note_properties(self.index, self.path)
            )
        if name == "this":
            return ValueLink(self.here)
        if name == "formula":
            return {each: self._formula(each) for each in self.formulas}
        return _of_any_case(note_properties(self.index, self.path), name)

    def _formula(self, name: str) -> Value:
        if name in self.open_formulas:
            raise EvaluationError(f"the formula `{name}` uses itself")
        if name not in self.formulas:
            return None
        if (self.path, name) not in self.made:
            inner = Scope(
                self.index, self.context, self.path, self.here, self.formulas, {},
                (*self.open_formulas, name), self.made,
            )  # fmt: skip
            self.made[self.path, name] = inner.evaluate(self.formulas[name])
        return self.made[self.path, name]

    def _member(self, expression: Member) -> Value:
        key = self.evaluate(expression.key)
        if isinstance(expression.object, Name) and isinstance(key, str):
            # Not the whole object: one formula may fail without harm to others.
            if expression.object.name == "formula":
                return self._formula(key)
            if expression.object.name == "this" and key != "file":
                return _of_any_case(note_properties(self.index, self.here), key)
        return self.member(self.evaluate(expression.object), key)

    def member(self, value: Value, key: Value) -> Value:
        """``value[key]``; what has no such part gives null."""
        match value, key:
            case None, _:
                return None
            case ValueLink(), str():
                path = self.index.find(value.path, self.path)
                if key == "file" and path is not None:
                    return ValueLink(path)
                if path is None:
                    return None
                found = file_field(self.index, path, key)
                return (
                    _of_any_case(note_properties(self.index, path), key) if found is None else found
                )
            case Mapping(), str():
                return _of_any_case(value, key)
            case Date(), str():
                part = _DATE_FIELDS.get(key)
                return None if part is None else float(part(value))
            case ((tuple() | str()), "length"):
                return float(len(value))
            case ((tuple() | str()), float()):
                return value[int(key)] if key in range(len(value)) else None
            case Duration(), str():
                unit = key if key.endswith("s") else key + "s"
                return (
                    value.total(unit) if unit in _UNITS.values() or unit == "milliseconds" else None
                )
        return None

    # ------------------------------------------------------------------ operators

    def _unary(self, expression: Unary) -> Value:
        value = self.evaluate(expression.operand)
        if expression.operator == "!":
            return not is_truthy(value)
        if isinstance(value, float):
            return -value
        if isinstance(value, Duration):
            return value.times(-1)
        raise EvaluationError(f"cannot negate a {type_of(value)}")

    def _binary(self, expression: Binary) -> Value:
        spine: list[Binary] = []
        node: Expression = expression
        while isinstance(node, Binary):
            spine.append(node)
            node = node.left
        result = self.evaluate(node)
        for each in reversed(spine):
            # The second operand is not looked at where the first decides.
            if each.operator == "&&":
                result = self.evaluate(each.right) if is_truthy(result) else result
            elif each.operator == "||":
                result = result if is_truthy(result) else self.evaluate(each.right)
            else:
                result = self.operate(each.operator, result, self.evaluate(each.right))
        return result

    def operate(self, operator: str, left: Value, right: Value) -> Value:
        """Apply an arithmetic or comparison operator."""
        self.context.spend(1)
        if operator in ("==", "!="):
            return self.equal(left, right) == (operator == "==")
        if operator in ("<", ">", "<=", ">="):
            return _ordered(operator, left, right)
        try:
            return self._arithmetic(operator, left, right)
        except DateRangeError:
            return None

    def equal(self, left: Value, right: Value) -> bool:
        """Equality: links by the file they mean, dates and texts of dates by the date."""
        if isinstance(left, ValueLink) and isinstance(right, ValueLink):
            return self._target(left) == self._target(right)
        left, right = _as_dates(left, right)
        return compare(left, right, self.context.normalize) == 0

    def _target(self, link: ValueLink) -> str:
        return self.index.find(link.path, self.path) or link.path

    def _arithmetic(self, operator: str, left: Value, right: Value) -> Value:
        match left, right:
            case Date(), Date() if operator == "-":
                return float(left.milliseconds() - right.milliseconds())
            case Date(), (str() | Duration()) if operator in "+-":
                duration = read_base_duration(right) if isinstance(right, str) else right
                if duration is not None:
                    return plus(left, duration if operator == "+" else duration.times(-1))
            case Duration(), Duration() if operator in "+-":
                return left.plus(right) if operator == "+" else left.minus(right)
            case Duration(), float() if operator in "*/":
                return left.times(right if operator == "*" else (1 / right if right else math.inf))
        if operator == "+" and (isinstance(left, str) or isinstance(right, str)):
            return self.context.text_of(self.text(left) + self.text(right))
        if isinstance(left, tuple) and isinstance(right, tuple) and operator == "+":
            self.context.spend(len(left) + len(right))
            return left + right
        if left is None or right is None:
            return None
        numbers = (_as_number(left), _as_number(right))
        if numbers[0] is None or numbers[1] is None:
            raise EvaluationError(
                f"cannot apply {operator} to a {type_of(left)} and a {type_of(right)}"
            )
        return self.context.operate(operator, numbers[0], numbers[1])

    def text(self, value: Value) -> str:
        """A value as text: null is empty here, and a link its display."""
        if value is None:
            return ""
        if isinstance(value, ValueLink):
            return value.display or value.path.rpartition("/")[2].removesuffix(".md")
        if isinstance(value, Date):
            return value.moment.strftime("%Y-%m-%d %H:%M:%S" if value.has_time() else "%Y-%m-%d")
        if isinstance(value, tuple):
            return self.context.text_of(", ".join(self.text(each) for each in value))
        return self.context.text(value)


def read_base_duration(text: str) -> Duration | None:
    """Read ``1M``, ``2 hours`` or several such in a row; ``M`` is months, ``m`` minutes."""
    total, at = Duration(), 0
    while at < len(text):
        match = _DURATION_PART.match(text, at)
        if match is None:
            return None
        unit = match[2]
        name = _UNITS.get(unit) or (unit if unit.endswith("s") else unit + "s")
        total = total.plus(Duration.of(**{name: float(match[1])}))
        at = match.end()
    return total if at else None


def read_base_date(text: str) -> Date | None:
    """Read ``YYYY-MM-DD HH:mm:ss`` or as much of it as there is."""
    found = read_date(text.strip().replace(" ", "T", 1))
    return found[0] if found is not None and found[1] == len(text.strip()) else None


def regex_of(value: Value) -> Regex | None:
    """The regular expression that a value is, if it is one."""
    if isinstance(value, Function) and isinstance(value.call, _RegexCall):
        return value.call.regex
    return None


@dataclass(frozen=True, slots=True)
class _RegexCall:
    """Carries an expression through values, none of whose types it is."""

    regex: Regex

    def __call__(self, *_arguments: Value) -> Value:
        return None


def _regex_value(regex: Regex) -> Value:
    return Function(_RegexCall(regex))


def _of_any_case(record: Record, name: str) -> Value:
    """A property by its name; letter case counts only where two differ in nothing else."""
    if name in record:
        return record[name]
    wanted = name.casefold()
    return next((value for key, value in record.items() if key.casefold() == wanted), None)


def _as_dates(left: Value, right: Value) -> tuple[Value, Value]:
    if isinstance(left, Date) and isinstance(right, str):
        return left, read_base_date(right) or right
    if isinstance(right, Date) and isinstance(left, str):
        return read_base_date(left) or left, right
    return left, right


def _ordered(operator: str, left: Value, right: Value) -> bool:
    left, right = _as_dates(left, right)
    if left is None or right is None or type_of(left) != type_of(right):
        numbers = (_as_number(left), _as_number(right))
        if numbers[0] is None or numbers[1] is None:
            return False
        left, right = numbers
    order = compare(left, right)
    return {"<": order < 0, ">": order > 0, "<=": order <= 0, ">=": order >= 0}[operator]


def _as_number(value: Value) -> float | None:
    match value:
        case bool():
            return float(value)
        case float():
            return value
        case Date():
            return float(value.milliseconds())
        case Duration():
            return value.milliseconds()
    return None
