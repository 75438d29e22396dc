"""Write a vault of any size for measurements: `python -m benchmarks.synthetic_vault FOLDER COUNT`.

Ten notes define architectures. All others only look as if they might: daily notes that mention
ResNet, reading notes of papers, index notes full of links, notes about films, recipes and meetings.
The same arguments give the same bytes.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

ARCHITECTURES = {
    "Networks/LeNet.md": "Reads digits.\n\n- 61,706 parameters in its usual form\n",
    "Networks/AlexNet (2012).md": "# AlexNet\n\nFive convolutions, three linear layers.\n",
    "Networks/VGG.md": "# VGG\n\nSmall filters, many of them.\n\n## VGG-16\n\n138 million parameters.\n",
    "Networks/ResNet.md": "# ResNets (residual networks)\n\nShortcuts add the input back.\n\n"
    "## ResNet benefits\n\nGradients reach early layers.\n",
    "Networks/GoogLeNet.md": "# Inception networks\n\nBranches of several sizes, [[1x1 convolution]].\n",
    "Networks/MobileNet.md": "# MobileNet\n\nThe bottleneck widens, filters depthwise and projects "
    "back with a pointwise convolution.\n",
    "Networks/Convolutional networks.md": "# Convolutional networks\n\n10 filters of 3x3x3 have 270 "
    "parameters.\n",
    "Networks/PebbleNet.md": "# PebbleNet\n\n| layer | filters | kernel | stride |\n"
    "|---|---|---|---|\n| conv | 16 | 3x3 | 1 |\n| maxpool | | 2x2 | 2 |\n| conv | 32 | 3x3 | 1 |\n"
    "| global avg pool | | | |\n| linear | 10 | | |\n",
    "Networks/VGG for ten classes.md": "---\nnotetorch:\n  arch: vgg\n  module: vgg_ten\n  num_classes: 10\n---\n"
    "A copy of [[VGG]] with ten outputs.\n",
    "Networks/Residual net for CIFAR.md": "# Our residual network\narch:: resnet\nvariant:: resnet18\n"
    "module:: resnet_ours\n"
    "num_classes:: 10\n",
}

WORDS = tuple(
    "signal gradient kernel channel batch filter layer weight bias noise sample token vector matrix "
    "garden river window letter morning station coffee paper bridge market winter engine orange "
    "theory result question method answer figure section detail number picture memory measure".split()
)
TOPICS = ("Optimisers", "Inception Score", "Perceptual loss with VGG", "FID", "Self attention",
          "Batch size", "CNN vs RNN", "Receptive field", "Label smoothing", "Data augmentation")  # fmt: skip
FILMS = ("Inception", "The Matrix", "Arrival", "Interstellar", "Solaris", "Alien", "Her")


def write_vault(folder: Path, count: int, *, seed: int = 7) -> None:
    """Write ``count`` notes below ``folder`` (at least the ten architectures)."""
    rng = random.Random(seed)
    notes = dict(ARCHITECTURES)
    for index in range(count - len(notes)):
        make = (_daily, _paper, _topic, _film, _index)[
            rng.choices(range(5), weights=(30, 25, 35, 5, 5))[0]
        ]
        path, text = make(index, rng)
        notes[path] = text
    for path, text in notes.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def _sentence(rng: random.Random) -> str:
    words = rng.choices(WORDS, k=rng.randint(6, 16))
    if rng.random() < 0.35:
        words[rng.randrange(len(words))] = f"[[Note {rng.randrange(3000)}]]"
    if rng.random() < 0.1:
        words[rng.randrange(len(words))] = f"**{rng.choice(WORDS)}**"
    if rng.random() < 0.05:
        words.append("$x_{i} \\to \\frac{a}{b}$")
    if rng.random() < 0.05:
        words.append(f"#{rng.choice(WORDS)}")
    return " ".join(words).capitalize() + "."


def _paragraphs(rng: random.Random, least: int, most: int) -> str:
    return "\n\n".join(
        " ".join(_sentence(rng) for _ in range(rng.randint(1, 4)))
        for _ in range(rng.randint(least, most))
    )


def _daily(index: int, rng: random.Random) -> tuple[str, str]:
    day = f"{2015 + index // 336}-{index // 28 % 12 + 1:02}-{index % 28 + 1:02}"
    tasks = "\n".join(f"- [{rng.choice(' x')}] {_sentence(rng)}" for _ in range(rng.randint(1, 6)))
    return f"Daily/{day}.md", f"{tasks}\n\n## ResNet\n\nread a bit about ResNet and VGG\n"


def _paper(index: int, rng: random.Random) -> tuple[str, str]:
    title = f"{rng.choice(WORDS).title()} {rng.choice(WORDS)} for {rng.choice(WORDS)} {index}"
    return (
        f"Papers/{title}.md",
        f"---\ntags: [paper, {rng.choice(WORDS)}]\nyear: {rng.randint(2010, 2026)}\n"
        f'aliases: ["{title.upper()}"]\n---\n# {title}\n\n{_paragraphs(rng, 3, 8)}\n\n'
        f"## Related work\n\n### ResNet\n\n{_sentence(rng)}\n\n## Experiments\n\n"
        f"| method | accuracy |\n|---|---|\n| ResNet-50 | 76.1 |\n| ours | 77.0 |\n",
    )


def _topic(index: int, rng: random.Random) -> tuple[str, str]:
    parts = "\n\n".join(
        f"## {rng.choice(TOPICS)}\n\n{_paragraphs(rng, 1, 4)}" for _ in range(rng.randint(1, 5))
    )
    extra = "\n\n> [!note]- Aside\n> " + _sentence(rng) + "\n" if rng.random() < 0.3 else "\n"
    code = "\n```python\nfor x in range(3):\n    print(x)\n```\n" if rng.random() < 0.2 else ""
    return f"Notes/Note {index}.md", parts + extra + code


def _film(index: int, rng: random.Random) -> tuple[str, str]:
    film = rng.choice(FILMS)
    return (
        f"Films/{film} {index}.md",
        f"---\ndirector: someone\n---\n# {film}\n\nSaw it at the cinema. {_sentence(rng)}\n",
    )


def _index(index: int, rng: random.Random) -> tuple[str, str]:
    links = "\n".join(f"- [[Note {rng.randrange(3000)}]]" for _ in range(20))
    return (
        f"Maps/Index {index}.md",
        f"# Classic architectures\n\n- [[ResNet]]\n- [[VGG]]\n- [[LeNet]]\n\n## Others\n\n{links}\n",
    )


if __name__ == "__main__":
    write_vault(Path(sys.argv[1]), int(sys.argv[2]))
