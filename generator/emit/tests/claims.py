"""A note's claims to ``tests/test_claims_<note>.py``: one test a claim, by stable names.

The bodies come from :mod:`generator.claims`, made of checked literals only; this module adds the
functions they call and lays the file out. What a note says appears as a string literal, never as code.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

import jinja2

from generator.claims.model import Claim
from generator.core.digest import digest
from generator.emit.compiled import CompiledTemplates
from generator.emit.models.formatting import Format, format_sources
from generator.emit.models.header import with_header

_FOLDER = "generator.emit.tests"
_TEMPLATE = "claims.py.jinja"
_HELPERS = "claims_helpers.py.txt"
_DOC_LENGTH = 72


@dataclass(frozen=True, slots=True)
class ClaimTest:
    """One test function: its name, its docstring as a literal, the lines of its body."""

    name: str
    doc: str
    lines: tuple[str, ...]


def claims_test_names(paths: Iterable[str]) -> dict[str, str]:
    """Give each note's claims file a name: by the note's stem, with its path's digest where two agree."""
    by_name: dict[str, list[str]] = {}
    for path in sorted(set(paths)):
        by_name.setdefault(_plain_name(path), []).append(path)
    return {
        path: name if len(group) == 1 else f"{name.removesuffix('.py')}_{digest(path, length=6)}.py"
        for name, group in sorted(by_name.items())
        for path in group
    }


def render_claims_tests(
    stated: Mapping[str, Sequence[Claim]], *, format: Format = format_sources
) -> dict[str, str]:
    """Render the claims tests of notes, with one call of the formatter; gives file name to text.

    ``stated`` maps notes' paths to their claims; those without a check are left out.
    """
    names = claims_test_names(stated)
    bodies = format({names[path]: _body(path, claims) for path, claims in stated.items()})
    return {
        names[path]: with_header(bodies[names[path]], sources=(path,), spec=bodies[names[path]])
        for path in sorted(stated)
    }


def _body(path: str, claims: Iterable[Claim]) -> str:
    tests = tuple(_test(each) for each in sorted(claims, key=_order) if each.check)
    template = _environment().get_template(_TEMPLATE)
    return template.render(note=_in_docstring(path), helpers=_helpers(tests), tests=tests)


def _order(claim: Claim) -> tuple[int, int, str]:
    return (claim.statement, claim.start, claim.id)


def _plain_name(path: str) -> str:
    stem = path.rsplit("/", 1)[-1].removesuffix(".md")
    plain = re.sub(r"[^a-z0-9]+", "_", stem.lower()).strip("_")
    # A stem in another script leaves nothing to read: its digest keeps the name its own.
    if not plain or not stem.isascii():
        plain = f"{plain}_{digest(path, length=6)}".strip("_")
    return f"test_claims_{plain[:60]}.py"


def _test(claim: Claim) -> ClaimTest:
    plain = re.sub(r"[^a-z0-9]+", "_", claim.id.lower()).strip("_")
    lines = tuple(claim.check.split("\n"))
    ast.parse(claim.check)  # what is no Python here is our bug, found before it is written
    return ClaimTest(f"test_{plain}", _literal(claim.text), lines)


def _literal(text: str) -> str:
    """Write a phrase of the note as a docstring: one line, whatever it contains."""
    words = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(words) > _DOC_LENGTH:
        words = words[: _DOC_LENGTH - 1].rstrip() + "…"
    escaped = words.replace("\\", "\\\\").replace('"', "'")
    return f'"""{escaped or "A statement."}"""'


def _in_docstring(text: str) -> str:
    plain = "".join(c if c.isprintable() else " " for c in text)
    return plain.replace("\\", "/").replace('"', "'")


def _helpers(tests: Sequence[ClaimTest]) -> tuple[str, ...]:
    """Give the source of the helpers that the tests use, directly or through each other."""
    sources = _library()
    needed: set[str] = set()
    waiting = [name for test in tests for name in _called("\n".join(test.lines))]
    while waiting:
        name = waiting.pop()
        if name in sources and name not in needed:
            needed.add(name)
            waiting += _called(sources[name])
    return tuple(source for name, source in sources.items() if name in needed)


def _called(source: str) -> list[str]:
    return [each.id for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Name)]


@functools.cache
def _library() -> Mapping[str, str]:
    text = resources.files(_FOLDER).joinpath(_HELPERS).read_text("utf-8")
    lines = text.split("\n")
    return {
        node.name: "\n".join(lines[node.lineno - 1 : node.end_lineno])
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef)
    }


@functools.cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader(_FOLDER, "."),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
        bytecode_cache=CompiledTemplates("claims"),
    )
