"""The functions of bases, by the type they belong to (Obsidian help, "Functions")."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from html import escape
from typing import TYPE_CHECKING, cast

from generator.graph.bases.files import note_properties
from generator.graph.bases.moment_format import moment_format
from generator.graph.bases.syntax import Call, Name
from generator.graph.dataview.dates import Date, Duration
from generator.graph.dataview.errors import EvaluationError
from generator.graph.dataview.links import infer_link
from generator.graph.dataview.numbers import rounded, rounded_to
from generator.graph.dataview.pages import all_tags
from generator.graph.dataview.values import (
    ExternalLink,
    Markup,
    Value,
    ValueLink,
    compare,
    is_truthy,
    sort_key,
    type_of,
)
from generator.vault.javascript_regex import RegexError

if TYPE_CHECKING:
    from generator.graph.bases.evaluate import Scope

Function = Callable[..., Value]


def call(scope: Scope, expression: Call) -> Value:
    """Evaluate a call; arguments of ``if`` and of list functions are evaluated when needed."""
    if expression.object is None:
        return _global(scope, expression)
    subject = scope.evaluate(expression.object)
    name = expression.name
    if isinstance(subject, tuple) and name in ("filter", "map", "reduce"):
        return _over_list(scope, subject, expression)
    kind = "file" if isinstance(subject, ValueLink) else _kind(subject)
    function = _METHODS.get(kind, {}).get(name) or _ANY.get(name)
    if isinstance(expression.object, Name) and expression.object.name == "formula":
        function = None
    if function is None:
        if subject is None:
            # A property the file does not have: every question about it has the answer null.
            return name == "isEmpty" or None
        raise EvaluationError(f"a {kind} has no function `{name}`")
    arguments = [scope.evaluate(argument) for argument in expression.arguments]
    return _applied(name, function, scope, subject, *arguments)


def _kind(value: Value) -> str:
    from generator.graph.bases.evaluate import regex_of

    if regex_of(value) is not None:
        return "regexp"
    return {"array": "list", "link": "file"}.get(type_of(value), type_of(value))


def _applied(name: str, function: Function, *arguments: object) -> Value:
    try:
        return function(*arguments)
    except (TypeError, AttributeError):
        raise EvaluationError(f"wrong arguments for `{name}`") from None
    except RegexError as error:
        raise EvaluationError(f"`{name}`: {error}") from None


# ---------------------------------------------------------------------- global


def _global(scope: Scope, expression: Call) -> Value:
    name, arguments = expression.name, expression.arguments
    if name == "if":
        if len(arguments) not in (2, 3):
            raise EvaluationError("`if` takes a condition and one or two results")
        if is_truthy(scope.evaluate(arguments[0])):
            return scope.evaluate(arguments[1])
        return scope.evaluate(arguments[2]) if len(arguments) == 3 else None
    function = _GLOBAL.get(name)
    if function is None:
        raise EvaluationError(f"there is no function `{name}`")
    return _applied(name, function, scope, *[scope.evaluate(argument) for argument in arguments])


def _date(_scope: Scope, value: Value) -> Value:
    from generator.graph.bases.evaluate import read_base_date

    if isinstance(value, Date):
        return value
    date = read_base_date(value) if isinstance(value, str) else None
    if date is None:
        raise EvaluationError("`date` takes a text such as 2025-12-31 23:59:59")
    return date


def _duration(_scope: Scope, value: str) -> Value:
    from generator.graph.bases.evaluate import read_base_duration

    duration = read_base_duration(value)
    if duration is None:
        raise EvaluationError("`duration` takes a text such as 1 day or 2h")
    return duration


def _file(scope: Scope, value: Value) -> Value:
    target = value.path if isinstance(value, ValueLink) else value
    if not isinstance(target, str):
        return None
    inner = infer_link(target.removeprefix("[[").removesuffix("]]"))
    found = scope.index.find(inner.path, scope.path)
    return None if found is None else ValueLink(found)


def _link(scope: Scope, target: Value, display: Value = None) -> Value:
    text = None if display is None else scope.text(display)
    if isinstance(target, ValueLink):
        return target.with_display(text)
    if not isinstance(target, str):
        return None
    if "://" in target:
        return ExternalLink(target, text or target)
    link = infer_link(target.removeprefix("[[").removesuffix("]]"))
    shown = scope.index.shown_link(link, scope.path)
    return shown.with_display(text or shown.display) if isinstance(shown, ValueLink) else shown


def _image(scope: Scope, target: Value) -> Value:
    if isinstance(target, str) and "://" in target:
        return ExternalLink(target, target)
    link = _link(scope, target)
    return (
        ValueLink(link.path, link.display, link.subpath, True, link.kind)
        if isinstance(link, ValueLink)
        else link
    )


def _number(_scope: Scope, value: Value) -> Value:
    match value:
        case bool():
            return float(value)
        case float():
            return value
        case Date():
            return float(value.milliseconds())
        case str():
            try:
                return float(value)
            except ValueError:
                raise EvaluationError("`number` takes a text that is a number") from None
    return None


def _extreme(choose: Callable[[list[float]], float]) -> Function:
    def over(_scope: Scope, *values: Value) -> Value:
        numbers = [value for value in values if isinstance(value, float)]
        return choose(numbers) if numbers else None

    return over


_GLOBAL: Mapping[str, Function] = {
    "escapeHTML": lambda _s, text: escape(text),
    "date": _date,
    "duration": _duration,
    "file": _file,
    "html": lambda _s, text: Markup(text),
    "image": _image,
    "icon": lambda _s, _name: "",  # icons are a font of the app's
    "link": _link,
    "list": lambda _s, value: value if isinstance(value, tuple) else (value,),
    "max": _extreme(max),
    "min": _extreme(min),
    "now": lambda scope: scope.context.now,
    "number": _number,
    "today": lambda scope: scope.context.now.start_of("day"),
    "random": lambda _s: 0.5,  # the same vault gives the same page
}

# ---------------------------------------------------------------------- any type


def _is_type(_scope: Scope, value: Value, kind: str) -> Value:
    return kind in (_kind(value), {"file": "link", "list": "array"}.get(_kind(value), ""))


def _is_empty(_scope: Scope, value: Value) -> Value:
    return value is None or value in ("", (), {}) if not isinstance(value, float) else False


_ANY: Mapping[str, Function] = {
    "isTruthy": lambda _s, value: is_truthy(value),
    "isType": _is_type,
    "toString": lambda scope, value: scope.text(value),
    "isEmpty": _is_empty,
}

# ---------------------------------------------------------------------- dates


def _relative(scope: Scope, date: Date) -> Value:
    seconds = (date.milliseconds() - scope.context.now.milliseconds()) / 1000
    size = abs(seconds)
    # Moment's thresholds: 45 seconds, 45 minutes, 22 hours, 26 days, 11 months.
    for limit, unit_seconds, unit in (
        (45, 1, ""), (90, 60, "a minute"), (45 * 60, 60, "minutes"), (90 * 60, 3600, "an hour"),
        (22 * 3600, 3600, "hours"), (36 * 3600, 86400, "a day"), (26 * 86400, 86400, "days"),
        (46 * 86400, 2629800, "a month"), (320 * 86400, 2629800, "months"),
        (548 * 86400, 31557600, "a year"), (math.inf, 31557600, "years"),
    ):  # fmt: skip
        if size < limit:
            if not unit:
                words = "a few seconds"
            elif unit.startswith("a"):
                words = unit
            else:
                words = f"{round(size / unit_seconds)} {unit}"
            return f"in {words}" if seconds > 0 else f"{words} ago"
    return None


def _format(scope: Scope, date: Date, form: str) -> Value:
    scope.context.spend(8 * len(form))
    return scope.context.text_of(moment_format(date, form))


def _sort(scope: Scope, values: tuple[Value, ...]) -> Value:
    scope.context.spend(4 * len(values) * len(values).bit_length())
    return tuple(sorted(values, key=sort_key()))


_DATE: Mapping[str, Function] = {
    "date": lambda _s, date: date.start_of("day"),
    "format": _format,
    "time": lambda _s, date: moment_format(date, "HH:mm:ss"),
    "relative": _relative,
    "isEmpty": lambda _s, _date: False,
}

# ---------------------------------------------------------------------- texts


def _replace(scope: Scope, text: str, pattern: Value, by: str) -> Value:
    from generator.graph.bases.evaluate import regex_of

    regex = regex_of(pattern)
    if regex is not None:
        compiled = scope.context.regex(regex.source, regex.flags)
        return scope.context.text_of(compiled.replace(text, by))
    if not isinstance(pattern, str) or not pattern:
        return text
    scope.context.room(len(text) + text.count(pattern) * len(by))
    return text.replace(pattern, by)


def _split(scope: Scope, text: str, separator: Value, count: float = math.inf) -> Value:
    from generator.graph.bases.evaluate import regex_of

    regex = regex_of(separator)
    if regex is not None:
        parts = [part or "" for part in scope.context.regex(regex.source, regex.flags).split(text)]
    else:
        parts = text.split(separator) if separator else list(text)  # type: ignore[arg-type]
    scope.context.spend(len(parts))
    return tuple(parts[: None if math.isinf(count) else max(0, int(count))])


def _repeat(scope: Scope, text: str, count: float) -> Value:
    scope.context.room(len(text) * count)
    return text * int(count)


def _title(_scope: Scope, text: str) -> Value:
    return " ".join(word[:1].upper() + word[1:].lower() for word in text.split(" "))


def _slice(_scope: Scope, value: str | tuple[Value, ...], start: float, end: Value = None) -> Value:
    stop = None if end is None else int(cast(float, end))
    return value[int(start) : stop]


_STRING: Mapping[str, Function] = {
    "contains": lambda _s, text, part: part in text,
    "containsAll": lambda _s, text, *parts: all(part in text for part in parts),
    "containsAny": lambda _s, text, *parts: any(part in text for part in parts),
    "endsWith": lambda _s, text, part: text.endswith(part),
    "startsWith": lambda _s, text, part: text.startswith(part),
    "lower": lambda _s, text: text.lower(),
    "upper": lambda _s, text: text.upper(),
    "replace": _replace,
    "repeat": _repeat,
    "reverse": lambda _s, text: text[::-1],
    "slice": _slice,
    "split": _split,
    "title": _title,
    "trim": lambda _s, text: text.strip(),
    "asFile": _file,
}

# ---------------------------------------------------------------------- numbers


def _round(_scope: Scope, value: float, digits: float = 0) -> Value:
    return rounded_to(value, min(100, int(digits))) if digits > 0 else rounded(value)


def _to_fixed(_scope: Scope, value: float, digits: float = 0) -> Value:
    places = min(100, max(0, int(digits)))
    if not math.isfinite(value):
        return str(value)
    return f"{rounded_to(value, places):.{places}f}"


_NUMBER: Mapping[str, Function] = {
    "abs": lambda _s, value: abs(value),
    "ceil": lambda _s, value: float(math.ceil(value)) if math.isfinite(value) else value,
    "floor": lambda _s, value: float(math.floor(value)) if math.isfinite(value) else value,
    "round": _round,
    "toFixed": _to_fixed,
    "isEmpty": lambda _s, _value: False,
}

# ---------------------------------------------------------------------- lists


def _over_list(scope: Scope, values: tuple[Value, ...], expression: Call) -> Value:
    """``filter``, ``map`` and ``reduce``: their argument is evaluated for each element."""
    arguments = expression.arguments
    if not arguments:
        raise EvaluationError(f"`{expression.name}` takes an expression")
    body = arguments[0]
    if expression.name == "reduce":
        total = scope.evaluate(arguments[1]) if len(arguments) > 1 else None
        for place, value in enumerate(values):
            inner = scope.with_variables(value=value, index=float(place), acc=total)
            total = inner.evaluate(body)
        return total
    made = [
        (value, scope.with_variables(value=value, index=float(place)).evaluate(body))
        for place, value in enumerate(values)
    ]
    if expression.name == "filter":
        return tuple(value for value, kept in made if is_truthy(kept))
    return tuple(result for _, result in made)


def _in_list(scope: Scope, values: tuple[Value, ...], wanted: Value) -> bool:
    scope.context.spend(len(values))
    return any(scope.equal(value, wanted) for value in values)


def _unique(scope: Scope, values: tuple[Value, ...]) -> Value:
    found: list[Value] = []
    for value in values:
        scope.context.spend(len(found))
        if not any(scope.equal(value, each) for each in found):
            found.append(value)
    return tuple(found)


def _flat(_scope: Scope, values: tuple[Value, ...]) -> Value:
    return tuple(
        inner for value in values for inner in (value if isinstance(value, tuple) else (value,))
    )


def mean(values: tuple[Value, ...]) -> Value:
    """The mean of the numbers in a list; null if there are none."""
    numbers = [value for value in values if isinstance(value, float)]
    return sum(numbers) / len(numbers) if numbers else None


_LIST: Mapping[str, Function] = {
    "contains": _in_list,
    "containsAll": lambda scope, values, *wanted: all(_in_list(scope, values, e) for e in wanted),
    "containsAny": lambda scope, values, *wanted: any(_in_list(scope, values, e) for e in wanted),
    "flat": _flat,
    "join": lambda scope, values, by="": scope.context.text_of(by.join(map(scope.text, values))),
    "reverse": lambda _s, values: values[::-1],
    "slice": _slice,
    "sort": _sort,
    "unique": _unique,
    "mean": lambda _s, values: mean(values),
    "sum": lambda _s, values: sum((v for v in values if isinstance(v, float)), 0.0),
    "min": lambda scope, values: _extreme(min)(scope, *values),
    "max": lambda scope, values: _extreme(max)(scope, *values),
}

# ---------------------------------------------------------------------- files and links


def _has_link(scope: Scope, file: ValueLink, other: Value) -> Value:
    path = scope.index.find(file.path, scope.path)
    target = other.path if isinstance(other, ValueLink) else other
    if path is None or not isinstance(target, str):
        return False
    found = scope.index.find(target, scope.path)
    return found is not None and path in scope.index.incoming(found)


def _has_tag(scope: Scope, file: ValueLink, *names: str) -> Value:
    from generator.graph.bases.files import file_field

    path = scope.index.find(file.path, scope.path)
    tags = file_field(scope.index, path, "tags") if path is not None else ()
    assert isinstance(tags, tuple)
    known = {tag.lower() for tag in all_tags(tuple(str(tag) for tag in tags))}
    return any("#" + name.lstrip("#").lower() in known for name in names)


def _in_folder(scope: Scope, file: ValueLink, folder: str) -> Value:
    path = scope.index.find(file.path, scope.path) or file.path
    name = folder.strip("/")
    return not name or path.startswith(name + "/")


def _has_property(scope: Scope, file: ValueLink, name: str) -> Value:
    path = scope.index.find(file.path, scope.path)
    known = note_properties(scope.index, path) if path is not None else {}
    return any(key.casefold() == name.casefold() for key in known)


_FILE: Mapping[str, Function] = {
    "asLink": _link,
    "asFile": _file,
    "hasLink": _has_link,
    "linksTo": _has_link,
    "hasProperty": _has_property,
    "hasTag": _has_tag,
    "inFolder": _in_folder,
}

_OBJECT: Mapping[str, Function] = {
    "keys": lambda _s, value: tuple(value),
    "values": lambda _s, value: tuple(value.values()),
}


def _matches(scope: Scope, pattern: Value, text: str) -> Value:
    from generator.graph.bases.evaluate import regex_of

    regex = regex_of(pattern)
    assert regex is not None
    return scope.context.regex(regex.source, regex.flags.replace("g", "")).search(text)


_METHODS: Mapping[str, Mapping[str, Function]] = {
    "date": _DATE,
    "string": _STRING,
    "number": _NUMBER,
    "list": _LIST,
    "file": _FILE,
    "object": _OBJECT,
    "regexp": {"matches": _matches},
}

# ---------------------------------------------------------------------- summaries


def _range(values: tuple[Value, ...]) -> Value:
    numbers = [value for value in values if isinstance(value, float)]
    if numbers:
        return max(numbers) - min(numbers)
    dates = _dates(values)
    if not dates:
        return None
    return Duration.of(milliseconds=dates[-1].milliseconds() - dates[0].milliseconds())


def _dates(values: tuple[Value, ...]) -> list[Date]:
    return sorted((v for v in values if isinstance(v, Date)), key=lambda date: date.milliseconds())


def _median(values: tuple[Value, ...]) -> Value:
    numbers = sorted(value for value in values if isinstance(value, float))
    if not numbers:
        return None
    middle = len(numbers) // 2
    return numbers[middle] if len(numbers) % 2 else (numbers[middle - 1] + numbers[middle]) / 2


def _deviation(values: tuple[Value, ...]) -> Value:
    numbers = [value for value in values if isinstance(value, float)]
    if not numbers:
        return None
    center = sum(numbers) / len(numbers)
    return math.sqrt(sum((number - center) ** 2 for number in numbers) / len(numbers))


def _numbers(choose: Callable[[list[float]], float]) -> Callable[[tuple[Value, ...]], Value]:
    def over(values: tuple[Value, ...]) -> Value:
        numbers = [value for value in values if isinstance(value, float)]
        return choose(numbers) if numbers else None

    return over


def _distinct(values: tuple[Value, ...]) -> float:
    found: list[Value] = []
    for value in sorted(values, key=sort_key()):
        if not found or compare(found[-1], value) != 0:
            found.append(value)
    return float(len(found))


def _blank(value: Value) -> bool:
    return value is None or value in ("", ())


# The summaries every base has (Obsidian help, "Default Summary Formulas").
SUMMARIES: Mapping[str, Callable[[tuple[Value, ...]], Value]] = {
    "Average": mean,
    "Min": _numbers(min),
    "Max": _numbers(max),
    "Sum": _numbers(sum),
    "Range": _range,
    "Median": _median,
    "Stddev": _deviation,
    "Earliest": lambda values: next(iter(_dates(values)), None),
    "Latest": lambda values: next(iter(_dates(values)[::-1]), None),
    "Checked": lambda values: float(sum(value is True for value in values)),
    "Unchecked": lambda values: float(sum(value is False for value in values)),
    "Empty": lambda values: float(sum(map(_blank, values))),
    "Filled": lambda values: float(sum(not _blank(value) for value in values)),
    "Unique": _distinct,
}
