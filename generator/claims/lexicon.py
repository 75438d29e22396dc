"""The words recognisers know, each under one spelling.

Two tables: single words and runs of words. Singular and plural stay apart where "a filter" and
"filters" mean different things; otherwise the singular stands for both.
"""

from __future__ import annotations

from functools import cache


@cache
def wordset(text: str) -> frozenset[str]:
    """Give the words of a text that separates them by blanks."""
    return frozenset(text.split())


def _table(rows: str) -> dict[str, str]:
    """Read ``meaning: spelling, spelling``; an indented line goes on with the one before."""
    found = {}
    meaning = ""
    for row in rows.strip().splitlines():
        head, colon, rest = row.partition(":")
        if colon:
            meaning = head.strip()
        for each in (rest if colon else head).split(","):
            if each.strip():
                found[each.strip()] = meaning
    return found


# Meaning: spellings (lower case). What is not listed stands for itself.
WORDS = _table(
    """
    filter: filter, kernel, detector
    filters: filters, kernels, detectors
    parameter: parameter, parameters, param, params, learnables
    weight: weight, weights
    channel: channel, channels, ch, chs
    map: map, maps
    conv: conv, convs, convolution, convolutions, convolutional, convnet-layer, convlayer,
        conv-layer
    convolve: convolve, convolved, convolves, convolving
    fc: fcs, fc, dense, densely-connected, fully-connected, linear, fc-layer
    layer: layer, layers
    bias: bias, biases
    stride: stride, strides, strided, step
    pad: padding, pad, padded, pads, zero-padding, zero-padded, paddings, zero-pad
    pool: pool, pooling, poolings, pooled, pools, max-pooling, maxpool, maxpooling, max-pool,
        maxpools, avgpool, average-pooling, avg-pooling, avg-pool, subsampling,
        mean-pooling, maxpool2d, avgpool2d, max-pools, avg-pools, average-pools
    global pool: gap
    auxiliary: auxiliary, aux
    unit: unit, units, neuron, neurons
    input: input, inputs
    output: output, outputs, outputting
    image: image, images, picture, pictures, photo, photos, img, imgs, pic, pics
    mult: multiplication, multiplications, multiplies, mults, multiply
    mac: mac, macs, madd, madds, multiply-add, multiply-adds, mult-add, mult-adds,
        multiply-accumulate, multiply-accumulates, multadds
    flop: flop, flops
    operation: operation, operations, ops, computations, calculations
    cost: cost
    transposed: transp, transpd, transposed, transpose, deconv, deconvolution, deconvolutional,
        deconvolutions, up-convolution, upconvolution, upconv, up-conv,
        fractionally-strided, convtranspose2d, convtranspose
    depthwise: depthwise, depth-wise, dw
    pointwise: pointwise, point-wise, pw
    separable: separable, depthwise-separable, depth-wise-separable
    dilation: dilation, dilations, dilated, atrous, dilation-rate
    gray: grayscale, greyscale, gray, grey, gray-scale, grey-scale, monochrome,
        single-channel, black-and-white, mnist
    rgb: rgb, colour, color, coloured, colored, three-channel, 3-channel
    class: class, classes
    million: million, millions, mio, mil
    billion: billion, billions
    thousand: thousand, thousands
    be: is, are, was, were, be, being, been, equals, equal, totals
    give: gives, give, giving, gave, yields, yield, yielding, gets, got, get, produces,
        produce, producing, produced, returns, results, result, leaves, leave, leaving,
        becomes, become, becoming, makes, make, creates, generates, obtain, obtained,
        obtains, left
    have: has, have, had, having, contains, contain, containing, holds, hold, comprises,
        includes, consists, possesses, learns, carries, stores
    use: uses, use, using, used, employs, apply, applying, applies, applied
    need: needs, need, needing, requires, require, requiring, costs, takes, take, taking
    about: about, around, approximately, approx, roughly, circa, nearly, almost, ca, some
    morethan: exceeding, above
    lessthan: below, under
    without: without, w/o, ignoring, excluding, excl, omitting, neglecting, disregarding,
        no, minus, bias-free
    with: with, including, incl, counting, w/
    plus: plus, adding
    each: each, every, per, single
    downsample: downsampling, downsamples
    hidden: hidden
    input channel: in-channels, in-channel, input-channels, input-channel
    output channel: out-channels, out-channel, output-channels, output-channel
    bn: batchnorm, batch-norm, batchnorm2d, batch-normalization, batch-normalisation
    standard: standard, normal, regular, ordinary, traditional, usual, conventional,
        vanilla, plain
    shortcut: shortcut, shortcuts, skip-connection, skip-connections, skip
    vector: vector, vectors
    stack: stack, stacks, stacked, stacking
    block: block, blocks
    module: module, modules
    volume: volume, volumes, tensor, tensors, cube
    """
)

# Runs of words (after single words were replaced), longest first.
RUNS = {
    ("max", "pool"): "pool",
    ("average", "pool"): "pool",
    ("avg", "pool"): "pool",
    ("mean", "pool"): "pool",
    ("zero", "pad"): "pad",
    ("fully", "connected"): "fc",
    ("densely", "connected"): "fc",
    ("feature", "map"): "fmap",
    ("activation", "map"): "fmap",
    ("feature", "filter"): "filter",
    ("feature", "filters"): "filters",
    ("receptive", "field"): "rf",
    ("receptive", "fields"): "rf",
    ("depth", "wise"): "depthwise",
    ("point", "wise"): "pointwise",
    ("multiply", "add"): "mac",
    ("mult", "adds"): "mac",
    ("mult", "add"): "mac",
    ("multiply", "adds"): "mac",
    ("multiply", "accumulate"): "mac",
    ("bias", "term"): "bias",
    ("bias", "terms"): "bias",
    ("bias", "parameter"): "bias",
    ("bias", "value"): "bias",
    ("bias", "weight"): "bias",
    ("weight", "parameter"): "parameter",
    ("weight", "layer"): "weighted layer",
    ("up", "conv"): "transposed",
    ("fractionally", "stride"): "transposed",
    ("filter", "size"): "filter size",
    ("floating", "point", "operation"): "flop",
    ("comes", "to"): "be",
    ("amounts", "to"): "be",
    ("amount", "to"): "be",
    ("sum", "to"): "be",
    ("add", "up", "to"): "be",
    ("come", "to"): "be",
    ("adds", "up", "to"): "be",
    ("works", "out", "to"): "be",
    ("consists", "of"): "have",
    ("single", "channel"): "gray",
    ("black", "and", "white"): "gray",
    ("more", "than"): "morethan",
    ("greater", "than"): "morethan",
    ("larger", "than"): "morethan",
    ("at", "least"): "morethan",
    ("less", "than"): "lessthan",
    ("fewer", "than"): "lessthan",
    ("at", "most"): "lessthan",
    ("up", "to"): "upto",
    ("output", "pad"): "output-pad",
    ("close", "to"): "about",
    ("in", "the", "order", "of"): "about",
    ("on", "the", "order", "of"): "about",
    ("a", "total", "of"): "total",
    ("batch", "norm"): "bn",
    ("batch", "normalization"): "bn",
    ("batch", "normalisation"): "bn",
    ("layer", "norm"): "layernorm",
    ("residual", "block"): "residual-block",
    ("residual", "blocks"): "residual-blocks",
    ("skip", "connection"): "shortcut",
    ("skip", "connections"): "shortcut",
}
LONGEST_RUN = 4

NUMERALS = {
    each: index
    for index, each in enumerate(
        (
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        )
    )
} | {"hundred": 100, "thirty": 30, "forty": 40, "fifty": 50, "thirty-two": 32, "sixty-four": 64}

MULTIPLIERS = {"k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9, "B": 10**9, "T": 10**12}
MULTIPLIER_WORDS = {
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "mn": 10**6,
    "mil": 10**6,
    "mill": 10**6,
    "mio": 10**6,
    "bn": 10**9,
}
# Units that carry a multiplier in their spelling: GFLOPs, MMACs, GMAC, BFLOPs.
RATE_PREFIX = {"k": 10**3, "m": 10**6, "g": 10**9, "b": 10**9, "t": 10**12}
RATE_UNITS = {
    "flop": "flop",
    "flops": "flop",
    "mac": "mac",
    "macs": "mac",
    "madd": "mac",
    "madds": "mac",
    "mult-adds": "mac",
    "multadds": "mac",
    "ops": "operation",
    "param": "parameter",
    "params": "parameter",
}

# Words that are so often mistyped, and have no neighbour in English, that a letter wrong, missing, doubled
# or swapped makes no difference.
TYPED = wordset(
    "parameters parameter multiplications convolution convolutions convolutional channels depthwise "
    "pointwise activations auxiliary"
)


@cache
def meaning(word: str) -> str:
    """Give the canonical word for one as written (lower case), mistyped ones included."""
    if word in WORDS or len(word) < SHORTEST or not word.isalpha():
        return WORDS.get(word, word)
    near = next((each for each in sorted(TYPED) if _near(word, each)), word)
    return WORDS.get(near, near)


SHORTEST = 7


def _near(word: str, other: str) -> bool:
    """Whether one letter makes the difference, or two that are swapped."""
    if abs(len(word) - len(other)) > 1:
        return False
    start = next((at for at, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), -1)
    if start < 0:
        return True
    one, two = word[start:], other[start:]
    swapped = one[:2] == two[1::-1] and one[2:] == two[2:]
    return swapped or one[1:] == two[1:] or one[1:] == two or one == two[1:]


ABBREVIATIONS = wordset(
    "transp transpd e.g eg i.e ie vs approx fig eq cf ca resp etc al incl excl no sec"
)

# Names of networks that are written like other words.
OTHER_NETWORKS = wordset(
    "transformer xception unet densenet squeezenet shufflenet darknet perceptron efficientnet "
    "convnext swin wavenet autoencoder perceiver bert gpt vit yolo"
)
# What is written like a network's name and is none: data sets, frameworks, units, parts.
NO_NETWORKS = wordset(
    "imagenet ilsvrc cifar mnist coco voc svhn stl iclr cvpr neurips nips iccv eccv pytorch torch "
    "tensorflow torchvision keras caffe numpy gpu cpu tpu ram cuda titan nvidia amd relu gelu silu "
    "sgd adam adamw rmsprop rgb rgba bgr cnn rnn mlp dnn convnet lrn flop mflop gflop tflop gmac mmac "
    "mac top lstm gap gmp batchnorm dropout maxpool avgpool softmax conv fc c f s b note todo figure and the "
    "not all only pdf url html json api"
)

# Words of a sentence that supposes, reports or doubts what it says.
SUPPOSING = wordset(
    "if suppose supposing assume assuming imagine would could might should hypothetically whether "
    "thought believed guess guessed guessing expected expect blogs rumour rumor until todo "
    "let's say myth wrong wrongly incorrect incorrectly mistakenly false typo misprint supposedly "
    "allegedly claimed claims"
)
