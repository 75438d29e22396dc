"""Dates and durations <-> text: Dataview's literals, Luxon's format tokens, the default display.

Names are English; formats that ask for a locale get the forms of en-US.
"""

from __future__ import annotations

import math
import re
from datetime import datetime

from generator.graph.dataview.dates import (
    UNITS,
    Date,
    DateRangeError,
    Duration,
    normalized,
    plus,
)

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# Dataview's defaults ("defaultDateFormat", "defaultDateTimeFormat").
DATE_FORMAT = "MMMM dd, yyyy"
DATE_TIME_FORMAT = "h:mm a - MMMM dd, yyyy"

# YYYY-MM, then as much of -DD T HH :mm :ss .SSS and a zone as follows (rule 13.10).
_DATE = re.compile(
    r"""(\d{4})-(\d{2})
    (?:-(\d{2})
      (?:T(\d{2})
        (?::(\d{2})
          (?::(\d{2})
            (?:\.(\d{3}))?
            (?:([+-]\d{1,2})(?::(\d{2}))?|(Z)|\[([0-9A-Za-z+,./-]+)\])?
          )?)?)?)?""",
    re.VERBOSE | re.ASCII,
)

# What each unit of a duration may be called, by Luxon's unit.
DURATION_NAMES = {
    name: unit
    for unit, names in {
        "years": "year years yr yrs",
        "months": "month months mo mos",
        "weeks": "week weeks wk wks w",
        "days": "day days d",
        "hours": "hour hours hr hrs h",
        "minutes": "minute minutes min mins m",
        "seconds": "second seconds sec secs s",
    }.items()
    for name in names.split()
}
_DURATION_PART = re.compile(
    r"(-?[0-9]+(?:\.[0-9]+)?)\s*("
    + "|".join(sorted(DURATION_NAMES, key=lambda name: (-len(name), name)))
    + ")",
    re.ASCII,
)
_DURATION_GAP = re.compile(r"\s*,\s*|\s*")

SHORTHANDS = {
    "now": "now", "today": "today", "yesterday": "yesterday", "tomorrow": "tomorrow",
    "sow": "start week", "start-of-week": "start week", "eow": "end week",
    "end-of-week": "end week", "som": "start month", "start-of-month": "start month",
    "eom": "end month", "end-of-month": "end month", "soy": "start year",
    "start-of-year": "start year", "eoy": "end year", "end-of-year": "end year",
}  # fmt: skip
_DAY_NAME = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_DAY_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)


def read_date(text: str, at: int = 0) -> tuple[Date, int] | None:
    """Read a date literal at ``at``; give it and the place after it.

    ``None`` where there is none, or the calendar has no such day.
    """
    match = _DATE.match(text, at)
    if match is None:
        return None
    year, month, day, hour, minute, second, millisecond = (
        int(match[group]) if match[group] is not None else None for group in range(1, 8)
    )
    offset = None
    if match[8] is not None:
        sign = -1 if match[8].startswith("-") else 1
        offset = int(match[8]) * 60 + sign * int(match[9] or 0)
    elif match[10]:
        offset = 0
    try:
        date = Date.of(
            year or 0, month or 0, 1 if day is None else day, hour or 0, minute or 0, second or 0,
            millisecond or 0, offset=offset,
        )  # fmt: skip
    except (ValueError, OverflowError):
        return None
    return date, match.end()


def shorthand_date(name: str, now: Date) -> Date:
    """The date that a shorthand such as ``eow`` means at ``now``. Raises ``DateRangeError``."""
    what, _, unit = SHORTHANDS[name].partition(" ")
    match what:
        case "now":
            return now
        case "start":
            return now.start_of(unit)
        case "end":
            return now.end_of(unit)
    days = {"yesterday": -1, "today": 0, "tomorrow": 1}[what]
    return plus(now.start_of("day"), Duration.of(days=days))


def read_duration(text: str, at: int = 0) -> tuple[Duration, int] | None:
    """Read a duration such as ``1h 30m`` or ``7 hours, 3 minutes`` at ``at``."""
    total: Duration | None = None
    end = at
    while match := _DURATION_PART.match(text, at):
        part = Duration.of(**{DURATION_NAMES[match[2]]: float(match[1])})
        total = part if total is None else total.plus(part)
        end = match.end()
        gap = _DURATION_GAP.match(text, end)
        at = gap.end() if gap else end
    return None if total is None else (total, end)


def day_in(text: str) -> Date | None:
    """The first ``YYYY-MM-DD``, else ``YYYYMMDD``, in a name (rule 11.12)."""
    match = _DAY_NAME.search(text) or _DAY_DIGITS.search(text)
    if match is None:
        return None
    try:
        return Date.of(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def date_text(date: Date) -> str:
    """The text of a date in expressions: with its time only where it has one."""
    return format_date(date, DATE_TIME_FORMAT if date.has_time() else DATE_FORMAT)


def duration_text(duration: Duration) -> str:
    """The text of a duration: ``1 hour, 30 minutes``; empty for none."""
    parts = []
    for unit, amount in zip(UNITS, normalized(duration).amounts, strict=True):
        if amount:
            name = unit.removesuffix("s") if abs(amount) == 1 else unit
            parts.append(f"{grouped(amount).replace(',', '')} {name}")
    return ", ".join(parts)


def grouped(number: float, digits: int = 3) -> str:
    """A number with thousands separators and at most ``digits`` decimals, as en-US writes it."""
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else "∞" if number > 0 else "-∞"
    text = f"{number:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


# Luxon's tokens: a letter repeated, or text in single quotes.
_TOKEN = re.compile(r"'([^']*)'|([a-zA-Z])\2*|.", re.DOTALL)


def format_date(date: Date, form: str) -> str:
    """Write a date by Luxon's format tokens (moment.github.io/luxon, "Table of tokens").

    A run of letters that is no token is written as it is.
    """
    return "".join(
        match[1] if match[1] is not None else _date_token(date, match[0])
        for match in _TOKEN.finditer(form)
    )


def _date_token(date: Date, token: str) -> str:
    at = date.moment
    plain = _plain_tokens(at).get(token)
    if plain is not None:
        return plain
    match token:
        case "Z" | "ZZ" | "ZZZ":
            return _offset(date.offset or 0, len(token))
        case "ZZZZ" | "ZZZZZ" | "z":
            return "UTC" if not date.offset else "UTC" + _offset(date.offset, 1)
        case "X":
            return str(date.milliseconds() // 1000)
        case "x":
            return str(date.milliseconds())
    return token


def _plain_tokens(at: datetime) -> dict[str, str]:
    month, weekday = MONTHS[at.month - 1], WEEKDAYS[at.weekday()]
    hour = at.hour % 12 or 12
    noon = "AM" if at.hour < 12 else "PM"
    week_year, week, _ = at.isocalendar()
    day_of_year = at.timetuple().tm_yday
    millisecond = at.microsecond // 1000
    quarter = (at.month - 1) // 3 + 1
    short = f"{at.month}/{at.day}/{at.year}"
    medium = f"{month[:3]} {at.day}, {at.year}"
    long = f"{month} {at.day}, {at.year}"
    clock, seconds = f"{hour}:{at.minute:02} {noon}", f"{hour}:{at.minute:02}:{at.second:02} {noon}"
    day24, day24s = f"{at.hour:02}:{at.minute:02}", f"{at.hour:02}:{at.minute:02}:{at.second:02}"
    tokens = {
        "S": str(millisecond), "u": f"{millisecond:03}", "SSS": f"{millisecond:03}",
        "uu": str(millisecond // 10), "uuu": str(millisecond // 100),
        "s": str(at.second), "ss": f"{at.second:02}", "m": str(at.minute), "mm": f"{at.minute:02}",
        "h": str(hour), "hh": f"{hour:02}", "H": str(at.hour), "HH": f"{at.hour:02}", "a": noon,
        "d": str(at.day), "dd": f"{at.day:02}",
        "y": str(at.year), "yy": f"{at.year % 100:02}", "yyyy": f"{at.year:04}",
        "yyyyyy": f"{at.year:06}", "G": "AD", "GG": "Anno Domini", "GGGGG": "A",
        "kk": f"{week_year % 100:02}", "kkkk": f"{week_year:04}",
        "W": str(week), "WW": f"{week:02}", "n": str(week), "nn": f"{week:02}",
        "ii": f"{week_year % 100:02}", "iiii": f"{week_year:04}",
        "o": str(day_of_year), "ooo": f"{day_of_year:03}", "q": str(quarter), "qq": f"{quarter:02}",
        "D": short, "DD": medium, "DDD": long, "DDDD": f"{weekday}, {long}",
        "t": clock, "tt": seconds, "T": day24, "TT": day24s,
        "ttt": f"{seconds} UTC", "tttt": f"{seconds} Coordinated Universal Time",
        "TTT": f"{day24s} UTC", "TTTT": f"{day24s} Coordinated Universal Time",
        "f": f"{short}, {clock}", "ff": f"{medium}, {clock}", "fff": f"{long} at {clock} UTC",
        "ffff": f"{weekday}, {long} at {clock} Coordinated Universal Time",
        "F": f"{short}, {seconds}", "FF": f"{medium}, {seconds}",
        "FFF": f"{long} at {seconds} UTC",
        "FFFF": f"{weekday}, {long} at {seconds} Coordinated Universal Time",
    }  # fmt: skip
    for letter in "cE":
        tokens |= {letter: str(at.isoweekday()), letter * 3: weekday[:3], letter * 4: weekday}
        tokens[letter * 5] = weekday[0]
    for letter in "LM":
        tokens |= {letter: str(at.month), letter * 2: f"{at.month:02}", letter * 3: month[:3]}
        tokens |= {letter * 4: month, letter * 5: month[0]}
    return tokens


def _offset(minutes: int, form: int) -> str:
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    match form:
        case 1:
            return f"{sign}{hours}" + (f":{rest:02}" if rest else "")
        case 2:
            return f"{sign}{hours:02}:{rest:02}"
    return f"{sign}{hours:02}{rest:02}"


_DURATION_TOKENS = {
    "S": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks",
    "M": "months", "y": "years",
}  # fmt: skip


def format_duration(duration: Duration, form: str) -> str:
    """Write a duration by Luxon's tokens: the units named share the whole length.

    ``h:mm`` of 90 minutes is ``1:30``; ``m`` alone is ``90``.
    """
    matches = list(_TOKEN.finditer(form))
    wanted = {
        _DURATION_TOKENS[match[0][0]]
        for match in matches
        if match[1] is None and match[0][0] in _DURATION_TOKENS
    }
    amounts = duration.shared_out([unit for unit in UNITS if unit in wanted])
    out = ""
    for match in matches:
        if match[1] is not None:
            out += match[1]
        elif unit := _DURATION_TOKENS.get(match[0][0]):
            amount = math.floor(amounts[unit])
            sign = "-" if amount < 0 else ""
            out += sign + str(abs(amount)).zfill(len(match[0]))
        else:
            out += match[0]
    return out


# Tokens that dates can be read by, as what they match and what they set.
_READ_TOKENS = {
    "yyyy": (r"(\d{4})", "year"), "y": (r"(\d{1,6})", "year"), "yy": (r"(\d{2})", "short year"),
    "LLLL": (r"([A-Za-z]+)", "month name"), "MMMM": (r"([A-Za-z]+)", "month name"),
    "LLL": (r"([A-Za-z]{3})", "month name"), "MMM": (r"([A-Za-z]{3})", "month name"),
    "LL": (r"(\d{2})", "month"), "MM": (r"(\d{2})", "month"), "L": (r"(\d{1,2})", "month"),
    "M": (r"(\d{1,2})", "month"), "dd": (r"(\d{2})", "day"), "d": (r"(\d{1,2})", "day"),
    "HH": (r"(\d{2})", "hour"), "H": (r"(\d{1,2})", "hour"), "hh": (r"(\d{2})", "hour"),
    "h": (r"(\d{1,2})", "hour"), "mm": (r"(\d{2})", "minute"), "m": (r"(\d{1,2})", "minute"),
    "ss": (r"(\d{2})", "second"), "s": (r"(\d{1,2})", "second"), "SSS": (r"(\d{3})", "millisecond"),
    "S": (r"(\d{1,3})", "millisecond"), "a": (r"([AaPp][Mm])", "noon"),
    "EEE": (r"([A-Za-z]{3})", ""), "EEEE": (r"([A-Za-z]+)", ""), "ccc": (r"([A-Za-z]{3})", ""),
    "cccc": (r"([A-Za-z]+)", ""), "ooo": (r"(\d{3})", "day of year"),
    "X": (r"(-?\d+)", "seconds since"), "x": (r"(-?\d+)", "milliseconds since"),
}  # fmt: skip


def read_formatted_date(text: str, form: str, now: Date) -> Date | None:
    """Read a date by Luxon's tokens; ``None`` if the text does not have the format.

    What is larger than all it names is that of ``now``: a time alone is one of today.
    """
    pattern, fields = "", []
    for match in _TOKEN.finditer(form):
        if match[1] is not None:
            pattern += re.escape(match[1])
        elif match[0] in _READ_TOKENS:
            expression, name = _READ_TOKENS[match[0]]
            pattern += expression
            fields.append(name)
        elif match[0].isalpha():
            return None
        else:
            pattern += re.escape(match[0])
    found = re.fullmatch(pattern, text, re.ASCII | re.IGNORECASE)
    if found is None:
        return None
    values = dict(zip(fields, found.groups(), strict=True))
    try:
        return _assembled(values, now)
    except (ValueError, OverflowError, DateRangeError):
        return None


def _assembled(values: dict[str, str], now: Date) -> Date | None:
    if "seconds since" in values:
        return Date.from_milliseconds(float(values["seconds since"]) * 1000)
    if "milliseconds since" in values:
        return Date.from_milliseconds(float(values["milliseconds since"]))
    given: dict[str, int] = {
        name: int(values[name])
        for name in ("year", "month", "day", "hour", "minute", "second", "millisecond")
        if name in values
    }
    if "short year" in values:
        # Two digits up to 60 belong to this century, as in Luxon.
        short = int(values["short year"])
        given["year"] = 2000 + short if short <= 60 else 1900 + short
    if "month name" in values:
        names = [name[:3].lower() for name in MONTHS]
        full = [name.lower() for name in MONTHS]
        name = values["month name"].lower()
        if name not in full and name not in names:
            return None
        given["month"] = (full if name in full else names).index(name) + 1
    if "noon" in values:
        given["hour"] = given.get("hour", 0) % 12 + (12 if values["noon"].lower() == "pm" else 0)
    if "day of year" in values:
        first = Date.of(given.get("year", now.moment.year))
        return plus(first, Duration.of(days=int(values["day of year"]) - 1))
    today = now.moment
    if "year" not in given:
        given["year"] = today.year
        if "month" not in given:
            given["month"] = today.month
            given.setdefault("day", today.day)
    return Date.of(**given)
