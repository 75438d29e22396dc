"""Small vaults and what they must become: one file a case under ``fixtures/vaults``.

A case holds notes, each after a line ``--- path``, and after ``--- expect`` one expectation a line:

    models vgg resnet                 all architectures, by name
    refused vgg                       all refused names (none without the line)
    diagnostics NT405@A.md:4 …        all warnings and errors (none without the line)
    info NT401@A.md:1 …               all infos (unchecked without the line)
    heading A.md:3 model vgg vgg16    a section by its line (0: the root): outcome, family, variant
    rule A.md:3 homonym               the rule that decided it
    value vgg.num_classes 10 field A.md:4    value, level, place
    shadowed vgg.num_classes 1000 family     a shadowed value and its level
    variant vgg vgg11                 the variant a model starts from
    module vgg vgg                    the module a model lies in
    changed vgg yes
    sources vgg A.md:3 B.md:0         where it comes from, the primary first
    rows vgg 3                        how many rows of its own
    message A.md:4 text               a diagnostic at that line holds this text
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.core.diagnostics import Severity
from generator.mapping.model import VaultMapping
from generator.vault.model import Config
from tests.mapping.vaults import map_notes, model

CASES = sorted((Path(__file__).parent / "fixtures" / "vaults").glob("*.txt"))
CONFIG = Config(
    path="notetorch.toml",
    values={"alexnet": {"dropout": 0.25}},
    value_lines={"alexnet.dropout": 7},
)


def read_case(path: Path) -> tuple[dict[str, str], list[list[str]]]:
    """The notes and expectations of a case file."""
    parts: dict[str, list[str]] = {}
    name = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("--- "):
            name = line[4:].strip()
            parts[name] = []
        elif name:
            parts[name].append(line)
    expected = [line.split() for line in parts.pop("expect") if line.strip()]
    return {note: "\n".join(lines).rstrip("\n") + "\n" for note, lines in parts.items()}, expected


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_vault(path: Path) -> None:
    notes, expected = read_case(path)
    mapping = map_notes(notes, config=CONFIG)
    assert expected
    wrong = list(failures(mapping, expected))
    assert not wrong, "\n" + "\n".join(wrong)


def failures(mapping: VaultMapping, expected: list[list[str]]) -> Iterator[str]:
    """What is not as expected."""
    whole = {"models": [], "refused": [], "diagnostics": []}
    whole |= {line[0]: line[1:] for line in expected if line[0] in (*whole, "info")}
    found = {
        "models": [each.name for each in mapping.architectures],
        "refused": [each.name for each in mapping.refused],
        "diagnostics": _places(mapping, Severity.WARNING, Severity.ERROR),
        "info": _places(mapping, Severity.INFO),
    }
    for what, names in whole.items():
        if sorted(names) != sorted(found[what]):
            yield f"{what}: expected {sorted(names)}, found {sorted(found[what])}"
            if what != "models":
                yield from (
                    f"  {each.code} {each.position} {each.message}" for each in mapping.diagnostics
                )
    for what, *words in expected:
        if what not in found:
            got, wanted = _found(mapping, what, words)
            if got != wanted:
                yield f"{what} {words[0]}: expected {wanted}, found {got}"


def _places(mapping: VaultMapping, *severities: Severity) -> list[str]:
    return [
        f"{each.code}@{each.position.path}:{each.position.line}"
        for each in mapping.diagnostics
        if each.severity in severities
    ]


def _found(mapping: VaultMapping, what: str, words: list[str]) -> tuple[object, object]:
    name, *wanted = words
    match what:
        case "heading" | "rule":
            path, _, line = name.rpartition(":")
            (one,) = [
                each
                for each in mapping.decisions
                if each.path == path and (each.line if each.level else 0) == int(line)
            ]
            if what == "rule":
                return one.rule, wanted[0]
            got = [one.outcome.value, one.family or "-", one.variant or "-"]
            return got[: len(wanted)], wanted
        case "value" | "shadowed":
            architecture, _, parameter = name.partition(".")
            (value,) = [
                each for each in model(mapping, architecture).values if each.name == parameter
            ]
            settings = [value.setting] if what == "value" else list(value.shadowed)
            shown = [
                [
                    _plain(each.value),
                    each.level,
                    f"{each.position.path}:{each.position.line}" if each.position else "-",
                ][: len(wanted)]
                for each in settings
            ]
            return wanted in shown or shown, True
        case "sources":
            return [
                f"{each.path}:{each.line if each.slug else 0}"
                for each in model(mapping, name).sources
            ], wanted
        case "variant":
            return model(mapping, name).variant, wanted[0]
        case "module":
            return model(mapping, name).module, wanted[0]
        case "changed":
            return model(mapping, name).changed, wanted[0] == "yes"
        case "rows":
            return len(model(mapping, name).rows or ()), int(wanted[0])
        case "message":
            text = " ".join(wanted)
            got = [
                f"{each.message} | {each.expected} | {each.hint}"
                for each in mapping.diagnostics
                if f"{each.position.path}:{each.position.line}" == name
            ]
            return any(text in each for each in got) or got, True
        case _:
            raise AssertionError(f"unknown expectation {what!r}")


def _plain(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(_plain(each) for each in value)
    return str(value)
