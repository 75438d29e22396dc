"""Names for modules and registry entries: headings and file names made Python identifiers."""

from __future__ import annotations

import keyword
import re
import unicodedata

from generator.core.digest import digest

# Names a generated package uses itself, and modules that generated code imports: a file of that
# name beside it would be found in their place once copied into a project.
# fmt: off
RESERVED = frozenset((
    "abc", "collections", "conftest", "create_model", "dataclasses", "enum", "functional",
    "functools", "generated_models", "inspect", "itertools", "json", "list_models", "math",
    "model_info", "models", "nn", "numpy", "pathlib", "registry", "runtime", "test", "tests",
    "torch", "torchvision", "types", "typing", "warnings",
))
# fmt: on
_LONGEST = 48


def identifier(text: str, *, fallback: str = "net") -> str:
    """A lower-case ASCII identifier for a text: "Tiny-Net v2" gives ``tiny_net_v2``.

    Text without Latin letters or digits gives ``fallback`` with a digest of the text; names that
    Python or the generated package keeps for itself get ``_net`` appended.
    """
    name = name_part(text)
    if not name[0].isalpha() or name == _hash(text):
        name = f"{fallback}_{name}"
    if keyword.iskeyword(name) or keyword.issoftkeyword(name) or name in RESERVED:
        name = f"{name}_net"
    return name


def name_part(text: str) -> str:
    """A part of an identifier: lower-case ASCII letters, digits and ``_``, never empty.

    Where most of the text is in another script, what is left would say little and collide easily:
    a digest of the text goes with it.
    """
    folded = unicodedata.normalize("NFKD", text)
    ascii_only = "".join(each for each in folded if each.isascii())
    name = re.sub(r"[^a-z0-9]+", "_", ascii_only.lower()).strip("_")[:_LONGEST].strip("_")
    kept = sum(each.isalnum() for each in name)
    lost = sum(each.isalpha() for each in folded if not each.isascii())
    return "_".join(filter(None, (name, _hash(text)))) if lost > kept or not name else name


def _hash(text: str) -> str:
    return digest(unicodedata.normalize("NFC", text), length=6)


def is_identifier(text: str) -> bool:
    """Whether a name can stand as it is: an ASCII identifier that nothing else claims."""
    return (
        text.isascii()
        and text.isidentifier()
        and not text.startswith("_")
        and not keyword.iskeyword(text)
        and text not in RESERVED
        and len(text) <= 2 * _LONGEST
    )


def free_name(name: str, taken: set[str]) -> str:
    """The first of ``name``, ``name_2``, ``name_3`` … that is not taken."""
    number, candidate = 1, name
    while candidate in taken:
        number += 1
        candidate = f"{name}_{number}"
    return candidate
