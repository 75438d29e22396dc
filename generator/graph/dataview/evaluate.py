"""Expressions -> values: the evaluator, its operators and its limits.

An evaluation has a budget of steps and a bound on texts, so that no note can make a build hang or
swell; running out is an error like any other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from generator.graph.dataview.date_text import shorthand_date
from generator.graph.dataview.dates import (
    Date,
    DateRangeError,
    Duration,
    difference,
    normalized,
    plus,
)
from generator.graph.dataview.errors import EvaluationError, OutOfBudgetError
from generator.graph.dataview.functions import FUNCTIONS
from generator.graph.dataview.syntax import (
    Binary,
    Call,
    Expression,
    Index,
    Lambda,
    ListOf,
    Literal,
    Negated,
    ObjectOf,
    Shorthand,
    Variable,
)
from generator.graph.dataview.values import (
    Function,
    Record,
    TooLargeError,
    Value,
    ValueLink,
    compare,
    is_truthy,
    type_of,
    value_text,
)
from generator.vault.javascript_regex import JavascriptRegex

# Steps of one query (a few seconds of work at most), and characters of one text.
STEPS = 3_000_000
LONGEST_TEXT = 1_000_000

_COMPARISONS: Mapping[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
    "=": lambda order: order == 0,
    "!=": lambda order: order != 0,
}
_DATE_PARTS: Mapping[str, Callable[[Date], int]] = {
    "year": lambda date: date.moment.year,
    "month": lambda date: date.moment.month,
    # Dataview's own meaning: the ISO week under "weekyear", the week of the month under "week".
    "weekyear": lambda date: date.moment.isocalendar().week,
    "week": lambda date: date.moment.day // 7 + 1,
    "weekday": lambda date: date.moment.isoweekday(),
    "day": lambda date: date.moment.day,
    "hour": lambda date: date.moment.hour,
    "minute": lambda date: date.moment.minute,
    "second": lambda date: date.moment.second,
    "millisecond": lambda date: date.moment.microsecond // 1000,
}
_DURATION_PARTS = frozenset(
    {"year", "month", "day", "hour", "minute", "second", "millisecond", "years", "months", "weeks"}
    | {"days", "hours", "minutes", "seconds", "milliseconds"}
)


@dataclass(slots=True)
class Context:
    """What expressions can see: variables of the page, links of the vault, and now.

    ``resolve`` gives the page a link's path means (``None`` for none), ``normalize`` the path of
    the file it means, or the text itself.
    """

    globals: Record
    now: Date
    resolve: Callable[[str], Record | None] = lambda _path: None
    normalize: Callable[[str], str] = str
    steps: int = STEPS
    _regexes: dict[tuple[str, str], JavascriptRegex] = field(default_factory=dict)

    # ------------------------------------------------------------------ limits

    def spend(self, steps: int) -> None:
        """Count work done. Raises :class:`OutOfBudgetError` when there was too much."""
        self.steps -= steps
        if self.steps < 0:
            raise OutOfBudgetError("The query takes too many steps.")

    def room(self, characters: float) -> None:
        """Check that a text of this length may be made."""
        if characters > LONGEST_TEXT:
            raise OutOfBudgetError("The query makes too long a text.")
        self.spend(int(characters) // 64)

    def text_of(self, text: str) -> str:
        """Give the text, if it is not too long."""
        self.room(len(text))
        return text

    def text(self, value: Value) -> str:
        """A value's text, within the limits."""
        try:
            return self.text_of(value_text(value, room=LONGEST_TEXT))
        except TooLargeError:
            raise OutOfBudgetError("The query makes too long a text.") from None

    def regex(self, pattern: str, flags: str = "") -> JavascriptRegex:
        """A compiled expression, kept for the evaluation. Raises ``RegexError``."""
        key = (pattern, flags)
        if key not in self._regexes:
            self._regexes[key] = JavascriptRegex(pattern, flags)
        return self._regexes[key]

    def date(self, make: Callable[[], Date]) -> Date | None:
        """A date, or null where it would leave the calendar."""
        try:
            return make()
        except DateRangeError:
            return None

    # ------------------------------------------------------------------ evaluation

    def evaluate(self, expression: Expression, row: Record) -> Value:
        """Evaluate for one row. Raises :class:`EvaluationError`."""
        self.spend(1)
        match expression:
            case Literal():
                return expression.value
            case Shorthand():
                return self.date(lambda: shorthand_date(expression.name, self.now))
            case Variable():
                name = expression.name
                return row[name] if name in row else self.globals.get(name)
            case Binary():
                return self._binary(expression, row)
            case Negated():
                return not is_truthy(self.evaluate(expression.child, row))
            case ListOf():
                return tuple([self.evaluate(item, row) for item in expression.items])
            case ObjectOf():
                return {name: self.evaluate(item, row) for name, item in expression.entries}
            case Lambda():
                return self._lambda(expression, row)
            case Index():
                return self._index(expression, row)
            case Call():
                return self._call(expression, row)
        assert_never(expression)

    def call(self, function: Function, *arguments: Value) -> Value:
        """Call a lambda."""
        self.spend(1)
        return function.call(self, *arguments)

    def operate(self, operator: str, left: Value, right: Value) -> Value:
        """Apply a binary operator (rules 13.9, 13.13)."""
        self.spend(1)
        if operator == "&":
            return is_truthy(left) and is_truthy(right)
        if operator == "|":
            return is_truthy(left) or is_truthy(right)
        if decide := _COMPARISONS.get(operator):
            self.spend(sum(len(each) for each in (left, right) if isinstance(each, str | tuple)))
            return decide(compare(left, right, self.normalize))
        try:
            result = self._arithmetic(operator, left, right)
        except DateRangeError:
            return None
        if result is NotImplemented:
            raise EvaluationError(
                f"No implementation found for '{type_of(left)} {operator} {type_of(right)}'"
            )
        return result  # type: ignore[return-value]

    def index(self, value: Value, key: str | float | None) -> Value:
        """``value.key`` or ``value[key]`` for any type (rule 13.11)."""
        self.spend(1)
        if key is None:
            return None
        match value:
            case Mapping():
                if not isinstance(key, str):
                    raise EvaluationError(
                        'can only index into objects with strings (a.b or a["b"])'
                    )
                return value.get(key)
            case ValueLink():
                if not isinstance(key, str):
                    raise EvaluationError('can only index into links with strings (a.b or a["b"])')
                page = self.resolve(value.path)
                return None if page is None else page.get(key)
            case tuple():
                if isinstance(key, str):
                    return self._index_each(value, key)
                return value[int(key)] if key in range(len(value)) else None
            case str():
                if isinstance(key, str):
                    raise EvaluationError(
                        "string indexing requires a numeric index (string[index])"
                    )
                return value[int(key)] if key in range(len(value)) else None
            case Date():
                if not isinstance(key, str):
                    raise EvaluationError("date indexing requires a string representing the unit")
                part = _DATE_PARTS.get(key)
                return None if part is None else float(part(value))
            case Duration():
                if not isinstance(key, str):
                    raise EvaluationError(
                        "duration indexing requires a string representing the unit"
                    )
                if key not in _DURATION_PARTS:
                    return None
                return value.total(key if key.endswith("s") else key + "s")
        return None

    def _index_each(self, values: tuple[Value, ...], key: str) -> Value:
        result: list[Value] = []
        for value in values:
            try:
                result.append(self.index(value, key))
            except OutOfBudgetError:
                raise
            except EvaluationError:
                continue
        return tuple(result)

    def _index(self, expression: Index, row: Record) -> Value:
        key = self.evaluate(expression.index, row)
        if not (key is None or isinstance(key, str) or type_of(key) == "number"):
            raise EvaluationError("Can only index with a string or number")
        if key is None:
            return None
        assert isinstance(key, str | float | int)
        if isinstance(expression.object, Variable) and expression.object.name == "row":
            if not isinstance(key, str):
                raise EvaluationError('can only index into objects with strings (a.b or a["b"])')
            return row[key] if key in row else self.globals.get(key)
        return self.index(self.evaluate(expression.object, row), key)

    def _binary(self, expression: Binary, row: Record) -> Value:
        """Fold a left-leaning chain without recursion: ``a + b + c …`` may be long."""
        spine: list[Binary] = []
        node: Expression = expression
        while isinstance(node, Binary):
            spine.append(node)
            node = node.left
        result = self.evaluate(node, row)
        for each in reversed(spine):
            result = self.operate(each.operator, result, self.evaluate(each.right, row))
        return result

    def _lambda(self, expression: Lambda, row: Record) -> Function:
        def call(context: Context, *arguments: Value) -> Value:
            bound = dict(zip(expression.parameters, arguments, strict=False))
            return context.evaluate(expression.body, {**row, **bound})

        return Function(call)

    def _call(self, expression: Call, row: Record) -> Value:
        target: Value = (
            expression.function.name
            if isinstance(expression.function, Variable)
            else self.evaluate(expression.function, row)
        )
        arguments = [self.evaluate(argument, row) for argument in expression.arguments]
        if isinstance(target, Function):
            return self.call(target, *arguments)
        if not isinstance(target, str):
            raise EvaluationError(f"Cannot call type '{type_of(target)}' as a function")
        function = FUNCTIONS.get(target)
        if function is None:
            raise EvaluationError(f"Unrecognized function name '{target}'")
        return function(self, *arguments)

    # ------------------------------------------------------------------ arithmetic

    def _arithmetic(self, operator: str, left: Value, right: Value) -> object:
        """The result, or ``NotImplemented`` for types that have none."""
        kinds = (type_of(left), type_of(right))
        if kinds == ("number", "number"):
            return _number(operator, left, right)  # type: ignore[arg-type]
        if operator == "+" and "string" in kinds:
            self.room(sum(len(each) for each in (left, right) if isinstance(each, str)))
            return self.text_of(self.text(left) + self.text(right))
        if operator == "*" and set(kinds) == {"string", "number"}:
            text, times = (left, right) if kinds[0] == "string" else (right, left)
            return self._repeat(text, times)  # type: ignore[arg-type]
        match left, right:
            case Date() | Duration() | None, Date() | Duration() | None:
                return _on_dates(operator, left, right)
            case Duration(), float() | int() if operator in "*/" and kinds[1] == "number":
                return _scaled(left, right if operator == "*" else _inverse(right))
            case float() | int(), Duration() if operator == "*" and kinds[0] == "number":
                return _scaled(right, left)
            case tuple(), tuple() if operator == "+":
                self.spend(len(left) + len(right))
                return left + right
            case Mapping(), Mapping() if operator == "+":
                self.spend(len(left) + len(right))
                return {**left, **right}
        return NotImplemented

    def _repeat(self, text: str, times: float) -> str:
        if times < 0:
            return ""
        if math.isnan(times):
            return ""
        self.room(len(text) * times if text else 0)
        return text * int(times) if text else ""


def _number(operator: str, left: float, right: float) -> float:
    """Arithmetic of doubles: division by zero gives an infinity."""
    try:
        match operator:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case "/":
                if right == 0:
                    return (
                        math.nan if left == 0 or math.isnan(left) else math.copysign(math.inf, left)
                    )
                return left / right
    except OverflowError:
        return math.inf
    if right == 0 or math.isinf(left) or math.isnan(left) or math.isnan(right):
        return math.nan
    return left if math.isinf(right) else math.fmod(left, right)


def _on_dates(operator: str, left: Date | Duration | None, right: Date | Duration | None) -> object:
    match left, right:
        case None, None:
            return None
        case Date(), None if operator in "+-":
            return None
        case None, Date() if operator in "+-":
            return None
        case Date(), Date() if operator == "-":
            return difference(left, right)
        case Date(), Duration() if operator in "+-":
            return plus(left, right if operator == "+" else right.times(-1))
        case Duration(), Date() if operator == "+":
            return plus(right, left)
        case Duration(), Duration() if operator in "+-":
            return normalized(left.plus(right) if operator == "+" else left.minus(right))
    return NotImplemented


def _scaled(duration: Duration, factor: float) -> Duration:
    return normalized(duration.times(factor))


def _inverse(number: float) -> float:
    return math.inf if number == 0 else 1 / number
