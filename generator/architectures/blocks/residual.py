"""The residual block: two 3×3 convolutions or a 1×1, 3×3, 1×1 bottleneck, plus a shortcut.

He et al. 2015 (section 3.3, figure 5); groups and base width as in ResNeXt (Xie et al. 2016) and Wide
ResNet (Zagoruyko and Komodakis 2016). Where the shape changes the shortcut is a 1×1 projection, or
for the CIFAR networks a strided, zero-padded identity (option A).
"""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import ACTIVATIONS, ArchitectureError, Builder, Names
from generator.architectures.ir import Add, PadShortcut


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add the branch, the shortcut, their sum and the last activation."""
    base = names.module("block")
    start, function = builder.at, fields.text("activation")
    if fields.text("kind") == "basic":
        _basic(builder, fields, base)
    else:
        _bottleneck(builder, fields, base)
    branch, width = builder.at, builder.channels
    builder.at = start
    shortcut = _shortcut(builder, fields, base, width=width)
    builder.add(Add(), "", (branch, shortcut))
    builder.activation(function, f"{base}.relu")


def _basic(builder: Builder, fields: Fields, base: str) -> None:
    width, kernel, norm = fields.integer("width"), fields.pair("kernel"), fields.text("norm")
    bias = norm == "none"
    groups = fields.integer("groups")
    builder.conv(
        width, kernel, f"{base}.conv1", stride=fields.pair("stride"), groups=groups, bias=bias
    )
    builder.norm(norm, f"{base}.bn1")
    builder.activation(fields.text("activation"), f"{base}.relu")
    out = fields.integer("out") if fields.given("out") else width
    builder.conv(out, kernel, f"{base}.conv2", groups=groups, bias=bias)
    builder.norm(norm, f"{base}.bn2")


def _bottleneck(builder: Builder, fields: Fields, base: str) -> None:
    planes, norm, groups = fields.integer("width"), fields.text("norm"), fields.integer("groups")
    # ResNeXt's "32x4d" is groups=32 with 4 channels each where ResNet's first stage has 64.
    inner = (
        fields.integer("inner")
        if fields.given("inner")
        else int(planes * fields.integer("base_width") / 64) * groups
    )
    out = fields.integer("out") if fields.given("out") else planes * fields.integer("expansion")
    if inner < 1:
        raise ArchitectureError(
            "the bottleneck has no channels left", row=builder.row, field="base_width"
        )
    first = fields.flag("stride_in_1x1")
    stride, bias = fields.pair("stride"), norm == "none"
    function = fields.text("activation")
    builder.conv(inner, (1, 1), f"{base}.conv1", stride=stride if first else (1, 1), bias=bias)
    builder.norm(norm, f"{base}.bn1")
    builder.activation(function, f"{base}.relu")
    builder.conv(
        inner,
        fields.pair("kernel"),
        f"{base}.conv2",
        stride=(1, 1) if first else stride,
        groups=groups,
        bias=bias,
    )
    builder.norm(norm, f"{base}.bn2")
    builder.activation(function, f"{base}.relu")
    builder.conv(out, (1, 1), f"{base}.conv3", bias=bias)
    builder.norm(norm, f"{base}.bn3")


def _shortcut(builder: Builder, fields: Fields, base: str, *, width: int) -> int:
    stride = fields.pair("stride")
    if stride == (1, 1) and builder.channels == width:
        return builder.at
    match fields.text("shortcut"):
        case "identity":
            raise ArchitectureError(
                "an identity shortcut cannot change the shape",
                row=builder.row,
                field="shortcut",
                found="identity",
                expected="conv or pad",
            )
        case "pad":
            if width < builder.channels:
                raise ArchitectureError(
                    "a zero-padded shortcut cannot reduce the channels",
                    row=builder.row,
                    field="shortcut",
                    found=f"{builder.channels} to {width}",
                )
            return builder.add(
                PadShortcut(builder.channels, width, max(stride)), f"{base}.downsample"
            )
        case _:
            norm = fields.text("norm")
            builder.conv(
                width,
                (1, 1),
                f"{base}.downsample.0",
                stride=stride,
                padding=(0, 0),
                bias=norm == "none",
            )
            return builder.norm(norm, f"{base}.downsample.1")


def label(fields: Fields) -> str:
    """Write ``bottleneck 64, /2``."""
    kind = "residual" if fields.text("kind") == "basic" else "bottleneck"
    stride = max(fields.pair("stride"))
    return f"{kind} {fields.integer('width')}" + (f", /{stride}" if stride > 1 else "")


BLOCK = BlockType(
    name="residual",
    synonyms=(
        "residual block",
        "res block",
        "resblock",
        "basic block",
        "basicblock",
        "res",
        "bottleneck",
        "bottleneck block",
        "residual bottleneck",
        "residual unit",
        "残差块",
        "残差ブロック",
        "잔차 블록",
        "restblock",
        "bloque residual",
        "bloc résiduel",
    ),
    doc="Residual block; the stride is the first copy's when it is repeated.",
    fields=(
        BlockField(
            "width",
            FieldType.INT,
            required=True,
            minimum=1,
            maximum=65536,
            doc="channels of its 3×3 convolutions",
            synonyms=(
                "filters",
                "channels",
                "out channels",
                "output channels",
                "maps",
                "feature maps",
                "out",
                "#out",
                "# out",
                "c",
                "planes",
                "number of filters",
                "cout",
                "depth",
                "通道数",
                "通道",
                "输出通道",
                "输出通道数",
                "出力チャネル",
                "출력채널",
                "채널",
            ),
        ),
        BlockField(
            "stride",
            FieldType.PAIR,
            default=(1, 1),
            minimum=1,
            maximum=64,
            doc="step of the block",
            synonyms=("strides", "step", "s", "步长", "步幅", "ストライド", "스트라이드"),
        ),
        BlockField(
            "kind",
            FieldType.CHOICE,
            default="basic",
            choices=("basic", "bottleneck"),
            doc="two 3×3 convolutions, or 1×1, 3×3, 1×1",
            synonyms=("block", "block type"),
        ),
        BlockField(
            "kernel",
            FieldType.PAIR,
            default=(3, 3),
            minimum=1,
            maximum=63,
            doc="window of its spatial convolutions",
            synonyms=("kernel size", "filter size", "k"),
        ),
        BlockField(
            "expansion",
            FieldType.INT,
            default=4,
            minimum=1,
            maximum=64,
            doc="output over inner channels of a bottleneck",
        ),
        BlockField(
            "out",
            FieldType.INT,
            minimum=1,
            maximum=65536,
            doc="output channels, when they follow neither width nor expansion",
        ),
        BlockField(
            "groups",
            FieldType.INT,
            default=1,
            minimum=1,
            maximum=65536,
            doc="groups of its 3×3 convolution",
            synonyms=("cardinality", "g"),
        ),
        BlockField(
            "base_width",
            FieldType.INT,
            default=64,
            minimum=1,
            maximum=65536,
            doc="inner channels per group at width 64",
            synonyms=("width per group",),
        ),
        BlockField(
            "inner",
            FieldType.INT,
            minimum=1,
            maximum=65536,
            doc="channels of a bottleneck's 3×3, when given outright",
        ),
        BlockField(
            "stride_in_1x1",
            FieldType.BOOL,
            default=False,
            doc="the bottleneck's first 1×1 takes the step (the paper's placement), not its 3×3",
        ),
        BlockField(
            "shortcut",
            FieldType.CHOICE,
            default="conv",
            choices=("conv", "pad", "identity"),
            doc="what changes the shape: a 1×1 projection or zero padding (option A)",
            synonyms=("projection", "skip"),
        ),
        BlockField(
            "norm",
            FieldType.CHOICE,
            default="batch",
            choices=("batch", "none", "group", "layer"),
            doc="normalisation after each convolution",
            synonyms=("normalization", "normalisation", "batch norm", "bn"),
        ),
        BlockField(
            "activation",
            FieldType.CHOICE,
            default="relu",
            choices=ACTIVATIONS,
            doc="element-wise function",
            synonyms=("act", "nonlinearity", "nl"),
        ),
    ),
    lower=lower,
    label=label,
    stacked=True,
)
