"""What the pipeline wants to exist on disk: planned outputs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tree(StrEnum):
    """Which output folder a path belongs to."""

    MODELS = "models"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Output:
    """A file to write: ``path`` is ``/``-separated and relative to its tree.

    Exactly one of ``content`` (bytes) and ``copy_from`` (vault-relative path of an attachment to
    copy) is given.
    """

    tree: Tree
    path: str
    content: bytes | None = None
    copy_from: str | None = None
