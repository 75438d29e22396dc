"""A generated package's facts about its networks, read from its files without importing anything.

The registry's ``_MODULES`` and each module's ``INFO`` are literals, apart from names that stand for
other literals and one comprehension over rows: that much Python is evaluated here, and no more.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.emit.summary import aligned, times
from generator.runtime.problem import UsageError


@dataclass(frozen=True, slots=True)
class Facts:
    """What a package says of a network, as its ``model_info`` does.

    ``output`` is ``scores``, or ``distances``, of which the smallest names the class.
    """

    name: str
    module: str
    parameters: int
    macs: int
    input_size: tuple[int, int, int]
    mean: tuple[float, ...]
    std: tuple[float, ...]
    interpolation: str
    resize: int
    sources: tuple[str, ...]
    output: str = "scores"


def read_registry(folder: Path) -> dict[str, str]:
    """Give the package's networks, each with its module. Raises :class:`UsageError` if it is none."""
    if not folder.is_dir():
        raise UsageError(f"there is no folder {str(folder)!r}; `notetorch build VAULT` writes one")
    try:
        registry = _literals(folder / "__init__.py").get("_MODULES")
    except (OSError, ValueError, SyntaxError):
        registry = None
    if not isinstance(registry, dict):
        raise UsageError(
            f"{str(folder)!r} is no package of generated networks; name the folder of models that "
            "`notetorch build VAULT` wrote"
        )
    return {str(name): str(module) for name, module in registry.items()}


def read_facts(folder: Path) -> list[Facts]:
    """Give the facts about every network of the package in ``folder``, sorted by name."""
    found = []
    modules: dict[str, Mapping[str, Any]] = {}
    for name, module in sorted(read_registry(folder).items()):
        try:
            if module not in modules:
                modules[module] = _literals(folder / f"{module}.py")["INFO"]
            known = {
                key: value for key, value in dict(modules[module][name]).items() if key in _KEYS
            }
            found.append(Facts(name=name, module=module, **known))
        except (OSError, ValueError, SyntaxError, KeyError, TypeError):
            raise UsageError(
                f"{folder / module}.py does not hold the facts about {name}; "
                "`notetorch build VAULT` writes it again"
            ) from None
    return found


def models_table(folder: Path) -> list[str]:
    """One aligned line a model, as ``notetorch models`` gives them for a vault."""
    rows: list[tuple[str, ...]] = [
        ("model", "module", "parameters", "multiply-adds", "input", "from")
    ]
    rows += [
        (
            each.name,
            each.module,
            f"{each.parameters:,}",
            f"{each.macs:,}",
            times(each.input_size),
            "; ".join(each.sources) or "-",
        )
        for each in read_facts(folder)
    ]
    return aligned(rows, right={2, 3})


_KEYS = frozenset(Facts.__dataclass_fields__) - {"name", "module"}


def _literals(file: Path) -> dict[str, Any]:
    """Evaluate the module-level constants of a file that are literals; the rest is left out."""
    constants: dict[str, Any] = {}
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                pass
            case _:
                continue
        try:
            constants[name] = _value(value, constants)
        except (ValueError, TypeError):
            continue
    return constants


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    """Evaluate a literal in which ``names`` may stand. Raises ``ValueError`` for anything else."""
    match node:
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.Tuple(elts=items):
            return tuple(_value(each, names) for each in items)
        case ast.Dict(keys=keys, values=values):
            made: dict[Any, Any] = {}
            for key, value in zip(keys, values, strict=True):
                given = _value(value, names)
                made |= given if key is None else {_value(key, names): given}
            return made
        case ast.DictComp(
            key=key, value=value, generators=[ast.comprehension(ast.Tuple() as target, rows, [], 0)]
        ):
            targets = [each.id for each in target.elts if isinstance(each, ast.Name)]
            made = {}
            for row in _value(rows, names):
                inner = {**names, **dict(zip(targets, row, strict=True))}
                made[_value(key, inner)] = _value(value, inner)
            return made
        case _:
            return ast.literal_eval(node)
