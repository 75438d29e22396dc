"""Dataview's functions by name: one table a subject, joined here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from generator.graph.dataview.functions import constructors, lists, numeric, texts, utilities
from generator.graph.dataview.functions.builtin import Builtin

FUNCTIONS: Mapping[str, Builtin] = MappingProxyType(
    {
        **constructors.FUNCTIONS,
        **numeric.FUNCTIONS,
        **lists.FUNCTIONS,
        **texts.FUNCTIONS,
        **utilities.FUNCTIONS,
    }
)
