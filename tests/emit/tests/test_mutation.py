"""The benchmark's mutants: one change each, of every kind it promises, in code only."""

from __future__ import annotations

import ast
import textwrap

import pytest

from benchmarks.mutation import Outcome, report
from benchmarks.mutation_operators import mutants

SOURCE = textwrap.dedent('''
    """A module of 3 layers."""
    import torch
    from torch import Tensor, nn
    from torch.nn import functional as F

    WIDTHS = (8, 16)

    class Net(nn.Module):
        """With 2 of 3."""

        def __init__(self, width: "int" = 8) -> None:
            super().__init__()
            if width < 1:
                raise ValueError(width)
            self.conv = nn.Conv2d(3, width, 3, stride=2, padding=1, groups=1, bias=False)
            self.norm = nn.BatchNorm2d(width)
            self.relu = nn.ReLU(inplace=True)
            self.pool = nn.MaxPool2d(2)
            self.drop = nn.Dropout(0.5)

        def forward(self, x: Tensor) -> Tensor:
            out = self.relu(self.norm(self.conv(x)))
            out = out + F.relu(x)
            out += x
            return torch.cat([self.pool(out), self.drop(out)], 1)
''')

WANTED = {
    "stride": "stride=3",
    "padding": "padding=0",
    "kernel": "nn.Conv2d(3, width, 4",
    "groups": "groups=2",
    "bias": "bias=True",
    "bias left out": "groups=1)",
    "other activation": "nn.Tanh(",
    "activation dropped": "out + x",
    "norm to identity": "self.norm = nn.Identity()",
    "dropped skip": "out = out\n",
    "subtracted skip": "out - F.relu(x)",
    "in-place sum": "out -= x",
    "average pooling": "nn.AvgPool2d(2)",
    "order of concatenation": "[self.drop(out), self.pool(out)]",
    "width": "(8, 17)",
    "dropout rate": "nn.Dropout(0.25)",
    "wrong argument": "nn.Conv2d(width, 3, 3",
    "condition": "width <= 1",
    "check dropped": "pass",
}


@pytest.mark.parametrize("part", WANTED.values(), ids=WANTED.keys())
def test_kind(part: str) -> None:
    assert any(part in each.source for each in mutants(SOURCE))


def test_one_change_each() -> None:
    """Every mutant is Python, differs from the module and from the others."""
    sources = [each.source for each in mutants(SOURCE)]
    plain = ast.unparse(ast.parse(SOURCE))
    assert len(sources) == len(set(sources)) > 40
    for source in sources:
        compile(source, "mutant", "exec")
        assert source != plain


def test_words_stay() -> None:
    """Docstrings, annotations, imports and in-place switches are no code to change."""
    for each in mutants(SOURCE):
        assert '"""A module of 3 layers."""' in each.source
        assert '"""With 2 of 3."""' in each.source
        assert "x: Tensor" in each.source
        assert "inplace=False" not in each.source


def test_report() -> None:
    """Rates per family, raw and without equivalents, and every survivor with its reason."""
    common = {"line": 7, "kind": "flag", "where": "Net.__init__", "how": "", "seconds": 0.1}
    found = [
        Outcome("a", "first", change="1  =>  2", killed=True, equivalent="", **common),
        Outcome("a", "first", change="2  =>\n 3", killed=False, equivalent="same sum", **common),
        Outcome("b", "second", change="3  =>  4", killed=False, equivalent="", **common),
    ]
    text = report(found, limit=0)
    assert "| first | 2 | 1 | 50.0% | 100.0% |" in text
    assert "| second | 1 | 0 | 0.0% | 0.0% |" in text
    assert "| all | 3 | 1 | 33.3% | 50.0% |" in text
    assert "- `a:7` Net.__init__ (flag): `2 => 3` Equivalent: same sum." in text
    assert "1 => 2" not in text
