"""``notetorch new-family``: a working family in the vault, to be changed into one's own."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

from generator.vault.read import FAMILIES

_NAME = re.compile(r"[a-z][a-z0-9_]*")

SPEC = """\
# A family of networks: what a heading names, what its networks are made of.
# It is data and needs no trust. Without a template the layers are written out as they stand.
title: {title}
names:                        # how headings write it; case and plurals do not matter
  - {name}
  - {spoken}
default: {name}               # the variant a plain heading means

networks:
  - module: {name}            # name of the generated Python module
    class: {class_name}
    input_size: 32
    doc: Two convolutions, each halving the map, and one linear layer.
    papers: []
    parameters:               # what a note can set (`width:: 32`) and a caller can pass
      width:
        type: int
        default: 16
        minimum: 1
        maximum: 4096
        doc: filters of the first convolution; the second has twice as many
      num_classes:
        type: int
        default: 10
        minimum: 1
        maximum: 1000000
        doc: number of classes
        aliases: [classes]
      in_channels:
        type: int
        default: 3
        minimum: 1
        maximum: 4096
        doc: channels of the input image
    rows:                     # the layers, in order; `= ...` computes with the parameters
      - {{type: conv, width: '= width', kernel: 3, norm: batch}}
      - {{type: max_pool, kernel: 2}}
      - {{type: conv, width: '= 2 * width', kernel: 3, norm: batch}}
      - {{type: max_pool, kernel: 2}}
      - {{type: global_avg_pool}}
      - {{type: linear, width: '= num_classes'}}
    variants:
      {name}:
        doc: 16 and 32 filters
      {name}_wide:
        doc: 64 and 128 filters
        params: {{width: 64}}
"""

EXAMPLE = """\
# {title}

A note that uses this family: the heading names it, a field sets a value.

width:: 24
"""


def write_family(vault: Path, name: str) -> tuple[Path, ...]:
    """Write ``_notetorch/<name>/`` into the vault and give the files.

    Raises ``ValueError`` for a name that cannot be a module's, ``FileExistsError`` when the family
    is there already.
    """
    if not _NAME.fullmatch(name) or keyword.iskeyword(name):
        raise ValueError(f"{name!r} is no module name: lower-case letters, digits and _ are")
    folder = vault / FAMILIES / name
    if folder.exists():
        raise FileExistsError(str(folder))
    words = name.split("_")
    fields = {
        "name": name,
        "spoken": " ".join(words),
        "title": " ".join(each.capitalize() for each in words),
        "class_name": "".join(each.capitalize() for each in words),
    }
    folder.mkdir(parents=True)
    files = (folder / "spec.yaml", folder / "example.md")
    for path, text in zip(files, (SPEC, EXAMPLE), strict=True):
        path.write_text(text.format(**fields), encoding="utf-8")
    return files
