"""A forward pass as text: calls in order become assignments to few, well-named variables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from generator.architectures.ir import Network
from generator.emit.models.layers import functional
from generator.emit.models.tree import Call, Kind, Scope

_NESTED = 3  # calls written inside each other at most
_WIDTH = 60


class Forward:
    """Writes a list of calls as assignments to few, well-named variables."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def lines(
        self, steps: Sequence[Call], *, entry: int, exit: int, wanted: Sequence[int] = ()
    ) -> list[str]:
        """Write the steps and the return of ``exit``."""
        body, variables = self.statements(steps, entry=entry, kept=(exit, *wanted))
        if body and body[-1].startswith(f"{variables[exit]} = "):
            value = body.pop().split(" = ", 1)[1]
            return [*body, f"result: Tensor = {value}", "return result"]
        return [*body, f"return {variables[exit]}"]

    def statements(
        self,
        steps: Sequence[Call],
        *,
        entry: int,
        kept: Sequence[int],
        name: str = "x",
        notes: Mapping[int, str] = MappingProxyType({}),
    ) -> tuple[list[str], dict[int, str]]:
        """Write the steps; gives the lines and the variables of the ``kept`` values.

        ``name`` is the variable of the ``entry``; ``notes`` are values to copy to a variable.
        """
        uses: dict[int, int] = dict.fromkeys(kept, 1)
        for step in steps:
            for each in step.inputs:
                uses[each] = uses.get(each, 0) + 1
        several = {each for step in steps if len(step.inputs) > 1 for each in step.inputs}
        variables = {entry: name}
        found: list[tuple[str, str, int]] = []  # target, expression, nesting
        for step in steps:
            inputs = [variables[each] for each in step.inputs]
            for each in step.inputs:
                uses[each] -= 1
            free = [variables[each] for each in step.inputs if not uses[each]]
            live = {variables[each] for each, count in uses.items() if count and each in variables}
            target = self._target(step, free, live, entry, several)
            variables[step.output] = target
            _append(found, target, self._expression(step, inputs), inputs)
            if step.output in notes:
                found.append((notes[step.output], target, _NESTED))
        return [f"{target} = {expression}" for target, expression, _ in found], variables

    def _target(
        self, step: Call, free: Sequence[str], live: set[str], entry: int, several: set[int]
    ) -> str:
        """Choose the variable: the input's if nobody needs it any more, else a new one."""
        branches = step.inputs == (entry,) and step.output in several
        if free and not branches:
            return "x" if "x" in free else free[0]
        own = "_".join(step.reference) if step.reference else "out"
        if not own.isidentifier() or own in ("x", "self") or not isinstance(step.module, Scope):
            own = "out"
        if step.module is not None and step.module.kind is Kind.LEAF and "out" not in live:
            own = "out"
        name, number = own, 2
        while name in live:
            name, number = f"{own}_{number}", number + 1
        return name

    def _expression(self, step: Call, inputs: Sequence[str]) -> str:
        if step.module is None:
            return functional(self.network.nodes[step.output].op, inputs)
        return f"{_reference(step.reference)}({', '.join(inputs)})"


def _append(
    found: list[tuple[str, str, int]], target: str, expression: str, inputs: Sequence[str]
) -> None:
    """Add an assignment, inside the one before it where that reads well."""
    if found and len(inputs) == 1 and inputs[0] == target == found[-1][0]:
        _, before, nesting = found[-1]
        call = re.fullmatch(rf"([\w.\[\]\"]+)\({target}\)", expression)
        if (
            call
            and nesting < _NESTED
            and len(before) + len(call[1]) + 2 <= _WIDTH
            and "(" in before
        ):
            found[-1] = (target, f"{call[1]}({before})", nesting + 1)
            return
    found.append((target, expression, 1))


def _reference(path: Sequence[str]) -> str:
    """Write the path to a module: attributes, and keys of containers."""
    if path[0].startswith("self."):
        return path[0]
    text = f"self.{path[0]}"
    for part in path[1:]:
        text += f"[{part}]" if part.isdigit() else f'["{part}"]'
    return text
