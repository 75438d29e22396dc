"""Numbers as JavaScript has them: double precision, with its text form and rounding."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal


def number_text(value: float) -> str:
    """Write a number as JavaScript's ``String(value)`` does (ECMA-262, Number::toString)."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    text = "".join(map(str, digits))
    point = len(text) + int(exponent)  # place of the decimal point, from the first digit
    minus = "-" if sign else ""
    if 0 < point <= 21:
        if len(text) <= point:
            return minus + text + "0" * (point - len(text))
        return f"{minus}{text[:point]}.{text[point:]}"
    if -6 < point <= 0:
        return f"{minus}0.{'0' * -point}{text}"
    mantissa = text[0] + (f".{text[1:]}" if len(text) > 1 else "")
    return f"{minus}{mantissa}e{'+' if point > 0 else '-'}{abs(point - 1)}"


def rounded(value: float) -> float:
    """Round half up, as ``Math.round``: -1.5 becomes -1."""
    return (
        value if not math.isfinite(value) or abs(value) >= 2**52 else float(math.floor(value + 0.5))
    )


def rounded_to(value: float, places: int) -> float:
    """Round to decimal places by the exact value, as ``toFixed``. ``places`` is 0 to 100."""
    if not math.isfinite(value) or abs(value) >= 1e21:
        return value
    return float(Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def rounded_as_written(value: float, places: int) -> float:
    """Round to decimal places what the number is written as, half up, as ``Intl`` does: 1.005
    becomes 1.01, though the double is a little less."""
    if not math.isfinite(value) or abs(value) >= 1e21:
        return value
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))
