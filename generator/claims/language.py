"""The language of explicit claims: ``params(resnet18) == 11_689_512``.

A comparison of two expressions, or several joined by ``and``. Expressions have numbers with units
(``60M``, ``4.1 G``), tuples, arithmetic, and the functions of the table below. Nothing else: no
names but models, no attribute access, no strings. Documented in docs/claims.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from math import ceil, floor, isqrt
from typing import TypeAlias

from generator.architectures import arithmetic
from generator.architectures.ir import AvgPool2d, Linear, MaxPool2d, Network
from generator.claims import networks
from generator.claims.expression import literal
from generator.claims.model import Subject
from generator.claims.quantity import show

Value: TypeAlias = "Fraction | tuple[int, ...]"


class ClaimError(Exception):
    """The claim cannot be read; ``at`` is the offset of the trouble in its text."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.message, self.at = message, at


@dataclass(frozen=True, slots=True)
class Term:
    """An evaluated expression: its value, the Python that computes it, whether it is a literal."""

    value: Value
    source: str
    text: str
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """``left operator right``, with the tolerance of ``~=``."""

    left: Term
    operator: str
    right: Term
    tolerance: Fraction = Fraction(0)
    at: int = 0

    @property
    def holds(self) -> bool:
        """Whether the comparison is true."""
        left, right = self.left.value, self.right.value
        if self.operator == "~=":
            assert isinstance(left, Fraction)
            assert isinstance(right, Fraction)
            return abs(left - right) <= self.tolerance
        if self.operator == "==":
            return left == right
        if self.operator == "!=":
            return left != right
        assert isinstance(left, Fraction)
        assert isinstance(right, Fraction)
        return {
            "<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right,
        }[self.operator]  # fmt: skip

    @property
    def source(self) -> str:
        """The comparison as a Python assertion."""
        if self.operator == "~=":
            return (
                f"assert abs({self.left.source} - {self.right.source}) <= {literal(self.tolerance)}"
            )
        return f"assert {self.left.source} {self.operator} {self.right.source}"


Models: TypeAlias = Callable[[str], "Subject | None"]

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d[\d_]*(?:,\d{3})*(?:\.\d+)?(?:[eE][+-]?\d+)?)\s?(?P<unit>[kKMGB](?![\w.])|thousand\b|million\b|billion\b)?"
    r"|(?P<name>[A-Za-z]\w*(?:\.\w+)*)"
    r"|(?P<path>(?:\.\w+)+)"
    r"|(?P<op>==|!=|<=|>=|~=|[=≈≤≥≠<>]|\*\*|//|±|\+/-|[-+*/%(),×·^]))"
)
UNITS = {
    "k": 10**3,
    "K": 10**3,
    "M": 10**6,
    "G": 10**9,
    "B": 10**9,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
}
COMPARISONS = ("==", "!=", "<=", ">=", "<", ">", "~=", "≈", "≤", "≥", "≠")
SIGNS = {"≈": "~=", "≤": "<=", "≥": ">=", "≠": "!="}
MAX_LENGTH = 400
MAX_BITS = 2048


def read(text: str, models: Models, known: Sequence[str]) -> tuple[Comparison, ...]:
    """Read and evaluate a claim: its comparisons, all of which it states.

    ``models`` gives a network by registry name, ``known`` all names for "did you mean". Raises
    :class:`ClaimError` with a message for the note's author.
    """
    if len(text) > MAX_LENGTH:
        raise ClaimError(f"longer than {MAX_LENGTH} characters", 0)
    return _Reader(text, models, known).claim()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int
    unit: str = ""


class _Reader:
    def __init__(self, text: str, models: Models, known: Sequence[str]) -> None:
        self.text, self.models, self.known = text, models, known
        self.tokens = self._tokens()
        self.at = 0
        self.depth = 0

    def _tokens(self) -> list[_Token]:
        found: list[_Token] = []
        at = depth = 0
        while self.text[at:].strip():
            match = TOKEN.match(self.text, at)
            if match is None:
                place = at + len(self.text[at:]) - len(self.text[at:].lstrip())
                raise ClaimError(f"cannot read {self.text[place]!r}", place)
            kind = match.lastgroup if match.lastgroup != "unit" else "number"
            assert kind is not None
            text, unit, at = match[kind], match["unit"] or "", match.end()
            if kind == "number" and depth and "," in text:
                # In brackets a comma separates: (3,224,224) has three numbers.
                text, unit = text.partition(",")[0], ""
                at = match.start(kind) + len(text)
            depth += (text == "(") - (text == ")")
            found.append(_Token(kind, text, match.start(kind), unit))
        return found

    # ------------------------------------------------------------ grammar

    def claim(self) -> tuple[Comparison, ...]:
        found = [*self.comparison()]
        while self.take("and"):
            found += self.comparison()
        token = self.peek()
        if token is not None:
            raise ClaimError(f"unexpected {token.text!r}", token.at)
        return tuple(found)

    def comparison(self) -> list[Comparison]:
        left = self.sum()
        found = []
        while (token := self.peek()) is not None and token.text in COMPARISONS:
            self.at += 1
            right = self.sum()
            operator = SIGNS.get(token.text, token.text)
            tolerance = self.tolerance(right, token) if operator == "~=" else Fraction(0)
            self.comparable(left, operator, right, token)
            found.append(Comparison(left, operator, right, tolerance, token.at))
            left = right
        if not found:
            token = self.peek()
            if token is not None and token.text == "=":
                raise ClaimError("a comparison is written ==", token.at)
            place = token.at if token else len(self.text)
            raise ClaimError("a comparison is missing: ==, !=, <, <=, >, >= or ~=", place)
        return found

    def tolerance(self, right: Term, token: _Token) -> Fraction:
        """``± 2%`` or ``± 5000``; one per cent without."""
        if not isinstance(right.value, Fraction):
            raise ClaimError("~= compares numbers", token.at)
        if not (self.take("±") or self.take("+/-")):
            return abs(right.value) / 100
        term = self.power()
        if not isinstance(term.value, Fraction):
            raise ClaimError("a tolerance is a number or a percentage", token.at)
        if self.take("%"):
            return abs(right.value) * term.value / 100
        return abs(term.value)

    def comparable(self, left: Term, operator: str, right: Term, token: _Token) -> None:
        sizes = isinstance(left.value, tuple), isinstance(right.value, tuple)
        if sizes[0] != sizes[1]:
            raise ClaimError("a shape and a number cannot be compared", token.at)
        if sizes[0] and operator not in ("==", "!="):
            raise ClaimError("shapes compare with == and !=", token.at)

    def sum(self) -> Term:
        return self.chain(self.product, ("+", "-"))

    def product(self) -> Term:
        return self.chain(self.power, ("*", "/", "//", "×", "·"))

    def chain(self, part: Callable[[], Term], operators: tuple[str, ...]) -> Term:
        left = part()
        while (token := self.peek()) is not None and token.text in operators:
            self.at += 1
            left = _combined(
                left, {"×": "*", "·": "*"}.get(token.text, token.text), part(), token.at
            )
        return left

    def power(self) -> Term:
        if token := self.take("-"):
            inner = self.power()
            if not isinstance(inner.value, Fraction):
                raise ClaimError("a shape cannot be negative", token.at)
            return Term(-inner.value, f"-({inner.source})", f"-{inner.text}", inner.plain)
        left = self.atom()
        for sign in ("**", "^"):
            if token := self.take(sign):
                return _combined(left, "**", self.power(), token.at)
        return left

    def atom(self) -> Term:
        token = self.peek()
        if token is None:
            raise ClaimError("something is missing at the end", len(self.text))
        self.at += 1
        self.depth += 1
        if self.depth > 200:
            raise ClaimError("too deeply nested", token.at)
        if token.kind == "number":
            return _number(token)
        if token.kind == "name":
            return self.call(token)
        if token.text == "(":
            return self.group(token)
        raise ClaimError(f"unexpected {token.text!r}", token.at)

    def group(self, opening: _Token) -> Term:
        parts = [self.sum()]
        comma = False
        while self.take(","):
            comma = True
            if self.peek() is not None and self.peek().text == ")":  # type: ignore[union-attr]
                break
            parts.append(self.sum())
        self.expect(")", opening)
        if not comma:
            inner = parts[0]
            return Term(inner.value, f"({inner.source})", f"({inner.text})", inner.plain)
        return _tuple(parts, opening.at)

    def call(self, name: _Token) -> Term:
        if name.text not in FUNCTIONS:
            if name.text in ("true", "false", "and"):
                raise ClaimError(f"unexpected {name.text!r}", name.at)
            close = get_close_matches(name.text, FUNCTIONS, 1, 0.6)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise ClaimError(f"no function {name.text!r}{hint}", name.at)
        opening = self.take("(")
        if opening is None:
            raise ClaimError(f"{name.text} needs its arguments in brackets", name.at)
        function = FUNCTIONS[name.text]
        found: list[Term | Part] = []
        if self.peek() is not None and self.peek().text != ")":  # type: ignore[union-attr]
            found.append(self.argument(model=function.model))
            while self.take(","):
                found.append(self.argument(model=False))
        self.expect(")", opening)
        try:
            return function.apply(name.text, found)
        except ClaimError as error:
            raise ClaimError(error.message, name.at if error.at < 0 else error.at) from None

    def argument(self, *, model: bool) -> Term | Part:
        token = self.peek()
        if model and token is not None and token.kind == "name":
            self.at += 1
            return self.part(self.spoken(token))
        return self.sum()

    def spoken(self, token: _Token) -> _Token:
        """A model by the name people use: ``VGG-16``."""
        name = token.text
        while self.take("-"):
            following = self.peek()
            if following is None or following.kind not in ("name", "number"):
                raise ClaimError("something is missing after '-'", token.at)
            self.at += 1
            name = f"{name}-{following.text}"
        if (following := self.peek()) is not None and following.kind == "path":
            self.at += 1
            name += following.text
        return _Token("name", name, token.at)

    def part(self, token: _Token) -> Part:
        """``vgg16`` or ``vgg16.features``: a network, or one module of it."""
        name, _, path = token.text.partition(".")
        subject = self.models(name)
        if subject is None:
            close = get_close_matches(name, self.known, 1, 0.6)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise ClaimError(f"no model {name!r}{hint}", token.at)
        if path and not any(_within(node.name, path) for node in subject.network.nodes):
            tops = sorted({node.name.split(".")[0] for node in subject.network.nodes if node.name})
            raise ClaimError(f"{name} has no part {path!r}; it has {', '.join(tops)}", token.at)
        return Part(subject, path)

    def peek(self) -> _Token | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self, text: str) -> _Token | None:
        token = self.peek()
        if token is not None and token.text == text:
            self.at += 1
            return token
        return None

    def expect(self, text: str, opening: _Token) -> None:
        if not self.take(text):
            raise ClaimError("this bracket is not closed", opening.at)


def _number(token: _Token) -> Term:
    plain = token.text.replace("_", "").replace(",", "")
    mantissa, _, power = plain.lower().partition("e")
    if len(plain) > 40 or abs(int(power or 0)) > 60:
        raise ClaimError("this number is too large", token.at)
    value = Fraction(mantissa) * Fraction(10) ** int(power or 0) * UNITS.get(token.unit, 1)
    return Term(value, literal(value), f"{token.text}{token.unit}", plain=True)


def _tuple(parts: Sequence[Term], at: int) -> Term:
    values = []
    for each in parts:
        if not isinstance(each.value, Fraction) or each.value.denominator != 1:
            raise ClaimError("a shape holds whole numbers", at)
        values.append(int(each.value))
    tail = "," if len(values) == 1 else ""
    source = f"({', '.join(each.source for each in parts)}{tail})"
    return Term(tuple(values), source, "×".join(map(str, values)), all(p.plain for p in parts))


def _combined(left: Term, operator: str, right: Term, at: int) -> Term:
    first, second = left.value, right.value
    if not (isinstance(first, Fraction) and isinstance(second, Fraction)):
        raise ClaimError("arithmetic needs numbers", at)
    match operator:
        case "+":
            value, source = first + second, f"({left.source} + {right.source})"
        case "-":
            value, source = first - second, f"({left.source} - ({right.source}))"
        case "*":
            value, source = first * second, f"{left.source} * {right.source}"
        case "/" | "//" if second == 0:
            raise ClaimError("division by zero", at)
        case "/":
            value, source = first / second, f"Fraction({left.source}) / ({right.source})"
        case "//":
            value, source = Fraction(first // second), f"({left.source}) // ({right.source})"
        case _:
            if second.denominator != 1 or abs(second) > 64 or (first == 0 and second < 0):
                raise ClaimError("this power is too large", at)
            value, source = first ** int(second), f"Fraction({left.source}) ** ({right.source})"
    if value.numerator.bit_length() + value.denominator.bit_length() > MAX_BITS:
        raise ClaimError("this number is too large", at)
    return Term(value, source, f"{left.text}{operator}{right.text}", left.plain and right.plain)


# ------------------------------------------------------------------ functions


@dataclass(frozen=True, slots=True)
class Part:
    """A network, or the module of it at a dotted path."""

    subject: Subject
    path: str

    @property
    def text(self) -> str:
        """As written."""
        return f"{self.subject.name}.{self.path}" if self.path else self.subject.name

    @property
    def source(self) -> str:
        """The Python that gives the module."""
        model = f'model("{self.subject.name}")'
        return f'{model}.get_submodule("{self.path}")' if self.path else model

    @property
    def network(self) -> Network:
        """The whole network."""
        return self.subject.network

    def nodes(self) -> list[int]:
        """The nodes inside the part, in order of evaluation."""
        return [
            index
            for index, node in enumerate(self.network.nodes)
            if not self.path or _within(node.name, self.path)
        ]


def _within(name: str, path: str) -> bool:
    return name == path or name.startswith(f"{path}.")


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language. ``model`` says that its first argument names a model."""

    apply: Callable[[str, Sequence[Term | Part]], Term]
    model: bool
    signature: str
    doc: str


def _part(name: str, found: Sequence[Term | Part], most: int) -> Part:
    if not found or not isinstance(found[0], Part):
        raise ClaimError(f"{name} needs a model: {name}(resnet18)", -1)
    if len(found) > most:
        raise ClaimError(f"{name} takes at most {most} arguments", -1)
    return found[0]


def _size(part: Part, found: Sequence[Term | Part]) -> tuple[int, int, int]:
    """The input shape: the model's own, or the size given."""
    channels, height, width = part.network.input_shape
    if len(found) < 2:
        return channels, height, width
    given = found[1]
    if not isinstance(given, Term):
        raise ClaimError("the input size is a number or a shape", -1)
    match given.value:
        case Fraction() as side if side.denominator == 1 and 1 <= side <= 4096:
            return channels, int(side), int(side)
        case (int(h), int(w)):
            return channels, h, w
        case (int(c), int(h), int(w)):
            return c, h, w
        case _:
            raise ClaimError(
                "the input size is a number, (height, width) or (channels, height, width)", -1
            )


def _shapes(part: Part, shape: tuple[int, int, int]) -> tuple[tuple[int, ...], ...]:
    known = networks.shapes(part.network, shape)
    if known is None:
        raise ClaimError(f"{part.subject.name} does not take {'×'.join(map(str, shape))}", -1)
    return known


def _params(name: str, found: Sequence[Term | Part]) -> Term:
    part = _part(name, found, 1)
    counts = arithmetic.node_parameters(part.network)
    inside = part.nodes()
    # Without a path the auxiliary heads count: they are parameters of the model.
    value = sum(counts[index] for index in inside)
    return Term(Fraction(value), f"parameters({part.source})", f"{name}({part.text})")


def _macs(name: str, found: Sequence[Term | Part]) -> Term:
    part = _part(name, found, 2)
    shape = _size(part, found)
    _shapes(part, shape)
    costs = arithmetic.node_macs(part.network, shape)
    value = sum(costs[index] for index in part.nodes())
    path = f', "{part.path}"' if part.path else ""
    source = f'macs(model("{part.subject.name}"), {shape}{path})'
    factor = 2 if name == "flops" else 1
    return Term(
        Fraction(factor * value), source if factor == 1 else f"2 * {source}", f"{name}({part.text})"
    )


def _shape(name: str, found: Sequence[Term | Part]) -> Term:
    part = _part(name, found, 2)
    shape = _size(part, found)
    known = _shapes(part, shape)
    inside = [index for index in part.nodes() if known[index]]
    index = inside[-1] if part.path else part.network.result
    if part.path:
        index = _result(part.network, inside)
    path = f', "{part.path}"' if part.path else ""
    return Term(
        known[index], f'shape(model("{part.subject.name}"), {shape}{path})', f"{name}({part.text})"
    )


def _result(network: Network, inside: Sequence[int]) -> int:
    """The node a part ends in: the last whose output leaves the part, functional nodes included."""
    members = set(inside)
    first, last = inside[0], inside[-1]
    # Nodes without a name between the part's own ones (an addition, an activation) belong to it.
    for index in range(first, len(network.nodes)):
        node = network.nodes[index]
        if index in members:
            continue
        if not node.name and node.inputs and all(each in members for each in node.inputs):
            members.add(index)
            last = max(last, index) if index == last + 1 else last
    return last


def _field(name: str, found: Sequence[Term | Part]) -> Term:
    part = _part(name, found, 1)
    fields = arithmetic.receptive_fields(part.network)
    if part.path:
        index = _result(part.network, part.nodes())
        field = fields[index]
        if field.whole:
            raise ClaimError(f"{part.text} sees the whole input", -1)
    else:
        field = arithmetic.receptive_field(part.network)
    path = f', "{part.path}"' if part.path else ""
    source = f'receptive_field(model("{part.subject.name}"), {part.network.input_shape[0]}{path})'
    return Term(Fraction(field.size[0]), source, f"{name}({part.text})")


def _depth(name: str, found: Sequence[Term | Part]) -> Term:
    part = _part(name, found, 1)
    source = f'depth(model("{part.subject.name}"), {part.network.input_shape})'
    return Term(Fraction(networks.depth(part.network)), source, f"{name}({part.text})")


def _layer_count(name: str, found: Sequence[Term | Part]) -> Term:
    part = _part(name, found, 1)
    kinds, label = {
        "convs": (networks.CONVOLUTIONS, '"Convolution"'),
        "linears": ((Linear,), '"Addmm"'),
        "pools": ((MaxPool2d, AvgPool2d), ""),
    }[name]
    value = networks.count(part.network, *kinds)
    shape = part.network.input_shape
    source = (
        f'layers(model("{part.subject.name}"), {shape}, {label})'
        if label
        else f'calls(model("{part.subject.name}"), {shape}, (nn.MaxPool2d, nn.AvgPool2d))'
    )
    return Term(Fraction(value), source, f"{name}({part.text})")


def _whole(name: str, found: Sequence[Term | Part], least: int, most: int) -> list[int]:
    values = []
    for each in found:
        if not isinstance(each, Term) or not isinstance(each.value, Fraction):
            raise ClaimError(f"{name} takes numbers", -1)
        if each.value.denominator != 1 or not 0 <= each.value <= 10**6:
            raise ClaimError(f"{name} takes whole numbers up to a million", -1)
        values.append(int(each.value))
    if not least <= len(values) <= most:
        raise ClaimError(f"{name} takes {least} to {most} numbers", -1)
    return values


def _conv_params(name: str, found: Sequence[Term | Part]) -> Term:
    inputs, outputs, kernel, *rest = _whole(name, found, 3, 4)
    bias = bool(rest[0]) if rest else True
    if min(inputs, outputs, kernel) < 1:
        raise ClaimError(f"{name} takes numbers from 1 on", -1)
    value = outputs * (kernel * kernel * inputs + bias)
    source = f'parameters(nn.Conv2d({inputs}, {outputs}, {kernel}, bias={bias}, device="meta"))'
    return Term(Fraction(value), source, f"{name}({inputs}, {outputs}, {kernel})")


def _linear_params(name: str, found: Sequence[Term | Part]) -> Term:
    inputs, outputs, *rest = _whole(name, found, 2, 3)
    bias = bool(rest[0]) if rest else True
    if min(inputs, outputs) < 1:
        raise ClaimError(f"{name} takes numbers from 1 on", -1)
    source = f'parameters(nn.Linear({inputs}, {outputs}, bias={bias}, device="meta"))'
    return Term(Fraction(inputs * outputs + bias * outputs), source, f"{name}({inputs}, {outputs})")


def _conv_out(name: str, found: Sequence[Term | Part]) -> Term:
    size, kernel, *rest = _whole(name, found, 2, 4)
    stride, padding = (*rest, 1, 0)[:2] if len(rest) != 1 else (rest[0], 0)
    if min(size, kernel, stride) < 1 or size + 2 * padding < kernel:
        raise ClaimError(f"a window of {kernel} does not fit in {size}", -1)
    value = (size + 2 * padding - kernel) // stride + 1
    source = f"conv_side(n={size}, f={kernel}, p={padding}, s={stride})"
    return Term(Fraction(value), source, f"{name}({size}, {kernel}, {stride}, {padding})")


def _rounded(name: str, found: Sequence[Term | Part]) -> Term:
    if (
        len(found) != 1
        or not isinstance(found[0], Term)
        or not isinstance(found[0].value, Fraction)
    ):
        raise ClaimError(f"{name} takes one number", -1)
    inner = found[0]
    assert isinstance(inner.value, Fraction)
    value = inner.value
    match name:
        case "floor":
            result = Fraction(floor(value))
        case "ceil":
            result = Fraction(ceil(value))
        case "abs":
            result = abs(value)
        case _:
            if value < 0:
                raise ClaimError("sqrt of a negative number", -1)
            root = Fraction(isqrt(value.numerator), isqrt(value.denominator))
            result = (
                root if root * root == value else Fraction(isqrt(floor(value * 10**60)), 10**30)
            )
    return Term(result, f"{name}({inner.source})", f"{name}({inner.text})", inner.plain)


FUNCTIONS: Mapping[str, Function] = {
    "params": Function(_params, True, "params(model[.part])", "trainable parameters"),
    "macs": Function(
        _macs, True, "macs(model[.part][, size])", "multiply-adds of one forward pass"
    ),
    "flops": Function(_macs, True, "flops(model[.part][, size])", "twice the multiply-adds"),
    "shape": Function(
        _shape, True, "shape(model[.part][, size])", "output shape (channels, height, width)"
    ),
    "receptive_field": Function(
        _field, True, "receptive_field(model[.part])", "side of what an output sees"
    ),
    "depth": Function(_depth, True, "depth(model)", "layers with weights on the longest path"),
    "convs": Function(_layer_count, True, "convs(model)", "convolutions"),
    "linears": Function(_layer_count, True, "linears(model)", "fully connected layers"),
    "pools": Function(_layer_count, True, "pools(model)", "pooling layers (global pooling aside)"),
    "conv_params": Function(
        _conv_params,
        False,
        "conv_params(in, out, kernel[, bias])",
        "parameters of a convolution; bias 1 or 0, 1 without",
    ),
    "linear_params": Function(
        _linear_params,
        False,
        "linear_params(in, out[, bias])",
        "parameters of a fully connected layer",
    ),
    "conv_out": Function(
        _conv_out, False, "conv_out(size, kernel[, stride[, padding]])", "⌊(n+2p-f)/s⌋+1"
    ),
    "floor": Function(_rounded, False, "floor(x)", "x rounded down"),
    "ceil": Function(_rounded, False, "ceil(x)", "x rounded up"),
    "abs": Function(_rounded, False, "abs(x)", "x without its sign"),
    "sqrt": Function(_rounded, False, "sqrt(x)", "square root"),
}


def shown(term: Term) -> str:
    """Write a term's value for people."""
    if isinstance(term.value, Fraction):
        return show(term.value)
    return "×".join(str(each) for each in term.value)
