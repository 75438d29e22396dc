"""What a note says a network does: "the image size doesn't influence the number of parameters".

Qualitative statements with one meaning that can be run. What a sentence says of a property (that it
holds, that it does not, or nothing) is read in ``sayings``, from concepts and the verbs and denials
between them; here stand the properties, and what decides them: a network's structure, or a layer by
itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from generator.claims import behaviour, build
from generator.claims.candidate import Candidate, Reading
from generator.claims.context import Context
from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.passage import Sentence
from generator.claims.referring import property_reading
from generator.claims.sayings import (
    blocks,
    channels,
    convolutions,
    dense,
    fields,
    filters,
    gradients,
    layers,
    narrow,
    points,
    sequences,
    sizes,
)
from generator.claims.sayings.convolutions import LARGEST_KERNEL
from generator.claims.single_layers import LAYERS
from generator.claims.wording import Concept, Spoken, Words, spoken

KIND = "property"

GENERIC, EXAMPLE = "convnet", "vgg16"  # "a ConvNet" is any of them
# Words of a sentence that supposes or reports what it says.
SUPPOSED = wordset(
    "suppose supposing imagine would could might hypothetically thought believed believe "
    "guessed myth wrong wrongly incorrect mistakenly misconception false typo supposedly allegedly "
    "claimed claims rumour todo think thinks thinking mistake"
)


PRONOUNS = wordset("they it these")
OPENING = 3  # words of a sentence that its pronoun is among
SHORT = 6  # fewer make a fragment
# Layers that a pronoun of the next sentence may stand for.
TOPICS = wordset("1x1 1×1s pointwise depthwise pool shortcut relu dropout rnn lstm conv")


@dataclass(frozen=True, slots=True)
class Blocks:
    """A sort of blocks: the words of a heading that is about them, those of a sentence, and the network that
    shows what they do."""

    headed: tuple[Concept, ...]
    spoken: Concept
    example: str


OTHERS = wordset("densenet unet u-net highway transformer attention pre-activation preactivation")
RESIDUAL = Blocks(
    (wordset("resnet resnets residual"),),
    wordset("residual-block residual-blocks resnet resnets"),
    "resnet50",
)
INVERTED = Blocks(
    (
        wordset("mobilenetv2 mobilenet_v2 mobilenet mobilenets"),
        wordset("v2 mobilenetv2 mobilenet_v2"),
    ),
    wordset("inverted mobilenetv2"),
    "mobilenet_v2",
)


@dataclass(frozen=True, slots=True)
class Property:
    """A property: what a sentence says of it, how a network decides it, and in which words it is
    shown where it is affirmed and where it is denied.

    ``layer`` is its reading for a layer by itself (a key of ``LAYERS``), where no network
    decides it; ``anywhere`` needs no word of convolutions for that. A ``general`` property is one of
    convolutional networks in general, shown by an example where none is described. Of an ``exact`` one
    the denial is true of the networks that do not have it.
    """

    says: Callable[[Spoken], bool | None]
    affirmed: str
    denied: str
    check: Callable[[Subject], Reading | None] | None = None
    layer: str = ""
    anywhere: bool = False
    general: bool = False
    exact: bool = False
    lettered: bool = False  # an equation in letters may deny it
    blocks: Blocks | None = None  # those it is one of, where no network is described


PROPERTIES: tuple[Property, ...] = (
    Property(
        convolutions.size_free,
        "the number of parameters does not depend on the image's size",
        "the number of parameters depends on the image's size",
        behaviour.size_free,
        "size free",
    ),
    Property(
        convolutions.shared,
        "the same weights at every position",
        "other weights at every position",
        behaviour.shared,
        "shared",
    ),
    Property(
        convolutions.one_for_all,
        "each filter has weights of its own",
        "all filters have the same weights",
        layer="own weights",
        anywhere=True,
    ),
    Property(
        convolutions.sparse,
        "an output depends on few inputs",
        "an output depends on all inputs",
        behaviour.sparse,
        "sparse",
    ),
    Property(
        convolutions.pyramid,
        "height and width fall, channels rise",
        "height and width rise, channels fall",
        behaviour.pyramid,
        general=True,
    ),
    Property(
        sizes.keeps_size,
        "same convolutions keep the size",
        "same convolutions change the size",
        behaviour.keeps_size,
        "same",
        anywhere=True,
    ),
    Property(
        sizes.unpadded,
        "convolutions without padding shrink the map",
        "convolutions without padding keep the size",
        layer="valid",
        anywhere=True,
    ),
    Property(
        points.point_keeps_size,
        "a 1×1 convolution keeps the size",
        "a 1×1 convolution changes the size",
        layer="1x1 keeps size",
        anywhere=True,
    ),
    Property(
        points.point_changes_channels,
        "a 1×1 convolution changes the number of channels",
        "a 1×1 convolution keeps the number of channels",
        layer="1x1 changes channels",
        anywhere=True,
    ),
    Property(
        points.point_sees_one,
        "a 1×1 convolution sees one position",
        "a 1×1 convolution sees its neighbourhood",
        layer="1x1 sees one",
        anywhere=True,
    ),
    Property(
        points.cheaper,
        "1×1 convolutions cut the cost",
        "1×1 convolutions raise the cost",
        behaviour.cheaper,
    ),
    Property(
        points.cheaper_separable,
        "separable convolutions cut the cost",
        "separable convolutions do not cut the cost",
        behaviour.separable,
    ),
    Property(
        channels.points_mix,
        "a 1×1 convolution mixes the channels",
        "a 1×1 convolution keeps the channels apart",
        layer="1x1 mixes",
        anywhere=True,
    ),
    Property(
        channels.one_filter_a_channel,
        "a depthwise convolution filters each channel by itself",
        "a depthwise convolution mixes channels",
        behaviour.depthwise,
        "depthwise",
    ),
    Property(
        channels.thinner_is_lighter,
        "thinner layers have fewer parameters",
        "thinner layers have no fewer parameters",
        layer="thinner",
        anywhere=True,
    ),
    Property(
        channels.filter_depth,
        "a filter is as deep as its input",
        "a filter is not as deep as its input",
        layer="filter depth",
        anywhere=True,
    ),
    Property(
        channels.output_depth,
        "the number of filters sets the output's channels",
        "the number of filters does not set the output's channels",
        layer="output depth",
        anywhere=True,
    ),
    Property(
        dense.dense_sized,
        "a fully connected layer's weights depend on the image's size",
        "a fully connected layer's weights do not depend on the image's size",
        layer="dense sized",
        anywhere=True,
    ),
    Property(
        fields.corners,
        "fewer positions of the filter cover a corner than the middle",
        "as many positions of the filter cover a corner as the middle, or more",
        layer="corners",
        anywhere=True,
    ),
    Property(
        filters.correlated,
        "convolution layers do not flip their filters",
        "convolution layers flip their filters",
        layer="correlation",
        anywhere=True,
    ),
    Property(
        filters.valid_means,
        "valid convolutions have no padding, same ones keep the size",
        "valid convolutions are padded, or same ones are not",
        layer="valid",
        anywhere=True,
        lettered=True,
    ),
    Property(
        filters.even_filters,
        "no symmetric padding keeps the size under an even filter",
        "symmetric padding keeps the size under an even filter",
        layer="even filters",
        anywhere=True,
    ),
    Property(
        filters.bias_each,
        "a convolution has a bias for each filter",
        "a convolution has another number of biases than of filters",
        layer="biases",
        anywhere=True,
    ),
    Property(
        fields.early_growth,
        "the earlier a stride, the faster the receptive field grows",
        "an earlier stride does not make the receptive field grow faster",
        layer="early stride",
        anywhere=True,
    ),
    Property(
        fields.dilation_free,
        "dilation widens the receptive field without more weights",
        "dilation needs more weights",
        layer="dilation",
        anywhere=True,
    ),
    Property(
        blocks.concatenated,
        "branches are concatenated",
        "branches are not concatenated along the channels",
        behaviour.concatenated,
    ),
    Property(
        blocks.adds_input,
        "a block adds its input to its branch",
        "a block does not add its input to its branch",
        behaviour.residual,
        blocks=RESIDUAL,
    ),
    Property(
        blocks.zero_branch,
        "a block whose branch is zero gives its input",
        "a block whose branch is zero gives something else than its input",
        behaviour.residual,
        blocks=RESIDUAL,
    ),
    Property(
        blocks.adds_first,
        "the sum comes before the activation",
        "the sum comes after the activation",
        behaviour.activated_sum,
        blocks=RESIDUAL,
    ),
    Property(
        blocks.auxiliary,
        "auxiliary outputs in training only",
        "auxiliary outputs after training",
        behaviour.auxiliary,
    ),
    Property(
        blocks.inverted,
        "the bottleneck expands, filters and projects",
        "the bottleneck has other steps",
        behaviour.inverted,
        blocks=INVERTED,
    ),
    Property(
        narrow.thin_middle,
        "the bottleneck is narrow in the middle",
        "the bottleneck is wide in the middle",
        build.thin_middle,
    ),
    Property(
        narrow.wide_middle,
        "the inverted bottleneck is wide in the middle",
        "the inverted bottleneck is narrow in the middle",
        build.wide_middle,
        blocks=INVERTED,
    ),
    Property(
        narrow.identity_free,
        "identity shortcuts have no parameters",
        "identity shortcuts have parameters",
        build.identity_free,
        blocks=RESIDUAL,
    ),
    Property(
        narrow.pools_shrink,
        "only pooling makes the maps smaller",
        "convolutions make the maps smaller",
        build.pools_shrink,
        exact=True,
    ),
    Property(
        narrow.overlapping,
        "pooling windows overlap",
        "pooling windows do not overlap",
        build.overlapping,
        exact=True,
    ),
    Property(
        blocks.linear_projection,
        "only the projection is linear",
        "an activation follows the projection, or none another step",
        behaviour.inverted,
        blocks=INVERTED,
    ),
    Property(
        layers.parameter_free,
        "pooling, activations and dropout have no parameters",
        "pooling, activations or dropout have parameters",
        layer="parameter-free",
        anywhere=True,
    ),
    Property(
        layers.norms_learn,
        "norms and embeddings have parameters",
        "norms or embeddings have no parameters",
        layer="norms",
        anywhere=True,
    ),
    Property(
        layers.pool_keeps_channels,
        "pooling keeps the number of channels",
        "pooling changes the number of channels",
        layer="pool keeps channels",
        anywhere=True,
    ),
    Property(
        layers.pool_halves,
        "pooling of 2×2 halves height and width",
        "pooling of 2×2 does not halve height and width",
        layer="pool halves",
        anywhere=True,
    ),
    Property(
        gradients.max_routes,
        "max pooling passes the gradient to one input of a window",
        "max pooling passes the gradient to more than one input of a window",
        layer="max gradient",
        anywhere=True,
    ),
    Property(
        gradients.average_spreads,
        "average pooling spreads the gradient evenly",
        "average pooling gives an input another part of the gradient",
        layer="average gradient",
        anywhere=True,
    ),
    Property(
        gradients.statistics_untrained,
        "running statistics are not learnt",
        "running statistics are learnt",
        layer="statistics",
        anywhere=True,
    ),
    Property(
        layers.dropout_off,
        "dropout works in training only",
        "dropout works after training",
        layer="dropout in training",
        anywhere=True,
    ),
    Property(
        sequences.order_blind,
        "self-attention without positions does not see the order",
        "self-attention without positions sees the order",
        layer="order blind",
        anywhere=True,
    ),
    Property(
        sequences.length_free,
        "a recurrent layer's parameters do not depend on the length",
        "a recurrent layer's parameters depend on the length",
        layer="length free",
        anywhere=True,
    ),
    Property(
        sequences.heads_free,
        "the number of heads does not change the weights",
        "the number of heads changes the weights",
        layer="heads free",
        anywhere=True,
    ),
    Property(
        sequences.causal,
        "a causal mask hides what comes later",
        "a causal mask hides what came before",
        layer="causal",
        anywhere=True,
    ),
)


def recognise(context: Context) -> Iterator[Candidate]:
    """Find qualitative statements that can be run."""
    before: Words | None = None
    for sentence, own in zip(context.sentences, context.lines, strict=True):
        words = _with_topic(own, before)
        before = words if words.has(TOPICS) else before
        if sentence.question:
            continue
        said = stated_part(spoken(words))
        if said is None:
            continue
        for nth, each in enumerate(PROPERTIES):
            stated = each.says(said)
            if stated is None or (not stated and _written_out(sentence, said, each)):
                continue
            candidate = _candidate(context, sentence, nth, each, stated=stated)
            if candidate is not None:
                yield candidate


def _with_topic(words: Words, before: Words | None) -> Words:
    """A fragment, or a sentence that begins with a pronoun, with the layers spoken of before it."""
    short = len(words.terms) < SHORT
    if before is None or words.has(TOPICS - {"conv"}):
        return words
    if not short and not words.part(0, OPENING).has(PRONOUNS):
        return words
    topics = [each for each in before.terms if each.means(TOPICS)]
    return Words((*topics[:2], *words.terms)) if topics else words


def _written_out(sentence: Sentence, said: Spoken, told: Property) -> bool:
    """Whether a sentence is an equation in letters, whose words alone do not say what it denies."""
    if told.lettered or not sentence.has("=") or "~" not in sentence.sorts:
        return False
    clauses = tuple(each for each in said.clauses if not each.has("="))
    return told.says(_joined(clauses)) is not False


def _joined(clauses: tuple[Words, ...]) -> Spoken:
    return Spoken(Words(tuple(term for each in clauses for term in each.terms)), clauses)


def stated_part(said: Spoken) -> Spoken | None:
    """Leave out the clauses that suppose or report."""
    if not said.whole.has(SUPPOSED):
        return said
    if said.whole.has("if") and said.whole.has("would", "could", "might"):
        return None
    clauses = tuple(each for each in said.clauses if not each.has(SUPPOSED))
    return _joined(clauses)


def _candidate(
    context: Context, sentence: Sentence, nth: int, told: Property, *, stated: bool
) -> Candidate | None:
    """Several properties of one sentence begin at different characters, so that each is kept."""
    subject, reading = (
        property_reading(context, sentence, 0, told.check) if told.check else (None, None)
    )
    convolutional = context.speaks_of(
        "conv", "convolutions", "filter", "filters", "cnn", "cnns", "convnet"
    )
    if reading is None and told.layer and (convolutional or told.anywhere):
        reading = LAYERS[told.layer]
    if subject is None and reading is None and told.check is not None and told.blocks is not None:
        shown = _example(context, sentence, told.blocks)
        subject, reading = shown, told.check(shown) if shown is not None else None
    unsettled = reading is None or reading.value is not True
    if (
        unsettled
        and told.general
        and (subject is None or subject.name == GENERIC)
        and convolutional
    ):
        example = context.catalogue.get(EXAMPLE)
        if example is not None and told.check is not None:
            subject, reading = None, told.check(example)
    if reading is None or (not stated and reading.value is not True and not told.exact):
        return None
    given = tuple(
        each.start
        for each, following in pairwise([*sentence.pieces, None])
        if each is not None
        and (
            (each.size and each.size[0] > LARGEST_KERNEL)
            or (following is not None and following.gist in ("px", "pixel", "pixels", "channel"))
        )
    )
    return Candidate(
        KIND,
        sentence.start,
        sentence.end,
        min(sentence.start + nth, sentence.end - 1),
        True,
        (reading if stated else behaviour.denied(reading),),
        subject=subject.name if subject else "",
        expected=told.affirmed if stated else told.denied,
        used=given,
    )


def _example(context: Context, sentence: Sentence, meant: Blocks) -> Subject | None:
    """The network that shows what blocks do of which a sentence or its section speaks by their name."""
    if context.mentions(sentence) or sentence.words & OTHERS or context.heading & OTHERS:
        return None
    headed = all(context.heading & each for each in meant.headed)
    return context.catalogue.get(meant.example) if headed or sentence.words & meant.spoken else None


__all__ = ["KIND", "PROPERTIES", "Property", "recognise", "stated_part"]
