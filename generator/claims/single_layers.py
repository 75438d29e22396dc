"""What holds for every layer of a kind, with the Python that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from generator.claims.candidate import Reading

LAYERS: Mapping[str, Reading] = MappingProxyType(
    {
        "size free": Reading(
            True, "a convolution has filters·(k·k·c) weights at any size", "",
            ("check_layer_size_free(nn.Conv2d(3, 8, 3))",),
        ),
        "shared": Reading(
            True, "a shifted input shifts a convolution's output", "",
            ("check_shift(nn.Conv2d(3, 8, 3))",),
        ),
        "sparse": Reading(
            True, "an output of a convolution depends on k·k·c inputs", "",
            ("check_sparsity(nn.Conv2d(3, 8, 3))",),
        ),
        "depthwise": Reading(
            True, "a depthwise convolution has as many filters as channels", "",
            ("assert parameters(nn.Conv2d(8, 8, 3, groups=8, bias=False)) == 8 * 3 * 3",),
        ),
        "own weights": Reading(
            True, "each filter of a convolution has weights of its own", "",
            ("assert parameters(nn.Conv2d(3, 8, 3)) == 8 * parameters(nn.Conv2d(3, 1, 3))",),
        ),
        "same": Reading(
            True, "a same convolution of stride 1 pads (k − 1)/2 on each side", "",
            ('assert output(nn.Conv2d(3, 5, 3, padding="same"), (3, 9, 7)) == (5, 9, 7)',),
        ),
        "valid": Reading(
            True, "without padding n − k + 1 positions are left", "",
            ('assert output(nn.Conv2d(3, 5, 3, device="meta"), (3, 9, 7)) == (5, 7, 5)',),
        ),
        "parameter-free": Reading(
            True, "pooling, activations, softmax, dropout and flattening have no weights", "",
            (
                "assert all(parameters(each) == 0 for each in (nn.MaxPool2d(2), nn.ReLU(), nn.Flatten()))",
                "assert parameters(nn.Softmax(1)) == parameters(nn.Dropout()) == 0",
            ),
        ),
        "norms": Reading(
            True, "a norm learns a scale and a shift, an embedding its vectors", "",
            ("assert parameters(nn.BatchNorm2d(8)) == parameters(nn.LayerNorm(8)) == 16",),
        ),
        "pool halves": Reading(
            True, "2×2 pooling with stride 2 leaves every second row and column", "",
            ("assert output(nn.MaxPool2d(2), (7, 8, 8)) == (7, 4, 4)",),
        ),
        "pool keeps channels": Reading(
            True, "pooling works on each channel by itself", "",
            ("assert output(nn.MaxPool2d(2), (7, 8, 8))[0] == 7",),
        ),
        "1x1 keeps size": Reading(
            True, "a 1×1 convolution sees one position and gives one", "",
            ('assert output(nn.Conv2d(16, 4, 1, device="meta"), (16, 9, 7)) == (4, 9, 7)',),
        ),
        "1x1 changes channels": Reading(
            True, "a 1×1 convolution gives as many channels as it has filters", "",
            ('assert output(nn.Conv2d(16, 4, 1, device="meta"), (16, 9, 7)) == (4, 9, 7)',),
        ),
        "1x1 sees one": Reading(
            True, "an output of a 1×1 convolution depends on one position", "",
            ("check_sparsity(nn.Conv2d(8, 4, 1))",),
        ),
        "dropout in training": Reading(
            True, "dropout passes everything on in evaluation", "",
            ("check_dropout(nn.Dropout(0.5))",),
        ),
    }
)  # fmt: skip
