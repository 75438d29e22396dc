"""Small families for tests, in the shape of the real ones but independent of their files."""

from __future__ import annotations

from types import MappingProxyType

from generator.architectures.model import (
    Family,
    NetworkSpec,
    Parameter,
    ParamType,
    ParamValue,
    Variant,
)

CLASSES = Parameter("num_classes", ParamType.INT, 1000, "Classes.", 1, 100_000, (), ("classes",))
DROPOUT = Parameter("dropout", ParamType.FLOAT, 0.5, "Dropout probability.", 0.0, 0.99)


def variant(name: str, *aliases: str, **params: ParamValue) -> Variant:
    """A published variant."""
    return Variant(name, MappingProxyType(params), f"{name}.", aliases, published=True)


def network(
    module: str, *variants: Variant, parameters: tuple[Parameter, ...] = (CLASSES, DROPOUT)
) -> NetworkSpec:
    """A network class without rows."""
    return NetworkSpec(module, module.title(), parameters, variants, (), f"{module}.", ())


CONVNET = Family(
    "convnet",
    "Convolutional network",
    (
        *("convnet", "CNN", "convolutional network", "convolutional neural network"),
        *(
            "卷积神经网络",
            "卷積神經網路",
            "畳み込みニューラルネットワーク",
            "합성곱 신경망",
            "Faltungsnetz",
        ),
        *(
            "Faltungsnetzwerk",
            "Faltungsnetze",
            "Faltungsnetzwerke",
            "réseau de neurones convolutif",
        ),
        *("réseaux de neurones convolutifs", "red neuronal convolucional"),
        *("redes neuronales convolucionales", "rede neural convolucional"),
        *("rete neurale convoluzionale", "свёрточная нейронная сеть", "свёрточные нейронные сети"),
        *("згорткова нейронна мережа", "mạng nơ-ron tích chập", "evrişimli sinir ağları"),
        "الشبكات العصبية الالتفافية",
    ),
    "convnet",
    (network("convnet", variant("convnet")),),
    homonyms=("CNN",),
)
LENET = Family(
    "lenet",
    "LeNet",
    ("LeNet",),
    "lenet5",
    (
        network("lenet5", variant("lenet5", "LeNet-5")),
        network("lenet5_1998", variant("lenet5_1998")),
    ),
)
ALEXNET = Family(
    "alexnet",
    "AlexNet",
    ("AlexNet",),
    "alexnet",
    (network("alexnet", variant("alexnet")), network("alexnet_2012", variant("alexnet_2012"))),
)
VGG = Family(
    "vgg",
    "VGG",
    ("VGG", "VGGNet", "Very Deep Convolutional Networks for Large-Scale Image Recognition"),
    "vgg16",
    (
        network(
            "vgg",
            *(variant(f"vgg{n}") for n in (11, 13, 16, 19)),
            *(variant(f"vgg{n}_bn", batch_norm=True) for n in (11, 13, 16, 19)),
            parameters=(
                CLASSES,
                DROPOUT,
                Parameter("batch_norm", ParamType.BOOL, False, "Batch normalisation."),
                Parameter("hidden", ParamType.INT, 4096, "Hidden width.", 1, 100_000),
                Parameter("widths", ParamType.INTS, (64, 128), "Widths.", 1, 4096),
                Parameter(
                    "activation", ParamType.CHOICE, "relu", "Function.", choices=("relu", "tanh")
                ),
                Parameter(
                    "stages",
                    ParamType.ROWS,
                    (MappingProxyType({"width": 64, "kernels": (3, 3), "pool": 2}),),
                    "Stages.",
                ),
            ),
        ),
    ),
)
RESNET = Family(
    "resnet",
    "ResNet",
    (
        *("ResNet", "residual network", "residual neural network", "deep residual network"),
        *("Deep Residual Learning", "Deep Residual Learning for Image Recognition"),
        *("残差网络", "残差ネットワーク", "réseau résiduel", "réseaux résiduels"),
    ),
    "resnet50",
    (
        network(
            "resnet",
            *(variant(f"resnet{n}") for n in (18, 34, 50, 101, 152)),
            variant("resnext50_32x4d"),
            variant("wide_resnet50_2"),
        ),
        network("resnet_cifar", variant("resnet20_cifar", "ResNet-20"), parameters=(CLASSES,)),
    ),
)
INCEPTION = Family(
    "inception",
    "Inception",
    ("Inception", "GoogLeNet", "GoogleNet", "Going deeper with convolutions"),
    "googlenet",
    (
        network("googlenet", variant("googlenet", "Inception v1")),
        network("inception_v3", variant("inception_v3")),
    ),
    homonyms=("Inception",),
)
MOBILENET = Family(
    "mobilenet",
    "MobileNet",
    (
        "MobileNet",
        "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications",
    ),
    "mobilenet_v2",
    (
        network("mobilenet_v1", variant("mobilenet_v1")),
        network("mobilenet_v2", variant("mobilenet_v2")),
        network(
            "mobilenet_v3",
            variant("mobilenet_v3_large", "mobilenet_v3"),
            variant("mobilenet_v3_small"),
        ),
    ),
    hints=MappingProxyType(
        {"mobilenet_v2": ("bottleneck",), "mobilenet_v3_large": ("hard swish",)}
    ),
)
FAMILIES = (CONVNET, LENET, ALEXNET, VGG, RESNET, INCEPTION, MOBILENET)
