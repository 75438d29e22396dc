"""Block types: each documented, found by its names, independent of the others."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import generator.architectures.blocks as package
from generator.architectures import ir
from generator.architectures.blocks import BLOCKS, block_type
from generator.architectures.blocks.fields import BlockType, FieldType, read_fields
from generator.architectures.lower import ArchitectureError, lower_rows
from generator.architectures.model import Row

FOLDER = Path(package.__file__).parent


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_a_block_documents_itself(block: BlockType) -> None:
    assert block.doc
    assert block.lower.__doc__
    for field in block.fields:
        assert field.doc, field.name
        assert (
            field.required
            or field.default is not None
            or "when" in field.doc
            or ";" in field.doc
            or field.doc
        )
        if field.type in (FieldType.INT, FieldType.FLOAT, FieldType.PAIR, FieldType.INTS):
            assert field.minimum is not None, field.name
            assert field.maximum is not None, field.name
    for name in (block.name, *block.synonyms):
        found = block_type(name)
        assert found is not None, name


def test_every_file_is_registered() -> None:
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__", "fields"}
    assert files == {block.name for block in BLOCKS}


def test_no_block_imports_another() -> None:
    for path in FOLDER.glob("*.py"):
        if path.stem in ("__init__", "fields"):
            continue
        imported = {
            node.module
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.ImportFrom)
        }
        inside = {each for each in imported if each and "architectures.blocks" in each}
        assert inside <= {"generator.architectures.blocks.fields"}, path.name


@pytest.mark.parametrize(
    ("kind", "fields", "field"),
    [
        ("conv", {}, "width"),
        ("conv", {"width": 0}, "width"),
        ("conv", {"width": 8, "kernel": "3x3x3"}, "kernel"),
        ("conv", {"width": 8, "stride": 100}, "stride"),
        ("conv", {"width": 8, "activation": "tahn"}, "activation"),
        ("conv", {"width": 8, "colour": "red"}, "colour"),
        ("dropout", {"p": 1.5}, "p"),
        ("linear", {"width": "ten"}, "width"),
        ("max_pool", {"kernel": 0}, "kernel"),
        ("fire", {"squeeze": 3, "expand1x1": 3}, "expand3x3"),
    ],
)
def test_wrong_fields_are_named(kind: str, fields: dict[str, object], field: str) -> None:
    rows = [Row(kind, fields)]  # type: ignore[arg-type]
    found = lower_rows(rows, in_channels=3, input_size=8)
    assert isinstance(found, tuple)
    assert (found[0].row, found[0].field) == (0, field)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("conv", {"out channels": "16", "Kernel Size": "3 × 3", "STRIDES": "(2, 1)"}),
        ("conv", {"filters": 16, "k": [3, 3], "s": [2, 1]}),
        ("convolution", {"maps": 16.0, "filter size": 3, "step": "2x1"}),
    ],
)
def test_synonyms_mean_the_same(kind: str, fields: dict[str, object]) -> None:
    found = lower_rows([Row(kind, fields)], in_channels=3, input_size=9)  # type: ignore[arg-type]
    assert isinstance(found, ir.Network)
    assert found.nodes[1].op == ir.Conv2d(3, 16, (3, 3), (2, 1), (1, 1))


def test_defaults_are_within_their_ranges() -> None:
    for block in BLOCKS:
        needed = {each.name for each in block.fields if each.required}
        if needed:
            with pytest.raises(ArchitectureError):
                read_fields(block, {})
        given = {each.name: each.default for each in block.fields if each.default is not None}
        given |= dict.fromkeys(needed, 3)  # type: ignore[arg-type]
        if not needed & {"connections", "rows", "scale", "source", "shift"}:
            read_fields(block, given)


def test_a_repeat_strides_once_for_blocks_and_every_time_for_layers() -> None:
    blocks = lower_rows([Row("residual", {"width": 8, "stride": 2, "repeat": 3})], input_size=64)
    assert isinstance(blocks, ir.Network)
    layers = lower_rows([Row("conv", {"width": 8, "stride": 2, "repeat": 3})], input_size=64)
    assert isinstance(layers, ir.Network)

    def steps(network: ir.Network) -> list[int]:
        return [
            n.op.stride[0]
            for n in network.nodes
            if isinstance(n.op, ir.Conv2d) and n.op.kernel == (3, 3)
        ]

    assert steps(blocks) == [2, 1, 1, 1, 1, 1]
    assert steps(layers) == [2, 2, 2]
