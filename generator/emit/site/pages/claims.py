"""The page of all claims: what the notes state about networks, and what checking gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from generator.claims.model import Claim, Status
from generator.emit.site.body import claim_id
from generator.emit.site.context import Site
from generator.emit.site.model import Area, Page, PageKind
from generator.emit.site.note_parts import claim_text

_GROUPS = (
    (Status.FALSE, "False"),
    (Status.VERIFIED, "Verified"),
    (Status.UNCHECKED, "Not checked"),
)


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """One claim: its sentence, what it states, what is so, and where it stands."""

    id: str
    text: Markup
    expected: str
    computed: str
    how: str
    note: str
    path: str
    fragment: str
    line: int
    model: str
    model_path: str


@dataclass(frozen=True, slots=True)
class ClaimGroup:
    """The claims of one status."""

    status: Status
    title: str
    claims: tuple[ShownClaim, ...]


@dataclass(frozen=True, slots=True)
class NoteCounts:
    """How many claims of each group a note makes."""

    note: str
    path: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ClaimsView:
    """The groups, false claims first, and the counts of each note in their order."""

    groups: tuple[ClaimGroup, ...]
    notes: tuple[NoteCounts, ...]


def plan(site: Site) -> Iterator[Page]:
    """Plan ``-/claims.html``."""
    claims = sorted(
        (claim for claims in site.said.values() for claim in claims),
        key=lambda each: (each.position, each.start, each.id),
    )
    groups = tuple(
        ClaimGroup(
            status, title, tuple(_shown(site, each) for each in claims if each.status is status)
        )
        for status, title in _GROUPS
    )
    yield Page("-/claims.html", "Claims", ClaimsView(groups, _counts(site, claims)), Area.CLAIMS)


def _counts(site: Site, claims: Sequence[Claim]) -> tuple[NoteCounts, ...]:
    found = Counter((each.path, each.status) for each in claims)
    return tuple(
        NoteCounts(
            site.notes[path].title,
            site.addresses.pages[path],
            tuple(found[path, status] for status, _ in _GROUPS),
        )
        for path in dict.fromkeys(each.path for each in claims)
    )


def _shown(site: Site, claim: Claim) -> ShownClaim:
    note = site.notes[claim.path]
    heading = note.sections[claim.section].heading
    module = next(
        (each.module for each in site.input.mapping.architectures if each.name == claim.subject), ""
    )
    return ShownClaim(
        id=claim_id(claim),
        text=claim_text(site, claim, longest=280),
        expected=claim.expected,
        computed=claim.computed,
        how=site.plain(claim.path, claim.how),
        note=note.title,
        path=site.addresses.pages[claim.path],
        fragment="" if heading is None else site.fragment(claim.path, heading),
        line=claim.position.line,
        model=claim.subject,
        model_path=site.addresses.models.get(module, ""),
    )


KIND = PageKind("claims", "claims.html.jinja", plan)
