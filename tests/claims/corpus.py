"""The corpus of statements: files under ``fixtures/`` as cases, and the networks they speak of.

``fixtures/README.md`` documents the format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from generator.architectures.lower import lower, resolve_params
from generator.architectures.spec import built_in_families
from generator.claims.check import check_note
from generator.claims.model import Claim, Figure, Status, Subject
from generator.notes.model import Note
from generator.notes.parse import parse_note

FIXTURES = Path(__file__).parent / "fixtures"
PRECISION = FIXTURES / "precision"
MARK = re.compile(r"⟦([^→⟧]*)(?:→([^⟧]*))?⟧")


@dataclass(frozen=True, slots=True)
class Case:
    """One statement: the file and line it stands at, its label, its heading, its marked text."""

    source: str
    label: str
    heading: str
    marked: str

    @property
    def text(self) -> str:
        """The statement without its marks."""
        return MARK.sub(lambda each: each[1], self.marked)

    def perturbed(self) -> Iterator[tuple[str, int]]:
        """Give the statement with one marked number changed, and where the number begins."""
        for chosen in MARK.finditer(self.marked):
            text, at, start = "", 0, 0
            for each in MARK.finditer(self.marked):
                text += self.marked[at : each.start()]
                if each.start() == chosen.start():
                    start = len(text)
                    text += each[2] if each[2] is not None else changed(each[1])
                else:
                    text += each[1]
                at = each.end()
            yield text + self.marked[at:], start


def changed(number: str) -> str:
    """Give a number with its second digit, or its only one, counted up by three."""
    digits = [at for at, each in enumerate(number) if each.isdigit()]
    at = digits[1] if len(digits) > 1 else digits[0]
    return number[:at] + str((int(number[at]) + 3) % 10) + number[at + 1 :]


@cache
def cases(folder: Path = FIXTURES) -> tuple[Case, ...]:
    """Read every case of every fixture file of a folder."""
    found = []
    for path in sorted(folder.glob("*.txt")):
        heading = ""
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if line.startswith("@ "):
                heading = line[2:].strip()
            elif "|" in line and not line.startswith("#"):
                label, _, text = line.partition("|")
                found.append(Case(f"{path.name}:{number}", label.strip(), heading, text.strip()))
    return tuple(found)


# Headings of the corpus and the networks that sections under them describe.
HEADINGS = {
    "Convolutional networks": "convnet",
    "AlexNet": "alexnet",
    "VGG": "vgg",
    "ResNet": "resnet",
    "ResNets (residual networks)": "resnet",
    "GoogLeNet": "inception",
    "Inception networks": "inception",
    "Inception": "inception",
    "MobileNet": "mobilenet",
    "LeNet": "lenet",
    "VGG-16": "vgg16",
    "ResNet-50": "resnet50",
    "LeNet-5": "lenet5",
    "MobileNetV2": "mobilenet_v2",
}


@cache
def catalogue() -> Mapping[str, Subject]:
    """Every published network, and each family's own under its name."""
    found: dict[str, Subject] = {}
    for family in built_in_families():
        names = [variant.name for network in family.networks for variant in network.variants]
        for network in family.networks:
            for variant in network.variants:
                built = lower(
                    network, resolve_params(network, variant.params), input_size=variant.input_size
                )
                figures = tuple(
                    Figure(each.what, each.value, each.source, each.tolerance)
                    for each in variant.figures
                )
                found[variant.name] = Subject(
                    variant.name,
                    built,
                    variant.name,
                    family.name,
                    tuple(each for each in names if each != variant.name),
                    figures=figures,
                )
        own = found[family.default]
        found[family.name] = Subject(
            family.name, own.network, family.default, family.name, tuple(names)
        )
    return found


def note_of(heading: str, text: str, *, path: str = "Notes/Test.md") -> Note:
    """Parse a note that states one thing under one heading."""
    block = text if text.startswith("$$") else f"- {text}"
    return parse_note(path, f"# {heading}\n\n{block}\n".encode())


def check(heading: str, text: str) -> tuple[Claim, ...]:
    """Give the claims of one statement under a heading."""
    note = note_of(heading, text)
    name = HEADINGS.get(heading)
    subjects = {section.index: catalogue()[name] for section in note.sections} if name else {}
    return check_note(note, subjects, catalogue=catalogue())


def outcome(claims: tuple[Claim, ...]) -> str:
    """Sum up: ``false`` if anything is, else ``true`` if anything is, else ``unsure``, else ``none``."""
    found = {each.status for each in claims}
    if Status.FALSE in found:
        return "false"
    if Status.VERIFIED in found:
        return "true"
    return "unsure" if found else "none"
