"""Dates by Moment's format tokens, which bases use (momentjs.com, "Format")."""

from __future__ import annotations

import re

from generator.graph.dataview.date_text import MONTHS, WEEKDAYS
from generator.graph.dataview.dates import Date

_TOKEN = re.compile(
    r"\[([^\]]*)\]|Do|DDDD|DDD|DD|D|dddd|ddd|dd|d|E|YYYY|YY|GGGG|MMMM|MMM|MM|M|Qo|Q|WW|W|ww|w"
    r"|HH|H|hh|h|kk|k|mm|m|ss|s|SSS|A|a|ZZ|Z|X|x|LLLL|LLL|LL|L|LT",
)


def moment_format(date: Date, form: str) -> str:
    """Write a date; text in square brackets and what is no token stays."""
    return _TOKEN.sub(lambda match: _token(date, match), form)


def _token(date: Date, match: re.Match[str]) -> str:
    if match[1] is not None:
        return match[1]
    at = date.moment
    hour = at.hour % 12 or 12
    year, week, _ = at.isocalendar()
    month, weekday = MONTHS[at.month - 1], WEEKDAYS[at.weekday()]
    offset = date.offset or 0
    zone = f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02}:{abs(offset) % 60:02}"
    time = f"{hour}:{at.minute:02} {'AM' if at.hour < 12 else 'PM'}"
    long = f"{month} {at.day}, {at.year}"
    tokens = {
        "YYYY": f"{at.year:04}", "YY": f"{at.year % 100:02}", "GGGG": f"{year:04}",
        "MMMM": month, "MMM": month[:3], "MM": f"{at.month:02}", "M": str(at.month),
        "DDDD": f"{at.timetuple().tm_yday:03}", "DDD": str(at.timetuple().tm_yday),
        "DD": f"{at.day:02}", "D": str(at.day), "Do": _ordinal(at.day),
        "dddd": weekday, "ddd": weekday[:3], "dd": weekday[:2], "d": str(at.isoweekday() % 7),
        "E": str(at.isoweekday()), "Q": str((at.month + 2) // 3), "Qo": _ordinal((at.month + 2) // 3),
        "WW": f"{week:02}", "W": str(week), "ww": f"{week:02}", "w": str(week),
        "HH": f"{at.hour:02}", "H": str(at.hour), "hh": f"{hour:02}", "h": str(hour),
        "kk": f"{at.hour or 24:02}", "k": str(at.hour or 24), "mm": f"{at.minute:02}",
        "m": str(at.minute), "ss": f"{at.second:02}", "s": str(at.second),
        "SSS": f"{at.microsecond // 1000:03}", "A": "AM" if at.hour < 12 else "PM",
        "a": "am" if at.hour < 12 else "pm", "Z": zone, "ZZ": zone.replace(":", ""),
        "X": str(date.milliseconds() // 1000), "x": str(date.milliseconds()), "LT": time,
        "L": f"{at.month:02}/{at.day:02}/{at.year}", "LL": long, "LLL": f"{long} {time}",
        "LLLL": f"{weekday}, {long} {time}",
    }  # fmt: skip
    return tokens[match[0]]


def _ordinal(number: int) -> str:
    last = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{last}"
