"""The inverted residual block: expand by a 1×1, filter depthwise, project back linearly.

Form ``v2`` is Sandler et al. 2018 (MobileNetV2, section 3.3), form ``v3`` Howard et al. 2019
(MobileNetV3, table 1), which adds kernel size, squeeze-and-excite and hard swish, ``mbconv`` Tan and
Le 2019 (EfficientNet), whose gate counts its inner channels from the block's input. The sum is there
only where input and output agree in shape.
"""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import ACTIVATIONS, Builder, Names
from generator.architectures.ir import AdaptiveAvgPool2d, Add, Multiply, Pair


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add expansion, depthwise filter, gate where asked, linear projection and the sum."""
    base = names.module("block")
    start, width = builder.at, fields.integer("width")
    channels, stride = builder.channels, fields.pair("stride")
    hidden = fields.integer("expanded") if fields.given("expanded") else _hidden(builder, fields)
    form = fields.text("form")
    version_3 = form in ("v3", "mbconv") or (form == "auto" and _is_v3(fields))
    layer = _Layers(builder, fields, f"{base}.{'block' if version_3 else 'conv'}")
    if hidden != channels:
        layer.conv(hidden, kernel=(1, 1))
    layer.conv(hidden, kernel=fields.pair("kernel"), stride=stride, groups=hidden)
    ratio = fields.integer("se_ratio")
    if fields.flag("se") and form == "mbconv":
        layer.squeeze_excite(max(1, channels // ratio), layer.function, "sigmoid")
    elif fields.flag("se"):
        layer.squeeze_excite(_rounded(hidden // ratio), "relu", "hardsigmoid")
    layer.project(width, flat=not version_3)
    if stride == (1, 1) and channels == width:
        builder.add(Add(), "", (start, builder.at))


def _hidden(builder: Builder, fields: Fields) -> int:
    """Channels inside: ``t`` times the input's, rounded as the papers' code does."""
    return round(builder.channels * fields.number("t"))


def _rounded(channels: int) -> int:
    """The nearest multiple of 8, never less than nine tenths (MobileNetV3's code)."""
    rounded = max(8, (channels + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * channels else rounded


def _is_v3(fields: Fields) -> bool:
    return fields.flag("se") or fields.given("expanded")


class _Layers:
    """Numbers the block's Sequential and adds its parts."""

    def __init__(self, builder: Builder, fields: Fields, container: str) -> None:
        self.builder = builder
        self.container = container
        self.function = fields.text("activation")
        self.eps, self.momentum = fields.number("eps"), fields.number("momentum")
        self.index = 0

    def _next(self) -> str:
        self.index += 1
        return f"{self.container}.{self.index - 1}"

    def conv(self, width: int, *, kernel: Pair, stride: Pair = (1, 1), groups: int = 1) -> None:
        name = self._next()
        self.builder.conv(width, kernel, f"{name}.0", stride=stride, groups=groups)
        self.builder.norm("batch", f"{name}.1", eps=self.eps, momentum=self.momentum)
        self.builder.activation(self.function, f"{name}.2")

    def squeeze_excite(self, squeezed: int, function: str, gate: str) -> None:
        """Gate each channel by its mean (Hu et al. 2018)."""
        name, gated, channels = self._next(), self.builder.at, self.builder.channels
        self.builder.add(AdaptiveAvgPool2d((1, 1)), f"{name}.avgpool")
        self.builder.conv(squeezed, (1, 1), f"{name}.fc1", bias=True)
        self.builder.activation(function, f"{name}.activation", inplace=False)
        self.builder.conv(channels, (1, 1), f"{name}.fc2", bias=True)
        scale = self.builder.activation(gate, f"{name}.scale_activation", inplace=False)
        self.builder.add(Multiply(), "", (gated, scale))

    def project(self, width: int, *, flat: bool) -> None:
        name = self._next()
        second = self._next() if flat else f"{name}.1"
        self.builder.conv(width, (1, 1), name if flat else f"{name}.0")
        self.builder.norm("batch", second, eps=self.eps, momentum=self.momentum)


def label(fields: Fields) -> str:
    """Write ``inverted residual t=6, 24, /2``."""
    stride = max(fields.pair("stride"))
    inside = (
        f"{fields.integer('expanded')}" if fields.given("expanded") else f"t={fields.number('t'):g}"
    )
    gate = ", SE" if fields.flag("se") else ""
    end = f", /{stride}" if stride > 1 else ""
    return f"inverted residual {inside}, {fields.integer('width')}{gate}{end}"


BLOCK = BlockType(
    name="inverted_residual",
    synonyms=(
        "inverted residual block",
        "inverted bottleneck",
        "bneck",
        "linear bottleneck",
        "mobile bottleneck",
        "倒残差",
        "倒置残差",
        "逆残差ブロック",
    ),
    doc="Expand, depthwise, project; the stride is the first copy's when it is repeated.",
    fields=(
        BlockField(
            "width",
            FieldType.INT,
            required=True,
            minimum=1,
            maximum=65536,
            doc="output channels",
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
            doc="step of the depthwise part",
            synonyms=("strides", "step", "s", "步长", "步幅", "ストライド", "스트라이드"),
        ),
        BlockField(
            "t",
            FieldType.FLOAT,
            default=6.0,
            minimum=0.1,
            maximum=64,
            doc="expansion factor",
            synonyms=("expansion", "expansion factor", "expand", "expand ratio", "expand_ratio"),
        ),
        BlockField(
            "expanded",
            FieldType.INT,
            minimum=1,
            maximum=65536,
            doc="channels inside, when given outright",
            synonyms=("exp size", "expansion size", "exp_size", "hidden", "exp"),
        ),
        BlockField(
            "kernel",
            FieldType.PAIR,
            default=(3, 3),
            minimum=1,
            maximum=63,
            doc="window of the depthwise part",
            synonyms=("kernel size", "filter size", "k"),
        ),
        BlockField(
            "se",
            FieldType.BOOL,
            default=False,
            doc="squeeze-and-excite gate after the filter",
            synonyms=("squeeze excite", "squeeze-and-excite", "squeeze and excitation"),
        ),
        BlockField(
            "se_ratio",
            FieldType.INT,
            default=4,
            minimum=1,
            maximum=64,
            doc="inner channels over the gate's",
            synonyms=("se ratio",),
        ),
        BlockField(
            "activation",
            FieldType.CHOICE,
            default="relu6",
            choices=ACTIVATIONS,
            doc="element-wise function, not after the projection",
            synonyms=("act", "nonlinearity", "nl", "non-linearity"),
        ),
        BlockField(
            "form",
            FieldType.CHOICE,
            default="auto",
            choices=("auto", "v2", "v3", "mbconv"),
            doc="module layout of MobileNetV2 or V3, or EfficientNet's block; V3 where a gate or inner"
            " width is given",
        ),
        BlockField(
            "eps",
            FieldType.FLOAT,
            default=1e-5,
            minimum=0,
            maximum=1,
            doc="the norms' ε",
        ),
        BlockField(
            "momentum",
            FieldType.FLOAT,
            default=0.1,
            minimum=0,
            maximum=1,
            doc="the norms' momentum",
        ),
    ),
    lower=lower,
    label=label,
    stacked=True,
)
