"""Calendar arithmetic and formats (rules 13.10, 13.11; Luxon's documentation)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.graph.dataview.date_text import (
    date_text,
    day_in,
    duration_text,
    format_date,
    format_duration,
    read_date,
    read_duration,
    read_formatted_date,
)
from generator.graph.dataview.dates import (
    Date,
    DateRangeError,
    Duration,
    difference,
    normalized,
    plus,
)

DATE = Date.of(2022, 12, 26, 9, 5, 3, 42)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2021-02-28 + 1 mo", "March 28, 2021"),
        ("2021-01-31 + 1 mo", "February 28, 2021"),
        ("2020-02-29 + 1 yr", "February 28, 2021"),
        ("2021-12-31 + 1 d", "January 01, 2022"),
        ("2021-03-01 + -1 d", "February 28, 2021"),
        ("2021-01-01 + 1.5 d", "12:00 PM - January 02, 2021"),
        ("2021-01-01 + 2 wk", "January 15, 2021"),
    ],
)
def test_adding_by_the_calendar(text: str, shown: str) -> None:
    start, _, length = text.partition(" + ")
    date, duration = read_date(start), read_duration(length)
    assert date is not None
    assert duration is not None
    assert date_text(plus(date[0], duration[0])) == shown


@pytest.mark.parametrize(
    ("later", "earlier", "shown"),
    [
        ("2021-08-04", "2021-08-01", "3 days"),
        ("2021-08-08", "2021-08-01", "1 week"),
        ("2022-03-01", "2021-01-31", "1 year, 1 month, 1 day"),
        ("2021-08-01", "2021-08-04", "-3 days"),
        ("2021-01-01T10:30", "2021-01-01T09:00", "1 hour, 30 minutes"),
        ("2021-01-01T10:00:00+02:00", "2021-01-01T08:00:00Z", ""),
    ],
)
def test_the_time_between_two_dates(later: str, earlier: str, shown: str) -> None:
    first, second = read_date(later), read_date(earlier)
    assert first is not None
    assert second is not None
    assert duration_text(difference(first[0], second[0])) == shown


def test_dates_beyond_the_calendar_raise() -> None:
    with pytest.raises(DateRangeError):
        plus(Date.of(9999, 12, 31), Duration.of(days=1))
    with pytest.raises(DateRangeError):
        plus(Date.of(1), Duration.of(years=-1e300))


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("yyyy-MM-dd", "2022-12-26"), ("yy/M/d", "22/12/26"), ("HH:mm:ss.SSS", "09:05:03.042"),
        ("h:mm a", "9:05 AM"), ("EEEE ccc E", "Monday Mon 1"), ("LLLL LLL LL L", "December Dec 12 12"),
        ("kkkk-'W'WW", "2022-W52"), ("o ooo q", "360 360 4"), ("'day' d", "day 26"), ("DDDD", "Monday, December 26, 2022"),
        ("D t TT", "12/26/2022 9:05 AM 09:05:03"), ("ZZ z", "+00:00 UTC"), ("X", "1672045503"), ("[x] #", "[1672045503042] #"),
        ("f oo", "12/26/2022, 9:05 AM oo"),
    ],
)  # fmt: skip
def test_format_tokens(form: str, shown: str) -> None:
    assert format_date(DATE, form) == shown


@pytest.mark.parametrize(
    ("text", "form", "iso"),
    [
        ("26.12.2022", "dd.MM.yyyy", "2022-12-26T00:00:00"),
        ("Dec 5 22 3:07 pm", "MMM d yy h:mm a", "2022-12-05T15:07:00"),
        ("1672045503", "X", "2022-12-26T09:05:03"),
        ("2022-360", "yyyy-ooo", "2022-12-26T00:00:00"),
        # What is larger than all that is named is today's.
        ("at 5", "'at' H", "2024-05-15T05:00:00"),
        ("3", "M", "2024-03-01T00:00:00"),
        ("7", "d", "2024-05-07T00:00:00"),
    ],
)
def test_reading_by_format(text: str, form: str, iso: str) -> None:
    date = read_formatted_date(text, form, Date.of(2024, 5, 15, 13))
    assert date is not None
    assert date.moment.isoformat() == iso


@pytest.mark.parametrize(
    ("text", "form"), [("x", "yyyy"), ("2022-13", "yyyy-MM"), ("Foo 1", "MMM d"), ("1", "foo")]
)
def test_what_does_not_have_the_format_is_no_date(text: str, form: str) -> None:
    assert read_formatted_date(text, form, Date.of(2024, 5, 15)) is None


def test_rule_11_12_the_day_in_a_name() -> None:
    assert day_in("2024-05-01 meeting") == Date.of(2024, 5, 1)
    assert day_in("log 20240501") == Date.of(2024, 5, 1)
    assert day_in("2024-13-01") is None
    assert day_in("notes") is None


def test_durations_carry_into_larger_units() -> None:
    assert duration_text(Duration.of(days=30)) == "1 month, 2 days"
    assert duration_text(Duration.of(hours=1.5)) == "1 hour, 30 minutes"
    assert duration_text(Duration.of(years=1)) == "1 year"
    assert duration_text(Duration.of(milliseconds=1234)) == "1 second, 234 milliseconds"
    assert duration_text(Duration()) == ""
    assert format_duration(Duration.of(minutes=90), "h:mm") == "1:30"
    assert format_duration(Duration.of(days=1, hours=2), "hh 'hours'") == "26 hours"


# Of one sign: a month is four weeks here and 30 days there, so years less weeks have no one form.
@given(st.lists(st.floats(0, 1e6).map(lambda x: round(x, 2)), min_size=8, max_size=8))
def test_normalising_twice_changes_nothing(amounts: list[float]) -> None:
    once = normalized(Duration(tuple(amounts)))
    again = normalized(once)
    assert all(abs(a - b) < 1e-3 for a, b in zip(once.amounts, again.amounts, strict=True))


@given(st.datetimes(), st.datetimes())
def test_a_difference_of_days_leads_back(a: object, b: object) -> None:
    from datetime import datetime

    assert isinstance(a, datetime)
    assert isinstance(b, datetime)
    first, second = (Date(each.replace(microsecond=0)) for each in (min(a, b), max(a, b)))
    assert difference(second, first).milliseconds() >= 0
