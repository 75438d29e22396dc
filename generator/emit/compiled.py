"""Templates keep their compiled form where Python keeps that of modules, ``__pycache__``.

Compiling them takes longer than filling them in. As with modules, a form that no longer belongs to its
source is not used, nothing is written under ``PYTHONDONTWRITEBYTECODE``, and a folder that cannot be
written to is no error. Only for the generator's own templates: a vault's are never kept.
"""

from __future__ import annotations

import contextlib
import sys
from importlib.util import cache_from_source
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket


class CompiledTemplates(FileSystemBytecodeCache):
    """The compiled templates of environments with the same settings; ``use`` names these."""

    def __init__(self, use: str) -> None:
        super().__init__(str(Path(cache_from_source(__file__)).with_name(f"templates-{use}")))

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read a compiled template, if there is one and it can be read."""
        with contextlib.suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write a compiled template if Python would write a compiled module here."""
        if sys.dont_write_bytecode:
            return
        with contextlib.suppress(OSError):
            Path(self.directory).mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)
