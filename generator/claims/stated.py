"""What an expression states: one number, or the factors of a size."""

from __future__ import annotations

from fractions import Fraction

from generator.claims.expression import Binary, Call, Expression, Number
from generator.claims.quantity import Quantity, coarse_place


def factors(expression: Expression) -> tuple[int, ...] | None:
    """Give the factors of an unbracketed product of plain whole numbers."""
    match expression:
        case Number(value, place) if value.denominator == 1 and place == 1 and value > 0:
            return (int(value),)
        case Binary("*", left, right) if not expression.bracketed:
            first, second = factors(left), factors(right)
            return first + second if first and second else None
        case _:
            return None


def expression_quantity(expression: Expression, value: Fraction, text: str) -> Quantity:
    """Give the number an expression states: exact, but for scientific notation, ``3.8 × 10^9``."""
    match expression:
        case Binary("*", Number(mantissa, place), Binary("^", Number(base), _)) if base == 10:
            scale = value / mantissa if mantissa else Fraction(1)
            return Quantity(value, place * scale, coarse_place(mantissa, place) * scale, True, text)
        case Call("percent", Number(share, place)):
            return Quantity(value, place / 100, coarse_place(share, place) / 100, True, text)
        case _:
            return Quantity(value, Fraction(1), Fraction(1), False, text)
