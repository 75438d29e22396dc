"""`explain`: every question a reader of a surprising result would ask has a line."""

from __future__ import annotations

import pytest

from generator.mapping.explain import explain, like
from generator.mapping.map_vault import map_vault
from generator.vault.model import Config
from tests.mapping.vaults import FAMILIES, graph_of, snapshot

NOTES = {
    "ml/Nets.md": """---
notetorch: {num_classes: 20}
---
# Classic networks
## VGG
num_classes:: 10
## ResNet training tips
## AlexNet
dropout:: 7
""",
    "ml/Tiny.md": """```notetorch
layers:
  - {type: conv, width: 4, kernel: 3}
  - {type: linear, width: 3}
train: {epochs: 3}
```
""",
    "ml/Papers.md": """# Papers
## ConvNeXt

| stage | output | ConvNeXt-T |
|---|---|---|
| stem | 56×56 | 4×4, 96, stride 4 |
| res2 | 56×56 | [d7×7, 96; 1×1, 384; 1×1, 96] × 3 |
| res3 | 28×28 | [d7×7, 192; 1×1, 768; 1×1, 192] × 3 |

## Inception-v3

| type | patch size/stride or remarks | input size |
|---|---|---|
| conv | 3×3/2 | 299×299×3 |
| conv | 3×3/1 | 149×149×32 |
| conv padded | 3×3/1 | 147×147×32 |
| 3×Inception | As in figure 5 | 35×35×288 |
| pool | 8×8 | 8×8×2048 |
| linear | logits | 1×1×2048 |
""",
}


def explained(target: str) -> str:
    graph = graph_of(snapshot(NOTES))
    return "\n".join(explain(map_vault(graph, FAMILIES, config=Config()), graph, target))


@pytest.mark.parametrize(
    ("target", "lines"),
    [
        (
            "Papers#ConvNeXt",
            [
                "table on line 4: 2 of 3 rows can be read as layers; line 6: 'stem' names no known "
                "layer"
            ],
        ),
        (
            "Papers#Inception-v3",
            [
                "model inception",
                "table on line 12: 6 of 6 rows can be read as layers; line 17: the inception row gives",
            ],
        ),
        ("Nets", ("ml/Nets.md", "line 5: VGG", "model vgg (vgg16)", "heading-tokens", "container")),
        ("nets#vgg", ("tokens used: VGG", "num_classes = 10 from a field at ml/Nets.md:6:1")),
        ("ml/Nets.md#Classic networks#VGG", ("heading-tokens",)),
        ("Nets#ResNet training tips", ("left over: training, tips", "leftover")),
        ("vgg", ("shadows 20 from front matter at ml/Nets.md:2:1", "shadows 1000", "1 to 1000000")),
        ("vgg.classes", ("vgg.num_classes", "also written: classes", "default: 1000")),
        ("vgg.num_clases", ("did you mean 'num_classes'?",)),
        ("VGG", ("shadows 20 from front matter at ml/Nets.md:2:1",)),
        ("resnet training tips", ("ml/Nets.md#ResNet training tips", "left over: training, tips")),
        ("Nets#AlexNet", ("nearest rejected: lenet, for its name",)),
        ("vgg16", ("published", "num_classes = 1000")),
        ("vgg16.dropout", ("dropout = 0.5",)),
        ("alexnet", ("not built", "NT405 ml/Nets.md:9:1", "from 0 to 1")),
        ("tiny", ("of the note's own", "layers: 2 rows", "train: epochs = 3", "num_classes = 3")),
    ],
)
def test_explain(target: str, lines: tuple[str, ...]) -> None:
    text = explained(target)
    for line in lines:
        assert line in text, text


@pytest.mark.parametrize(("target", "near"), [("vgg1", "vgg11"), ("Net", "Nets"), ("zzz", "")])
def test_what_is_misspelt_is_suggested(target: str, near: str) -> None:
    graph = graph_of(snapshot(NOTES))
    mapping = map_vault(graph, FAMILIES, config=Config())
    assert not explain(mapping, graph, target)
    assert like(mapping, graph, target) == near


@pytest.mark.parametrize("target", ["nobody", "Nets#Nothing", "Nets#VGG#Classic networks", "#", ""])
def test_nothing_is_called_so(target: str) -> None:
    assert explained(target) == ""


def test_every_decision_names_its_rule_and_reason() -> None:
    graph = graph_of(snapshot(NOTES))
    for each in map_vault(graph, FAMILIES, config=Config()).decisions:
        assert each.rule
        assert each.reason
