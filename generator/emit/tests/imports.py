"""The import block of a test file, from the names its body uses.

Input: the body of a test file without imports, the names the tested module gives, and the names the
shared files define. Output: the import lines, in isort's order.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Mapping

STANDARD = ("copy", "math")  # modules of the standard library that test bodies may use
KNOWN = frozenset({*STANDARD, "Any", "F", "Tensor", "nn", "pytest", "torch"})
# A class, function or constant at the left margin of a shared file.
_EXPORTED = re.compile(r"^(?:class|def) ([A-Za-z]\w*)|^([A-Z]\w*)\b.* = ", re.MULTILINE)


def exported(text: str) -> frozenset[str]:
    """List the names that a shared file defines."""
    return frozenset(first or second for first, second in _EXPORTED.findall(text))


def taken(body: str, shared: Mapping[str, str]) -> frozenset[str]:
    """List the names that mean something else in a test file already, so that a network of such a
    name needs another one there. ``shared`` maps shared files' names to their texts."""
    known = frozenset(name for text in shared.values() for name in exported(text))
    return known | KNOWN | frozenset(dir(builtins)) | _bound(ast.parse(body))


def import_block(
    body: str, *, module: str, aliases: Mapping[str, str], shared: Mapping[str, str]
) -> str:
    """Write the imports of a body. ``aliases`` maps names of the tested module to those used here;
    what is used and defined nowhere else comes from that module, too."""
    tree = ast.parse(body)
    used = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
    from_shared = {name: exported(text) & used for name, text in shared.items()}
    other = KNOWN | frozenset(dir(builtins)) | _bound(tree) | frozenset(aliases.values())
    own = used - other - frozenset().union(*from_shared.values())
    tested = {f"{name} as {alias}" if name != alias else name for name, alias in aliases.items()}
    blocks = [
        [f"import {name}" for name in STANDARD if name in used] + _from("typing", {"Any"} & used),
        ["import pytest", "import torch", *_from("torch", {"Tensor", "nn"} & used)]
        + (["from torch.nn import functional as F"] if "F" in used else []),
        _from(f"..{module}", own | tested)
        + [line for name, names in from_shared.items() for line in _from(f".{name}", names)],
    ]
    return "\n\n".join("\n".join(lines) for lines in blocks if lines)


def _bound(tree: ast.Module) -> frozenset[str]:
    """List the names a body gives a meaning, in any of its functions."""
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.arg(arg=name) | ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
    return frozenset(found)


def _from(module: str, names: Iterable[str]) -> list[str]:
    """An import, its names in isort's order: constants, classes, functions."""
    ordered = sorted(names, key=lambda name: (_rank(name.partition(" ")[0]), name))
    return [f"from {module} import {', '.join(ordered)}"] if ordered else []


def _rank(name: str) -> int:
    return 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
