"""Each family's example note is one a reader can copy: it maps, and its values reach the network."""

from __future__ import annotations

from importlib import resources

import pytest

from generator.architectures.lower import lower, resolve_params
from generator.architectures.parameters import read_parameter
from generator.architectures.tables import read_table
from generator.notes.parse import parse_note
from tests.architectures.built import families


@pytest.mark.parametrize("name", sorted(families()))
def test_example(name: str) -> None:
    family = families()[name]
    folder = resources.files("generator.architectures") / "families" / name
    note = parse_note("example.md", (folder / "example.md").read_bytes())
    assert next(heading.plain.casefold() for heading in note.headings) in {
        each.casefold() for each in family.names
    }
    fields = {field.key: field.raw for field in note.fields}
    found = family.variant(fields.pop("variant", family.default))
    assert found is not None
    network, variant = found
    values: dict[str, object] = dict(variant.params)
    for key, raw in fields.items():
        parameter = network.parameter(key)
        assert parameter is not None, key
        values[key] = read_parameter(parameter, raw)
    for table in note.tables:
        reading = read_table(table, family, explicit=False)
        assert reading is not None
        assert reading.network == network.module
        values |= reading.params
    assert values != dict(variant.params)
    changed = lower(network, resolve_params(network, values))
    assert changed != lower(network, resolve_params(network, variant.params))
