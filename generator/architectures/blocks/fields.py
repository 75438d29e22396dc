"""What a block type is, and its typed fields.

A layer row is a block type's name and field values as a note, a YAML block or a family's
specification writes them: numbers, ``3x3``, ``same``. :func:`read_fields` turns those into typed
:class:`Fields` or an :class:`ArchitectureError` that names the field, what was found and what would
do. The fields' synonyms are the column headers and YAML keys that people use for them.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from generator.architectures.builder import ArchitectureError, Builder, Names
from generator.architectures.ir import Pair
from generator.architectures.model import ParamValue


class FieldType(StrEnum):
    """Kinds of field values. ``PAIR`` is (height, width), written ``3``, ``3x3`` or ``[1, 7]``;
    ``PADDING`` a pair, ``same`` or ``valid``; ``TABLE`` lists of integers; ``ROWS`` nested rows."""

    INT = "int"
    FLOAT = "float"
    BOOL = "bool"
    CHOICE = "choice"
    PAIR = "pair"
    PADDING = "padding"
    INTS = "ints"
    FLOATS = "floats"
    TABLE = "table"
    TEXT = "text"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class BlockField:
    """One field of a block type. A field without default may be left out (``required`` false): the
    block then decides, as its ``doc`` says."""

    name: str
    type: FieldType
    default: ParamValue | None = None
    doc: str = ""
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockType:
    """One row type: its names in tables and YAML, its fields, and how it becomes operations.

    ``lower`` adds the block to the builder. ``stacked`` blocks are those where a repeat (×n) puts
    the stride on the first copy only, as papers' tables mean it; a plain layer repeats as written.
    ``label`` is the row's short name in layer tables, or writes it.
    """

    name: str
    synonyms: tuple[str, ...]
    doc: str
    fields: tuple[BlockField, ...]
    lower: Callable[[Builder, Fields, Names], None]
    label: Callable[[Fields], str] | str
    stacked: bool = False
    spellings: Mapping[str, BlockField] = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the fields by their folded names, then synonyms; the first field of a spelling wins."""
        spellings = {fold(each.name): each for each in self.fields}
        for each in self.fields:
            for spelling in each.synonyms:
                spellings.setdefault(fold(spelling), each)
        object.__setattr__(self, "spellings", spellings)

    def describe(self, fields: Fields) -> str:
        """Give a row's short name for layer tables and diagrams."""
        return self.label if isinstance(self.label, str) else self.label(fields)

    def field(self, name: str) -> BlockField | None:
        """Find a field by its name or a synonym of it."""
        return self.spellings.get(fold(name))


class Fields:
    """Typed field values of one row, defaults filled in."""

    def __init__(self, values: Mapping[str, ParamValue]) -> None:
        self._values = values

    def given(self, name: str) -> bool:
        """Say whether the field has a value."""
        return name in self._values

    def integer(self, name: str) -> int:
        """Give an ``INT`` field."""
        value = self._values[name]
        assert isinstance(value, int)
        return value

    def number(self, name: str) -> float:
        """Give a ``FLOAT`` field."""
        value = self._values[name]
        assert isinstance(value, int | float)
        return float(value)

    def flag(self, name: str) -> bool:
        """Give a ``BOOL`` field."""
        return bool(self._values[name])

    def text(self, name: str) -> str:
        """Give a ``CHOICE`` or ``TEXT`` field."""
        value = self._values[name]
        assert isinstance(value, str)
        return value

    def pair(self, name: str) -> Pair:
        """Give a ``PAIR`` field as (height, width)."""
        value = self._values[name]
        assert isinstance(value, tuple)
        first, second = value
        assert isinstance(first, int)
        assert isinstance(second, int)
        return first, second

    def integers(self, name: str) -> tuple[int, ...]:
        """Give an ``INTS`` field."""
        value = self._values[name]
        assert isinstance(value, tuple)
        return tuple(each for each in value if isinstance(each, int))

    def numbers(self, name: str) -> tuple[float, ...]:
        """Give a ``FLOATS`` field."""
        value = self._values[name]
        assert isinstance(value, tuple)
        return tuple(float(each) for each in value if isinstance(each, int | float))

    def table(self, name: str) -> tuple[tuple[int, ...], ...]:
        """Give a ``TABLE`` field."""
        value = self._values[name]
        assert isinstance(value, tuple)
        return tuple(
            tuple(each for each in row if isinstance(each, int))
            for row in value
            if isinstance(row, tuple)
        )

    def items(self, name: str) -> tuple[ParamValue, ...]:
        """Give a ``ROWS`` field's items, untyped."""
        value = self._values[name]
        return value if isinstance(value, tuple) else ()

    def padding(self, name: str) -> Pair | str | None:
        """Give a ``PADDING`` field: a pair, ``same``, ``valid``, or ``None`` when left out."""
        value = self._values.get(name)
        if value is None or isinstance(value, str):
            return value
        return self.pair(name)


# Fields that every row may have besides those of its block.
ROW_FIELDS = (
    BlockField(
        "name",
        FieldType.TEXT,
        doc="module path in the generated class; + takes the next index of its container",
        synonyms=("layer name",),
    ),
    BlockField(
        "names",
        FieldType.TEXT,
        doc="module paths of the row's modules in order, separated by blanks; - for a function",
    ),
    BlockField(
        "repeat",
        FieldType.INT,
        default=1,
        minimum=1,
        maximum=512,
        doc="how often the row stands in a row (×n)",
        synonyms=(
            "n",
            "times",
            "x",
            "×",
            "xn",
            "×n",
            "repeats",
            "repetitions",
            "number",
            "blocks",
            "count",
            "num blocks",
            "number of blocks",
            "# blocks",
            "重复",
            "繰り返し",
            "반복",
        ),
    ),
    BlockField("label", FieldType.TEXT, doc="short name in layer tables and diagrams"),
    BlockField(
        "output_size",
        FieldType.PAIR,
        minimum=1,
        maximum=65536,
        doc="height and width that leave the row: solves padding, and is checked",
        synonyms=("output size", "out size", "size out", "feature map size"),
    ),
)


@functools.lru_cache(maxsize=4096)
def fold(word: str) -> str:
    """Fold a header, key or row type for comparison: case, blanks, ``-`` and ``_`` do not matter."""
    return re.sub(r"[\s_\-]+", "", word.casefold())


def read_fields(block: BlockType, values: Mapping[str, object]) -> Fields:
    """Type a row's values and fill in defaults.

    Raises :class:`ArchitectureError` for an unknown field, a wrong type, a value out of range or a
    missing field.
    """
    typed = typed_values(block, values)
    for field in (*block.fields, *ROW_FIELDS):
        if field.name not in typed and field.default is not None:
            typed[field.name] = field.default
        if field.required and field.name not in typed:
            raise ArchitectureError(
                f"a {block.name} row needs '{field.name}'",
                field=field.name,
                expected=field.doc,
            )
    return Fields(typed)


def typed_values(block: BlockType, values: Mapping[str, object]) -> dict[str, ParamValue]:
    """Type the values a row gives, by the fields' own names; ``None`` counts as not given.

    Raises :class:`ArchitectureError` for an unknown field, a wrong type or a value out of range.
    """
    typed: dict[str, ParamValue] = {}
    for key, value in values.items():
        field = block.field(key) or _row_field(key)
        if field is None:
            known = ", ".join(each.name for each in block.fields)
            raise ArchitectureError(
                f"'{key}' is no field of {block.name} rows", field=key, found=key, expected=known
            )
        if value is not None:
            typed[field.name] = read_value(field, value)
    return typed


def _row_field(name: str) -> BlockField | None:
    key = fold(name)
    for each in ROW_FIELDS:
        if key == fold(each.name) or any(key == fold(other) for other in each.synonyms):
            return each
    return None


# ------------------------------------------------------------------ single values

# ``3x3``, ``3 × 3``, ``(1, 7)``, ``[1,7]``, ``3`` and ``3x3x64`` is refused: two numbers at most.
PAIR_TEXT = re.compile(r"[(\[]?\s*(\d{1,6})\s*(?:[x×✕*,]\s*(\d{1,6})\s*)?[)\]]?")
TRUE_WORDS = frozenset(("true", "yes", "on", "1", "✓", "✔", "√", "y"))
FALSE_WORDS = frozenset(("false", "no", "off", "0", "✗", "✘", "✕", "-", "–", "—", "n", "none", ""))


def read_value(field: BlockField, value: object) -> ParamValue:
    """Type one value; text is read as people write it. Raises :class:`ArchitectureError`."""
    match field.type:
        case FieldType.INT:
            return _in_range(field, _integer(field, value))
        case FieldType.FLOAT:
            return _in_range(field, _number(field, value))
        case FieldType.BOOL:
            return _flag(field, value)
        case FieldType.CHOICE:
            return _choice(field, value)
        case FieldType.PAIR:
            return _pair(field, value)
        case FieldType.PADDING:
            if isinstance(value, str) and value.strip().casefold() in ("same", "valid"):
                return value.strip().casefold()
            return _pair(field, value)
        case FieldType.INTS:
            items = [_side(each) for each in _items(field, value)]
            return tuple(_in_range(field, _integer(field, each)) for each in items)
        case FieldType.FLOATS:
            return tuple(_in_range(field, _number(field, each)) for each in _items(field, value))
        case FieldType.TABLE:
            return tuple(
                tuple(_in_range(field, _integer(field, each)) for each in _items(field, row))
                for row in _items(field, value)
            )
        case FieldType.TEXT:
            if isinstance(value, list | tuple):
                return " ".join(str(each) or "-" for each in value)
            return str(value)
        case FieldType.ROWS:
            if not isinstance(value, list | tuple):
                raise _wrong(field, value, "a list of rows")
            return tuple(value)
        case _:
            assert_never(field.type)


def _side(value: object) -> object:
    """Read a square window as its side: ``3x3`` is 3."""
    found = re.fullmatch(r"(\d+)\s*[x×]\s*(\d+)", value) if isinstance(value, str) else None
    return int(found[1]) if found and found[1] == found[2] else value


def _integer(field: BlockField, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        # Thousands separators as people type them: 4,096 or 4 096 or 4_096.
        digits = re.sub(r"(?<=\d)[,_ \u00a0\u202f](?=\d{3}\b)", "", value.strip())
        if re.fullmatch(r"\d{1,12}", digits):
            return int(digits)
    raise _wrong(field, value, "a whole number")


def _number(field: BlockField, value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        text = value.strip()
        percent = text.endswith("%")
        try:
            number = float(text.rstrip("% "))
        except ValueError:
            pass
        else:
            return number / 100 if percent else number
    raise _wrong(field, value, "a number")


def _flag(field: BlockField, value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = str(value).strip().casefold()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise _wrong(field, value, "yes or no")


def _choice(field: BlockField, value: object) -> str:
    word = fold("none" if value is False else str(value))
    for choice in field.choices:
        if word == fold(choice) or word in CHOICE_SPELLINGS.get(choice, ()):
            return choice
    if "leaky_relu" in field.choices and (leaky := LEAKY.fullmatch(str(value).strip())):
        return f"leaky_relu({float(leaky[1])})"
    raise _wrong(field, value, "one of " + ", ".join(field.choices))


# A leaky ReLU with a slope of its own, between 0 and 1: "LeakyReLU(0.2)", "lrelu, α = 0.1".
LEAKY = re.compile(
    r"(?:leaky[\s_-]*+(?:relu)?+|lrelu)[\s,:@(]*+(?:(?:negative[\s_]*+)?slope|alpha|a|α)?+[\s=:]*+"
    r"(?:of\s++)?+(0?\.\d{1,6}|0(?:\.0)?|1(?:\.0)?)\)?",
    re.IGNORECASE,
)


# Other spellings of choices, folded.
CHOICE_SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "none": (
        "",
        "–",
        "—",
        "no",
        "linear",
        "identity",
        "false",
        "n/a",
        "/",
        "✗",
        "✘",
        "✕",
        "off",
        "0",
    ),
    "relu": ("re", "rectifiedlinearunit", "rectifier"),
    "hardswish": ("hs", "hswish"),
    "hardsigmoid": ("hsigmoid",),
    "silu": ("swish", "swish1"),
    "leaky_relu": ("lrelu", "leakyrelu"),
    "batch": (
        "bn",
        "batchnorm",
        "batchnorm2d",
        "batchnormalization",
        "true",
        "yes",
        "✓",
        "✔",
        "√",
        "on",
    ),
    "group": ("gn", "groupnorm", "groupnormalization"),
    "layer": ("ln", "layernorm", "layernormalization"),
    "lrn": ("localresponsenorm", "localresponsenormalization", "localresponsenormalisation"),
    "max": ("maxpool", "maxpooling"),
    "avg": ("avgpool", "average", "averagepool", "averagepooling"),
}


def _pair(field: BlockField, value: object) -> ParamValue:
    if isinstance(value, list | tuple) and len(value) in (1, 2):
        items = [_integer(field, each) for each in value]
        return (_in_range(field, items[0]), _in_range(field, items[-1]))
    if isinstance(value, int) and not isinstance(value, bool):
        number = _in_range(field, value)
        return (number, number)
    if isinstance(value, float):
        number = _in_range(field, _integer(field, value))
        return (number, number)
    if isinstance(value, str) and (found := PAIR_TEXT.fullmatch(value.strip())):
        first = _in_range(field, int(found[1]))
        return (first, _in_range(field, int(found[2])) if found[2] else first)
    raise _wrong(field, value, "a number or a pair such as 3x3")


def _items(field: BlockField, value: object) -> list[object]:
    if isinstance(value, list | tuple):
        if len(value) > 4096:
            raise _wrong(field, f"{len(value)} values", "at most 4096 values")
        return list(value)
    if isinstance(value, str):
        return [each for each in re.split(r"[,;\s]+", value.strip("[]() ")) if each]
    return [value]


def _in_range(field: BlockField, number: int | float) -> int | float:
    low, high = field.minimum, field.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        raise _wrong(field, number, f"{_show(low)} to {_show(high)}")
    return number


def _show(bound: float | None) -> str:
    return "any" if bound is None else f"{bound:g}"


def _wrong(field: BlockField, value: object, expected: str) -> ArchitectureError:
    found = str(value)[:60]
    return ArchitectureError(
        f"'{found}' does not fit {field.name}", field=field.name, found=found, expected=expected
    )
