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
        "max gradient": Reading(
            True, "of a window of max pooling, the largest input has the gradient, the others have none", "",
            (
                "window = torch.tensor([[[1.0, 2.0], [4.0, 3.0]]], requires_grad=True)",
                "nn.MaxPool2d(2)(window).sum().backward()",
                "assert window.grad.tolist() == [[[0, 0], [1, 0]]]",
            ),
        ),
        "average gradient": Reading(
            True, "each input of a window of average pooling has the same part of the gradient", "",
            (
                "window = torch.rand(1, 3, 3, requires_grad=True)",
                "nn.AvgPool2d(3)(window).sum().backward()",
                "assert torch.allclose(window.grad, torch.full((1, 3, 3), 1 / 9))",
            ),
        ),
        "statistics": Reading(
            True, "a batch norm learns a weight and a bias, its running statistics are buffers", "",
            ('assert [name for name, _ in nn.BatchNorm2d(4).named_parameters()] == ["weight", "bias"]',),
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
        "1x1 mixes": Reading(
            True, "every output channel of a 1×1 convolution depends on every input channel", "",
            ("check_mixing(nn.Conv2d(8, 4, 1))",),
        ),
        "thinner": Reading(
            True, "with half the channels a layer has about a quarter of the weights", "",
            ("assert parameters(nn.Conv2d(16, 32, 1)) < parameters(nn.Conv2d(32, 64, 1))",),
        ),
        "filter depth": Reading(
            True, "a filter has a slice for each channel of its input", "",
            ("assert nn.Conv2d(3, 8, 5).weight.shape[1] == 3",),
        ),
        "output depth": Reading(
            True, "each filter gives one channel of the output", "",
            ('assert output(nn.Conv2d(3, 8, 5, device="meta"), (3, 9, 7))[0] == 8',),
        ),
        "dense sized": Reading(
            True, "a fully connected layer has a weight for every input value, a convolution k·k·c a filter", "",
            (
                "assert parameters(nn.Linear(3 * 9 * 9, 4)) < parameters(nn.Linear(3 * 18 * 18, 4))",
                "check_layer_size_free(nn.Conv2d(3, 8, 3))",
            ),
        ),
        "correlation": Reading(
            True, "an output is the sum of the window's values times the weights at the same places", "",
            (
                "layer, window = nn.Conv2d(1, 1, 3, bias=False), torch.rand(1, 1, 3, 3)",
                "assert torch.allclose(layer(window).sum(), (window * layer.weight).sum(), atol=1e-6)",
            ),
        ),
        "even filters": Reading(
            True, "n + 2p − f + 1 is n only if f is odd", "",
            ("assert all(conv_side(n=9, f=f, p=p) != 9 for f in (2, 4, 6) for p in range(6))",),
        ),
        "biases": Reading(
            True, "each filter has one bias", "",
            ("assert nn.Conv2d(3, 8, 5).bias.shape == nn.Conv2d(4, 8, 3).bias.shape == (8,)",),
        ),
        "corners": Reading(
            True, "1 position of a window covers a corner, k·k the middle", "",
            (
                "found = coverage(nn.Conv2d(1, 1, 3), 9)",
                "assert found[0][0] == 1 < found[4][4] == 3 * 3",
            ),
        ),
        "early stride": Reading(
            True, "3×3 with strides 2, 1, 1 sees 11, with strides 1, 1, 2 only 7", "",
            (
                "early, late = ([nn.Conv2d(1, 1, 3, s) for s in strides] for strides in ((2, 1, 1), (1, 1, 2)))",
                "assert seen(*early) == 11 > seen(*late) == 7",
            ),
        ),
        "dilation": Reading(
            True, "a 3×3 convolution with dilation 2 sees 5×5 with 9 weights", "",
            (
                "wide = nn.Conv2d(1, 1, 3, dilation=2)",
                "assert seen(wide) == 5 > seen(nn.Conv2d(1, 1, 3)) == 3",
                "assert parameters(wide) == parameters(nn.Conv2d(1, 1, 3))",
            ),
        ),
        "order blind": Reading(
            True, "permuted tokens give self-attention's outputs in the permuted order", "",
            ("check_permuted(nn.MultiheadAttention(8, 2, batch_first=True))",),
        ),
        "length free": Reading(
            True, "the same weights serve at every time step", "",
            ("check_any_length(nn.LSTM(8, 16, batch_first=True))",),
        ),
        "heads free": Reading(
            True, "the projections are d × d, shared out to the heads", "",
            ("assert len({parameters(nn.MultiheadAttention(48, heads)) for heads in (1, 8, 16)}) == 1",),
        ),
        "causal": Reading(
            True, "behind a causal mask a token depends on itself and on those before it", "",
            ("check_causal(nn.MultiheadAttention(8, 2, batch_first=True))",),
        ),
        "dropout in training": Reading(
            True, "dropout passes everything on in evaluation", "",
            ("check_dropout(nn.Dropout(0.5))",),
        ),
    }
)  # fmt: skip
