"""Numbers as people read them: counts exact and short, shapes with a multiplication sign."""

from __future__ import annotations

from generator.architectures.ir import Shape

_UNITS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))


def exact(value: int) -> str:
    """Write a count with thousands separated: ``138,357,544``."""
    return f"{value:,}"


def short(value: float) -> str:
    """Write a count with three digits and a unit: ``138 M``, ``4.09 G``."""
    for size, unit in _UNITS:
        if value >= size * 0.9995:
            scaled = value / size
            return f"{scaled:.{2 if scaled < 9.995 else 1 if scaled < 99.95 else 0}f} {unit}"
    return f"{value:g}"


def times(shape: Shape) -> str:
    """Write a shape as people do: ``64×56×56``."""
    return "×".join(str(each) for each in shape)
