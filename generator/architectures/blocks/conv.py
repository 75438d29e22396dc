"""The convolution row: convolution, then optional norm, activation, pooling and dropout.

Padding is half the window unless given. A local response norm follows the activation (Krizhevsky et
al. 2012), every other norm precedes it (Ioffe and Szegedy 2015).
"""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import ACTIVATIONS, ArchitectureError, Builder, Names
from generator.architectures.ir import AvgPool2d, Dropout, MaxPool2d


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add convolution → norm → activation → pool → dropout."""
    kernel, stride = fields.pair("kernel"), fields.pair("stride")
    dilation = fields.pair("dilation")
    depthwise = fields.flag("depthwise")
    width = fields.integer("width") if fields.given("width") else builder.channels
    if not depthwise and not fields.given("width"):
        raise ArchitectureError(
            "a conv row needs 'width'", row=builder.row, field="width", expected="output channels"
        )
    padding = fields.padding("padding")
    if padding == "same":
        padding = None
    norm = fields.text("norm")
    builder.conv(
        width,
        kernel,
        names.module("conv"),
        stride=stride,
        padding=(0, 0) if padding == "valid" else padding if isinstance(padding, tuple) else None,
        dilation=dilation,
        groups=builder.channels if depthwise else fields.integer("groups"),
        bias=fields.flag("bias") if fields.given("bias") else norm in ("none", "lrn"),
    )
    function = fields.text("activation") if fields.given("activation") else "relu"
    if norm not in ("none", "lrn"):
        builder.norm(
            norm,
            names.module("norm"),
            eps=fields.number("eps"),
            momentum=fields.number("momentum"),
        )
    if function not in ("none", "softmax"):
        builder.activation(function, names.module("activation", functional=True))
    if norm == "lrn":
        builder.norm(norm, names.module("norm", functional=True))
    pool = fields.pair("pool")
    if pool != (0, 0):
        size = (pool[0], pool[1])
        name = names.module("pool", functional=True)
        if fields.text("pooling") == "avg":
            builder.add(AvgPool2d(size, size), name)
        else:
            builder.add(MaxPool2d(size, size), name)
    if fields.number("dropout") > 0:
        builder.add(Dropout(fields.number("dropout")), names.module("dropout", functional=True))


def label(fields: Fields) -> str:
    """Write ``conv 3×3, 64, /2`` as papers do."""
    height, width = fields.pair("kernel")
    kind = "depthwise conv" if fields.flag("depthwise") else "conv"
    parts = [f"{kind} {height}×{width}"]
    if fields.given("width"):
        parts.append(str(fields.integer("width")))
    if fields.pair("stride") != (1, 1):
        parts.append(f"/{max(fields.pair('stride'))}")
    return ", ".join(parts)


BLOCK = BlockType(
    name="conv",
    synonyms=(
        "conv2d",
        "convolution",
        "convolutional",
        "conv layer",
        "convolution layer",
        "conv 2d",
        "convolutional layer",
        "c",
        "卷积",
        "卷积层",
        "畳み込み",
        "畳み込み層",
        "합성곱",
        "합성곱층",
        "faltung",
        "convolución",
        "convolution 2d",
        "свёртка",
        "свертка",
    ),
    doc="Convolution, with its norm, activation, pooling and dropout where given.",
    fields=(
        BlockField(
            "width",
            FieldType.INT,
            minimum=1,
            maximum=65536,
            doc="output channels (number of filters); a depthwise convolution keeps its input's",
            synonyms=(
                "filters",
                "channels",
                "out channels",
                "output channels",
                "maps",
                "feature maps",
                "feature map",
                "kernels",
                "number of filters",
                "num filters",
                "# filters",
                "#filters",
                "no. of filters",
                "out",
                "cout",
                "c",
                "c_out",
                "units",
                "depth",
                "neurons",
                "features",
                "out_features",
                "#channels",
                "通道数",
                "通道",
                "输出通道",
                "输出通道数",
                "出力チャネル",
                "출력채널",
                "卷积核数",
                "卷积核个数",
                "卷积核数量",
                "滤波器",
                "フィルタ",
                "필터",
                "フィルタ数",
                "채널",
                "filter",
                "kanäle",
                "filtres",
                "filtros",
                "фильтры",
            ),
        ),
        BlockField(
            "kernel",
            FieldType.PAIR,
            default=(3, 3),
            minimum=1,
            maximum=512,
            doc="window size",
            synonyms=(
                "kernel size",
                "filter size",
                "size",
                "patch size",
                "patch",
                "window",
                "k",
                "f",
                "field",
                "receptive field",
                "卷积核",
                "核大小",
                "卷积核大小",
                "卷积核尺寸",
                "カーネル",
                "커널",
                "kernelgröße",
                "kernel_size",
                "taille du noyau",
                "tamaño del kernel",
                "ядро",
            ),
        ),
        BlockField(
            "stride",
            FieldType.PAIR,
            default=(1, 1),
            minimum=1,
            maximum=64,
            doc="step",
            synonyms=(
                "strides",
                "step",
                "s",
                "步长",
                "步幅",
                "ストライド",
                "스트라이드",
                "schrittweite",
                "pas",
                "paso",
                "шаг",
            ),
        ),
        BlockField(
            "padding",
            FieldType.PADDING,
            minimum=0,
            maximum=256,
            doc="zero padding on each side; half the window when left out",
            synonyms=("pad", "p", "填充", "パディング", "패딩", "relleno", "отступ"),
        ),
        BlockField(
            "dilation",
            FieldType.PAIR,
            default=(1, 1),
            minimum=1,
            maximum=64,
            doc="distance between the window's points",
            synonyms=("rate", "dilation rate", "d", "atrous"),
        ),
        BlockField(
            "groups",
            FieldType.INT,
            default=1,
            minimum=1,
            maximum=65536,
            doc="groups of channels that do not mix",
            synonyms=("group", "g", "cardinality"),
        ),
        BlockField(
            "depthwise",
            FieldType.BOOL,
            default=False,
            doc="one group per channel",
            synonyms=("dw",),
        ),
        BlockField(
            "bias",
            FieldType.BOOL,
            doc="additive term; by default there unless a norm follows",
            synonyms=("use bias",),
        ),
        BlockField(
            "norm",
            FieldType.CHOICE,
            default="none",
            choices=("none", "batch", "group", "layer", "lrn"),
            doc="normalisation after the convolution",
            synonyms=("normalization", "normalisation", "batch norm", "batchnorm", "bn"),
        ),
        BlockField(
            "eps",
            FieldType.FLOAT,
            default=1e-5,
            minimum=0,
            maximum=1,
            doc="the norm's ε",
            synonyms=("epsilon",),
        ),
        BlockField(
            "momentum",
            FieldType.FLOAT,
            default=0.1,
            minimum=0,
            maximum=1,
            doc="the batch norm's momentum",
        ),
        BlockField(
            "activation",
            FieldType.CHOICE,
            choices=ACTIVATIONS,
            doc="element-wise function; ReLU unless the rows name activations themselves",
            synonyms=(
                "act",
                "act.",
                "nonlinearity",
                "non-linearity",
                "nl",
                "function",
                "activation function",
                "激活函数",
                "激活",
                "活性化関数",
                "활성화",
                "aktivierung",
                "activación",
                "активация",
            ),
        ),
        BlockField(
            "pool",
            FieldType.PAIR,
            default=(0, 0),
            minimum=0,
            maximum=512,
            doc="window of a pooling that follows, as large as its step; 0 for none",
            synonyms=("pool size", "max pool", "maxpool", "subsampling"),
        ),
        BlockField(
            "pooling",
            FieldType.CHOICE,
            default="max",
            choices=("max", "avg"),
            doc="kind of that pooling",
            synonyms=("pool type",),
        ),
        BlockField(
            "dropout",
            FieldType.FLOAT,
            default=0.0,
            minimum=0,
            maximum=1,
            doc="dropout probability after all else",
            synonyms=("drop", "drop rate", "p drop"),
        ),
    ),
    lower=lower,
    label=label,
)
