"""What a built-in function is: variants tried in order by the types of the arguments.

Positions marked as vectorised map over lists (rules section 14; Dataview documentation,
"Functions"). The results for odd arguments are Dataview's own, measured, not what one might expect.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from generator.graph.dataview.errors import EvaluationError
from generator.graph.dataview.values import (
    Value,
    type_of,
)

if TYPE_CHECKING:
    from generator.graph.dataview.evaluate import Context

Implementation = Callable[..., Value]


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function. ``variants`` pair argument types (``None``: any number of any) with what is
    done; ``vector`` gives, by number of arguments, the positions that map over lists."""

    name: str
    variants: tuple[tuple[tuple[str, ...] | None, Implementation], ...]
    vector: Mapping[int, tuple[int, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def __call__(self, context: Context, *arguments: Value) -> Value:
        """Apply the first variant whose types fit. Raises :class:`EvaluationError`."""
        types = tuple(type_of(argument) for argument in arguments)
        context.spend(sum(_size(argument) for argument in arguments))
        mapped = [p for p in self.vector.get(len(types), ()) if types[p] == "array"]
        if mapped:
            return self._map(context, arguments, mapped)
        for wanted, implementation in self.variants:
            if wanted is None or _fits(wanted, types):
                result = implementation(context, *arguments)
                if isinstance(result, tuple):
                    context.spend(len(result))
                return result
        raise EvaluationError(
            f"No implementation of '{self.name}' found for arguments: {', '.join(types)}"
        )

    def _map(self, context: Context, arguments: tuple[Value, ...], mapped: list[int]) -> Value:
        """Apply to each element; several lists run side by side up to the shortest."""
        length = min(len(cast(tuple[Value, ...], arguments[p])) for p in mapped)
        context.spend(length)
        return tuple(
            self(
                context,
                *(
                    cast(tuple[Value, ...], argument)[place] if p in mapped else argument
                    for p, argument in enumerate(arguments)
                ),
            )
            for place in range(length)
        )


def _size(argument: Value) -> int:
    """Steps for looking through an argument: elements are looked at, texts nearly free."""
    match argument:
        case tuple():
            return len(argument)
        case str():
            return len(argument) // 32
    return 0


def _fits(wanted: tuple[str, ...], types: tuple[str, ...]) -> bool:
    return len(wanted) == len(types) and all(
        want in ("*", have) for want, have in zip(wanted, types, strict=True)
    )


def builtin(
    name: str,
    *variants: tuple[str | None, Implementation],
    vector: Mapping[int, tuple[int, ...]] | None = None,
) -> Builtin:
    """Make a function from variants whose types are written as one text, ``"string number"``."""
    return Builtin(
        name,
        tuple((None if types is None else tuple(types.split()), each) for types, each in variants),
        MappingProxyType(dict(vector or {})),
    )


def null(_context: Context, *_arguments: Value) -> Value:
    return None


def same(_context: Context, value: Value, *_rest: Value) -> Value:
    return value


NULLS_2 = (("null *", null), ("* null", null))
NULLS_3 = (("null * *", null), ("* null *", null), ("* * null", null))


def false(_context: Context, *_arguments: Value) -> Value:
    return False


def mapped_number(name: str, apply: Implementation) -> Builtin:
    return builtin(name, ("number", apply), ("null", null), vector={1: (0,)})


def mapped_text(name: str, apply: Callable[[str], str]) -> Builtin:
    return builtin(name, ("string", lambda _c, text: apply(text)), ("null", null), vector={1: (0,)})
