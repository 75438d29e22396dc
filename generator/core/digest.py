"""Content digests: short, stable names for bytes and text."""

from __future__ import annotations

import hashlib


def digest(content: bytes | str, *, length: int = 16) -> str:
    """Give the first ``length`` hexadecimal digits of the SHA-256 of ``content`` (text as UTF-8)."""
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
    return hashlib.sha256(content).hexdigest()[:length]
