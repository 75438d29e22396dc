"""Values of a network's parameters: typed, checked against range and choices.

Input: a :class:`Parameter` and a value as YAML, TOML or a note's field gives it (a number, text, a
list). Output: the typed value, or an :class:`ArchitectureError` that says what was found and what
would do. Every level of the precedence uses the same function, so a value means the same everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never

from generator.architectures.builder import ArchitectureError
from generator.architectures.expressions import ExpressionError, evaluate
from generator.architectures.model import NetworkSpec, Parameter, ParamType, ParamValue

MAX_ITEMS = 512

TRUE_WORDS = frozenset(("true", "yes", "on", "✓", "✔"))
FALSE_WORDS = frozenset(("false", "no", "off", "✗", "✘"))


def read_parameter(parameter: Parameter, value: object) -> ParamValue:
    """Type one value. Text is read as people write it: ``10``, ``1,000``, ``yes``, ``3, 4, 6, 3``.

    Raises :class:`ArchitectureError` (``field`` is the parameter's name) when it does not fit.
    """
    match parameter.type:
        case ParamType.INT:
            return _in_range(parameter, _integer(parameter, value))
        case ParamType.FLOAT:
            return _in_range(parameter, _number(parameter, value))
        case ParamType.BOOL:
            return _flag(parameter, value)
        case ParamType.CHOICE:
            return _choice(parameter, value)
        case ParamType.INTS:
            items = _items(parameter, value)
            return tuple(_in_range(parameter, _integer(parameter, each)) for each in items)
        case ParamType.ROWS:
            return _rows(parameter, value)
        case _:
            assert_never(parameter.type)


def check_params(network: NetworkSpec, params: Mapping[str, ParamValue]) -> None:
    """Check what parameters demand of each other (``checks`` of the specification).

    Raises :class:`ArchitectureError`.
    """
    for expression, message in network.checks:
        try:
            holds = evaluate(expression, params)
        except ExpressionError as error:
            raise ArchitectureError(f"{message} ({error})") from None
        if not holds:
            raise ArchitectureError(message, expected=expression)


def expected(parameter: Parameter) -> str:
    """Say in words which values a parameter takes: ``a whole number from 1 to 1000000``."""
    match parameter.type:
        case ParamType.INT:
            return "a whole number" + _range(parameter)
        case ParamType.FLOAT:
            return "a number" + _range(parameter)
        case ParamType.BOOL:
            return "true or false"
        case ParamType.CHOICE:
            return "one of " + ", ".join(parameter.choices)
        case ParamType.INTS:
            return "whole numbers" + _range(parameter) + ", such as " + _example(parameter)
        case ParamType.ROWS:
            return "rows of " + ", ".join(each.name for each in parameter.columns)
        case _:
            assert_never(parameter.type)


def _range(parameter: Parameter) -> str:
    low, high = parameter.minimum, parameter.maximum
    if low is None and high is None:
        return ""
    if high is None:
        return f" of at least {low:g}"
    if low is None:
        return f" of at most {high:g}"
    return f" from {low:.15g} to {high:.15g}"


def _example(parameter: Parameter) -> str:
    default = parameter.default
    return ", ".join(str(each) for each in default) if isinstance(default, tuple) else "64, 128"


def _wrong(parameter: Parameter, value: object) -> ArchitectureError:
    found = str(value)[:60]
    return ArchitectureError(
        f"{parameter.name} cannot be {found}",
        field=parameter.name,
        found=found,
        expected=expected(parameter),
    )


def _integer(parameter: Parameter, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        digits = re.sub(r"(?<=\d)[,_ \u00a0\u202f](?=\d{3}\b)", "", value.strip())
        if re.fullmatch(r"[-+]?\d{1,15}", digits):
            return int(digits)
    raise _wrong(parameter, value)


def _number(parameter: Parameter, value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        text = value.strip()
        try:
            return float(text.rstrip("% ")) / (100 if text.endswith("%") else 1)
        except ValueError:
            pass
    raise _wrong(parameter, value)


def _flag(parameter: Parameter, value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().casefold()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise _wrong(parameter, value)


def _choice(parameter: Parameter, value: object) -> str:
    word = re.sub(r"[\s_-]+", "", str(value).casefold())
    for choice in parameter.choices:
        if word == re.sub(r"[\s_-]+", "", choice.casefold()):
            return choice
    raise _wrong(parameter, value)


def _items(parameter: Parameter, value: object) -> tuple[object, ...]:
    if isinstance(value, str):
        value = tuple(each for each in re.split(r"[,;\s]+", value.strip().strip("[]()")) if each)
    if not isinstance(value, list | tuple):
        value = (value,)
    if not 1 <= len(value) <= MAX_ITEMS:
        raise _wrong(parameter, f"{len(value)} values")
    return tuple(value)


def _in_range(parameter: Parameter, number: int | float) -> int | float:
    low, high = parameter.minimum, parameter.maximum
    # A comparison that is false for NaN refuses it, too.
    fits = (low is None or number >= low) and (high is None or number <= high)
    if not fits or not abs(number) < 1e15:
        raise _wrong(parameter, number)
    return number


def _rows(parameter: Parameter, value: object) -> ParamValue:
    if not isinstance(value, list | tuple) or not 1 <= len(value) <= MAX_ITEMS:
        raise _wrong(parameter, value)
    return tuple(_row(parameter, each, index) for index, each in enumerate(value, start=1))


def _row(parameter: Parameter, value: object, number: int) -> ParamValue:
    """Type one row: a mapping by column names or a list in column order."""
    columns = {each.name: each for each in parameter.columns}
    if isinstance(value, list | tuple) and len(value) <= len(columns):
        value = dict(zip(columns, value, strict=False))
    if not isinstance(value, Mapping):
        raise _wrong(parameter, value)
    row: dict[str, ParamValue] = {}
    for key, item in value.items():
        column = columns.get(str(key)) or next(
            (each for each in parameter.columns if str(key) in each.aliases), None
        )
        if column is None:
            raise ArchitectureError(
                f"row {number} of {parameter.name} has no column '{key}'",
                field=parameter.name,
                found=str(key),
                expected=", ".join(columns),
            )
        row[column.name] = read_parameter(column, item)
    for column in parameter.columns:
        if column.name not in row and column.required:
            raise ArchitectureError(
                f"row {number} of {parameter.name} needs '{column.name}'",
                field=parameter.name,
                expected=expected(column),
            )
        row.setdefault(column.name, column.default)
    return MappingProxyType({name: row[name] for name in columns})
