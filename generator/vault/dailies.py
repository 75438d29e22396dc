"""Which notes are daily notes: by Obsidian's setting, or by a name that is nothing but a date.

The setting's format is Moment's (``YYYY-MM-DD``, ``[Week] ww`` …); it becomes a regular expression
made of literal text and bounded digit or word runs, so it cannot backtrack.
"""

from __future__ import annotations

import re
from collections.abc import Callable

# Moment's format tokens, longest first (momentjs.com/docs, "Format"), as what they can print.
_WORD = r"[^\W\d_]+\.?"
_TOKENS = (
    ("YYYY", r"\d{4}"), ("GGGG", r"\d{4}"), ("gggg", r"\d{4}"), ("MMMM", _WORD), ("dddd", _WORD),
    ("DDDD", r"\d{3}"), ("DDDo", rf"\d{{1,3}}{_WORD}"), ("MMM", _WORD), ("ddd", _WORD),
    ("DDD", r"\d{1,3}"), ("YY", r"\d{2}"), ("GG", r"\d{2}"), ("gg", r"\d{2}"), ("MM", r"\d{2}"),
    ("DD", r"\d{2}"), ("ww", r"\d{2}"), ("WW", r"\d{2}"), ("HH", r"\d{2}"), ("hh", r"\d{2}"),
    ("mm", r"\d{2}"), ("ss", r"\d{2}"), ("dd", _WORD), ("Mo", rf"\d{{1,2}}{_WORD}"),
    ("Do", rf"\d{{1,2}}(?:{_WORD})?"), ("Qo", rf"\d{_WORD}"), ("wo", rf"\d{{1,2}}{_WORD}"),
    ("Wo", rf"\d{{1,2}}{_WORD}"), ("M", r"\d{1,2}"), ("D", r"\d{1,2}"), ("Q", r"\d"),
    ("w", r"\d{1,2}"), ("W", r"\d{1,2}"), ("H", r"\d{1,2}"), ("h", r"\d{1,2}"),
    ("d", r"\d"), ("E", r"\d"), ("e", r"\d"), ("A", "[AP]M"), ("a", "[ap]m"),
)  # fmt: skip

# Names of weekdays and months as people write them beside a date.
_WEEKDAYS = (
    "mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday"
    "|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|mo|di|mi|do|fr|sa|so"
    "|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes"
    "|sábado|domingo|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|segunda|terça|quarta"
    "|quinta|sexta|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|пн|вт|ср|чт|пт"
    "|сб|вс|(?:星期|周|週|礼拜)[一二三四五六日天]|[月火水木金土日](?:曜日?)?|[월화수목금토일](?:요일)?"
)
_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_GAP = r"[\s,._()\-]{0,3}"
_YEAR, _MONTH, _DAY = r"(?:19|20)\d\d", r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_DATES = (
    rf"{_YEAR}([-._ ])?{_MONTH}(?:[-._ ])?{_DAY}",  # 2024-05-01, 20240501
    rf"{_DAY}[-._]{_MONTH}[-._]{_YEAR}",  # 01-05-2024
    rf"{_YEAR}年{_MONTH}月{_DAY}日",
    rf"{_YEAR}[-._ ]?(?:KW|W){_GAP}\d{{1,2}}",  # 2024-W18
    rf"{_YEAR}-(?:0[1-9]|1[0-2])",  # 2024-05
    rf"{_DAY}(?:st|nd|rd|th|\.)?\s(?:{_MONTHS}),?\s{_YEAR}",  # 1 May 2024
    rf"(?:{_MONTHS})\s{_DAY}(?:st|nd|rd|th)?,?\s{_YEAR}",  # May 1st, 2024
)
_DATE_NAME = re.compile(
    rf"(?:(?:{_WEEKDAYS}){_GAP})?(?:{'|'.join(_DATES)})(?:{_GAP}(?:{_WEEKDAYS}))?{_GAP}",
    re.IGNORECASE,
)


def daily_filter(folder: str, form: str) -> Callable[[str], bool]:
    """Make a test of note paths from ``daily-notes.json``'s folder and format.

    A note is daily if its name is a date, if it lies in the daily folder (when one is set), or,
    with no folder, if its path has the set format.
    """
    prefix = folder.strip("/").casefold()
    pattern = re.compile(_format(form), re.IGNORECASE)
    # A format of nothing but literal text or one number would call half a vault daily.
    dated = bool(re.search(r"D|d|w|W|E", re.sub(r"\[[^\]]*\]", "", form)))

    def daily(path: str) -> bool:
        stem = path.removesuffix(".md")
        if prefix and path.casefold().startswith(prefix + "/"):
            return True
        if not prefix and dated and pattern.fullmatch(stem):
            return True
        return is_date_name(stem.rpartition("/")[2])

    return daily


def is_date_name(stem: str) -> bool:
    """Whether a file stem is a date (a week or month too), at most with its weekday."""
    return len(stem) <= 60 and _DATE_NAME.fullmatch(stem.strip()) is not None


def _format(form: str) -> str:
    out, at = "", 0
    while at < len(form):
        if form[at] == "[" and (end := form.find("]", at)) > 0:
            out += re.escape(form[at + 1 : end])
            at = end + 1
            continue
        for token, expression in _TOKENS:
            if form.startswith(token, at):
                out += expression
                at += len(token)
                break
        else:
            out += re.escape(form[at])
            at += 1
    return out
