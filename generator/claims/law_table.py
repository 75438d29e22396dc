"""The table of laws: what each computes, in which roles, and the words that speak of it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from generator.claims.laws import COST, COUNT, Form, Law
from generator.claims.lexicon import wordset


def _kinds(**roles: str) -> Mapping[str, frozenset[str]]:
    return MappingProxyType({role: wordset(kinds) for role, kinds in roles.items()})


def _window_fits(v: Mapping[str, int]) -> bool:
    return v["n"] + 2 * v["p"] >= v["d"] * (v["f"] - 1) + 1 and 2 * v["p"] <= v["f"] + 1


LAYER = wordset(
    "conv filter filters pad stride pool kernel layer image transposed same valid upsampling dilation"
)
TRANSPOSED = wordset("transposed upsampling upsample upsamples")
SIZE = wordset(
    "output size dimension dimensions width height result shape map fmap resulting becomes side "
    "resolution formula volume length values"
)
OUTPUTS = wordset(
    "o O out output n_out W_out H_out w_out h_out W_o H_o o_h o_w n' W' H' W_2 H_2 O_h O_w n_o L_out "
    "size width height side n_H n_W i'"
)
FIELD = wordset("rf receptive see sees seen view look field fields")
_SIZES = {
    "n": (7, 8, 12, 15), "f": (1, 2, 3, 5), "p": (0, 1, 2), "s": (1, 2, 3), "d": (1, 2)
}  # fmt: skip
_SMALL = (1, 2, 5, 7)
_PADDED = _kinds(n="size inputs", f="kernel", p="pad", s="stride", d="dilation")
_COUNTED = _kinds(k="kernel", c="inputs channels", n="outputs channels")


# What else of separable convolutions is written in the same letters: what is saved, how many times as much
# a standard one costs, the costs of both and of their steps at one position.
_RELATED = tuple(
    Form(compute, shown, meant=False)
    for compute, shown in (
        (lambda n, f, **_: 1 - Fraction(1, n) - Fraction(1, f * f), "1 - 1/N - 1/f²"),
        (lambda n, f, **_: Fraction(n * f * f, n + f * f), "N·f²/(N + f²)"),
        (lambda n, f, c: c * (f * f + n), "f²·M + M·N"),
        (lambda n, f, **_: f * f + n, "f² + N"),
        (lambda n, f, c: f * f * c * n, "f²·M·N"),
        (lambda n, f, **_: f * f * n, "f²·N"),
        (lambda f, c, **_: f * f * c, "f²·M"),
        (lambda n, c, **_: c * n, "M·N"),
    )
)


def _recurrent(gates: int, layer: str) -> tuple[Form, ...]:
    shown = f"{gates}·" if gates > 1 else ""
    cell = f"nn.{layer}({{x}}, {{h}})"
    return (
        Form(
            lambda x, h: gates * (h * (h + x) + h),
            f"{shown}(h·(h+x) + h)",
            f"(parameters({cell}) - {gates} * {{h}})",
            bias=True,
        ),
        Form(
            lambda x, h: gates * (h * (h + x) + 2 * h),
            f"{shown}(h·(h+x) + 2h)",
            f"parameters({cell})",
            bias=True,
        ),
        Form(
            lambda x, h: gates * h * (h + x),
            f"{shown}h·(h+x)",
            f"(parameters({cell}) - {2 * gates} * {{h}})",
            bias=False,
        ),
    )


LAWS: tuple[Law, ...] = (
    Law(
        "transposed size",
        LAYER,
        SIZE,
        _PADDED,
        (
            Form(
                lambda n, f, p, s, d: Fraction((n - 1) * s - 2 * p + d * (f - 1) + 1),
                "(n-1)·s+f-2p",
                "transposed_side(n={n}, f={f}, p={p}, s={s}, d={d})",
            ),
        ),
        _SIZES,
        MappingProxyType({"p": 0, "d": 1}),
        OUTPUTS,
        TRANSPOSED,
        fits=_window_fits,
        spatial=True,
        loops="points",
    ),
    Law(
        "output size",
        LAYER,
        SIZE,
        _PADDED,
        (
            Form(
                lambda n, f, p, s, d: Fraction(n + 2 * p - d * (f - 1) - 1, s) + 1,
                "⌊(n+2p-f)/s⌋+1",
                "conv_side(n={n}, f={f}, p={p}, s={s}, d={d})",
            ),
            Form(
                lambda n, f, p, s, d: Fraction(n + p - d * (f - 1) - 1, s) + 1,
                "p for both borders",
                meant=False,
            ),
        ),
        _SIZES,
        MappingProxyType({"p": 0, "s": 1, "d": 1}),
        OUTPUTS,
        never=TRANSPOSED,
        fits=_window_fits,
        spatial=True,
        loops="points",
    ),
    Law(
        "same padding",
        wordset("same pad padding conv filter keep keeps size zeros stride"),
        wordset("pad zeros rows border"),
        _kinds(f="kernel", d="dilation"),
        (
            Form(
                lambda f, d: Fraction(d * (f - 1), 2),
                "(f-1)/2",
                "next(p for p in range(9) if conv_side(n=15, f={f}, p=p, d={d}) == 15)",
            ),
            Form(lambda f, d: d * (f - 1), "both borders together", meant=False),
            Form(lambda f, d: Fraction(d * f, 2), "rounded down", meant=False),
        ),
        MappingProxyType({"f": (1, 3, 5, 7), "d": (1, 2)}),
        MappingProxyType({"d": 1}),
        wordset("p P pad padding p_same"),
    ),
    Law(
        "dilated kernel",
        wordset("dilation"),
        wordset(
            "reach reaches cover covers span spans sees see effective positions pixel rf stretches "
            "wide field size kernel filter"
        ),
        _kinds(f="kernel", d="dilation"),
        (
            Form(
                lambda f, d: d * (f - 1) + 1,
                "d·(f-1)+1",
                "(17 - conv_side(n=16, f={f}, d={d}))",
            ),
        ),
        MappingProxyType({"f": (1, 2, 3, 5), "d": (1, 2, 3)}),
        left=wordset("k_eff k' f_eff f' K' K_eff r R"),
        certain=wordset("reach reaches cover covers span spans effective sees rf stretches wide"),
    ),
    Law(
        "parameters of a convolution",
        wordset("conv filter filters kernel cnn transposed pointwise conv2d nn.conv2d"),
        COUNT,
        _COUNTED,
        (
            Form(
                lambda k, c, n: n * (k * k * c + 1),
                "n·(k·k·c + 1)",
                "parameters(nn.Conv2d({c}, {n}, {k}))",
                bias=True,
            ),
            Form(
                lambda k, c, n: n * k * k * c,
                "n·k·k·c",
                "parameters(nn.Conv2d({c}, {n}, {k}, bias=False))",
                bias=False,
            ),
        ),
        MappingProxyType({"k": (1, 3, 5), "c": (1, 2, 7), "n": (1, 4, 6)}),
        MappingProxyType({"c": 1, "n": 1}),
        wordset("params parameters P N_p #params weights"),
        never=wordset("depthwise separable grouped groups"),
    ),
    Law(
        "parameters of a convolution",
        wordset("conv filter filters kernel cnn transposed pointwise conv2d nn.conv2d"),
        COUNT,
        _kinds(k="kernel", w="kernel", c="inputs channels", n="outputs channels"),
        (
            Form(
                lambda k, w, c, n: n * (k * w * c + 1),
                "n·(k·w·c + 1)",
                "parameters(nn.Conv2d({c}, {n}, ({k}, {w})))",
                bias=True,
            ),
            Form(
                lambda k, w, c, n: n * k * w * c,
                "n·k·w·c",
                "parameters(nn.Conv2d({c}, {n}, ({k}, {w}), bias=False))",
                bias=False,
            ),
        ),
        MappingProxyType({"k": (1, 3, 5), "w": (2, 3), "c": (1, 2, 7), "n": (1, 4, 6)}),
        MappingProxyType({"c": 1, "n": 1}),
        wordset("params parameters P N_p #params weights"),
        never=wordset("depthwise separable grouped groups"),
    ),
    Law(
        "parameters of a fully connected layer",
        wordset("fc mlp input unit"),
        COUNT,
        _kinds(i="inputs", o="outputs hidden"),
        (
            Form(
                lambda i, o: i * o + o,
                "inputs·outputs + outputs",
                "parameters(nn.Linear({i}, {o}))",
                bias=True,
            ),
            Form(
                lambda i, o: i * o,
                "inputs·outputs",
                "parameters(nn.Linear({i}, {o}, bias=False))",
                bias=False,
            ),
        ),
        MappingProxyType({"i": _SMALL, "o": (1, 3, 4, 6)}),
        left=wordset("params parameters P N_p #params weights"),
        never=wordset("conv filter filters pointwise depthwise lstm gru rnn recurrent"),
    ),
    Law(
        "parameters of a depthwise convolution",
        wordset("depthwise"),
        COUNT,
        _kinds(k="kernel", c="inputs channels outputs"),
        (
            Form(
                lambda k, c: k * k * c,
                "k·k·c",
                "parameters(nn.Conv2d({c}, {c}, {k}, groups={c}, bias=False))",
                bias=False,
            ),
            Form(
                lambda k, c: k * k * c + c,
                "k·k·c + c",
                "parameters(nn.Conv2d({c}, {c}, {k}, groups={c}))",
                bias=True,
            ),
        ),
        MappingProxyType({"k": (1, 3, 5), "c": (2, 5, 7)}),
        never=wordset("separable pointwise pair standard"),
    ),
    Law(
        "parameters of a separable convolution",
        wordset("separable pointwise"),
        COUNT,
        _COUNTED,
        (
            Form(
                lambda k, c, n: k * k * c + c * n,
                "k·k·c + c·n",
                "parameters(nn.Sequential(nn.Conv2d({c}, {c}, {k}, groups={c}, bias=False), "
                "nn.Conv2d({c}, {n}, 1, bias=False)))",
                bias=False,
            ),
            Form(
                lambda k, c, n: k * k * c + c + c * n + n,
                "k·k·c + c + c·n + n",
                "parameters(nn.Sequential(nn.Conv2d({c}, {c}, {k}, groups={c}), "
                "nn.Conv2d({c}, {n}, 1)))",
                bias=True,
            ),
            Form(lambda k, c, n: n * k * k * c, "n·k·k·c of a standard one", meant=False),
        ),
        MappingProxyType({"k": (1, 3, 5), "c": (2, 5, 7), "n": (1, 4, 6)}),
        certain=wordset("separable"),
    ),
    Law(
        "cost of a separable convolution",
        wordset("depthwise separable"),
        wordset(
            "cost need ratio fraction share part relative reduction of work price mult standard saves "
            "saving compared over dividing quotient"
        ),
        _kinds(n="outputs channels", f="kernel", c="inputs"),
        (
            Form(
                lambda n, f, **_: Fraction(1, n) + Fraction(1, f * f),
                "1/N + 1/f²",
                "separable_share(n={n}, f={f})",
            ),
            Form(lambda f, **_: Fraction(1, f * f), "for many channels", meant=False),
            *_RELATED,
        ),
        MappingProxyType({"n": (4, 64, 512), "f": (3, 5), "c": (6,)}),
        MappingProxyType({"n": 64, "c": 6}),
    ),
    Law(
        "cost of a convolution",
        wordset("conv filter filters kernel"),
        COST,
        _kinds(h="size", w="size", k="kernel", c="inputs channels", n="outputs channels"),
        (
            Form(
                lambda h, w, k, c, n: h * w * k * k * c * n,
                "H·W·k·k·c·n",
                "multiply_adds(nn.Conv2d({c}, {n}, {k}, bias=False), "
                "({c}, {h} + {k} - 1, {w} + {k} - 1))",
            ),
        ),
        MappingProxyType({"h": (4, 7), "w": (5, 6), "k": (1, 3), "c": (2, 5), "n": (3, 4)}),
        never=wordset("depthwise separable pointwise"),
    ),
    Law(
        "parameters of an LSTM",
        wordset("lstm"),
        COUNT,
        _kinds(x="inputs size width", h="hidden outputs"),
        _recurrent(4, "LSTM"),
        MappingProxyType({"x": (2, 3, 5), "h": (1, 4, 7)}),
        left=wordset("params parameters P N N_p #params weights"),
        never=wordset("gru"),
    ),
    Law(
        "parameters of a GRU",
        wordset("gru"),
        COUNT,
        _kinds(x="inputs size width", h="hidden outputs"),
        _recurrent(3, "GRU"),
        MappingProxyType({"x": (2, 3, 5), "h": (1, 4, 7)}),
        left=wordset("params parameters P N N_p #params weights"),
        never=wordset("lstm"),
    ),
    Law(
        "parameters of a recurrent layer",
        wordset("rnn recurrent"),
        COUNT,
        _kinds(x="inputs size width", h="hidden outputs"),
        _recurrent(1, "RNN"),
        MappingProxyType({"x": (2, 3, 5), "h": (1, 4, 7)}),
        left=wordset("params parameters P N N_p #params weights"),
        never=wordset("lstm gru"),
    ),
    Law(
        "parameters of a normalisation layer",
        wordset("bn layernorm batchnorm groupnorm norm"),
        COUNT,
        _kinds(c="inputs outputs channels width size"),
        (Form(lambda c: 2 * c, "2·c", "parameters(nn.BatchNorm2d({c}))"),),
        MappingProxyType({"c": (2, 3, 7)}),
        never=wordset("conv filter filters statistics running buffers"),
    ),
    Law(
        "parameters of an embedding",
        wordset("embedding"),
        COUNT,
        _kinds(v="vocab tokens", d="width size"),
        (Form(lambda v, d: v * d, "V·d", "parameters(nn.Embedding({v}, {d}))", bias=False),),
        MappingProxyType({"v": (2, 3, 7), "d": (4, 5)}),
    ),
    Law(
        "parameters of the attention projections",
        wordset("attention projections"),
        COUNT,
        _kinds(d="width size"),
        (
            Form(
                lambda d: 4 * d * d,
                "4·d²",
                "parameters(nn.MultiheadAttention({d}, 1, bias=False))",
                bias=False,
            ),
            Form(
                lambda d: 4 * d * d + 4 * d,
                "4·d² + 4·d",
                "parameters(nn.MultiheadAttention({d}, 1))",
                bias=True,
            ),
            Form(lambda d: 3 * d * d, "without the output projection", meant=False),
            Form(lambda d: 3 * d * d + 3 * d, "without the output projection", meant=False),
        ),
        MappingProxyType({"d": (2, 3, 7)}),
        certain=wordset("four output projections"),
        never=wordset("feed-forward ffn mlp block scores"),
    ),
    Law(
        "parameters of a feed-forward block",
        wordset("feed-forward ffn mlp feedforward"),
        COUNT,
        _kinds(d="width size inputs"),
        (
            Form(
                lambda d: 8 * d * d,
                "8·d²",
                "parameters(nn.Sequential(nn.Linear({d}, 4 * {d}, bias=False), "
                "nn.Linear(4 * {d}, {d}, bias=False)))",
                bias=False,
            ),
            Form(
                lambda d: 8 * d * d + 5 * d,
                "8·d² + 5·d",
                "parameters(nn.Sequential(nn.Linear({d}, 4 * {d}), nn.Linear(4 * {d}, {d})))",
                bias=True,
            ),
        ),
        MappingProxyType({"d": (2, 3, 7)}),
        certain=wordset("feed-forward ffn feedforward"),
        never=wordset("attention"),
    ),
    Law(
        "receptive field",
        wordset("rf receptive see sees"),
        FIELD,
        _kinds(n="depth", k="kernel"),
        (
            Form(
                lambda n, k: n * (k - 1) + 1,
                "n·(k-1)+1",
                "seen(*[nn.Conv2d(1, 1, {k}) for _ in range({n})])",
            ),
        ),
        MappingProxyType({"n": (1, 2, 3, 4), "k": (2, 3, 5)}),
        left=wordset("r R rf RF r_n r_L R_n R_L"),
        never=wordset("dilation pool strides"),
        spatial=True,
    ),
    Law(
        "growth of the receptive field",
        wordset("rf receptive field see sees"),
        FIELD | wordset("grows"),
        _kinds(r="rf", k="kernel", j="stride jump"),
        (
            Form(
                lambda r, k, j: r + (k - 1) * j,
                "r + (k-1)·j",
                "seen(nn.Conv2d(1, 1, {r}, stride={j}), nn.Conv2d(1, 1, {k}))",
            ),
        ),
        MappingProxyType({"r": (3, 5, 7), "k": (2, 3, 5), "j": (1, 2, 3)}),
        MappingProxyType({"j": 1}),
        wordset("r R RF rf"),
    ),
    Law(
        "connections of a dense block",
        wordset("connections"),
        wordset("connections"),
        _kinds(n="depth"),
        (
            Form(lambda n: Fraction(n * (n + 1), 2), "n·(n+1)/2", "sum(range(1, {n} + 1))"),
            Form(lambda n: Fraction(n * (n - 1), 2), "between the layers alone", meant=False),
        ),
        MappingProxyType({"n": (1, 2, 5, 8)}),
        certain=wordset("direct dense densenet"),
    ),
)
