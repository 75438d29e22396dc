"""Path patterns: config globs and Obsidian's "excluded files" -> which vault paths they mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position
from generator.vault.javascript_regex import JavascriptRegex, RegexError


def glob_filter(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Make a test of vault paths from globs.

    ``*`` and ``?`` stay within a folder, ``**`` crosses folders, ``[ab]`` is a set. A pattern
    without ``/`` (besides a last one) matches at any depth; one that matches a folder matches all
    that lies in it. Matching ignores case, as everything about paths in Obsidian does.
    """
    expressions = [_glob(pattern.strip()) for pattern in patterns if pattern.strip().strip("/")]
    if not expressions:
        return lambda _path: False
    joined = re.compile("|".join(f"(?:{each})" for each in expressions), re.IGNORECASE)
    return lambda path: joined.fullmatch(path) is not None


def ignore_filter(
    filters: Iterable[str], position: Position
) -> tuple[Callable[[str], bool], tuple[Diagnostic, ...]]:
    """Make a test of vault paths from Obsidian's ``userIgnoreFilters``.

    An entry is a path prefix, or ``/…/`` a JavaScript regular expression sought anywhere in the
    path (Obsidian help: Settings, "Excluded files"). An expression that is malformed, or takes
    too long, excludes nothing and is reported at ``position``.
    """
    prefixes: list[str] = []
    expressions: list[JavascriptRegex] = []
    diagnostics: list[Diagnostic] = []
    for entry in filters:
        if len(entry) > 2 and entry.startswith("/") and entry.endswith("/"):
            try:
                expressions.append(JavascriptRegex(entry[1:-1]))
            except RegexError as error:
                diagnostics.append(
                    diagnostic(
                        "NT105",
                        position,
                        f"An excluded-files pattern cannot be used: {error}.",
                        found=entry,
                        expected="a JavaScript regular expression between slashes",
                    )
                )
        elif entry:
            prefixes.append(entry)

    def ignored(path: str) -> bool:
        if any(path.startswith(prefix) for prefix in prefixes):
            return True
        return any(expression.test(path) for expression in expressions)

    return ignored, tuple(diagnostics)


def _glob(pattern: str) -> str:
    anchored = "/" in pattern.rstrip("/")
    pattern = pattern.strip("/")
    out = "" if anchored else r"(?:.*/)?"
    at = 0
    while at < len(pattern):
        if pattern.startswith("**/", at):
            out += r"(?:.*/)?"
            at += 3
        elif pattern.startswith("**", at):
            out += ".*"
            at += 2
        elif pattern[at] == "*":
            # Runs of stars are one star: `a***b` must not become nested repetition.
            out += "[^/]*"
            at += 1
        elif pattern[at] == "?":
            out += "[^/]"
            at += 1
        elif pattern[at] == "[" and (end := pattern.find("]", at + 2)) > 0:
            members = pattern[at + 1 : end].replace("\\", r"\\").replace("[", r"\[")
            out += "[" + ("^/" + members[1:] if members[0] == "!" else members) + "]"
            at = end + 1
        else:
            out += re.escape(pattern[at])
            at += 1
    try:
        re.compile(out)
    except re.error:  # an impossible set such as [z-a]
        out = re.escape(pattern)
    return out + r"(?:/.*)?"
