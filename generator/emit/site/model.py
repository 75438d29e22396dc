"""What the site is planned from, and what a page kind gives: the values at this stage's borders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from generator.claims.model import Claim
from generator.core.diagnostics import Diagnostic
from generator.graph.model import Graph
from generator.mapping.model import VaultMapping
from generator.notes.model import Hole, ImageSize, QueryHole

if TYPE_CHECKING:
    from generator.emit.site.context import Site


@dataclass(frozen=True, slots=True)
class ModuleText:
    """One generated module as the site shows it.

    ``path`` and ``test_path`` are relative to the models folder; ``models`` are the registry names
    of the networks that lie in the module, the heading's own included. ``stale`` says that the
    section behind it is refused and the text is that of the last good build.
    """

    name: str
    path: str
    code: str
    test_path: str = ""
    test_code: str = ""
    models: tuple[str, ...] = ()
    stale: bool = False


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One test of the last run: ``outcome`` is ``passed``, ``failed`` or ``skipped``."""

    name: str
    outcome: str
    seconds: float = 0.0
    message: str = ""


@dataclass(frozen=True, slots=True)
class TestResult:
    """The last run of one module's test file."""

    __test__: ClassVar[bool] = False  # no test class, though its name looks like one

    cases: tuple[CaseResult, ...]

    def count(self, outcome: str) -> int:
        """Number of tests that ended in ``outcome``."""
        return sum(each.outcome == outcome for each in self.cases)

    @property
    def seconds(self) -> float:
        """Time of all tests together."""
        return sum(each.seconds for each in self.cases)


@dataclass(frozen=True, slots=True)
class TargetLink:
    """A piece of rendered HTML: a link to a file of the vault by its path, made by a query.

    ``html`` is its display (already escaped HTML; ``""`` for the file's title), ``subpath`` a heading
    text or ``^block`` without ``#``, or empty. The site shows it as text when the target is not
    published. With ``embed`` the file is shown in place, where it can be: ``alt``, ``size`` and
    ``hint`` are then as an :class:`EmbedHole` has them.
    """

    path: str
    html: str = ""
    subpath: str = ""
    embed: bool = False
    alt: str = ""
    size: ImageSize = field(default_factory=ImageSize)
    hint: str = ""


Piece: TypeAlias = str | Hole | TargetLink
Pieces: TypeAlias = tuple[Piece, ...]

# Gives a query's result as HTML pieces, or ``None`` where it cannot: its source is then shown.
Queries: TypeAlias = Callable[[str, QueryHole], "Pieces | None"]
Highlight: TypeAlias = Callable[[str, str], str]  # (code, language) to HTML spans


def no_queries(_path: str, _hole: QueryHole) -> Pieces | None:
    """The queries of a site without a query engine: every one is shown as its source."""
    return None


@dataclass(frozen=True, slots=True)
class SiteInput:
    """Everything the site shows.

    ``claims`` and ``tests`` are keyed by note path and by module name. ``diagnostics`` are those of
    the whole build; the site shows the ones about published notes. ``now`` is an ISO date or ``""``.
    ``highlight`` may be a memoised :func:`generator.emit.site.highlight.highlight`.
    """

    graph: Graph
    mapping: VaultMapping
    claims: Mapping[str, tuple[Claim, ...]] = field(default_factory=lambda: MappingProxyType({}))
    modules: tuple[ModuleText, ...] = ()
    tests: Mapping[str, TestResult] = field(default_factory=lambda: MappingProxyType({}))
    diagnostics: tuple[Diagnostic, ...] = ()
    queries: Queries = no_queries
    highlight: Highlight | None = None
    now: str = ""


class Area(StrEnum):
    """Which entry of the site's own navigation a page belongs to."""

    NOTES = "notes"
    MODELS = "models"
    TAGS = "tags"
    CLAIMS = "claims"
    PROBLEMS = "problems"


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way to a page: a folder or an index, with its site path."""

    text: str
    path: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page to render: where it goes, what its head says, and the value its template shows.

    ``path`` is relative to the site. ``view`` is the page kind's own dataclass, called ``view`` in
    its template. ``description`` is one sentence for search engines and previews, ``findings`` what
    went wrong while its content was put together, ``scripts`` the site paths of scripts that only
    some pages need.
    """

    path: str
    title: str
    view: object
    area: Area | None = None
    crumbs: tuple[Crumb, ...] = ()
    description: str = ""
    findings: tuple[Diagnostic, ...] = ()
    scripts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageKind:
    """A kind of page: a function that plans the pages, and the template they share.

    Each module of :mod:`generator.emit.site.pages` holds one as ``KIND``; its template lies beside
    it. ``bare`` templates are whole documents (redirects, feeds) and not framed pages.
    """

    name: str
    template: str
    plan: Callable[[Site], Iterable[Page]]
    bare: bool = False
