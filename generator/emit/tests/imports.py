"""The import block of a test file, from the names its body uses.

Input: the body of a test file without imports, the names the tested module gives, and the names the
shared files define. Output: the import lines, in isort's order.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

STANDARD = ("copy", "math")  # modules of the standard library that test bodies may use
KNOWN = frozenset({*STANDARD, "Any", "F", "Tensor", "nn", "pytest", "torch"})
# A class, function or constant at the left margin of a shared file.
_EXPORTED = re.compile(r"^(?:class|def) ([A-Za-z]\w*)|^([A-Z]\w*)\b.* = ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Names:
    """Names of a body: those it reads, and those it gives a meaning in any of its functions."""

    used: frozenset[str]
    bound: frozenset[str]

    def taken(self, shared: Mapping[str, str]) -> frozenset[str]:
        """List the names that mean something in the file already, so that a network of such a name
        needs another one there. ``shared`` maps shared files' names to their texts."""
        exports = frozenset(name for text in shared.values() for name in exported(text))
        return exports | KNOWN | frozenset(dir(builtins)) | self.bound


def names_of(body: str) -> Names:
    """Collect the names of a body. Raises ``SyntaxError`` where it is no Python: our bug."""
    used: set[str] = set()
    bound: set[str] = set()
    for node in ast.walk(ast.parse(body)):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                used.add(name)
            case ast.Name(id=name) | ast.arg(arg=name):
                bound.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
    return Names(frozenset(used), frozenset(bound))


def import_block(
    names: Names, *, module: str, aliases: Mapping[str, str], shared: Mapping[str, str]
) -> str:
    """Write the imports of a body. ``aliases`` maps names of the tested module to those used here;
    what is used and defined nowhere else comes from that module, too."""
    used = names.used
    from_shared = {name: exported(text) & used for name, text in shared.items()}
    other = KNOWN | frozenset(dir(builtins)) | names.bound | frozenset(aliases.values())
    own = used - other - frozenset().union(*from_shared.values())
    tested = {f"{name} as {alias}" if name != alias else name for name, alias in aliases.items()}
    blocks = [
        [f"import {name}" for name in STANDARD if name in used] + _from("typing", {"Any"} & used),
        ["import pytest", "import torch", *_from("torch", {"Tensor", "nn"} & used)]
        + (["from torch.nn import functional as F"] if "F" in used else []),
        _from(f"..{module}", own | tested)
        + [line for name, found in from_shared.items() for line in _from(f".{name}", found)],
    ]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


def exported(text: str) -> frozenset[str]:
    """List the names that a shared file defines."""
    return frozenset(first or second for first, second in _EXPORTED.findall(text))


def _from(module: str, names: Iterable[str]) -> list[str]:
    """An import, its names in isort's order: constants, classes, functions."""
    ordered = sorted(names, key=lambda name: (_rank(name.partition(" ")[0]), name))
    return [f"from {module} import {', '.join(ordered)}"] if ordered else []


def _rank(name: str) -> int:
    return 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
