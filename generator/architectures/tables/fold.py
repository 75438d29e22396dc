"""When a table's rows are just a family's network with other parameters: find those parameters.

Then the section's model stays the family's class, with its names and options. A guess reads the
parameters off the rows; it counts only if the class built with them is the same network: the same
operations in the same order, of the same sizes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeAlias

from generator.architectures import ir
from generator.architectures.arithmetic import parameters, shapes
from generator.architectures.lower import ArchitectureError, lower, resolve_params
from generator.architectures.model import Family, NetworkSpec, ParamValue, Row
from generator.architectures.operations import ShapeError

Guess: TypeAlias = dict[str, object]


def fold(
    rows: Sequence[Row],
    network: ir.Network,
    family: Family,
    *,
    part: bool,
    classes: int | None,
) -> tuple[NetworkSpec, Mapping[str, ParamValue]] | None:
    """Find a class of ``family`` and the parameters that express ``rows`` (built as ``network``).

    With ``part`` the rows are the beginning of the network only. ``classes`` is the number of
    classes the table states, ``None`` if it leaves that open. Returns the values that the table
    determines, or ``None``.
    """
    plain = [each for row in rows for each in _written_out(row)]
    wanted, count = _signature(network), parameters(network)
    for spec in family.networks:
        for guess in _guesses(spec, plain):
            known = {name: value for name, value in guess.items() if spec.parameter(name)}
            if len(known) != len(guess):
                continue
            if classes is not None:
                known["num_classes"] = classes
            try:
                params = resolve_params(spec, known)
                checked = resolve_params(spec, known | {"in_channels": network.input_shape[0]})
                if classes is None and not part:
                    checked["num_classes"] = shapes(network)[network.result][0]
                built = lower(spec, checked, input_size=network.input_shape[1])
                same = (part or parameters(built) == count) and _same(
                    _signature(built), wanted, part=part
                )
            except (ArchitectureError, ShapeError):
                continue
            if same:
                return spec, {name: params[name] for name in known}
    return None


def _written_out(row: Row) -> Iterator[Row]:
    if row.type != "repeat":
        yield row
        return
    inner = row.fields.get("rows")
    times = row.fields.get("times")
    for _ in range(times if isinstance(times, int) else 1):
        for each in inner if isinstance(inner, tuple) else ():
            if isinstance(each, Mapping):
                fields = {key: value for key, value in each.items() if key != "type"}
                yield Row(str(each["type"]), fields)


# ------------------------------------------------------------------ what makes networks the same


def _signature(network: ir.Network) -> list[tuple[object, ...]]:
    """The operations that matter, in order. A convolution over its whole map is a linear layer; pooling
    to one value is global, however it is written; pooling to the size that arrives is nothing."""
    known = shapes(network)
    found: list[tuple[object, ...]] = []
    for index, node in enumerate(network.nodes):
        if node.output:
            continue
        before = known[node.inputs[0]] if node.inputs else ()
        match node.op:
            case ir.Input() | ir.Dropout() | ir.Flatten():
                continue
            case ir.Conv2d() as op if before[1:] == op.kernel and known[index][1:] == (1, 1):
                inside = op.in_channels * op.kernel[0] * op.kernel[1]
                found.append(("linear", inside, op.out_channels, op.bias))
            case ir.Linear() as op:
                found.append(("linear", op.in_features, op.out_features, op.bias))
            case ir.AdaptiveAvgPool2d() as op if op.size == before[1:]:
                continue
            case ir.AdaptiveAvgPool2d() | ir.AvgPool2d() if known[index][1:] == (1, 1):
                found.append(("global average", before[1:]))
            case ir.MaxPool2d() as op:
                found.append(("max", op.kernel, op.stride, known[index]))
            case ir.LocalResponseNorm() as op:
                # Tables name it without its constants.
                found.append(("local response norm", op.size))
            case ir.BatchNorm2d() as op:
                found.append(("batch norm", op.features))
            case ir.Activation() as op:
                found.append(("activation", op.function, op.slope))
            case op:
                found.append((op,))
    return found


def _same(built: list[tuple[object, ...]], wanted: list[tuple[object, ...]], *, part: bool) -> bool:
    return built[: len(wanted)] == wanted if part else built == wanted


# ------------------------------------------------------------------ guesses


def _guesses(spec: NetworkSpec, rows: Sequence[Row]) -> Iterator[Guess]:
    """Guess parameters from rows: by the kind of table the class takes, then its own variants."""
    names = {each.name for each in spec.parameters}
    for needed, read in READERS:
        if needed <= names:
            guess = read(rows)
            if guess is not None:
                yield guess
    for variant in spec.variants:
        yield dict(variant.params)


def _stages(rows: Sequence[Row]) -> Guess | None:
    """VGG: runs of convolutions of one width, each ended by a max pooling."""
    stages: list[dict[str, object]] = []
    kernels: list[int] = []
    width = 0
    norms = set()
    hidden = []
    for row in rows:
        values = row.fields
        if row.type == "vgg_stage":
            window = values.get("kernel", (3, 3))
            convs = values.get("convs", 1)
            pool = values.get("pool", (2, 2))
            assert isinstance(window, tuple)
            assert isinstance(pool, tuple)
            assert isinstance(convs, int)
            own = values.get("kernels") or (window[0],) * convs
            stages.append({"width": values.get("width"), "kernels": own, "pool": pool[0]})
            norms.add(values.get("norm", "none"))
        elif row.type == "conv":
            window = values.get("kernel", (3, 3))
            repeat = values.get("repeat", 1)
            assert isinstance(window, tuple)
            assert isinstance(repeat, int)
            if kernels and values.get("width") != width:
                stages.append({"width": width, "kernels": tuple(kernels), "pool": 0})
                kernels = []
            first = values.get("width")
            width = first if isinstance(first, int) else 0
            side = window[0]
            kernels.extend([side if isinstance(side, int) else 3] * repeat)
            norms.add(values.get("norm", "none"))
        elif row.type == "max_pool" and kernels:
            window = values.get("kernel", (2, 2))
            assert isinstance(window, tuple)
            stages.append({"width": width, "kernels": tuple(kernels), "pool": window[0]})
            kernels = []
        elif row.type == "linear":
            hidden.append(values.get("width"))
    if kernels:
        stages.append({"width": width, "kernels": tuple(kernels), "pool": 0})
    if not stages:
        return None
    guess: Guess = {"stages": tuple(stages)}
    if "batch" in norms:
        guess["batch_norm"] = True
    if len(hidden) > 1:
        guess["hidden"] = hidden[0]
    return guess


def _residual(rows: Sequence[Row]) -> Guess | None:
    """ResNet: a stage is a residual row with its repeat."""
    stages = [row.fields for row in rows if row.type == "residual"]
    if not stages:
        return None
    first = stages[0]
    kind = str(first.get("kind", "basic"))
    guess: Guess = {
        "block": kind,
        "layers": tuple(each.get("repeat", 1) for each in stages),
        "widths": tuple(each.get("width") for each in stages),
        "stride_in_1x1": bool(first.get("stride_in_1x1", False)),
    }
    groups, inner, width = first.get("groups", 1), first.get("inner"), first.get("width")
    if kind == "bottleneck" and isinstance(groups, int):
        outs = tuple(each.get("out") for each in stages)
        # ResNeXt's table gives inner widths; the class counts from a quarter of the output.
        if all(isinstance(each, int) for each in outs):
            planes = tuple(each // 4 for each in outs if isinstance(each, int))
            guess["widths"] = planes
            wide = inner if isinstance(inner, int) else width
            if isinstance(wide, int):
                guess |= {"groups": groups, "width_per_group": wide * 64 // planes[0] // groups}
    return guess


def _separable(rows: Sequence[Row]) -> Guess | None:
    """MobileNet V1: depthwise and pointwise convolutions in turn, or separable rows."""
    blocks: list[dict[str, object]] = []
    stride: object = None
    for row in rows:
        values = row.fields
        if row.type == "depthwise_separable":
            step = values.get("stride", (1, 1))
            times = values.get("repeat", 1)
            for copy in range(times if isinstance(times, int) else 1):
                blocks.append({"width": values.get("width"), "stride": 1 if copy else _side(step)})
        elif row.type == "conv" and values.get("depthwise"):
            stride = values.get("stride", (1, 1))
        elif row.type == "conv" and stride is not None:
            blocks.append({"width": values.get("width"), "stride": _side(stride)})
            stride = None
    return {"blocks": tuple(blocks)} if blocks else None


def _inverted(rows: Sequence[Row]) -> Guess | None:
    """MobileNetV2: rows of t, c, n, s."""
    found = [row.fields for row in rows if row.type == "inverted_residual"]
    if not found or any("expanded" in each for each in found):
        return None
    return {
        "blocks": tuple(
            {
                "t": each.get("t", 6.0),
                "c": each.get("width"),
                "n": each.get("repeat", 1),
                "s": _side(each.get("stride", (1, 1))),
            }
            for each in found
        )
    }


def _searched(rows: Sequence[Row]) -> Guess | None:
    """MobileNetV3: one row per block, and the width of the hidden linear layer."""
    found = [row.fields for row in rows if row.type == "inverted_residual"]
    hidden = [row.fields.get("width") for row in rows if row.type == "linear"]
    if not found or any("expanded" not in each for each in found):
        return None
    guess: Guess = {
        "blocks": tuple(
            {
                "kernel": _side(each.get("kernel", (3, 3))),
                "expanded": each.get("expanded"),
                "width": each.get("width"),
                "se": each.get("se", False),
                "activation": each.get("activation", "relu"),
                "stride": _side(each.get("stride", (1, 1))),
            }
            for each in found
        )
    }
    if len(hidden) > 1:
        guess["last_channel"] = hidden[0]
    return guess


def _side(value: object) -> object:
    return value[0] if isinstance(value, tuple) and value else value


# Which parameters a class must have, and how they are read off rows.
READERS: tuple[tuple[frozenset[str], Callable[[Sequence[Row]], Guess | None]], ...] = (
    (frozenset(("stages", "hidden")), _stages),
    (frozenset(("block", "layers", "widths", "groups")), _residual),
    (frozenset(("blocks", "resolution_mult")), _separable),
    (frozenset(("blocks", "round_nearest")), _inverted),
    (frozenset(("blocks", "last_channel")), _searched),
)
