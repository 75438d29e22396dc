"""Rendering in several processes gives what one gives."""

from __future__ import annotations

from generator.build.rendering import render
from generator.emit.models.plan import plan_modules
from tests.mapping.vaults import map_notes


def test_processes_change_nothing() -> None:
    mapping = map_notes({"a.md": "# LeNet\n# AlexNet\n# VGG\n# CNN\nWith convolution.\n"})
    plans = plan_modules(mapping, trusted=False)
    assert len(plans) >= 4
    alone = render(plans, jobs=1)
    assert render(plans, jobs=2) == alone
    assert [each.module for each in alone] == [plan.module for plan in plans]
