"""``notetorch.toml`` -> :class:`Config`, with a diagnostic for every key it cannot use.

The table :data:`KEYS` is the single list of settings; the documentation is checked against it.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from generator.core.codes import CODES
from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position
from generator.vault.model import Config
from generator.vault.toml_positions import key_lines, line_of

LEVELS = ("off", "info", "warning", "error")


@dataclass(frozen=True, slots=True)
class Key:
    """One setting: what it holds (``text``, ``flag``, ``texts``, ``table``) and what it means."""

    kind: str
    meaning: str
    choices: tuple[str, ...] = ()


KEYS: Mapping[str, Key] = MappingProxyType(
    {
        "title": Key("text", "the site's name"),
        "models": Key("text", "folder for the generated modules"),
        "site": Key("text", "folder for the site"),
        "site_url": Key(
            "text", "address the site is served at, for the feed, the sitemap and canonical links"
        ),
        "publish": Key("text", "publish all notes, or only those that say so", ("all", "explicit")),
        "exclude": Key("texts", "globs of notes that are neither published nor mapped"),
        "unmapped": Key("texts", "globs of notes that are published but never become models"),
        "dataview_lenient": Key("flag", "dataviewjs: a missing page is an empty one, not an error"),
        "resolve_aliases": Key("flag", "a link that names no file may name a note's alias"),
        "follow_links": Key("flag", "read symbolic links that lead out of the vault"),
        "trust_templates": Key(
            "flag", "run templates of families in the vault; only in a file outside the vault"
        ),
        "names": Key("table", "more names for a family: `resnet = ['Residualnetz']`"),
        "values": Key("table", "parameter values for the whole vault, one table a family"),
        "levels": Key("table", "level per diagnostic code: off, info, warning or error"),
    }
)

# tomllib tells the place only in its message: "... (at line 3, column 5)".
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)\s*$")


def parse_config(content: bytes, path: str) -> tuple[Config, tuple[Diagnostic, ...]]:
    """Read a configuration file's bytes; ``path`` is how diagnostics name it.

    Anything that cannot be used is left at its default and reported. Never raises.
    """
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return Config(path=path), (
            diagnostic(
                "NT101",
                Position(path, line),
                "The configuration is not valid UTF-8; none of it is used.",
                found=f"byte 0x{content[error.start]:02x}",
                expected="TOML in UTF-8",
            ),
        )
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        place = _PLACE.search(str(error))
        position = Position(path, int(place[1]), int(place[2])) if place else Position(path)
        reason = _PLACE.sub("", str(error)).strip() or "nested too deeply"
        return Config(path=path), (
            diagnostic(
                "NT101",
                position,
                f"The configuration is not valid TOML; none of it is used: {reason}.",
                expected="TOML 1.0",
                hint='strings need quotes: title = "My notes"',
            ),
        )
    reading = _Reading(path=path, lines=key_lines(text))
    return reading.config(values), tuple(reading.diagnostics)


def suggest(name: str, known: Iterable[str]) -> str:
    """Give ``did you mean …?`` for the most similar known name, or ``""``."""
    from rapidfuzz import process
    from rapidfuzz.distance import JaroWinkler

    found = process.extractOne(name, sorted(known), scorer=JaroWinkler.similarity, score_cutoff=0.8)
    return f"did you mean `{found[0]}`?" if found else ""


@dataclass(slots=True)
class _Reading:
    """The state of reading one file: where its keys stand and what was wrong so far."""

    path: str
    lines: Mapping[str, int]
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def config(self, values: Mapping[str, object]) -> Config:
        for name in values:
            if name not in KEYS:
                self._report(
                    "NT102",
                    name,
                    f"`{name}` is not a setting; it is ignored.",
                    found=name,
                    expected="one of " + ", ".join(KEYS),
                    hint=suggest(name, KEYS),
                )
        default = Config()
        return Config(
            path=self.path,
            title=self._text(values, "title", default.title),
            models=self._text(values, "models", default.models),
            site=self._text(values, "site", default.site),
            # An unreadable choice here must not publish what somebody meant to keep.
            publish=self._text(values, "publish", default.publish, fallback="explicit"),
            exclude=self._texts(values, "exclude"),
            unmapped=self._texts(values, "unmapped"),
            names=self._names(values),
            values=self._values(values),
            value_lines=self._value_lines(values),
            levels=self._levels(values),
            dataview_lenient=self._flag(values, "dataview_lenient", default.dataview_lenient),
            resolve_aliases=self._flag(values, "resolve_aliases", default.resolve_aliases),
            site_url=self._text(values, "site_url", default.site_url),
            follow_links=self._flag(values, "follow_links", default.follow_links),
            trust_templates=self._flag(values, "trust_templates", default.trust_templates),
        )

    def _text(
        self, values: Mapping[str, object], name: str, default: str, *, fallback: str | None = None
    ) -> str:
        value = values.get(name, default)
        choices = KEYS[name].choices
        if isinstance(value, str) and (not choices or value in choices):
            return value
        expected = "one of " + ", ".join(f'"{each}"' for each in choices) if choices else ""
        self._wrong(name, value, expected or "a text in quotes", used=fallback)
        return default if fallback is None else fallback

    def _flag(self, values: Mapping[str, object], name: str, default: bool) -> bool:
        value = values.get(name, default)
        if isinstance(value, bool):
            return value
        self._wrong(name, value, "true or false")
        return default

    def _texts(self, values: Mapping[str, object], name: str) -> tuple[str, ...]:
        return self._text_list(name, values.get(name, []))

    def _text_list(self, dotted: str, value: object) -> tuple[str, ...]:
        """A list of texts; one text alone is taken as a list of one."""
        if isinstance(value, str):
            return (value,)
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return tuple(value)
        self._wrong(dotted, value, "a list of texts")
        return ()

    def _table(self, values: Mapping[str, object], name: str) -> Mapping[str, object]:
        value = values.get(name, {})
        if isinstance(value, dict):
            return value
        self._wrong(name, value, f"a table: [{name}]")
        return {}

    def _names(self, values: Mapping[str, object]) -> Mapping[str, tuple[str, ...]]:
        table = self._table(values, "names")
        return MappingProxyType(
            {family: self._text_list(f"names.{family}", names) for family, names in table.items()}
        )

    def _values(self, values: Mapping[str, object]) -> Mapping[str, Mapping[str, object]]:
        families: dict[str, Mapping[str, object]] = {}
        for family, parameters in self._table(values, "values").items():
            if isinstance(parameters, dict):
                families[family] = MappingProxyType(
                    {name: _frozen(value) for name, value in parameters.items()}
                )
            else:
                self._wrong(f"values.{family}", parameters, f"a table: [values.{family}]")
        return MappingProxyType(families)

    def _value_lines(self, values: Mapping[str, object]) -> Mapping[str, int]:
        table = values.get("values", {})
        if not isinstance(table, dict):
            return MappingProxyType({})
        return MappingProxyType(
            {
                f"{family}.{name}": line_of(self.lines, f"values.{family}.{name}")
                for family, parameters in table.items()
                if isinstance(parameters, dict)
                for name in parameters
            }
        )

    def _levels(self, values: Mapping[str, object]) -> Mapping[str, str]:
        levels: dict[str, str] = {}
        for code, level in self._table(values, "levels").items():
            if code not in CODES:
                self._report(
                    "NT102",
                    f"levels.{code}",
                    f"`{code}` is not a diagnostic code; its level is ignored.",
                    found=code,
                    expected="a code such as NT301",
                    hint=suggest(code, CODES),
                )
            elif not isinstance(level, str) or level not in LEVELS:
                expected = "one of " + ", ".join(f'"{each}"' for each in LEVELS)
                self._wrong(f"levels.{code}", level, expected)
            else:
                levels[code] = level
        return MappingProxyType(levels)

    def _wrong(self, dotted: str, value: object, expected: str, *, used: str | None = None) -> None:
        found = repr(value)
        instead = "its default" if used is None else f'"{used}"'
        self._report(
            "NT103",
            dotted,
            f"`{dotted}` has a value it cannot take; {instead} is used.",
            found=found if len(found) <= 80 else found[:79] + "…",
            expected=expected,
        )

    def _report(
        self, code: str, dotted: str, message: str, *, found: str, expected: str, hint: str = ""
    ) -> None:
        position = Position(self.path, line_of(self.lines, dotted))
        self.diagnostics.append(
            diagnostic(code, position, message, found=found, expected=expected, hint=hint)
        )


def _frozen(value: object) -> object:
    """Make a TOML value immutable; dates become their ISO text, as in front matter."""
    match value:
        case dict():
            return MappingProxyType({str(key): _frozen(each) for key, each in value.items()})
        case list():
            return tuple(_frozen(each) for each in value)
        case datetime.date() | datetime.time():
            return value.isoformat()
    return value
