"""What each section of the vault means: decisions, values with provenance, architectures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from generator.architectures.ir import Network
from generator.architectures.model import Family, NetworkSpec, ParamValue, Row
from generator.core.diagnostics import Diagnostic
from generator.core.source import Position


class Outcome(StrEnum):
    """What a section is to the generator."""

    MODEL = "model"
    PART = "part"
    CONTAINER = "container"
    MENTION = "mention"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Decision:
    """Why a section is what it is.

    ``rule`` is a short stable name (``heading-tokens``, ``arch-field``, ``tag``, ``title``, ``alias``,
    ``leftover``, ``homonym``, ``two-families``, …), ``reason`` one sentence for people. ``used`` and
    ``leftover`` are the heading's tokens; ``rejected`` the nearest family that did not match.
    """

    path: str
    section: int
    text: str
    level: int
    line: int
    outcome: Outcome
    family: str | None
    variant: str | None
    rule: str
    reason: str
    used: tuple[str, ...] = ()
    leftover: tuple[str, ...] = ()
    rejected: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """A value one level of the precedence gives, and where it stands (``level``: ``family``,
    ``variant``, ``config``, ``frontmatter``, ``container``, ``field``, ``table``, ``block``)."""

    value: ParamValue
    level: str
    position: Position | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter's effective setting and those it shadows, highest first."""

    name: str
    setting: Setting
    shadowed: tuple[Setting, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A section that describes an architecture. ``heading`` is its plain text (the note's title for
    a root section), ``slug`` its fragment (``""`` for a root). ``lines`` is (first, last)."""

    path: str
    section: int
    heading: str
    slug: str
    line: int
    title: str
    published: bool = True


@dataclass(frozen=True, slots=True)
class Architecture:
    """A network the notes define: the heading's own network of one or more sections.

    ``name`` is the registry name and factory function (``vgg``), ``module`` the generated module it
    lies in. ``family`` and ``network`` are ``None`` for a table-only architecture. ``rows`` are the
    note's own layer rows (``None``: the family's). ``changed`` says that it differs from the
    published ``variant``. ``own_module`` is true where the module holds this network only.
    """

    name: str
    module: str
    family: Family | None
    network: NetworkSpec | None
    variant: str
    values: tuple[Value, ...]
    rows: tuple[Row, ...] | None
    sources: tuple[Source, ...]
    ir: Network
    changed: bool = False
    own_module: bool = False
    train: Mapping[str, ParamValue] | None = None

    def params(self) -> dict[str, ParamValue]:
        """Effective parameter values by name."""
        return {each.name: each.setting.value for each in self.values}


@dataclass(frozen=True, slots=True)
class Refused:
    """A section that names an architecture but cannot be built: its last good outputs stay."""

    name: str
    module: str
    source: Source
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class VaultMapping:
    """The whole vault mapped. ``decisions`` cover every section of every read note, in path and line
    order; ``architectures`` are sorted by name; ``families`` are those in use or available."""

    decisions: tuple[Decision, ...]
    architectures: tuple[Architecture, ...]
    refused: tuple[Refused, ...]
    families: tuple[Family, ...]
    diagnostics: tuple[Diagnostic, ...]


__all__ = [
    "Architecture",
    "Decision",
    "Outcome",
    "Refused",
    "Setting",
    "Source",
    "Value",
    "VaultMapping",
]
