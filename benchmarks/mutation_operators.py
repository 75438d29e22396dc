"""Source text to mutants: one small change each, of the kinds people make in network code.

Docstrings, annotations, class keywords and ``inplace`` switches are left alone: changing them changes no result.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

ACTIVATIONS = {
    "ReLU": "Tanh",
    "ReLU6": "ReLU",
    "Hardswish": "ReLU",
    "Hardsigmoid": "Sigmoid",
    "Sigmoid": "Tanh",
    "Tanh": "Sigmoid",
    "LeakyReLU": "ReLU",
    "GELU": "ReLU",
    "SiLU": "ReLU",
    "ELU": "ReLU",
    "Mish": "ReLU",
    "relu": "tanh",
    "relu6": "relu",
    "tanh": "sigmoid",
    "sigmoid": "tanh",
    "hardswish": "relu",
    "hardsigmoid": "sigmoid",
}
POOLS = {
    "MaxPool2d": "AvgPool2d",
    "AvgPool2d": "MaxPool2d",
    "AdaptiveAvgPool2d": "AdaptiveMaxPool2d",
    "max_pool2d": "avg_pool2d",
    "avg_pool2d": "max_pool2d",
    "adaptive_avg_pool2d": "adaptive_max_pool2d",
}
TO_IDENTITY = frozenset(
    {"BatchNorm2d", "BatchNorm1d", "GroupNorm", "LocalResponseNorm", "Dropout", *ACTIVATIONS}
)
WORDS = {
    "fan_out": "fan_in",
    "fan_in": "fan_out",
    "relu": "linear",
    "basic": "bottleneck",
    "bottleneck": "basic",
}
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.FloorDiv,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
}


@dataclass(frozen=True)
class Mutant:
    """A changed module: ``kind`` of change, the function or class it is in, what became what."""

    kind: str
    where: str
    change: str
    line: int
    source: str


def mutants(source: str) -> Iterator[Mutant]:
    """Give every mutant of a module, in the order of the source."""
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    for slot in list(_slots(tree)):
        before = ast.unparse(slot.node)
        for kind, edit in _edits(slot.node, slot):
            replacement = ast.fix_missing_locations(ast.copy_location(edit(slot.node), slot.node))
            slot.put(replacement)
            text = ast.unparse(tree)
            slot.put(slot.node)
            if text not in seen:
                seen.add(text)
                removed = isinstance(replacement, ast.Pass)
                after = "(removed)" if removed else ast.unparse(replacement)
                line = getattr(slot.node, "lineno", 0)
                yield Mutant(kind, slot.where, f"{before}  =>  {after}", line, text)


@dataclass(frozen=True)
class _Slot:
    """A place in the tree whose node can be exchanged; ``index`` is -1 for a single field."""

    node: ast.AST
    where: str
    parent: ast.AST
    field: str
    index: int

    def put(self, node: ast.AST) -> None:
        if self.index < 0:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def _slots(node: ast.AST, where: str = "") -> Iterator[_Slot]:
    """Give every place that may change, with the class or function it is in."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns") or (
            isinstance(node, ast.ClassDef) and field == "keywords"
        ):
            continue
        items = enumerate(value) if isinstance(value, list) else [(-1, value)]
        for index, each in items:
            match each:
                case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant(value=str())):
                    continue
                case ast.keyword(arg="inplace"):
                    continue
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    yield from _slots(each, f"{where}.{name}".lstrip("."))
                case ast.AST():
                    yield _Slot(each, where or "module", node, field, index)
                    yield from _slots(each, where)


Edit = Callable[[ast.AST], ast.AST]


# Functions whose arguments may stand in any order, from the argument on that is named here.
ANY_ORDER = {"max": 0, "min": 0, "_whole": 1}


def _edits(node: ast.AST, slot: _Slot) -> Iterator[tuple[str, Edit]]:
    match node:
        case ast.Constant(value=bool()):
            yield "flag", lambda n: _constant(n, not n.value)  # type: ignore[attr-defined]
        case ast.Constant(value=int() as value):
            yield "number + 1", lambda n: _constant(n, value + 1)
            if value > 0:
                yield "number - 1", lambda n: _constant(n, value - 1)
        case ast.Constant(value=float() as value):
            yield "number * 2", lambda n: _constant(n, value * 2 or 0.5)
            yield "number / 2", lambda n: _constant(n, value / 2 or 0.25)
        case ast.Constant(value=str() as value) if value in WORDS:
            yield "word", lambda n: _constant(n, WORDS[value])
        case ast.Attribute(attr=name) | ast.Name(id=name) if name in ACTIVATIONS or name in POOLS:
            kind = "activation" if name in ACTIVATIONS else "pooling"
            yield f"other {kind}", lambda n: _renamed(n, (ACTIVATIONS | POOLS)[name])
        case ast.Call():
            yield from _call_edits(node)
        case ast.BinOp(op=op) if type(op) in ARITHMETIC:
            for other in ARITHMETIC[type(op)]:
                yield "arithmetic", lambda n, other=other: _with(n, op=other())
            yield "left operand only", lambda n: n.left  # type: ignore[attr-defined]
            yield "right operand only", lambda n: n.right  # type: ignore[attr-defined]
        case ast.AugAssign(op=op) if type(op) in ARITHMETIC:
            for other in ARITHMETIC[type(op)]:
                yield "arithmetic", lambda n, other=other: _with(n, op=other())
            yield "statement", lambda _: ast.Pass()
        case ast.Compare(ops=[op]) if type(op) in COMPARISONS:
            yield "comparison", lambda n: _with(n, ops=[COMPARISONS[type(op)]()])
        case ast.BoolOp(op=ast.And()):
            yield "logic", lambda n: _with(n, op=ast.Or())
        case ast.BoolOp(op=ast.Or()):
            yield "logic", lambda n: _with(n, op=ast.And())
        case ast.UnaryOp(op=ast.Not()):
            yield "logic", lambda n: n.operand  # type: ignore[attr-defined]
        case ast.UnaryOp(op=ast.USub()):
            yield "sign", lambda n: n.operand  # type: ignore[attr-defined]
        case ast.If():
            yield "condition", lambda n: _with(n, test=ast.UnaryOp(ast.Not(), n.test))  # type: ignore[attr-defined]
        case ast.IfExp():
            yield "condition", lambda n: _with(n, body=n.orelse, orelse=n.body)  # type: ignore[attr-defined]
        case ast.List(elts=[_, _, *_]) | ast.Tuple(elts=[_, _, *_], ctx=ast.Load()) if not (
            _searched(slot)
        ):
            yield "order", lambda n: _with(n, elts=_swapped(n.elts, 0))  # type: ignore[attr-defined]
            if len(node.elts) > 2:
                yield "order", lambda n: _with(n, elts=_swapped(n.elts, len(n.elts) - 2))  # type: ignore[attr-defined]
        case ast.Expr(value=ast.Call()) | ast.Raise():
            yield "statement", lambda _: ast.Pass()
        case ast.Assign(targets=[ast.Name(id="x" | "out")], value=ast.Call()):
            yield "statement", lambda _: ast.Pass()


def _searched(slot: _Slot) -> bool:
    """Say whether a list is only searched, so that its order means nothing."""
    match slot.parent:
        case ast.Compare():
            return slot.field == "comparators"
        case ast.Call():
            return _called(slot.parent) in ("startswith", "_one_of")
    return False


def _call_edits(node: ast.Call) -> Iterator[tuple[str, Edit]]:
    name = _called(node)
    if name in TO_IDENTITY and isinstance(node.func, ast.Attribute) and name[:1].isupper():
        identity = ast.Call(ast.Attribute(ast.Name("nn"), "Identity"), [], [])
        yield "identity", lambda _: copy.deepcopy(identity)
    if _is_layer_call(node):
        yield "layer dropped", lambda n: n.args[0]  # type: ignore[attr-defined]
    for index in range(min(len(node.args) - 1, ANY_ORDER.get(name, len(node.args)))):
        yield "arguments", lambda n, i=index: _with(n, args=_swapped(n.args, i))
    for index, keyword in enumerate(node.keywords):
        if keyword.arg not in (None, "inplace"):
            yield "argument dropped", lambda n, i=index: _with(n, keywords=_without(n.keywords, i))


def _is_layer_call(node: ast.Call) -> bool:
    """Say whether a call applies a layer or function to a feature map: ``self.relu(x)``."""
    if len(node.args) == 0 or (node.keywords and not isinstance(node.func, ast.Attribute)):
        return False
    match node.func:
        case ast.Attribute(value=ast.Name(id="self")):
            return len(node.args) == 1
        case ast.Attribute(value=ast.Name(id="F" | "torch"), attr=name):
            return name in ACTIVATIONS or name in POOLS or name in ("dropout", "flatten")
    return False


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def _constant(_: ast.AST, value: bool | int | float | str) -> ast.AST:
    return ast.Constant(value)


def _renamed(node: ast.AST, name: str) -> ast.AST:
    return _with(node, attr=name) if isinstance(node, ast.Attribute) else _with(node, id=name)


def _with(node: ast.AST, **changes: object) -> ast.AST:
    changed = copy.copy(node)
    for name, value in changes.items():
        setattr(changed, name, value)
    return changed


def _swapped(items: list[ast.expr], index: int) -> list[ast.expr]:
    items = list(items)
    items[index], items[index + 1] = items[index + 1], items[index]
    return items


def _without(items: list[ast.keyword], index: int) -> list[ast.keyword]:
    return [*items[:index], *items[index + 1 :]]
