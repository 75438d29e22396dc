"""What ends a command with a message instead of a traceback."""

from __future__ import annotations

import importlib
from typing import Any


class UsageError(Exception):
    """What was asked for cannot be done; the message says what to do instead (exit code 2)."""


class RunError(Exception):
    """It was tried and went wrong; the message says how (exit code 1)."""


def extra(module: str, *, name: str, needed_for: str) -> Any:
    """Import a module of the optional extra ``name``; say how to get it where it is missing."""
    try:
        return importlib.import_module(module)
    except ImportError:
        raise UsageError(
            f"{needed_for} needs extra packages: pip install 'notetorch[{name}]'"
        ) from None
