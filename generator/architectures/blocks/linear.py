"""The fully connected row: affine map, then optional norm, activation and dropout."""

from __future__ import annotations

from generator.architectures.blocks.fields import BlockField, BlockType, Fields, FieldType
from generator.architectures.builder import ACTIVATIONS, Builder, Names
from generator.architectures.ir import Dropout, Flatten


def lower(builder: Builder, fields: Fields, names: Names) -> None:
    """Add flatten where a map arrives, then linear → norm → activation → dropout."""
    if len(builder.shape) != 1:
        builder.add(Flatten())
    norm = fields.text("norm")
    builder.linear(
        fields.integer("width"),
        names.module("linear"),
        bias=fields.flag("bias") if fields.given("bias") else norm == "none",
    )
    if norm != "none":
        builder.norm(norm, names.module("norm"))
    function = fields.text("activation") if fields.given("activation") else "none"
    if function not in ("none", "softmax"):
        builder.activation(function, names.module("activation", functional=True))
    if fields.number("dropout") > 0:
        builder.add(Dropout(fields.number("dropout")), names.module("dropout", functional=True))


def label(fields: Fields) -> str:
    """Write ``linear 4096``."""
    return f"linear {fields.integer('width')}"


BLOCK = BlockType(
    name="linear",
    synonyms=(
        "fc",
        "dense",
        "fully connected",
        "fully-connected",
        "fully connected layer",
        "inner product",
        "output",
        "classifier",
        "dense layer",
        "linear layer",
        "full connection",
        "fc layer",
        "全连接",
        "全连接层",
        "全結合",
        "全結合層",
        "완전연결",
        "완전연결층",
        "vollverbunden",
        "полносвязный",
    ),
    doc="Affine map of a vector; a feature map that reaches it is flattened.",
    fields=(
        BlockField(
            "width",
            FieldType.INT,
            required=True,
            minimum=1,
            maximum=1_000_000,
            doc="output features",
            synonyms=(
                "units",
                "neurons",
                "features",
                "out features",
                "out_features",
                "size",
                "filters",
                "channels",
                "out channels",
                "output channels",
                "outputs",
                "out",
                "maps",
                "nodes",
                "feature maps",
                "feature map",
                "number of filters",
                "hidden",
                "cout",
                "depth",
                "c",
                "num filters",
                "# filters",
                "#filters",
                "通道数",
                "通道",
                "输出通道",
                "输出通道数",
                "出力チャネル",
                "출력채널",
                "神经元",
                "神经元数",
                "单元数",
                "ユニット数",
                "뉴런",
                "채널",
            ),
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
            choices=("none", "batch"),
            doc="normalisation after it",
            synonyms=("normalization", "normalisation", "batch norm", "batchnorm", "bn"),
        ),
        BlockField(
            "activation",
            FieldType.CHOICE,
            choices=ACTIVATIONS,
            doc="element-wise function; ReLU on hidden layers unless rows name activations",
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
