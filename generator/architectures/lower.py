"""From rows to operations: a specification's or a note's rows become a :class:`Network`.

Three steps. *Expand*: a specification's row templates with parameter values become concrete rows.
*Complete*: what tables leave unsaid is filled in by convention (activation, bias, flatten, the class
count). *Lower*: each row's block type adds its operations. Errors are :class:`ArchitectureError`
values with the row's index and field; where they stand in a file is the caller's knowledge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeAlias

from generator.architectures.blocks import block_type
from generator.architectures.blocks.fields import (
    BlockType,
    Fields,
    read_fields,
    typed_values,
)
from generator.architectures.builder import ArchitectureError, Builder, Names
from generator.architectures.expressions import ExpressionError, evaluate, fill
from generator.architectures.ir import Network, Pair, Shape
from generator.architectures.model import NetworkSpec, ParamValue, Row
from generator.architectures.parameters import check_params, read_parameter

__all__ = [
    "ArchitectureError",
    "default_input_size",
    "expand",
    "lower",
    "lower_rows",
    "resolve_params",
]

MAX_ROWS = 4096


def resolve_params(network: NetworkSpec, overrides: Mapping[str, object]) -> dict[str, ParamValue]:
    """Give every parameter of a network class a value: ``overrides`` over the class's defaults.

    In the order of the constructor's arguments. Raises :class:`ArchitectureError` for an unknown
    name or a value that does not fit.
    """
    for name in overrides:
        if network.parameter(name) is None:
            raise ArchitectureError(
                f"{network.class_name} has no parameter '{name}'",
                field=name,
                found=name,
                expected=", ".join(each.name for each in network.parameters),
            )
    return {
        each.name: read_parameter(each, overrides[each.name])
        if each.name in overrides
        else each.default
        for each in network.parameters
    }


def default_input_size(network: NetworkSpec, params: Mapping[str, ParamValue]) -> int:
    """Give the side of the square input that a network with these parameters is built for."""
    size = params.get("input_size", network.input_size)
    scale = params.get("resolution_mult", 1.0)
    assert isinstance(size, int)
    assert isinstance(scale, int | float)
    return max(1, round(size * scale))


def lower(
    network: NetworkSpec,
    params: Mapping[str, ParamValue],
    *,
    input_size: int | None = None,
) -> Network:
    """Build the IR of a network class for full parameter values (see :func:`resolve_params`).

    ``input_size`` is the side of the square default input. Raises :class:`ArchitectureError`.
    """
    channels = params.get("in_channels", network.in_channels)
    assert isinstance(channels, int)
    size = default_input_size(network, params) if input_size is None else input_size
    key = (id(network), repr(tuple(params.items())), size)
    known = _LOWERED.get(key)
    if known is None:
        check_params(network, params)
        known = (network, _lowered(expand(network, params), (channels, size, size)))
        if len(_LOWERED) >= 256:
            _LOWERED.clear()
        _LOWERED[key] = known
    return known[1]


# Networks already built in this run: the modules, their tests and their pages ask for the same ones.
# The specification is kept with its network, so that its identity stays its own.
_LOWERED: dict[tuple[int, str, int], tuple[NetworkSpec, Network]] = {}


def lower_rows(
    rows: Sequence[Row],
    *,
    in_channels: int = 3,
    input_size: int | Pair = 224,
    num_classes: int | None = None,
    naming: str = "generic",
    norm: str = "none",
    activation: str = "relu",
) -> Network | tuple[ArchitectureError, ...]:
    """Build the IR of rows that a note gives, or say everything that is wrong with them.

    ``num_classes`` replaces the width of the last linear row, or of the last convolution where global
    pooling follows it; rows without either get a global average and a linear layer. ``norm`` and
    ``activation`` apply to convolutions whose row says nothing.

    With ``naming="generic"`` module paths follow one scheme: ``features`` is the Sequential of all
    before the flatten, ``classifier`` of all after it; a plain layer takes one slot per module, a
    block one slot with its own names inside. With ``naming="given"`` rows bring their names.
    """
    errors: list[ArchitectureError] = []
    for index, row in enumerate(rows):
        try:
            _check_row(row)
        except ArchitectureError as error:
            error.row = index
            errors.append(error)
    if errors:
        return tuple(errors)
    height, width = input_size if isinstance(input_size, tuple) else (input_size, input_size)
    try:
        return _lowered(
            tuple(rows),
            (in_channels, height, width),
            generic=naming == "generic",
            num_classes=num_classes,
            norm=norm,
            activation=activation,
        )
    except ArchitectureError as error:
        return (error,)


def _check_row(row: Row) -> None:
    """Type a row without building it, so that every wrong row is reported at once."""
    block = _block(row)
    values = typed_values(block, row.fields)
    if block.name == "repeat":
        for inner in _inner_rows(Fields(values)):
            _check_row(inner)


# ------------------------------------------------------------------ expanding row templates


def expand(network: NetworkSpec, params: Mapping[str, ParamValue]) -> tuple[Row, ...]:
    """Write out a specification's row templates for full parameter values.

    Raises :class:`ArchitectureError` when an expression fails or rows grow out of bounds.
    """
    return tuple(row for row, _ in expand_with_places(network, params))


# Line and column of a row template in its specification.
Place: TypeAlias = tuple[int, int]


def expand_with_places(
    network: NetworkSpec, params: Mapping[str, ParamValue]
) -> tuple[tuple[Row, Place], ...]:
    """Like :func:`expand`, each row with the place of the template it comes from."""
    rows: list[tuple[Row, Place]] = []
    for row in _expanded(network.rows, dict(params)):
        rows.append(row)
        if len(rows) > MAX_ROWS:
            raise ArchitectureError(f"more than {MAX_ROWS} rows", place=row[1])
    return tuple(rows)


def _expanded(
    templates: Sequence[Mapping[str, object]], scope: dict[str, object], depth: int = 0
) -> Iterator[tuple[Row, Place]]:
    for template in templates:
        line, column = template.get("line", 1), template.get("column", 1)
        place = (line if isinstance(line, int) else 1, column if isinstance(column, int) else 1)
        if depth > 4:
            raise ArchitectureError("loops nested deeper than 4", place=place)
        try:
            if "if" in template and not _evaluated(template["if"], scope):
                continue
            if "for" not in template:
                yield _row(template, scope), place
                continue
            items = _evaluated(template.get("in"), scope)
        except ExpressionError as error:
            raise ArchitectureError(str(error), place=place) from None
        inner = template.get("rows")
        if not isinstance(items, tuple) or not isinstance(inner, tuple):
            raise ArchitectureError(
                "a loop needs a list to run over ('in') and 'rows'", place=place
            )
        names = [each.strip() for each in str(template["for"]).split(",")]
        for index, item in enumerate(items):
            names_of = {names[-1]: item} | ({names[0]: index} if len(names) == 2 else {})
            yield from _expanded(inner, scope | names_of, depth + 1)


# Keys of a row template that are no fields of its block.
TEMPLATE_KEYS = frozenset(("type", "name", "if", "line", "column"))


def _row(template: Mapping[str, object], scope: Mapping[str, object]) -> Row:
    fields: dict[str, ParamValue] = {}
    for key, value in template.items():
        if key not in TEMPLATE_KEYS:
            result = _evaluated(value, scope)
            if result is not None:
                fields[key] = _frozen(result)
    name = _evaluated(template.get("name", ""), scope)
    kind = _evaluated(template.get("type", ""), scope)
    return Row(str(kind), MappingProxyType(fields), str(name))


def _evaluated(value: object, scope: Mapping[str, object]) -> object:
    if isinstance(value, str):
        if value.startswith("="):
            return evaluate(value[1:], scope)
        return fill(value, scope) if "{" in value else value
    if isinstance(value, tuple):
        return tuple(_evaluated(each, scope) for each in value)
    return value


def _frozen(value: object) -> ParamValue:
    if isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, tuple):
        return tuple(_frozen(each) for each in value)
    if isinstance(value, Mapping):
        return MappingProxyType({str(key): _frozen(each) for key, each in value.items()})
    raise ArchitectureError(f"a field cannot be {str(value)[:40]}")


# ------------------------------------------------------------------ completing rows


@dataclass(frozen=True, slots=True)
class _Layer:
    """One row as it is lowered: which table row it is, its block, typed values and name."""

    row: int
    block: BlockType
    values: Mapping[str, ParamValue]
    name: str

    def set(self, **values: ParamValue) -> _Layer:
        return replace(self, values={**self.values, **values})


def _block(row: Row) -> BlockType:
    block = block_type(row.type)
    if block is None:
        raise ArchitectureError(
            f"'{row.type}' is no layer type",
            field="type",
            found=row.type,
            hint="known are conv, max_pool, avg_pool, global_avg_pool, norm, activation, dropout,"
            " flatten, linear, residual, depthwise_separable, inverted_residual, inception, fire,"
            " dense_block, transition, squeeze_excite, vgg_stage",
        )
    return block


def _layers(rows: Sequence[Row]) -> list[_Layer]:
    """Type the rows and write repeats out."""
    found: list[_Layer] = []
    for index, row in enumerate(rows):
        try:
            _write_out(row, index, found)
        except ArchitectureError as error:
            error.row = index
            raise
    return found


def _write_out(row: Row, index: int, found: list[_Layer]) -> None:
    block = _block(row)
    values = typed_values(block, row.fields)
    name = row.name or str(values.get("name", ""))
    if block.name == "repeat":
        fields = read_fields(block, row.fields)
        inner = _inner_rows(fields)
        for _ in range(fields.integer("times")):
            for each in inner:
                _write_out(each, index, found)
            _check_length(found)
        return
    times = values.get("repeat", 1)
    assert isinstance(times, int)
    for copy in range(times):
        layer = _Layer(index, block, values, name)
        if copy and block.stacked and "stride" in values:
            # "The first layer of each sequence has a stride s and all others use stride 1"
            # (Sandler et al. 2018, table 2); He et al. 2015, table 1, mean the same.
            layer = layer.set(stride=(1, 1))
        if "output_size" in values and copy < times - 1 and not block.stacked:
            layer = replace(
                layer, values={k: v for k, v in layer.values.items() if k != "output_size"}
            )
        found.append(layer)
    _check_length(found)


def _check_length(found: list[_Layer]) -> None:
    if len(found) > MAX_ROWS:
        raise ArchitectureError(f"more than {MAX_ROWS} layers")


def _inner_rows(fields: Fields) -> tuple[Row, ...]:
    """Read the rows of a repeat row."""
    rows = []
    for each in fields.items("rows"):
        if not isinstance(each, Mapping) or "type" not in each:
            raise ArchitectureError("each row of a repeat needs a 'type'", field="rows")
        values = {key: value for key, value in each.items() if key not in ("type", "name")}
        rows.append(Row(str(each["type"]), values, str(each.get("name", ""))))
        if block_type(str(each["type"])) is block_type("repeat"):
            raise ArchitectureError("a repeat cannot hold another repeat", field="rows")
    return tuple(rows)


# Norms that make a bias before them useless; a local response norm has no offset of its own.
OFFSETTING_NORMS = ("batch", "group", "layer")


def _completed(
    layers: list[_Layer], *, num_classes: int | None, norm: str, activation: str
) -> list[_Layer]:
    """Fill in what tables leave unsaid (DESIGN: "Layer tables").

    ReLU follows convolutions and hidden linear layers unless rows name activations themselves; it
    comes after a norm row that follows directly. A bias is there unless a norm follows.
    """
    said = any(
        each.block.name == "activation" and each.values.get("function") != "softmax"
        for each in layers
    )
    linear = [i for i, each in enumerate(layers) if each.block.name == "linear"]
    done = list(layers)
    for index, layer in enumerate(layers):
        if layer.block.name not in ("conv", "conv_transpose", "linear"):
            continue
        if norm != "none" and layer.block.name == "conv" and "norm" not in layer.values:
            done[index] = layer = layer.set(norm=norm)
        follower = layers[index + 1] if index + 1 < len(layers) else None
        normed = (
            follower is not None
            and follower.block.name == "norm"
            and follower.values.get("kind", "batch") in OFFSETTING_NORMS
        )
        if normed and "bias" not in layer.values:
            done[index] = layer = layer.set(bias=False)
        if "activation" in layer.values:
            continue
        hidden = layer.block.name != "linear" or index != linear[-1]
        function = "none" if said or not hidden else activation
        if normed and follower is not None and "activation" not in follower.values:
            done[index + 1] = done[index + 1].set(activation=function)
            function = "none"
        done[index] = layer.set(activation=function)
    return done if num_classes is None else _with_classes(done, num_classes)


def _with_classes(layers: list[_Layer], num_classes: int) -> list[_Layer]:
    """Make the network end in ``num_classes``: its last linear layer, or its last convolution where
    global pooling follows, or a head of its own."""
    names = [each.block.name for each in layers]
    linear = [index for index, name in enumerate(names) if name == "linear"]
    if linear:
        layers[linear[-1]] = layers[linear[-1]].set(width=num_classes)
        return layers
    pooled = "global_avg_pool" in names
    last_conv = max((index for index, name in enumerate(names) if name == "conv"), default=-1)
    between = set(names[last_conv + 1 :])
    if pooled and last_conv >= 0 and between <= {"activation", "dropout", "global_avg_pool"}:
        layers[last_conv] = layers[last_conv].set(width=num_classes)
        return layers
    row = layers[-1].row
    missing = ["linear"] if pooled else ["global_avg_pool", "linear"]
    for name in missing:
        block = block_type(name)
        assert block is not None
        layers.append(_Layer(row, block, {}, ""))
    layers[-1] = layers[-1].set(width=num_classes, activation="none")
    return layers


def _named(layers: list[_Layer]) -> list[_Layer]:
    """Give generic module paths to layers without a name, and flatten where it is left unsaid."""
    first = next(
        (i for i, each in enumerate(layers) if each.block.name in ("flatten", "linear", "rbf")),
        len(layers),
    )
    if first < len(layers) and layers[first].block.name != "flatten":
        # Dropout just before the first linear layer belongs to the classifier.
        while first > 0 and layers[first - 1].block.name == "dropout":
            first -= 1
        row = layers[first].row
        flatten = block_type("flatten")
        assert flatten is not None
        layers = [*layers[:first], _Layer(row, flatten, {}, ""), *layers[first:]]
    return [
        each
        if each.name or "names" in each.values
        else replace(each, name="features.+" if index < first else "classifier.+")
        for index, each in enumerate(layers)
    ]


# ------------------------------------------------------------------ lowering


def _lowered(
    rows: Sequence[Row],
    input_shape: Shape,
    *,
    generic: bool = False,
    num_classes: int | None = None,
    norm: str = "none",
    activation: str = "relu",
) -> Network:
    if not rows:
        raise ArchitectureError("there are no rows")
    if max(input_shape) > 65536 or min(input_shape) < 1:
        raise ArchitectureError("the input size must be from 1 to 65536")
    layers = _completed(_layers(rows), num_classes=num_classes, norm=norm, activation=activation)
    if generic:
        layers = [replace(each, name="") for each in layers]
    builder = Builder(input_shape)
    for layer in _named(layers):
        _add(builder, layer)
    ending = next(
        (each.block.name for each in reversed(layers) if each.block.name not in ELEMENTWISE), ""
    )
    if ending in POOLED and builder.shape[1:] == (1, 1):
        # A network that ends in global pooling (SqueezeNet) returns one number per class.
        flatten = block_type("flatten")
        assert flatten is not None
        flatten.lower(builder, Fields({}), Names(builder, ""))
    return builder.network()


ELEMENTWISE = ("activation", "dropout")
POOLED = ("avg_pool", "global_avg_pool", "adaptive_avg_pool")


def _add(builder: Builder, layer: _Layer) -> None:
    builder.row = layer.row
    try:
        values = _padded(layer, builder.shape)
        fields = read_fields(layer.block, values)
        label = str(values.get("label", "")) or layer.block.describe(fields)
        times = fields.integer("repeat")
        builder.label = f"{label} ×{times}" if times > 1 else label
        paths = tuple("" if each == "-" else each for each in str(values.get("names", "")).split())
        layer.block.lower(builder, fields, Names(builder, layer.name, paths))
    except ArchitectureError as error:
        error.row = layer.row
        raise
    if layer.name and "+" not in layer.name:
        builder.taps[layer.name] = builder.at


def _padded(layer: _Layer, shape: Shape) -> Mapping[str, ParamValue]:
    """Solve padding and step from a stated output size, where the row leaves them open."""
    values = layer.values
    target = values.get("output_size")
    if layer.block.stacked and isinstance(target, tuple) and len(shape) == 3:
        return values if "stride" in values else {**values, "stride": _step(shape, target)}
    solvable = layer.block.name in ("conv", "max_pool", "avg_pool") and len(shape) == 3
    if not solvable or not isinstance(target, tuple) or "padding" in values or "pool" in values:
        return values
    fields = read_fields(layer.block, values)
    kernel = fields.pair("kernel")
    usual = fields.pair("stride") if fields.given("stride") else kernel
    dilation = fields.pair("dilation") if fields.given("dilation") else (1, 1)
    reach = (dilation[0] * (kernel[0] - 1) + 1, dilation[1] * (kernel[1] - 1) + 1)
    steps = [usual]
    if "stride" not in values and isinstance(target[0], int) and target[0] > 0:
        steps += [(each, each) for each in (shape[1] // target[0], shape[1] // target[0] + 1)]
    for stride in steps:
        if max(stride) > MAX_STEP or min(stride) < 1:
            continue
        paddings = [
            _padding(shape[axis + 1], target[axis], reach[axis], stride[axis], layer.block.name)
            for axis in (0, 1)
        ]
        if paddings[0] is not None and paddings[1] is not None:
            solved: dict[str, ParamValue] = {"padding": (paddings[0], paddings[1])}
            return {**values, **solved, **({} if stride == usual else {"stride": stride})}
    return values


MAX_STEP = 64


def _step(shape: Shape, target: tuple[ParamValue, ...]) -> Pair:
    """The step of a block that takes a map to a stated size."""
    sides = [
        each if isinstance(each, int) and each > 0 else before
        for each, before in zip(target, shape[1:], strict=True)
    ]
    height, width = (
        min(MAX_STEP, max(1, round(before / after)))
        for before, after in zip(shape[1:], sides, strict=True)
    )
    return height, width


def _padding(before: int, after: ParamValue, reach: int, step: int, kind: str) -> int | None:
    """Find the padding of one axis that makes a size: the usual one, else the least that fits."""
    half = reach // 2
    usual = half if kind == "conv" else 0
    fits = (
        padding
        for padding in (usual, *range(half + 1))
        if before + 2 * padding >= reach and (before + 2 * padding - reach) // step + 1 == after
    )
    return next(fits, None)
