"""Dates and durations with the arithmetic of Dataview's date library (Luxon, "casual" matrix).

Everything is plain calendar arithmetic: no clock and no time-zone database, so that the same
vault gives the same bytes everywhere. Local time is UTC; a date may carry its own offset.
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

# Units from large to small, and how many of a smaller one each holds. A year is 365 days and a
# month 30, as in Luxon's casual conversion (moment.github.io/luxon, "Durations").
UNITS = ("years", "months", "weeks", "days", "hours", "minutes", "seconds", "milliseconds")
_DAY = 24 * 60 * 60 * 1000
MILLISECONDS = {
    "years": 365 * _DAY,
    "months": 30 * _DAY,
    "weeks": 7 * _DAY,
    "days": _DAY,
    "hours": 60 * 60 * 1000,
    "minutes": 60 * 1000,
    "seconds": 1000,
    "milliseconds": 1,
}
# Steps between neighbours: 12 months a year, but 4 weeks a month.
_STEP = (12, 4, 7, 24, 60, 60, 1000)
# The counts that the lengths above do not give.
_UNEVEN = {("years", "months"): 12, ("years", "weeks"): 52, ("months", "weeks"): 4}
_LARGEST = 1e15


class DateRangeError(Exception):
    """The result lies outside the years 1 to 9999."""


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time by unit: ``amounts`` follows :data:`UNITS`.

    Units are kept as written (90 minutes stay 90 minutes) until :func:`normalized`.
    """

    amounts: tuple[float, ...] = (0.0,) * len(UNITS)

    @staticmethod
    def of(**amounts: float) -> Duration:
        """Make a duration from unit names: ``Duration.of(hours=1, minutes=30)``."""
        return Duration(tuple(float(amounts.get(unit, 0)) for unit in UNITS))

    def milliseconds(self) -> float:
        """The total length in milliseconds."""
        return sum(
            amount * MILLISECONDS[unit] for unit, amount in zip(UNITS, self.amounts, strict=True)
        )

    def total(self, unit: str) -> float:
        """The whole length in one unit."""
        return self.shared_out((unit,))[unit]

    def shared_out(self, units: Sequence[str]) -> dict[str, float]:
        """The whole length split over some units, given from large to small: all but the last
        are whole (Luxon, ``Duration.shiftTo``)."""
        shares: dict[str, float] = {}
        waiting: dict[str, float] = {}  # of larger units, until a wanted one takes them
        for unit, amount in zip(UNITS, self.amounts, strict=True):
            if unit not in units:
                waiting[unit] = amount
                continue
            own = amount + sum(each * _conversion(larger, unit) for larger, each in waiting.items())
            shares[unit] = float(math.trunc(own)) if math.isfinite(own) else own
            waiting = {unit: own - shares[unit]} if math.isfinite(own) else {}
        last = units[-1] if units else ""
        for unit, amount in waiting.items() if last else ():
            shares[last] += amount if unit == last else amount / _conversion(last, unit)
        return _carried(shares)

    def plus(self, other: Duration) -> Duration:
        """Add unit by unit."""
        return Duration(tuple(a + b for a, b in zip(self.amounts, other.amounts, strict=True)))

    def minus(self, other: Duration) -> Duration:
        """Subtract unit by unit."""
        return Duration(tuple(a - b for a, b in zip(self.amounts, other.amounts, strict=True)))

    def times(self, factor: float) -> Duration:
        """Multiply every unit."""
        return Duration(tuple(amount * factor for amount in self.amounts))


def _conversion(larger: str, smaller: str) -> float:
    """How many of the smaller unit the larger one holds."""
    return _UNEVEN.get((larger, smaller)) or MILLISECONDS[larger] / MILLISECONDS[smaller]


def _carried(shares: dict[str, float]) -> dict[str, float]:
    """Carry what a unit has too much of into the next larger one of the shares."""
    names = list(shares)
    sign = -1 if Duration.of(**shares).milliseconds() < 0 else 1
    for larger, smaller in zip(names[-2::-1], names[:0:-1], strict=True):
        step = _conversion(larger, smaller)
        if math.isfinite(shares[smaller]):
            carried = math.floor(shares[smaller] * sign / step)
            shares[larger] += carried * sign
            shares[smaller] -= carried * step * sign
    return shares


def normalized(duration: Duration) -> Duration:
    """Carry every unit into the next larger one, and fractions into smaller ones.

    30 days become 1 month (4 weeks) and 2 days: that is what Dataview shows.
    """
    amounts = list(duration.amounts)
    if not all(math.isfinite(amount) and abs(amount) < _LARGEST for amount in amounts):
        return duration
    # Whole parts first, so that a fraction of a day becomes hours before hours are carried.
    for place in range(len(UNITS) - 1):
        fraction = math.fmod(amounts[place], 1)
        amounts[place] -= fraction
        amounts[place + 1] += fraction * _STEP[place]
    sign = -1 if Duration(tuple(amounts)).milliseconds() < 0 else 1
    for place in range(len(UNITS) - 1, 0, -1):
        carried = math.floor(round(amounts[place] * sign, 6) / _STEP[place - 1])
        amounts[place - 1] += carried * sign
        amounts[place] -= carried * _STEP[place - 1] * sign
    return Duration(tuple(round(amount, 6) + 0.0 for amount in amounts))


@dataclass(frozen=True, slots=True)
class Date:
    """A moment as a calendar shows it. ``offset`` is minutes east of UTC, ``None`` for local."""

    moment: datetime
    offset: int | None = None

    @staticmethod
    def of(
        year: int, month: int = 1, day: int = 1, hour: int = 0, minute: int = 0, second: int = 0,
        millisecond: int = 0, *, offset: int | None = None,
    ) -> Date:  # fmt: skip
        """Make a date; raises ``ValueError`` for one that no calendar has."""
        return Date(
            datetime(year, month, day, hour, minute, second, millisecond * 1000), offset=offset
        )

    @staticmethod
    def from_milliseconds(milliseconds: float) -> Date:
        """The local date of a number of milliseconds since 1970. Raises :class:`DateRangeError`."""
        try:
            return Date(datetime(1970, 1, 1) + timedelta(milliseconds=milliseconds))
        except (OverflowError, ValueError):
            raise DateRangeError from None

    def milliseconds(self) -> int:
        """Milliseconds since 1970 UTC."""
        seconds = self.moment.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
        return seconds // timedelta(milliseconds=1) - (self.offset or 0) * 60_000

    def local(self) -> Date:
        """The same instant in local time."""
        return self if self.offset is None else Date.from_milliseconds(self.milliseconds())

    def has_time(self) -> bool:
        """Whether hour, minute or second is not zero: such dates are shown with their time."""
        return bool(self.moment.hour or self.moment.minute or self.moment.second)

    def without_time(self) -> Date:
        """Midnight of the same day, in local time."""
        return Date.of(self.moment.year, self.moment.month, self.moment.day)

    def start_of(self, unit: str) -> Date:
        """The first moment of the year, month, week (Monday) or day."""
        day = self.moment.replace(hour=0, minute=0, second=0, microsecond=0)
        match unit:
            case "year":
                day = day.replace(month=1, day=1)
            case "month":
                day = day.replace(day=1)
            case "week":
                day -= timedelta(days=day.weekday())
        return Date(day, offset=self.offset)

    def end_of(self, unit: str) -> Date:
        """The last millisecond of the year, month, week or day."""
        following = plus(self.start_of(unit), Duration.of(**{unit + "s": 1}))
        return plus(following, Duration.of(milliseconds=-1))


def plus(date: Date, duration: Duration) -> Date:
    """Add a duration by the calendar: a month later is the same day, or that month's last.

    Fractions of calendar units count in the casual conversion. Raises :class:`DateRangeError`.
    """
    if not all(math.isfinite(amount) and abs(amount) < _LARGEST for amount in duration.amounts):
        raise DateRangeError
    years, months, weeks, days, *clock = duration.amounts
    moment = date.moment
    month = moment.month - 1 + math.trunc(months) + 12 * math.trunc(years)
    year, month = moment.year + month // 12, month % 12 + 1
    if not 1 <= year <= 9999:
        raise DateRangeError
    day = min(moment.day, calendar.monthrange(year, month)[1])
    fractions = Duration(
        (*(math.fmod(each, 1) for each in (years, months, weeks, days)), *clock)
    ).milliseconds()
    try:
        shifted = moment.replace(year=year, month=month, day=day) + timedelta(
            days=math.trunc(days) + 7 * math.trunc(weeks), milliseconds=fractions
        )
    except (OverflowError, ValueError):
        raise DateRangeError from None
    # Milliseconds are the smallest unit: a third of a day must not leave microseconds behind.
    return Date(shifted.replace(microsecond=shifted.microsecond // 1000 * 1000), date.offset)


def difference(later: Date, earlier: Date) -> Duration:
    """The duration from ``earlier`` to ``later`` in calendar units (no weeks), normalised."""
    sign = 1
    start, end = (
        earlier,
        Date(
            later.moment
            if later.offset == earlier.offset
            else Date.from_milliseconds(
                later.milliseconds() + (earlier.offset or 0) * 60_000
            ).moment,
            earlier.offset,
        ),
    )
    if end.moment < start.moment:
        start, end, sign = end, start, -1
    months = (end.moment.year - start.moment.year) * 12 + end.moment.month - start.moment.month
    while months > 0 and _months_later(start, months) > end.moment:
        months -= 1
    rest = end.moment - _months_later(start, months)
    milliseconds = rest.seconds * 1000 + rest.microseconds // 1000
    hours, milliseconds = divmod(milliseconds, MILLISECONDS["hours"])
    minutes, milliseconds = divmod(milliseconds, MILLISECONDS["minutes"])
    seconds, milliseconds = divmod(milliseconds, 1000)
    parts = (months // 12, months % 12, 0, rest.days, hours, minutes, seconds, milliseconds)
    return normalized(Duration(tuple(float(part * sign) for part in parts)))


def _months_later(date: Date, months: int) -> datetime:
    return plus(date, Duration.of(months=months)).moment
