"""The table of diagnostic codes: one row a code, the single source for docs and severities.

Ranges: NT1xx vault and configuration, NT2xx reading one note, NT3xx links and targets,
NT4xx mapping and values, NT5xx layer tables and architecture arithmetic, NT6xx claims,
NT7xx queries, NT8xx building and outputs, NT9xx the site.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """What a code means. ``severity`` is its default level: info, warning or error."""

    severity: str
    title: str
    explanation: str


CODES: dict[str, Code] = {
    # NT1xx: vault and configuration -------------------------------------------------------
    # NT2xx: reading one note ---------------------------------------------------------------
    # NT3xx: links and targets --------------------------------------------------------------
    # NT4xx: mapping and values -------------------------------------------------------------
    # NT5xx: layer tables and architecture arithmetic ---------------------------------------
    # NT6xx: claims -------------------------------------------------------------------------
    # NT7xx: queries ------------------------------------------------------------------------
    # NT8xx: building and outputs -----------------------------------------------------------
    # NT9xx: the site -----------------------------------------------------------------------
}
