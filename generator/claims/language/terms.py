"""What a claim consists of: evaluated terms, the parts of networks they name, comparisons."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from generator.architectures.ir import Network
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
            if not self.path or within(node.name, self.path)
        ]


def within(name: str, path: str) -> bool:
    """Whether a module is the one at a path or inside it."""
    return name == path or name.startswith(f"{path}.")


def shown(term: Term) -> str:
    """Write a term's value for people."""
    if isinstance(term.value, Fraction):
        return show(term.value)
    return "×".join(str(each) for each in term.value)
