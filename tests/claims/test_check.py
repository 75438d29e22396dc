"""What a claim carries besides its verdict: a place, a name that lasts, a test that runs."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest
import torch
from torch import nn

from generator.claims.check import check_note, claim_diagnostics
from generator.claims.model import Claim, Status
from generator.notes.parse import parse_note
from tests.claims.corpus import catalogue

HELPERS = resources.files("generator.emit.tests").joinpath("claims_helpers.py.txt")
NOTE = """# VGG
status:: done
VGG-16 has 138 million parameters.

- 13 convolutional layers and 3 fully connected layers
- The number of filters goes 64 → 128 → 256 → 512 → 512.

$$\\frac{92}{2}+1=47$$
"""


def claims_of(text: str, *, path: str = "Notes/VGG.md") -> tuple[Claim, ...]:
    note = parse_note(path, text.encode())
    subjects = {each.index: catalogue()["vgg"] for each in note.sections}
    return check_note(note, subjects, catalogue=catalogue())


def test_a_wrong_number_changes_one_claim_and_nothing_else() -> None:
    before = {each.id: each for each in claims_of(NOTE)}
    after = {each.id: each for each in claims_of(NOTE.replace("138 million", "148 million"))}
    assert before.keys() == after.keys()
    changed = [key for key in before if before[key] != after[key]]
    assert len(changed) == 1
    assert before[changed[0]].status is Status.VERIFIED
    assert after[changed[0]].status is Status.FALSE
    assert before[changed[0]].check != after[changed[0]].check


def test_names_last_when_the_note_changes_elsewhere() -> None:
    ids = {each.id for each in claims_of(NOTE)}
    longer = f"An introduction.\n\n- a list of 3 things\n\n{NOTE}\n\nThe end: 1 + 2 = 3.\n"
    assert ids < {each.id for each in claims_of(longer)}


def test_a_false_claim_is_a_warning_at_its_number() -> None:
    (found,) = claim_diagnostics(claims_of(NOTE.replace("=47", "=46")))
    assert (found.code, found.severity.value) == ("NT601", "warning")
    assert (found.position.line, found.position.column) == (8, 18)
    assert found.message == "stated 46, 92/2+1 = 47"


def test_a_field_above_a_sentence_is_no_part_of_it() -> None:
    assert claims_of(NOTE)[0].text == "VGG-16 has 138 million parameters"


def test_what_is_stated_ends_no_formula() -> None:
    """The formula ends between the number and its noun."""
    found = claims_of("# VGG\n\n- $(3\\cdot3\\cdot3+1)\\cdot 64 = 1792$ params in conv1_1\n")[-1]
    assert (found.expected, found.status) == ("1792 params", Status.VERIFIED)


# ------------------------------------------------------------------ tests that run


class Tiny(nn.Module):
    """A network whose parts can be made wrong."""

    def __init__(self, *, filters: int = 6, kernel: int = 5, shortcut: bool = True) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, filters, kernel, padding=kernel // 2)
        self.inner = nn.Conv2d(filters, filters, 3, padding=1)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(filters * 16 * 16, 10)
        self.shortcut = shortcut

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.conv(x)
        x = x + self.inner(x) if self.shortcut else self.inner(x)
        result: torch.Tensor = self.fc(self.pool(x).flatten(1))
        return result


RIGHT: dict[str, Any] = {}
SHAPE = (3, 32, 32)


@pytest.fixture(scope="module")
def helpers() -> dict[str, Any]:
    """The functions that claims tests call."""
    imports = (
        "from __future__ import annotations\nfrom fractions import Fraction\n"
        "from itertools import groupby, pairwise, product\nfrom math import ceil, floor, sqrt\n"
        "from typing import Any\nimport pytest, torch\nimport torch.nn.functional as F\n"
        "from torch import nn\nfrom torch.overrides import TorchFunctionMode\n"
        "from torch.utils.flop_counter import FlopCounterMode\nShape = tuple\n"
    )
    found: dict[str, Any] = {}
    exec(imports + HELPERS.read_text("utf-8"), found)
    return found


@pytest.mark.parametrize(
    ("measure", "mutation"),
    [
        ("parameters(net)", {"filters": 7}),
        ("macs(net, SHAPE)", {"kernel": 3}),
        ("[each.kernel_size for each in used(net, SHAPE, nn.Conv2d)]", {"kernel": 3}),
        ("convolution_levels(net, SHAPE)", {"filters": 7}),
        ("run_lengths(sum_heights(net, SHAPE))", {"shortcut": False}),
        ("sum_channels(net, SHAPE)", {"filters": 7}),
        ("spent(net, SHAPE, nn.Conv2d)", {"kernel": 3}),
        ('shared(used(net, SHAPE, nn.Conv2d), "kernel_size")', {"kernel": 3}),
        ("passes(net, SHAPE, [(32, 32, 3), (32, 32, 6), (16, 16, 6)])", {"filters": 7}),
        (
            "without_repeats([each.out_channels for each in used(net, SHAPE, nn.Conv2d)])",
            {"filters": 7},
        ),
    ],
)
def test_a_measure_sees_a_changed_model(
    helpers: dict[str, Any], measure: str, mutation: dict[str, Any]
) -> None:
    right, wrong = (
        eval(measure, {**helpers, "SHAPE": SHAPE, "net": Tiny(**each).to("meta").eval()})
        for each in (RIGHT, mutation)
    )
    assert right != wrong


@pytest.mark.parametrize("name", ["check_shift", "check_sparsity", "check_layer_size_free"])
def test_a_denied_property_fails_where_it_holds(helpers: dict[str, Any], name: str) -> None:
    helpers[name](nn.Conv2d(3, 8, 3))
    with pytest.raises(pytest.fail.Exception), pytest.raises(AssertionError):
        helpers[name](nn.Conv2d(3, 8, 3))
