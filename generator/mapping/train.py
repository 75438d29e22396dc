"""What a section says about training: ``train`` in a fenced block, or ``train::`` fields.

Stored beside the architecture for the commands that train; it changes no generated module.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from generator.architectures.model import ParamValue
from generator.architectures.yaml_source import YamlNode
from generator.core.diagnostics import Diagnostic, diagnostic
from generator.mapping.blocks import Block
from generator.mapping.values import plain_text
from generator.notes.model import Note

# "epochs = 10", "lr: 1e-3": one entry of a `train::` field.
_ENTRY = re.compile(r"\s*([A-Za-z][\w -]*?)\s*[=:]\s*(.+?)\s*", re.DOTALL)


def train_settings(
    note: Note, sections: frozenset[int], blocks: Sequence[Block], problems: list[Diagnostic]
) -> Mapping[str, ParamValue] | None:
    """The training settings of some sections; a block's win over fields. ``None`` if there are none."""
    found: dict[str, ParamValue] = {}
    for field in note.fields:
        if field.section not in sections or not field.page or field.key.casefold() != "train":
            continue
        for entry in plain_text(field.raw).split(","):
            match = _ENTRY.fullmatch(entry)
            if match is None:
                problems.append(
                    diagnostic(
                        "NT411",
                        field.position,
                        f"`train` cannot be read at {entry.strip()!r}",
                        expected="entries like `epochs = 10, lr = 0.1`",
                    )
                )
                continue
            found[_key(match.group(1))] = _scalar(match.group(2))
    for block in blocks:
        if block.section in sections and block.train is not None:
            items = block.train.value if isinstance(block.train.value, dict) else {}
            for key, node in items.items():
                value = _plain(node)
                if value is not None:
                    found[_key(key)] = value
    return MappingProxyType(dict(sorted(found.items()))) if found else None


def _key(text: str) -> str:
    return re.sub(r"[\s-]+", "_", text.strip().lower())


def _scalar(text: str) -> ParamValue:
    text = plain_text(text)
    for convert in (int, float):
        try:
            return convert(text)
        except ValueError:
            continue
    return {"true": True, "yes": True, "false": False, "no": False}.get(text.lower(), text)


def _plain(node: YamlNode) -> ParamValue | None:
    if isinstance(node.value, tuple):
        values = [_plain(each) for each in node.value]
        return tuple(each for each in values if each is not None)
    if isinstance(node.value, dict):
        inner = {key: _plain(each) for key, each in node.value.items()}
        return MappingProxyType({key: each for key, each in inner.items() if each is not None})
    return node.value
