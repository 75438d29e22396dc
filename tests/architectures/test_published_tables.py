"""Tables as papers print them give the papers' networks; so do they reordered and reworded, and a
changed cell changes exactly what it says."""

from __future__ import annotations

import re

import pytest

from tests.architectures.tables import (
    counts,
    family_counts,
    published,
    read,
    reordered,
    rows_of,
    with_cell,
    with_headers,
)

# (file, family, variant, parameters, multiply-adds, module of the family that expresses it).
# Counts: built with torchvision, or the paper's own (SqueezeNet: Table 1's last row; GoogLeNet:
# weights 6,990,272 plus 8,280 biases; MobileNet: Table 6 with batch norm).
PUBLISHED = [
    ("vgg", "vgg", "vgg11", 132863336, 7609090048, "vgg"),
    ("vgg", "vgg", "vgg13", 133047848, 11308466176, "vgg"),
    ("vgg", "vgg", "vgg16_c", 133638952, 11770888192, "vgg"),
    ("vgg", "vgg", "", 138357544, 15470264320, "vgg"),
    ("vgg", "vgg", "vgg19", 143667240, 19632062464, "vgg"),
    ("resnet", "resnet", "resnet18", 11689512, 1814073344, "resnet"),
    ("resnet", "resnet", "resnet34", 21797672, 3663761408, "resnet"),
    ("resnet", "resnet", "", 25557032, 3857973248, "resnet"),
    ("resnet", "resnet", "resnet101", 44549160, 7570194432, "resnet"),
    ("resnet", "resnet", "resnet152", 60192808, 11282415616, "resnet"),
    ("resnext", "resnet", "", 25028904, 4230479872, "resnet"),
    ("googlenet", "inception", "", 6998552, 1582671872, ""),
    ("googlenet", "", "", 6998552, 1582671872, ""),
    ("mobilenet_v1", "mobilenet", "", 4231976, 568740352, "mobilenet_v1"),
    ("mobilenet_v1", "", "", 4231976, 568740352, ""),
    ("mobilenet_v2", "mobilenet", "", 3504872, 300774272, "mobilenet_v2"),
    ("mobilenet_v2", "", "", 3504872, 300774272, ""),
    ("mobilenet_v3_small", "mobilenet", "", 2542856, 56510400, "mobilenet_v3"),
    ("squeezenet", "", "", 1248424, None, ""),
    ("densenet", "", "DenseNet-121", 7978856, 2834161664, ""),
    ("densenet", "", "DenseNet-169", 14149480, None, ""),
    ("densenet", "", "DenseNet-201", 20013928, None, ""),
    ("alexnet", "alexnet", "", 60965224, 724406816, "alexnet_2012"),
    ("alexnet", "", "", 60965224, 724406816, ""),
    ("lenet5", "lenet", "", 61706, 416520, "lenet5"),
    # The same tables as other people type them.
    ("vgg_unstacked", "vgg", "vgg11", 132863336, 7609090048, "vgg"),
    ("vgg_unstacked", "vgg", "", 138357544, 15470264320, "vgg"),
    ("vgg_unstacked", "vgg", "vgg19", 143667240, 19632062464, "vgg"),
    ("resnet_latex", "resnet", "resnet34", 21797672, 3663761408, "resnet"),
    ("resnet_latex", "resnet", "", 25557032, 3857973248, "resnet"),
    ("mobilenet_v1_pairs", "mobilenet", "", 4231976, 568740352, "mobilenet_v1"),
    ("mobilenet_v3_large", "mobilenet", "", 5483032, 216589760, "mobilenet_v3"),
    ("squeezenet_full", "", "", 1248424, None, ""),
]


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: f"{case[0]}-{case[1]}-{case[2]}")
def test_published(case: tuple[str, str, str, int, int | None, str]) -> None:
    name, family, variant, parameters, macs, module = case
    reading = read(published(name), family, variant=variant)
    found = counts(reading)
    assert found[0] == parameters
    assert macs is None or found[1] == macs
    assert reading is not None
    assert reading.network == module
    if module:
        assert family_counts(reading, family) == found
    # MobileNet's table has one known misprint; nothing else contradicts itself.
    expected = ["NT521"] if name == "mobilenet_v1" else []
    assert [each.code for each in reading.diagnostics] == expected


def test_the_misprinted_stride_is_named() -> None:
    reading = read(published("mobilenet_v1"), "mobilenet")
    assert reading is not None
    (misprint,) = reading.diagnostics
    assert (misprint.found, misprint.expected) == ("2", "1")
    line = published("mobilenet_v1").splitlines()[misprint.position.line - 1]
    assert line.startswith("| Conv dw / s2 | 3 × 3 × 1024 dw")


REORDERED = [
    ("vgg", "vgg", "vgg19", [5, 4, 3, 2, 1, 0]),
    ("resnet", "resnet", "resnet34", [6, 2, 3, 1, 0, 5, 4]),
    ("googlenet", "", "", [9, 2, 4, 0, 5, 7, 6, 8, 1, 3, 11, 10]),
    ("mobilenet_v1", "", "", [2, 0, 1]),
    ("mobilenet_v2", "mobilenet", "", [5, 3, 1, 4, 2, 0]),
    ("mobilenet_v3_small", "mobilenet", "", [1, 6, 5, 4, 3, 2, 0]),
    ("squeezenet", "", "", [7, 6, 5, 4, 3, 2, 1, 0]),
    ("densenet", "", "", [2, 1, 0, 3, 4, 5]),
    ("alexnet", "", "", [7, 6, 1, 2, 3, 4, 5, 0]),
    ("lenet5", "lenet", "", [1, 0, 6, 5, 4, 3, 2]),
]


@pytest.mark.parametrize("case", REORDERED, ids=lambda case: case[0])
def test_columns_in_another_order(case: tuple[str, str, str, list[int]]) -> None:
    name, family, variant, order = case
    text = published(name)
    assert counts(read(reordered(text, order), family, variant=variant)) == counts(
        read(text, family, variant=variant)
    )


REWORDED = [
    (
        "googlenet",
        "",
        [
            "Layer",
            "kernel size / stride",
            "Output shape",
            "depth",
            "ch1x1",
            "3x3 reduce",
            "3x3",
            "5×5 reduce",
            "5x5",
            "pool projection",
            "Parameters",
            "MACs",
        ],
    ),
    ("mobilenet_v1", "", ["Layer / Stride", "Weight shape", "Input shape"]),
    (
        "mobilenet_v2",
        "mobilenet",
        ["Input size", "Operation", "Expansion factor", "Output channels", "Repeats", "Stride"],
    ),
    (
        "mobilenet_v3_small",
        "mobilenet",
        [
            "Input",
            "Layer",
            "Expansion size",
            "out channels",
            "squeeze-and-excite",
            "Nonlinearity",
            "stride",
        ],
    ),
    (
        "squeezenet",
        "",
        [
            "Layer",
            "Output shape",
            "kernel / stride",
            "depth",
            "squeeze",
            "expand1x1",
            "expand3x3",
            "# params",
        ],
    ),
    ("densenet", "", ["Stage", "Output", "121", "169", "201", "264"]),
    (
        "resnet",
        "resnet",
        [
            "stage",
            "output shape",
            "ResNet-18",
            "ResNet-34",
            "ResNet-50",
            "ResNet-101",
            "ResNet-152",
        ],
    ),
    ("vgg", "vgg", ["VGG-11", "VGG-11 LRN", "VGG-13", "VGG-16 (1×1)", "VGG-16", "VGG-19"]),
    (
        "alexnet",
        "",
        ["Type", "Channels", "Patch size", "Step", "Pad", "Group", "Nonlinearity", "Output shape"],
    ),
    (
        "alexnet",
        "",
        ["层类型", "通道数", "卷积核", "步长", "填充", "groups", "激活函数", "输出尺寸"],
    ),
    (
        "lenet5",
        "lenet",
        [
            "Name",
            "Layer type",
            "Feature maps",
            "Feature map size",
            "Kernel size",
            "Strides",
            "Act.",
        ],
    ),
]


@pytest.mark.parametrize("case", REWORDED, ids=lambda case: f"{case[0]}-{case[2][0]}")
def test_header_synonyms(case: tuple[str, str, list[str]]) -> None:
    name, family, headers = case
    text = published(name)
    if name == "vgg":
        rows = rows_of(text)
        text = with_headers(text, headers)
        text = text.replace("| " + " | ".join(rows[1]) + " |\n", "")
    else:
        text = with_headers(text, headers)
    assert counts(read(text, family)) == counts(read(published(name), family))


def test_a_width_changes_what_it_says() -> None:
    # VGG-16's last stage with 384 instead of 512 filters: three convolutions and the first linear.
    text = with_cell(published("vgg"), 11, 4, "conv3-384<br>conv3-384<br>conv3-384")
    before = 3 * (512 * 512 * 9 + 512) + 512 * 49 * 4096
    after = (512 * 384 * 9 + 384) + 2 * (384 * 384 * 9 + 384) + 384 * 49 * 4096
    assert counts(read(text, "vgg"))[0] == 138357544 - before + after
    reading = read(text, "vgg")
    assert reading is not None
    assert reading.network == "vgg"
    # MobileNetV2's sixth sequence with 144 instead of 160 channels.
    text = with_cell(published("mobilenet_v2"), 7, 3, "144")
    reading = read(text, "mobilenet")
    assert family_counts(reading, "mobilenet") == counts(reading)
    assert reading is not None
    assert reading.params["blocks"][5]["c"] == 144  # type: ignore[index, call-overload]
    # The next row still says that 160 channels reach it.
    assert [each.code for each in reading.diagnostics] == ["NT520"]
    # GoogLeNet's first block: four more 1×1 filters, seen by the next block's four branches.
    text = with_cell(published("googlenet"), 5, 4, "68").replace("28×28×256", "28×28×260")
    more = 4 * 192 + 4 + 4 * (128 + 128 + 32 + 64)
    assert counts(read(text))[0] == 6998552 + more
    # SqueezeNet's last squeeze: 16 more filters.
    text = with_cell(published("squeezenet"), 13, 4, "80")
    assert counts(read(text))[0] == 1248424 + 16 * 512 + 16 + 16 * 256 * (1 + 9)
    # LeNet's hidden layer.
    text = with_cell(published("lenet5"), 7, 3, "100")
    assert counts(read(text))[0] == 61706 + 16 * (120 + 1) + 16 * 10


def test_a_repeat_changes_what_it_says() -> None:
    block = 2 * (128 * 128 * 9) + 2 * 256
    text = with_cell(published("resnet"), 4, 2, "[3×3, 128<br>3×3, 128] × 3")
    reading = read(text, "resnet", variant="resnet18")
    assert counts(reading)[0] == 11689512 + block
    assert reading is not None
    assert reading.params["layers"] == (2, 3, 2, 2)
    # MobileNetV2: a fourth block of 32 channels, expanded six times.
    wide = 32 * 6
    block = 32 * wide + 9 * wide + wide * 32 + 2 * (2 * wide + 32)
    text = with_cell(published("mobilenet_v2"), 4, 4, "4")
    assert counts(read(text, "mobilenet"))[0] == 3504872 + block
    # MobileNet V1: four pairs instead of five.
    pair = 9 * 512 + 512 * 512 + 4 * 512
    text = published("mobilenet_v1").replace("5× Conv dw", "4× Conv dw")
    assert counts(read(text, "mobilenet"))[0] == 4231976 - pair
    # DenseNet-121 with seven layers in its last dense block fewer.
    text = with_cell(published("densenet"), 12, 2, "[1 × 1 conv<br>3 × 3 conv] × 9")
    assert counts(read(text))[0] < 7978856


def test_a_stride_changes_what_it_says() -> None:
    text = with_cell(published("mobilenet_v2"), 7, 5, "1")
    reading = read(text, "mobilenet")
    found = counts(reading)
    assert found[0] == 3504872
    # From there on the map stays 14×14.
    assert found[1] > 300774272
    assert family_counts(reading, "mobilenet") == found
    assert reading is not None
    (stale,) = reading.diagnostics
    assert (stale.code, stale.found, stale.expected) == ("NT520", "7x7x160", "14×14×160")
    text = with_cell(published("alexnet"), 2, 3, "2")
    reading = read(text)
    assert reading is not None
    assert reading.diagnostics[0].code == "NT520"
    assert reading.diagnostics[0].expected == "109×109×96"
    text = with_cell(published("googlenet"), 1, 1, "7×7/1").replace("112×112×64", "224×224×64")
    assert counts(read(text))[1] > 4 * 1582671872 * 0.9


# (file, family, variant, cell (row, column), wrong text).
WRONG = [
    ("vgg", "vgg", "", (3, 4), "conv3-64<br>conv3-sixty"),
    ("vgg", "vgg", "vgg11", (13, 0), "FC-4o96"),
    ("resnet", "resnet", "resnet18", (4, 2), "[3×3, 128; 3×3, ?] × 2"),
    ("resnet", "resnet", "resnet18", (1, 2), "7×7, sixty-four, stride 2"),
    ("googlenet", "", "", (5, 6), "12 8"),
    ("googlenet", "", "", (6, 8), "-96"),
    ("mobilenet_v1", "", "", (3, 1), "1 × 1 × 32 × many"),
    ("mobilenet_v1", "", "", (2, 0), "Convoluted dw / s1"),
    ("mobilenet_v2", "mobilenet", "", (5, 3), "6a4"),
    ("mobilenet_v2", "mobilenet", "", (5, 4), "0"),
    ("mobilenet_v3_small", "mobilenet", "", (4, 5), "swoosh"),
    ("squeezenet", "", "", (4, 5), "sixty-four"),
    ("densenet", "", "", (3, 2), "[1 × 1 conv<br>3 × 3 conv] × six"),
    ("alexnet", "", "", (2, 2), "11×"),
    ("alexnet", "", "", (5, 1), "256.5"),
    ("lenet5", "lenet", "", (2, 6), "tahn"),
]


@pytest.mark.parametrize("case", WRONG, ids=lambda case: f"{case[0]}-{case[4]}")
def test_a_wrong_cell_is_found_at_its_place(
    case: tuple[str, str, str, tuple[int, int], str],
) -> None:
    name, family, variant, (row, column), wrong = case
    text = with_cell(published(name), row, column, wrong)
    reading = read(text, family, variant=variant)
    assert reading is not None
    assert reading.broken
    errors = [each for each in reading.diagnostics if each.severity == "error"]
    assert len(errors) == 1, [each.message for each in errors]
    assert errors[0].code == "NT510"
    # Header and delimiter stand on lines 3 and 4, the first row on line 5.
    assert errors[0].position.line == 4 + row
    line = text.splitlines()[errors[0].position.line - 1]
    start = sum(len(cell) + 3 for cell in rows_of(text)[row][:column]) + 3
    assert errors[0].position.column == start, line
    assert errors[0].found


# (file, cell, wrong size, what the arithmetic says).
WRONG_SIZES = [
    ("resnet", (5, 1), "15×15", "14×14"),
    ("googlenet", (7, 2), "14×14×481", "14×14×480"),
    ("mobilenet_v2", (9, 0), "$7^2 \\times 321$", "7×7×320"),
    ("squeezenet", (8, 1), "27x27x255", "27×27×256"),
    ("alexnet", (4, 7), "29×29×96", "27×27×96"),
    ("alexnet", (12, 7), "9217", "9216"),
    ("densenet", (6, 1), "29 × 29", "28×28"),
]


@pytest.mark.parametrize("case", WRONG_SIZES, ids=lambda case: f"{case[0]}-{case[2]}")
def test_a_wrong_size_is_a_warning_and_the_model_is_built(
    case: tuple[str, tuple[int, int], str, str],
) -> None:
    name, (row, column), wrong, right = case
    text = with_cell(published(name), row, column, wrong)
    reading = read(text)
    assert counts(reading) == counts(read(published(name)))
    assert reading is not None
    warnings = [each for each in reading.diagnostics if each.severity == "warning"]
    assert [(each.code, each.expected) for each in warnings] == [("NT520", right)]
    assert warnings[0].position.line == 4 + row


# (file, family, variant, the columns that count, cells whose numbers may change unnoticed).
# Unnoticed are sums of the paper, windows of poolings that leave the same size, and input sizes that
# do so; everything else in these tables matters.
SWEPT = [
    ("vgg", "vgg", "vgg19", [5], r"weight layers"),
    ("resnet", "resnet", "resnet18", [1, 2], r"pool|10\^"),
    ("resnet", "resnet", "", [1, 4], r"10\^"),
    ("googlenet", "", "", [1, 2, 4, 5, 6, 7, 8, 9], r"3×3/2|7×7/1|1×1×1000"),
    ("mobilenet_v1", "", "", [0, 1, 2], r"224 × 224|<br>|FC|Softmax"),
    ("mobilenet_v2", "mobilenet", "", [0, 1, 2, 3, 4, 5], r"224|^1$"),
    ("densenet", "", "", [1, 2], r"pool"),
]


@pytest.mark.slow
@pytest.mark.parametrize("case", SWEPT, ids=lambda case: f"{case[0]}-{case[2]}")
def test_every_number_matters(case: tuple[str, str, str, list[int], str]) -> None:
    name, family, variant, columns, unnoticed = case
    text = published(name)
    whole = read(text, family, variant=variant)
    assert whole is not None
    before = counts(whole), [each.code for each in whole.diagnostics]
    for row, cells in enumerate(rows_of(text)[1:], start=1):
        for column in columns:
            for number in re.finditer(r"\d+", cells[column]):
                new = (
                    cells[column][: number.start()]
                    + str(int(number[0]) + 1)
                    + cells[column][number.end() :]
                )
                changed = read(with_cell(text, row, column, new), family, variant=variant)
                assert changed is not None, new
                if changed.broken or re.search(unnoticed, cells[column]):
                    continue
                after = counts(changed), [each.code for each in changed.diagnostics]
                assert after != before, (row, column, new)
