"""Layers in a fenced block: the table's rows, in YAML, with lines."""

from __future__ import annotations

from generator.architectures import arithmetic
from generator.architectures.tables import TableReading, lower_table, read_layers
from generator.architectures.yaml_source import read_yaml
from tests.architectures.built import families


def layers(text: str, family: str = "") -> TableReading:
    node = read_yaml(text, first_line=10)
    return read_layers(node, "note.md", families()[family] if family else None)


GOOD = """\
- {type: conv, filters: 10, kernel: 3x3, norm: batch, activation: relu}
- {type: maxpool, kernel: 2}
- type: repeat
  times: 2
  rows:
    - {type: residual, width: 10}
    - {type: relu6}
- {type: global average pooling}
- {type: fc, units: num_classes}
"""


def test_layers_are_rows() -> None:
    reading = layers(GOOD)
    assert not reading.diagnostics
    network, problems = lower_table(reading, input_size=16, num_classes=4)
    assert not problems
    assert network is not None
    block = 2 * 10 * 10 * 9 + 4 * 10
    assert arithmetic.parameters(network) == 270 + 20 + 2 * block + 44
    names = [node.name for node in network.nodes if node.name]
    assert names[0] == "features.0"
    # conv, norm, activation, pool; then twice a block and an activation row.
    assert {"features.4.conv1", "features.6.conv1"} <= set(names)
    assert names[-1] == "classifier.0"


def test_problems_stand_at_their_lines() -> None:
    reading = layers("- {type: conv, width: 8}\n- {type: konv, width: 8}\n- {width: 3}\n")
    assert reading.broken
    assert [(each.code, each.position.line) for each in reading.diagnostics] == [
        ("NT510", 12),
        ("NT510", 11),
    ]
    reading = layers("- type: conv\n  width: 8\n  kernel: three\n  colour: red\n")
    assert [(each.position.line, each.found) for each in reading.diagnostics] == [
        (12, "three"),
        (13, "colour"),
    ]
    reading = layers(
        "- {type: conv, width: 8, output_size: 14x14}\n- {type: max pool, output_size: 9}\n"
    )
    (warning,) = reading.diagnostics
    assert (warning.code, warning.position.line) == ("NT520", 11)
    assert warning.expected == "7×7"


def test_a_layer_too_many_windows_is_named() -> None:
    reading = layers(
        "- {type: conv, width: 8, kernel: 5, padding: valid, output_size: 4x4}\n"
        "- {type: conv, width: 8, kernel: 9, padding: 0}\n"
    )
    assert [each.code for each in reading.diagnostics] == ["NT512"]
    assert reading.diagnostics[0].position.line == 11


def test_the_same_network_as_the_family_stays_its_class() -> None:
    text = "\n".join(
        f"- {{type: conv, width: {width}, kernel: 3}}\n- {{type: max pool}}"
        for width in (10, 20, 40)
    )
    text += "\n- {type: gap}\n- {type: linear, width: 10}"
    reading = layers(text, "convnet")
    assert reading.network == "convnet"
