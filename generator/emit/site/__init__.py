"""The static site: notes, models, claims and problems as linked pages that open from disk."""

from generator.emit.site.model import (
    CaseResult,
    ModuleText,
    Page,
    PageKind,
    SiteInput,
    TargetLink,
    TestResult,
)
from generator.emit.site.plan import plan_site
from generator.emit.site.urls import note_url, note_urls

__all__ = [
    "CaseResult",
    "ModuleText",
    "Page",
    "PageKind",
    "SiteInput",
    "TargetLink",
    "TestResult",
    "note_url",
    "note_urls",
    "plan_site",
]
