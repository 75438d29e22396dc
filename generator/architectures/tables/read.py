"""Reading layer tables and YAML layers: choose the layout, type the rows, check what is stated.

Input: a note's table (or the ``layers`` of a fenced block) and what its section is. Output: a
:class:`TableReading`, or ``None`` for a table that is just a table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from generator.architectures import ir
from generator.architectures.arithmetic import layer_rows
from generator.architectures.blocks import BLOCKS, block_type
from generator.architectures.blocks.fields import read_fields, typed_values
from generator.architectures.lower import ArchitectureError, lower_rows
from generator.architectures.model import Family, ParamValue, Row
from generator.architectures.operations import show
from generator.architectures.tables import (
    bare,
    filters,
    operators,
    parameter_rows,
    plain,
    stages,
    vgg,
)
from generator.architectures.tables.fold import fold
from generator.architectures.tables.model import (
    Draft,
    DraftRow,
    Grid,
    Question,
    StatedSize,
    TableReading,
)
from generator.architectures.tables.operations import Wording, type_of
from generator.architectures.tables.text import normal, read_size
from generator.architectures.yaml_source import YamlNode
from generator.core.diagnostics import Diagnostic, diagnostic
from generator.core.source import Position
from generator.notes.model import Table

# The layouts, most particular first: (name, reader).
LAYOUTS: tuple[tuple[str, Callable[[Grid, Question], Draft | None]], ...] = (
    ("filters", filters.read),
    ("operators", operators.read),
    ("stages", stages.read),
    ("vgg", vgg.read),
    ("plain", plain.read),
    ("bare", bare.read),
)

# What a table leaves open when it prints "k" for the classes: ImageNet's, as the papers mean it.
DEFAULT_CLASSES = 1000


def read_table(
    table: Table,
    family: Family | None,
    *,
    explicit: bool,
    variant: str = "",
    given: frozenset[str] = frozenset(),
) -> TableReading | None:
    """Read a note's table as layers; ``None`` when it is an ordinary table.

    ``explicit`` says that the section names its architecture by ``arch::``: then two understood rows
    are enough, else two thirds of all must be. ``variant`` chooses among configuration columns.
    ``given`` are parameters that the note sets itself: conventions of papers do not touch those.
    """
    grid = Grid(table.position.path, table.header, table.rows, table.position)
    question = Question(family, variant, given, explicit)
    rows = parameter_rows.read(grid, question)
    if rows is not None and _accepted(len(rows.rows), rows.total, explicit=explicit):
        return _parameter_reading(grid, rows)
    for name, read in LAYOUTS:
        draft = read(grid, question)
        if draft is None or not _is_network(draft, explicit=explicit):
            continue
        return _finished(name, draft, grid.position, question)
    return None


def _accepted(understood: int, total: int, *, explicit: bool) -> bool:
    return understood >= 2 and (explicit or understood * 3 >= total * 2)


def _is_network(draft: Draft, *, explicit: bool) -> bool:
    """Say whether a draft is one of layers: enough rows are understood and complete, and one of them
    has weights. "Convolution | finds edges" is understood, but no layer."""
    lacking = sum(bool(_missing(row)) for row in draft.rows)
    complete = len(draft.rows) - lacking
    weighted = any(row.type in _WEIGHTED and not _missing(row) for row in draft.rows)
    understood = min(draft.understood, complete)
    return weighted and _accepted(understood, draft.total, explicit=explicit)


# Row types without weights: a table of these alone is no network.
_WEIGHTLESS = (
    "max_pool", "avg_pool", "global_avg_pool", "adaptive_avg_pool", "norm", "activation", "dropout",
    "flatten", "channel_affine",
)  # fmt: skip
_WEIGHTED = frozenset(each.name for each in BLOCKS) - set(_WEIGHTLESS)


def _missing(row: DraftRow) -> list[str]:
    """List the required fields that a row does not give; the class count may stay open."""
    block = block_type(row.type)
    if block is None:
        return []
    required = [each.name for each in block.fields if each.required]
    if row.type == "conv" and not row.values.get("depthwise"):
        required.append("width")
    names = {known.name for key in row.values if (known := block.field(key)) is not None}
    return [
        name for name in required if name not in names and not (name == "width" and row.classes)
    ]


def _parameter_reading(grid: Grid, found: parameter_rows.ParameterRows) -> TableReading:
    return TableReading(
        layout="parameter",
        rows=(),
        places=(),
        outputs=(),
        position=grid.position,
        diagnostics=tuple(found.problems),
        broken=bool(found.problems),
        network=found.network.module,
        params=MappingProxyType({found.parameter.name: tuple(found.rows)}),
    )


def read_layers(
    node: YamlNode, path: str, family: Family | None = None, *, variant: str = ""
) -> TableReading:
    """Read the ``layers`` of a fenced block: a list of mappings with ``type`` and a table's fields.

    A layer's ``output_size`` is checked as a table's is; ``width: num_classes`` leaves the class count
    to the parameter. Everything that is wrong is a diagnostic at its line.
    """
    position = Position(path, node.line, node.column)
    draft = Draft(rows=[], understood=0, total=0)
    for each in node.value if isinstance(node.value, tuple) else ():
        draft.total += 1
        place = Position(path, each.line, each.column)
        kind = each.get("type")
        if not isinstance(each.value, dict) or kind is None:
            draft.problems.append(
                diagnostic("NT510", place, "a layer needs a 'type'", expected="type: conv")
            )
            continue
        named, implied = _named_type(str(kind.value))
        row = DraftRow(named, dict(implied), place)
        for name, value in each.value.items():
            row.places[name] = Position(path, value.line, value.column)
            if _is_width(row.type, name) and str(value.value) in ("num_classes", "classes"):
                row.classes = True
            elif name == "rows" and isinstance(value.value, tuple):
                row.values[name] = tuple(_inner(inner.plain()) for inner in value.value)
            elif name not in ("type", "output_size"):
                row.values[name] = value.plain()
        row.places["type"] = Position(path, kind.line, kind.column)
        stated = each.get("output_size")
        if stated is not None:
            row.output = _yaml_size(stated, path)
        draft.rows.append(row)
        draft.understood += 1
    if not draft.rows and not draft.problems:
        draft.problems.append(
            diagnostic("NT510", position, "layers is empty", expected="a list of layers")
        )
    return _finished("layers", draft, position, Question(family, variant))


def _named_type(text: str) -> Wording:
    """Find the row type that a ``type`` names, in the words a table's cell may use."""
    block = block_type(text)
    if block is not None:
        return block.name, {}
    return type_of(normal(text)) or (text, {})


def _inner(row: object) -> object:
    """Give a row inside a repeat its type's own name."""
    if not isinstance(row, dict) or "type" not in row:
        return row
    named, implied = _named_type(str(row["type"]))
    return {**implied, **row, "type": named}


def _is_width(kind: str, name: str) -> bool:
    block = block_type(kind)
    field = block.field(name) if block is not None else None
    return field is not None and field.name == "width"


def _yaml_size(node: YamlNode, path: str) -> StatedSize | None:
    value = node.plain()
    text = "x".join(str(each) for each in value) if isinstance(value, tuple) else str(value)
    size = read_size(normal(text))
    if size is None:
        return None
    if size[1] is None:
        size = (None, size[0], size[0])
    return StatedSize(*size, Position(path, node.line, node.column), text)


# ------------------------------------------------------------------ finishing a draft


def _finished(layout: str, draft: Draft, position: Position, question: Question) -> TableReading:
    problems = list(draft.problems)
    _check_complete(draft, problems)
    typed = [_typed(row, problems) for row in draft.rows]
    broken = bool(problems)
    rows, places, outputs, further = _grouped(draft, typed)
    stated = _stated_input(draft)
    reading = TableReading(
        layout=layout,
        rows=tuple(rows),
        places=tuple(places),
        outputs=tuple(outputs),
        position=position,
        diagnostics=(*problems, *draft.notes),
        broken=broken,
        in_channels=stated[0],
        input_size=stated[1],
        stated=tuple(further),
    )
    if broken or not rows:
        return reading
    return _settled(reading, draft, question)


def _typed(row: DraftRow, problems: list[Diagnostic]) -> Mapping[str, ParamValue]:
    """Type a row's values; what does not fit is reported at its cell."""
    block = block_type(row.type)
    if block is None:
        problems.append(plain.unknown_layer(row.places.get("type", row.position), row.type))
        return {}
    typed: dict[str, ParamValue] = {}
    for name, value in row.values.items():
        try:
            typed |= typed_values(block, {name: value})
        except ArchitectureError as error:
            problems.append(
                diagnostic(
                    "NT510",
                    row.places.get(name, row.position),
                    error.message,
                    found=error.found,
                    expected=error.expected,
                )
            )
    return typed


def _check_complete(draft: Draft, problems: list[Diagnostic]) -> None:
    """Report required fields that no cell gives, once all cells can be read."""
    if problems:
        return
    for row in draft.rows:
        block = block_type(row.type)
        for name in _missing(row):
            field = block.field(name) if block is not None else None
            problems.append(
                diagnostic(
                    "NT511",
                    row.places.get(name, row.position),
                    f"the {row.type.replace('_', ' ')} row gives no {name.replace('_', ' ')}",
                    expected=field.doc if field is not None else "",
                )
            )


def _grouped(
    draft: Draft, typed: list[Mapping[str, ParamValue]]
) -> tuple[
    list[Row],
    list[Mapping[str, Position]],
    list[StatedSize | None],
    list[tuple[int, int, StatedSize]],
]:
    """Make rows of drafts; rows of one group become a repeat row. Besides rows, their places and
    their outputs this gives the further sizes they state."""
    rows: list[Row] = []
    places: list[Mapping[str, Position]] = []
    outputs: list[StatedSize | None] = []
    further: list[tuple[int, int, StatedSize]] = []
    drafts = draft.rows
    index = 0
    while index < len(drafts):
        each = drafts[index]
        end = index + 1
        while each.group and end < len(drafts) and drafts[end].group == each.group:
            end += 1
        following = drafts[end].input if end < len(drafts) else None
        output = drafts[end - 1].output or following
        where = {"": each.position, **each.places}
        number = len(rows)
        if each.input is not None and number:
            further.append((number, INPUT_OF_ROW, each.input))
        if each.window is not None:
            further.append((number, INPUT_OF_ROW, each.window))
        if each.maps is not None:
            further.append((number, OUTPUT_OF_ROW, each.maps))
        for layer, inner_row in enumerate(drafts[index:end]):
            if inner_row.weights is not None:
                further.append((number, layer, inner_row.weights))
        if end - index > 1:
            inner = tuple(
                MappingProxyType(
                    {"type": drafts[i].type}
                    | {name: value for name, value in typed[i].items() if name != "repeat"}
                )
                for i in range(index, end)
            )
            times = typed[index].get("repeat", 1)
            rows.append(Row("repeat", MappingProxyType({"times": times, "rows": inner})))
        else:
            fields = dict(typed[index])
            if output is not None and output.height is not None and output.width is not None:
                fields["output_size"] = (output.height, output.width)
            if each.classes:
                fields["width"] = DEFAULT_CLASSES
            rows.append(Row(each.type, MappingProxyType(fields)))
        places.append(MappingProxyType(where))
        outputs.append(output)
        index = end
    return rows, places, outputs, further


# Which part of a row a further stated size is about; 0 and above count its layers with weights.
INPUT_OF_ROW, OUTPUT_OF_ROW = -1, -2


def _stated_input(draft: Draft) -> tuple[int | None, tuple[int, int] | None]:
    """The network's input, where the table states it."""
    size = draft.input or (draft.rows[0].input if draft.rows else None)
    if size is None:
        return draft.channels, None
    if size.height is None or size.width is None:
        # ``32`` alone is the side of a square image.
        side = size.channels
        return draft.channels, (side, side) if side is not None and side > 4 else None
    return size.channels or draft.channels, (size.height, size.width)


def _settled(reading: TableReading, draft: Draft, question: Question) -> TableReading:
    """Build the rows once, at the stated input: solve paddings, check sizes, look for a family's
    parameters that express the same network."""
    family = question.family
    found = family.variant(question.variant or family.default) if family is not None else None
    channels = reading.in_channels or (found[0].in_channels if found else 3)
    usual = found[1].input_size if found else USUAL_SIZE
    side = _assumed_size(reading, usual)
    size = reading.input_size or (side, side)
    if side != usual:
        reading = replace(reading, input_size=size)
    problems = list(reading.diagnostics)
    rows = list(reading.rows)
    network = lower_rows(rows, in_channels=channels, input_size=size)
    if isinstance(network, tuple):
        repaired = _by_sizes(rows, reading, size)
        again = lower_rows(repaired, in_channels=channels, input_size=size)
        if isinstance(again, tuple):
            problems.extend(_lowering_problems(reading, network))
            return replace(reading, diagnostics=tuple(problems), broken=True)
        for index, (before, after) in enumerate(zip(rows, repaired, strict=True)):
            if before != after:
                problems.append(_misprint(reading, index, before, after))
        rows, network = repaired, again
    problems.extend(_size_problems(reading, network))
    rows = _padded(rows, network)
    network_again = lower_rows(rows, in_channels=channels, input_size=size)
    assert isinstance(network_again, ir.Network)
    settled = replace(reading, rows=tuple(rows), diagnostics=tuple(problems))
    if family is None:
        return settled
    classes = None if any(each.classes for each in draft.rows) else _classes(rows, network_again)
    expressed = fold(rows, network_again, family, part=draft.part, classes=classes)
    if expressed is None:
        return settled
    spec, params = expressed
    return replace(settled, network=spec.module, params=MappingProxyType(dict(params)))


def _classes(rows: list[Row], network: ir.Network) -> int | None:
    """The number of classes, where the rows end in a linear layer."""
    if not any(row.type == "linear" for row in rows):
        return None
    last = network.nodes[network.result].op
    return last.out_features if isinstance(last, ir.Linear) else None


def _assumed_size(reading: TableReading, default: int) -> int:
    """Guess the side of an input that the table does not state: the family's, unless the first
    row's stated output says otherwise."""
    output = reading.outputs[0] if reading.outputs else None
    first = reading.rows[0]
    block = block_type(first.type)
    if output is None or output.height is None or block is None or block.field("kernel") is None:
        return default
    try:
        fields = read_fields(block, {k: v for k, v in first.fields.items() if k != "output_size"})
    except ArchitectureError:
        return default
    window = fields.pair("kernel")[0] if fields.given("kernel") else 3
    step = fields.pair("stride")[0] if fields.given("stride") else window
    known = fields.padding("padding") if block.field("padding") is not None else None
    if known == "valid" or isinstance(known, tuple):
        padding = known[0] if isinstance(known, tuple) else 0
        return max(1, (output.height - 1) * step + window - 2 * padding)
    paddings = range(window // 2 + 1)
    if any((default + 2 * p - window) // step + 1 == output.height for p in paddings):
        return default
    same, valid = output.height * step, (output.height - 1) * step + window
    usual = next((each for each in (same, valid) if each in USUAL_SIZES), None)
    return usual or (same if step == 1 else default)


USUAL_SIZE = 224
# Sides of the images that networks are usually shown: MNIST, CIFAR, and ImageNet's crops.
USUAL_SIZES = (28, 32, 48, 64, 96, 128, 160, 192, 224, 227, 256, 299)


def _by_sizes(rows: list[Row], reading: TableReading, size: tuple[int, int]) -> list[Row]:
    """Take steps from the stated sizes where a printed step contradicts both its neighbours.

    MobileNet's table prints step 2 for its last depthwise layer, between two 7×7 maps; followed to
    the letter the network does not fit together."""
    before = size[0]
    repaired = list(rows)
    for index, (row, output) in enumerate(zip(rows, reading.outputs, strict=True)):
        after = output.height if output is not None else None
        stride = row.fields.get("stride")
        if after and before and isinstance(stride, tuple) and after <= before:
            wanted = max(1, round(before / after))
            if stride != (wanted, wanted) and isinstance(stride[0], int) and stride[0] > 1:
                fields = {**row.fields, "stride": (wanted, wanted)}
                repaired[index] = Row(row.type, MappingProxyType(fields), row.name)
        before = after or 0
    return repaired


def _misprint(reading: TableReading, index: int, before: Row, after: Row) -> Diagnostic:
    def step(row: Row) -> str:
        stride = row.fields["stride"]
        return str(stride[0]) if isinstance(stride, tuple) else str(stride)

    return diagnostic(
        "NT521",
        reading.place(index, "stride"),
        f"stride {step(before)} contradicts the sizes around this row; built with {step(after)}",
        found=step(before),
        expected=step(after),
        hint="correct the cell; a known misprint of a paper stays one until then",
    )


def _lowering_problems(
    reading: TableReading, errors: tuple[ArchitectureError, ...]
) -> list[Diagnostic]:
    return [
        diagnostic(
            "NT512",
            reading.place(error.row, error.field),
            f"this row cannot be built: {error.message}",
            found=error.found,
            expected=error.expected,
            hint=error.hint,
        )
        for error in errors
    ]


def _size_problems(reading: TableReading, network: ir.Network) -> list[Diagnostic]:
    """Compare stated with computed sizes; one that follows from an earlier one is left out."""
    summary = {each.row: each for each in layer_rows(network)}
    weighted: dict[int, list[int]] = {}
    for node in network.nodes:
        if isinstance(node.op, ir.Conv2d):
            weighted.setdefault(node.row, []).append(node.op.in_channels)
        elif isinstance(node.op, ir.Linear):
            weighted.setdefault(node.row, []).append(node.op.in_features)
    compared: list[tuple[int, int, StatedSize, ir.Shape]] = []
    for index, stated in enumerate(reading.outputs):
        if stated is not None and index in summary:
            compared.append((index, 1, stated, summary[index].output))
    seen = {(each[0], each[2].position) for each in compared}
    for index, part, stated in reading.stated:
        if index not in summary or (index - 1, stated.position) in seen:
            continue
        if part == INPUT_OF_ROW:
            compared.append((index - 1, 2, stated, summary[index].input))
        elif part == OUTPUT_OF_ROW:
            compared.append((index, 1, stated, (summary[index].output[0],)))
        elif part < len(weighted.get(index, ())):
            compared.append((index, 0, stated, (weighted[index][part],)))
    problems = []
    fitted = True
    for _, _, stated, shape in sorted(compared, key=lambda each: each[:2]):
        fits = _fits(stated, shape)
        if not fits and fitted:
            problems.append(
                diagnostic(
                    "NT520",
                    stated.position,
                    f"the table says {stated.text}, the arithmetic {_like(stated, shape)}",
                    found=stated.text,
                    expected=_like(stated, shape),
                    hint="the model is built by the arithmetic; correct the size or the row",
                )
            )
        fitted = fits
    return problems


def _fits(stated: StatedSize, computed: ir.Shape) -> bool:
    channels = computed[0]
    height, width = computed[1:] if len(computed) == 3 else (1, 1)
    if stated.height is None:
        # One number: a vector's length, or the side of a square map.
        return stated.channels in (channels, height) and (
            stated.channels == channels or height == width
        )
    fits = (stated.height, stated.width) == (height, width)
    if len(computed) == 1 and stated.channels is None:
        return True  # 1×1 beside a pooling and linear row
    if len(computed) == 1 and not fits and stated.channels is not None:
        # The input of a flatten: 7×7×512 is the vector's length.
        return stated.channels * (stated.height or 1) * (stated.width or 1) == channels
    return fits and (stated.channels is None or stated.channels == channels)


def _like(stated: StatedSize, computed: ir.Shape) -> str:
    """Write a computed shape in the order the table uses: height × width × channels."""
    if len(computed) == 1:
        return str(computed[0])
    if stated.channels is None or stated.height is None:
        return show(computed[1:])
    return show((*computed[1:], computed[0]))


def _padded(rows: list[Row], network: ir.Network) -> list[Row]:
    """Fix the paddings that stated sizes solved, so that they hold at any input size."""
    padded = []
    for index, row in enumerate(rows):
        fields = dict(row.fields)
        if "output_size" in fields:
            del fields["output_size"]
            op = next(
                (
                    node.op
                    for node in network.nodes
                    if node.row == index and isinstance(node.op, PADDED_OPERATIONS)
                ),
                None,
            )
            plain_row = row.type in ("conv", "max_pool", "avg_pool")
            if op is not None and plain_row and "padding" not in fields:
                fields["padding"] = op.padding
                if isinstance(op, ir.MaxPool2d | ir.AvgPool2d) and op.ceil_mode:
                    fields["ceil_mode"] = True
        padded.append(Row(row.type, MappingProxyType(fields), row.name))
    return padded


PADDED_OPERATIONS = (ir.Conv2d, ir.MaxPool2d, ir.AvgPool2d)


# ------------------------------------------------------------------ building


def lower_table(
    reading: TableReading,
    *,
    in_channels: int | None = None,
    input_size: int | None = None,
    num_classes: int | None = None,
    norm: str = "none",
    activation: str = "relu",
) -> tuple[ir.Network | None, tuple[Diagnostic, ...]]:
    """Build a reading's rows with generic module names; problems stand at their cells.

    What the caller gives wins over what the table states; without both, three channels and 224
    pixels. The diagnostics are those of building only, not the reading's own.
    """
    size: int | tuple[int, int] = input_size or reading.input_size or USUAL_SIZE
    found = lower_rows(
        reading.rows,
        in_channels=in_channels or reading.in_channels or 3,
        input_size=size,
        num_classes=num_classes,
        norm=norm,
        activation=activation,
    )
    if isinstance(found, ir.Network):
        return found, ()
    return None, tuple(_lowering_problems(reading, found))
