"""Mermaid drawings: which nodes lead to notes (rule 8.7)."""

from __future__ import annotations

import html
import json
import re

import pytest

from generator.emit.site.mermaid import linked_names
from tests.emit.site.vaults import built, input_of


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("graph TD\nBiology --> Chemistry\nclass Biology,Chemistry internal-link;", ["Biology", "Chemistry"]),
        ('graph TD\nA[Conv nets]\nB["My (own) note"]\nA --> B\nclass A,B internal-link', ["Conv nets", "My (own) note"]),
        ("graph LR\nA(Round)-->B{Rhomb}:::internal-link\nA:::internal-link --> C", ["Rhomb", "Round"]),
        ('graph TD\nclass "⨳ special" internal-link', ["⨳ special"]),
        ("graph TD\nA --> B\nclass A other", []),
        ("graph TD\nA[internal-link] --> B", []),
    ],
)  # fmt: skip
def test_rule_8_7_names_of_linked_nodes(source: str, names: list[str]) -> None:
    assert sorted(linked_names(source)) == sorted(names)


def test_rule_8_7_nodes_lead_to_published_notes_only() -> None:
    site = built(
        input_of(
            {
                "N.md": "```mermaid\ngraph TD\nA[Other] --> B[Nowhere]\nA --> C[Hidden]\nclass A,B,C internal-link\n```\n",
                "Other.md": "Text.",
                "Hidden.md": "---\npublish: false\n---\nText.",
            }
        )
    )
    found = re.search(r'<figure class="nt-mermaid" data-links="([^"]*)">', site["N.html"])
    assert found is not None
    assert json.loads(html.unescape(found[1])) == {"Other": "Other.html"}
