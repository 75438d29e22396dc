"""Which tables are layer tables, and what plain ones mean."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.architectures import arithmetic, ir
from generator.architectures.tables import lower_table
from tests.architectures.built import families
from tests.architectures.tables import as_table, counts, family_counts, read, tables

ORDINARY = {
    "results": [["Model", "Top-1", "Params"], ["ResNet-50", "76", "25M"], ["VGG-16", "71", "138M"]],
    "purposes": [["Layer", "Purpose"], ["Convolution", "finds features"], ["Pooling", "shrinks"]],
    "costs": [["Layer", "Parameters"], ["Conv", "280"], ["FC", "1000"]],
    "ranges": [["Activation", "Range"], ["ReLU", "0 to inf"], ["tanh", "-1 to 1"]],
    "history": [
        ["Architecture", "Year", "Layers"],
        ["AlexNet", "2012", "8"],
        ["VGG", "2014", "16"],
    ],
    "outputs": [["Layer", "Output"], ["Conv", "edges"], ["Pool", "smaller maps"]],
    "remarks": [["Operation", "Stride", "Note"], ["convolution", "1", "a"], ["pooling", "2", "b"]],
    "grid": [["kernel", "filters"], ["3", "64"], ["5", "128"]],
    "padding": [["kernel", "padding", "same?"], ["3", "1", "yes"], ["5", "2", "yes"]],
    "numbers": [["n", "c"], ["1", "2"], ["3", "4"]],
    "one layer": [
        ["Layer", "Filters", "Kernel"],
        ["Conv", "64", "3x3"],
        ["the rest", "", ""],
        ["more", "", ""],
    ],
    "pools only": [["Layer", "Kernel"], ["max pool", "2x2"], ["avg pool", "2x2"]],
    "optimisers": [["Type", "Stride", "lr"], ["SGD", "1", "0.1"], ["Adam", "2", "0.001"]],
    "empty": [["Layer", "Filters", "Kernel"]],
}


@pytest.mark.parametrize("name", sorted(ORDINARY))
def test_ordinary_tables_stay_tables(name: str) -> None:
    for family in ("", "convnet", "vgg"):
        assert read(as_table(ORDINARY[name]), family) is None


TINY = [
    ["Layer", "Filters", "Kernel", "Stride", "Padding"],
    ["Conv", "16", "3x3", "1", "1"],
    ["BatchNorm", "", "", "", ""],
    ["Conv", "32", "3x3", "2", "1"],
    ["Max pool", "", "2x2", "2", ""],
    ["Dropout 0.25", "", "", "", ""],
    ["Conv", "64", "3", "1", "same"],
    ["Global average pooling", "", "", "", ""],
    ["Dense", "10", "", "", ""],
]


def test_conventions_of_a_plain_table() -> None:
    reading = read(as_table(TINY))
    assert reading is not None
    network, _ = lower_table(reading, in_channels=3, input_size=32)
    assert network is not None
    kinds = [f"{type(node.op).__name__} {node.name}".strip() for node in network.nodes[1:]]
    # A bias only where no norm follows; ReLU after the norm; no ReLU after the last linear layer;
    # global pooling in features; the classifier after the flatten.
    assert kinds == [
        "Conv2d features.0",
        "BatchNorm2d features.1",
        "Activation features.2",
        "Conv2d features.3",
        "Activation features.4",
        "MaxPool2d features.5",
        "Dropout features.6",
        "Conv2d features.7",
        "Activation features.8",
        "AdaptiveAvgPool2d features.9",
        "Flatten",
        "Linear classifier.0",
    ]
    assert isinstance(network.nodes[1].op, ir.Conv2d)
    assert not network.nodes[1].op.bias
    expected = 3 * 9 * 16 + 32 + 16 * 9 * 32 + 32 + 32 * 9 * 64 + 64 + 64 * 10 + 10
    assert arithmetic.parameters(network) == expected
    assert arithmetic.shapes(network)[-1] == (10,)


def test_rows_that_name_activations_turn_off_implied_ones() -> None:
    table = [["Type", "Channels"], ["conv", "8"], ["tanh", ""], ["conv", "8"], ["linear", "5"]]
    reading = read(as_table(table))
    assert reading is not None
    network, _ = lower_table(reading, input_size=8)
    assert network is not None
    functions = [node.op.function for node in network.nodes if isinstance(node.op, ir.Activation)]
    assert functions == ["tanh"]


def test_the_class_count_of_the_section_wins() -> None:
    reading = read(as_table(TINY))
    assert reading is not None
    network, _ = lower_table(reading, input_size=32, num_classes=7)
    assert network is not None
    assert arithmetic.shapes(network)[network.result] == (7,)
    bare = read(as_table(TINY[:-2]))
    assert bare is not None
    network, _ = lower_table(bare, input_size=32, num_classes=7)
    assert network is not None
    assert arithmetic.shapes(network)[network.result] == (7,)


def test_a_stage_table_sets_the_stages_of_vgg() -> None:
    table = [
        ["block", "convs", "width", "kernel", "pool"],
        ["1", "2", "64", "3x3", "2x2"],
        ["2", "2", "128", "3x3", "2x2"],
    ]
    reading = read(as_table(table), "vgg", explicit=True)
    assert reading is not None
    assert reading.network == "vgg"
    assert [dict(each) for each in reading.params["stages"]] == [  # type: ignore[union-attr, arg-type, call-overload]
        {"width": 64, "kernels": (3, 3), "pool": 2},
        {"width": 128, "kernels": (3, 3), "pool": 2},
    ]
    assert counts(reading)[0] == 260160
    # Without a family the same rows are a network of their own.
    assert counts(read(as_table(table)))[0] == 260160


@pytest.mark.parametrize(
    ("family", "header", "row"),
    [
        ("mobilenet", ["s", "n", "c", "t"], ["2", "3", "32", "6"]),
        ("mobilenet", ["#", "t", "c", "n", "s"], ["1", "6", "32", "3", "2"]),
        ("mobilenet", ["c", "expansion", "repeats", "stride"], ["32", "6", "3", "2"]),
    ],
)
def test_a_table_of_a_rows_parameter_sets_it(
    family: str, header: list[str], row: list[str]
) -> None:
    reading = read(as_table([header, row, row]), family)
    assert reading is not None
    assert reading.layout == "parameter"
    assert reading.network == "mobilenet_v2"
    assert [dict(each) for each in reading.params["blocks"]] == [  # type: ignore[union-attr, arg-type, call-overload]
        {"t": 6, "c": 32, "n": 3, "s": 2}
    ] * 2
    family_counts(reading, family)


def test_inception_rows_alone_set_the_blocks() -> None:
    from tests.architectures.tables import published, rows_of

    rows = rows_of(published("googlenet"))
    blocks = [row for row in rows[1:] if row[0].startswith("inception")]
    keep = [0, 4, 5, 6, 7, 8, 9]
    table = [[rows[0][i] for i in keep]] + [
        [row[i].removeprefix("inception (").rstrip(")") for i in keep] for row in blocks
    ]
    table[0][0] = "name"
    reading = read(as_table(table), "inception")
    assert reading is not None
    assert reading.network == "googlenet"
    assert family_counts(reading, "inception")[0] == 13004888


def test_upside_down() -> None:
    from tests.architectures.tables import published, rows_of

    rows = rows_of(published("lenet5"))
    reading = read(as_table([rows[0], *reversed(rows[1:])]), "lenet")
    assert counts(reading)[0] == 61706


def test_several_configurations_need_a_choice() -> None:
    from tests.architectures.tables import published

    reading = read(published("densenet"), variant="densenet169")
    assert reading is not None
    assert counts(reading)[0] == 14149480
    assert not reading.diagnostics
    reading = read(published("densenet"))
    assert reading is not None
    assert [each.code for each in reading.diagnostics] == ["NT514"]


def test_a_row_that_does_not_fit_is_named() -> None:
    table = [
        ["Layer", "Filters", "Kernel", "Groups"],
        ["Conv", "16", "3x3", "1"],
        ["Conv", "30", "3x3", "4"],
        ["Linear", "10", "", ""],
    ]
    reading = read(as_table(table))
    assert reading is not None
    assert reading.broken
    (error,) = reading.diagnostics
    assert error.code == "NT512"
    assert (error.position.line, error.found) == (6, "4")
    assert error.position.column > 20


def test_a_row_without_a_width_is_named() -> None:
    table = [["Layer", "Filters"], ["Conv", "16"], ["Conv", "32"], ["Conv", ""], ["Dense", "10"]]
    reading = read(as_table(table))
    assert reading is not None
    (error,) = reading.diagnostics
    assert error.code == "NT511"
    assert error.position.line == 7


WORDS = st.sampled_from(
    [
        "Layer",
        "Type",
        "Filters",
        "Kernel",
        "Stride",
        "Output",
        "conv3-64",
        "Conv",
        "3x3",
        "64",
        "FC-10",
        "maxpool",
        "[3×3,64;3×3,64]×2",
        "-",
        "112×112",
        "softmax",
        "ReLU",
        "x",
        "×",
        "0",
        "-1",
        "1e9",
        "99999999",
        "$\\times$",
        "[[a]]",
        "<br>",
        "]",
        "[",
        "∗",
        "2²",
        "./",
        "k",
        "t",
        "c",
        "n",
        "s",
        "bottleneck",
        "Input",
        "Operator",
        "#1×1",
        "(3a)",
        "inception",
        "fire2",
        "dropout",
        "%",
        "50%",
        "\x00",
        "卷积",
        "١٢",
        "²",
    ]
)
CELLS = st.lists(WORDS, max_size=4).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(st.lists(CELLS, min_size=n, max_size=n), min_size=2, max_size=6)
    ),
    st.booleans(),
    st.sampled_from(["", "vgg", "mobilenet", "resnet", "inception"]),
)
def test_no_table_raises(rows: list[list[str]], explicit: bool, family: str) -> None:
    for table in tables(as_table(rows)):
        from generator.architectures.tables import read_table

        found = read_table(table, families()[family] if family else None, explicit=explicit)
        if found is not None and found.rows:
            lower_table(found)


def test_what_the_section_says_can_break_the_rows() -> None:
    table = [
        ["Layer", "Filters", "Groups"],
        ["Conv", "6", "3"],
        ["Conv", "6", "2"],
        ["FC", "4", ""],
    ]
    reading = read(as_table(table))
    assert reading is not None
    assert not reading.broken
    network, (problem,) = lower_table(reading, in_channels=2)
    assert network is None
    assert (problem.code, problem.position.line, problem.found) == ("NT512", 5, "3")
