"""What a section says in so many words: ``arch::``, ``variant::``, ``module::``, blocks, ``#arch/…``.

Fields and fenced blocks of one section (for a note's root also the ``notetorch`` property) have one
rank: two that disagree are an error. A tag ``#arch/<family>`` counts where neither is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position
from generator.mapping.blocks import Block, Located
from generator.mapping.folding import bare
from generator.mapping.lexicon import Lexicon
from generator.mapping.suggest import nearest
from generator.mapping.tokens import Verdict, read_heading
from generator.mapping.values import plain_text
from generator.notes.model import Data, Note

RESERVED_FIELDS = frozenset({"arch", "variant", "module", "claim", "train"})
_NO = frozenset(("none", "no", "false", "off", "nothing", "-", "–", "—"))
_TAG_PREFIX = "arch/"
PROPERTY = "notetorch"


class Meaning(StrEnum):
    """What an explicit statement names."""

    NOTHING = "none"  # the section is kept from being generated
    FAMILY = "family"
    OWN = "own"  # a name nobody knows: an architecture of the note's own, if it has layers


@dataclass(frozen=True, slots=True)
class Arch:
    """What a section says it is. ``rule`` names how: ``arch-field``, ``arch-block``,
    ``arch-property`` or ``arch-tag``."""

    meaning: Meaning
    family: str | None
    variant: str | None
    text: str
    position: Position
    rule: str


@dataclass(frozen=True, slots=True)
class Explicit:
    """All that a section says in so many words. ``problems`` of error level refuse the section."""

    arch: Arch | None = None
    variant: Located | None = None
    module: Located | None = None
    problems: tuple[Diagnostic, ...] = ()

    @property
    def broken(self) -> bool:
        """Whether the section contradicts itself."""
        return any(each.severity == "error" for each in self.problems)


def read_explicit(note: Note, section: int, blocks: Sequence[Block], lexicon: Lexicon) -> Explicit:
    """Collect what one section of a note says explicitly in its own body."""
    problems: list[Diagnostic] = []
    archs = [
        _meaning(located, rule, lexicon)
        for rule, located in _statements(note, section, blocks, "arch")
    ]
    arch = archs[0] if archs else None
    for other in archs[1:]:
        assert arch is not None
        if (arch.meaning, arch.family) != (other.meaning, other.family) or (
            arch.variant != other.variant and arch.variant and other.variant
        ):
            problems.append(_contradiction("arch", arch.text, arch.position, other))
    if arch is None:
        arch = _tagged(note, section, lexicon, problems)
    found: dict[str, Located | None] = {}
    for key in ("variant", "module"):
        stated = [located for _, located in _statements(note, section, blocks, key)]
        found[key] = stated[0] if stated else None
        for located in stated[1:]:
            if bare(str(located.value)) != bare(str(stated[0].value)):
                first = stated[0]
                problems.append(_contradiction(key, str(first.value), first.position, located))
    return Explicit(arch, found["variant"], found["module"], tuple(problems))


def _statements(
    note: Note, section: int, blocks: Sequence[Block], key: str
) -> Iterator[tuple[str, Located]]:
    """(rule, what is stated) for one reserved key, the fenced block first."""
    for block in blocks:
        stated: Located | None = getattr(block, key)
        if block.section == section and stated is not None:
            yield f"{key}-block", stated
    for field in note.fields:
        if field.section == section and field.page and field.key.casefold() == key:
            text = plain_text(field.raw)
            if text:
                yield f"{key}-field", Located(text, field.position)
    if section == 0:
        settings, paths, name = frontmatter_settings(note)
        value = settings.get(key)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            line = paths.get(f"{name}.{key}", 1)
            yield f"{key}-property", Located(str(value), Position(note.path, line))
        elif key == "arch" and value is False:
            line = paths.get(f"{name}.{key}", 1)
            yield f"{key}-property", Located("none", Position(note.path, line))


def frontmatter_settings(note: Note) -> tuple[Mapping[str, Data], Mapping[str, int], str]:
    """The ``notetorch`` property as a mapping, the lines of its parts, and its key as written.

    ``notetorch: vgg`` is short for ``arch: vgg``; ``true`` and ``false`` set nothing here.
    """
    found = note.property(PROPERTY)
    if found is None:
        return {}, {}, PROPERTY
    if isinstance(found.value, Mapping):
        return found.value, found.paths, found.key
    if isinstance(found.value, str) and bare(found.value) not in ("yes", "no", "on", "off", ""):
        return (
            {"arch": found.value},
            {f"{found.key}.arch": found.position.line},
            found.key,
        )
    return {}, {}, found.key


def _meaning(located: Located, rule: str, lexicon: Lexicon) -> Arch:
    text = str(located.value).strip()
    if text.casefold() in _NO or located.value is False:
        return Arch(Meaning.NOTHING, None, None, text, located.position, rule)
    reading = read_heading(text, lexicon)
    if reading.verdict is Verdict.NAMES:
        return Arch(Meaning.FAMILY, reading.family, reading.variant, text, located.position, rule)
    return Arch(Meaning.OWN, None, None, text, located.position, rule)


def _tagged(note: Note, section: int, lexicon: Lexicon, problems: list[Diagnostic]) -> Arch | None:
    """What ``#arch/<family>`` tags in the section's own body and heading say."""
    heading = note.sections[section].heading
    line = note.headings[heading].position.line if heading is not None else 0
    found: Arch | None = None
    for tag in note.tags:
        if tag.section != section and tag.position.line != line:
            continue
        if not tag.name.casefold().startswith(_TAG_PREFIX):
            continue
        text = tag.name[len(_TAG_PREFIX) :].replace("/", " ")
        arch = _meaning(Located(text, tag.position), "arch-tag", lexicon)
        if found is None:
            found = arch
        elif (arch.meaning, arch.family) != (found.meaning, found.family):
            problems.append(_contradiction("arch", found.text, found.position, arch))
    return found


def _contradiction(key: str, text: str, position: Position, other: Arch | Located) -> Diagnostic:
    second = other.text if isinstance(other, Arch) else str(other.value)
    return diagnostic(
        "NT404",
        other.position,
        f"`{key}` is {second!r} here, but {text!r} on line {position.line}",
        found=second,
        expected=text,
        hint="remove one of the two",
    )


def unknown_arch(arch: Arch, lexicon: Lexicon) -> Diagnostic:
    """The error for an ``arch`` that names nothing known in a section without layers."""
    names = sorted({name for name, _ in lexicon.spellings()})
    reading = read_heading(arch.text, lexicon)
    near = (reading.unknown and reading.family) or nearest(arch.text, names)
    return diagnostic(
        "NT403",
        arch.position,
        f"no architecture is called {arch.text!r}",
        found=arch.text,
        expected=", ".join(lexicon.families),
        hint=f"did you mean {near!r}?" if near else "",
    )


def fallback_family(arch: Arch, lexicon: Lexicon) -> str | None:
    """The family most likely meant by a name nobody knows: ``resnet999``, ``vgh``."""
    reading = read_heading(arch.text, lexicon)
    if reading.family is not None:
        return reading.family
    spellings = dict(lexicon.spellings())
    near = nearest(arch.text, sorted(spellings))
    return spellings.get(near)


def find_variant(text: str, family: str, lexicon: Lexicon) -> str | None:
    """The variant that a ``variant::`` value means for a family: "vgg19", "19", "v2", "small"."""
    found = lexicon.families[family].variant(text)
    if found:
        return found[1].name
    for spelling in (text, f"{lexicon.families[family].name} {text}"):
        reading = read_heading(spelling, lexicon)
        if reading.verdict is Verdict.NAMES and reading.family == family and reading.variant:
            return reading.variant
    return None


def unknown_variant(stated: Located, family: str, lexicon: Lexicon) -> Diagnostic:
    """The error for a ``variant`` the family does not have."""
    names = [
        variant.name
        for network in lexicon.families[family].networks
        for variant in network.variants
    ]
    near = nearest(str(stated.value), names)
    return diagnostic(
        "NT403",
        stated.position,
        f"{family} has no variant {str(stated.value)!r}",
        found=str(stated.value),
        expected=", ".join(names),
        hint=f"did you mean {near!r}?" if near else "",
    )
