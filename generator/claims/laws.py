"""The laws of layers as formulas: sizes, padding, counts of parameters, costs, receptive fields.

A law says which letters it needs (*roles*), of what kind each is ("size", "kernel"), what it computes,
and how a test measures the same with torch. Roles with a default may be missing from a formula. Which
law a formula is meant to be, the words around it tell: the ``topic`` of the sentence and the
``quantity`` that the formula is said to give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from types import MappingProxyType

from generator.claims.lexicon import wordset

Compute = Callable[..., "Fraction | int"]
NOTHING: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Form:
    """One right-hand side of a law: how it is computed, shown and measured.

    ``measure`` is Python over the roles in braces. ``bias`` tells whether a count includes biases;
    ``meant`` is False for a formula that is right under another convention: it is no verdict.
    """

    compute: Compute
    shown: str
    measure: str = ""
    bias: bool | None = None
    meant: bool = True


@dataclass(frozen=True, slots=True)
class Law:
    """A law; ``roles`` gives the kinds of each role, ``values`` where forms are compared."""

    name: str
    topic: frozenset[str]
    quantity: frozenset[str]
    roles: Mapping[str, frozenset[str]]
    forms: tuple[Form, ...]
    values: Mapping[str, tuple[int, ...]]
    defaults: Mapping[str, int] = field(default_factory=lambda: NOTHING)
    # What a formula of this law is called on the left of an equals sign.
    left: frozenset[str] = frozenset()
    # Words of which one has to be there before a formula that is no form of the law is wrong.
    certain: frozenset[str] = frozenset()
    # Words of which none may be there.
    never: frozenset[str] = frozenset()
    # Values that a layer can have.
    fits: Callable[[Mapping[str, int]], bool] = field(default=lambda _: True)
    spatial: bool = False  # whether a formula may stand for each axis: "(n-f+1) × (n-f+1)"
    loops: str = ""  # the helper that lists values, where not all combinations are possible

    @property
    def counts(self) -> bool:
        """Whether the law counts parameters or operations: products that may mean anything."""
        return self.quantity in (COUNT, COST)

    def complete(self, used: Iterable[str], fixed: Mapping[str, int]) -> bool:
        """Whether a count leaves no role out: with C channels in and out, ``9C²`` has one letter."""
        return not self.counts or set(self.roles) <= {*used, *fixed}

    def points(self, used: frozenset[str], fixed: Mapping[str, int]) -> Iterator[dict[str, int]]:
        """Give the values at which a formula with these roles is compared with the law."""
        given = {role: value for role, value in self.defaults.items() if role not in used}
        given.update(fixed)
        ranges = [(given[role],) if role in given else self.values[role] for role in self.roles]
        for each in product(*ranges):
            point = dict(zip(self.roles, each, strict=True))
            if self.fits(point):
                yield point


COUNT = wordset("parameter weight params learnable trainable numbers count")
COST = wordset("mult mac operation flop cost computation price multiplications work")

# Letters by the kind of what they usually stand for; others may be anything.
USUAL: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "size": wordset(
            "n N i I W H w h L in input size width height W_in H_in n_in i_h i_w D_F D_f L_in image"
        ),
        "kernel": wordset("f F k K kernel filter ksize kernel_size filter_size D_K D_k d_k"),
        "pad": wordset("p P pad padding"),
        "stride": wordset("s S stride"),
        "dilation": wordset("d D dilation"),
        "inputs": wordset("M x X c C c_in C_in in_channels in n_in n_C[l-1] n_c[l-1] d_in N_in"),
        "outputs": wordset(
            "n N n_f n_c' n_C' c' C' c_out C_out out_channels out n_out n_C[l] n_c[l] d_out N_out"
        ),
        "hidden": wordset("h H hidden"),
        "rf": wordset("r R rf RF"),
        "jump": wordset("j J"),
        "channels": wordset("n_c n_C"),
        "depth": wordset("n N L"),
        "width": wordset("d D d_model E"),
    }
)


def usual(letter: str) -> frozenset[str]:
    """Give the kinds that a letter usually is, by its whole name or without its index."""
    for name in (letter, base(letter)):
        found = frozenset(kind for kind, letters in USUAL.items() if name in letters)
        if found:
            return found
    return frozenset()


def base(letter: str) -> str:
    """Give a letter without its index."""
    return letter.partition("_")[0].partition("[")[0].rstrip("'")
