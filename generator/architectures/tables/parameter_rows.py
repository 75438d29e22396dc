"""A table whose columns are those of a family's own rows parameter.

MobileNetV2's ``blocks`` takes ``t c n s``, VGG's ``stages`` ``width kernels pool``: such a table sets
the parameter, whatever order its columns stand in.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from generator.architectures.blocks.fields import fold
from generator.architectures.builder import ArchitectureError
from generator.architectures.model import Family, NetworkSpec, Parameter, ParamType, ParamValue
from generator.architectures.parameters import expected, read_parameter
from generator.architectures.tables.headers import NAME, TYPE, UNKNOWN, read_header
from generator.architectures.tables.model import Grid, Question
from generator.architectures.tables.rows import is_summary
from generator.architectures.tables.text import absent, key, normal
from generator.core.diagnostics import Diagnostic, diagnostic


@dataclass(slots=True)
class ParameterRows:
    """Rows of a parameter, as a table gives them."""

    network: NetworkSpec
    parameter: Parameter
    rows: list[ParamValue] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)
    total: int = 0


def read(grid: Grid, question: Question) -> ParameterRows | None:
    """Read a table in this layout; ``None`` when the family has no such parameter."""
    if question.family is None:
        return None
    for network in _networks(question.family, question.variant):
        for parameter in network.parameters:
            if parameter.type is ParamType.ROWS:
                places = _places(grid, parameter, explicit=question.explicit)
                if places is not None:
                    return _read(grid, network, parameter, places)
    return None


def _networks(family: Family, variant: str) -> list[NetworkSpec]:
    """The family's classes, that of the section's variant first."""
    found = family.variant(variant or family.default)
    first = [found[0]] if found is not None else []
    return first + [each for each in family.networks if each not in first]


def _places(grid: Grid, parameter: Parameter, *, explicit: bool) -> dict[str, int] | None:
    """Map the parameter's columns to the table's, if all headers are accounted for."""
    places: dict[str, int] = {}
    for index, cell in enumerate(grid.header):
        text = normal(cell)
        column = next(
            (
                each
                for each in parameter.columns
                if any(fold(name) in (fold(text), key(text)) for name in (each.name, *each.aliases))
            ),
            None,
        )
        if column is not None and column.name not in places:
            places[column.name] = index
        elif read_header(cell).kind in (TYPE, UNKNOWN) or (
            column is None and read_header(cell).kind not in (NAME, "remark", "output", "input")
        ):
            return None
    needed = {each.name for each in parameter.columns if each.required and each.name != "name"}
    # Two columns of three may be anything, say a search grid, unless the section is explicit.
    enough = 2 if explicit or len(parameter.columns) == 2 else 3
    return places if len(places) >= enough and needed <= set(places) else None


def _read(
    grid: Grid, network: NetworkSpec, parameter: Parameter, places: dict[str, int]
) -> ParameterRows:
    found = ParameterRows(network, parameter)
    columns = {each.name: each for each in parameter.columns}
    for cells in grid.rows:
        texts = {name: normal(cells[index]).replace("\n", ", ") for name, index in places.items()}
        if all(absent(each) for each in texts.values()):
            continue
        if is_summary(normal(cells[0])):
            continue
        found.total += 1
        row: dict[str, object] = {}
        for name, text in texts.items():
            if absent(text) and not columns[name].required:
                continue
            value = {"re": "relu", "hs": "hardswish", "✓": "true", "✔": "true", "√": "true"}.get(
                text.casefold(), text
            )
            try:
                row[name] = read_parameter(columns[name], value)
            except ArchitectureError as error:
                found.problems.append(
                    diagnostic(
                        "NT510",
                        cells[places[name]].position,
                        error.message,
                        found=error.found,
                        expected=expected(columns[name]),
                    )
                )
        if set(row) >= {each.name for each in parameter.columns if each.required}:
            whole = read_parameter(parameter, (row,))
            assert isinstance(whole, tuple)
            found.rows.extend(whole)
    return found
