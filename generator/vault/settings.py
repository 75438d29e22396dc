"""``.obsidian/*.json`` -> :class:`ObsidianSettings`: settings that change what a vault means."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType

from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position
from generator.vault.model import ObsidianSettings

# The files that are read, below the vault's folder.
APP = ".obsidian/app.json"
TYPES = ".obsidian/types.json"
TEMPLATES = ".obsidian/templates.json"
DAILIES = ".obsidian/daily-notes.json"
TEMPLATER = ".obsidian/plugins/templater-obsidian/data.json"
SETTINGS_FILES = (APP, DAILIES, TEMPLATER, TEMPLATES, TYPES)


def parse_settings(
    contents: Mapping[str, bytes],
) -> tuple[ObsidianSettings, tuple[Diagnostic, ...]]:
    """Read the settings files that exist (path -> bytes). Broken ones count as absent.

    Never raises; a value of another type than Obsidian writes counts as absent too.
    """
    diagnostics: list[Diagnostic] = []
    values: dict[str, Mapping[str, object]] = {}
    for path in SETTINGS_FILES:
        values[path] = {}
        if path in contents:
            try:
                values[path] = _object(contents[path])
            except ValueError as error:
                line = getattr(error, "lineno", 1)
                column = getattr(error, "colno", 1)
                diagnostics.append(
                    diagnostic(
                        "NT104",
                        Position(path, line, column),
                        "An Obsidian settings file cannot be read; defaults are used in its place.",
                        found=str(getattr(error, "msg", error)),
                        expected="a JSON object",
                    )
                )
    app, dailies = values[APP], values[DAILIES]
    folders = (
        _text(values[TEMPLATES], "folder", ""),
        _text(values[TEMPLATER], "templates_folder", "")
        or _text(values[TEMPLATER], "template_folder", ""),
    )
    types = values[TYPES].get("types", {})
    return (
        ObsidianSettings(
            strict_line_breaks=app.get("strictLineBreaks") is True,
            ignore_filters=_texts(app, "userIgnoreFilters"),
            template_folders=tuple(
                dict.fromkeys(folder.strip("/") for folder in folders if folder.strip("/"))
            ),
            daily_folder=_text(dailies, "folder", "").strip("/"),
            daily_format=_text(dailies, "format", "") or "YYYY-MM-DD",
            attachment_folder=_text(app, "attachmentFolderPath", "/"),
            property_types=MappingProxyType(
                {str(name): kind for name, kind in types.items() if isinstance(kind, str)}
                if isinstance(types, dict)
                else {}
            ),
        ),
        tuple(diagnostics),
    )


def _object(content: bytes) -> Mapping[str, object]:
    """Parse a JSON object; raises ``ValueError`` for anything else."""
    text = content.decode("utf-8-sig")  # UnicodeDecodeError is a ValueError
    if not text.strip():
        return {}
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError(f"a JSON {type(value).__name__}")
    return value


def _text(values: Mapping[str, object], name: str, default: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else default


def _texts(values: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = values.get(name)
    if not isinstance(value, list):
        return ()
    return tuple(each for each in value if isinstance(each, str))
