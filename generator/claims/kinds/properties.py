"""What a note says a network does: "the image size doesn't influence the number of parameters".

Qualitative statements with one meaning that can be run: parameter sharing, sparse connections,
shapes that shrink while channels grow, what a residual block computes, concatenated branches,
auxiliary outputs, bottlenecks. A sentence with a "not" that is no part of the form is left alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from generator.claims import behaviour, networks
from generator.claims.candidate import Candidate, Reading
from generator.claims.context import Context
from generator.claims.expression import Name
from generator.claims.lexicon import wordset
from generator.claims.model import Subject
from generator.claims.passage import Piece, Sentence, pattern
from generator.claims.referring import about
from generator.claims.tokens import Kind, Token

KIND = "property"

NEGATIONS = wordset("not cannot never without unlike n't no")
FALLING = wordset(
    "decline declines declining decrease decreases decreasing shrink shrinks shrinking fall "
    "falls falling drop "
    "drops reduce reduces reduced smaller down halve halves halved ↓ diminish diminishes lower"
)
RISING = wordset(
    "increase increases increasing rise rises rising grow grows growing double doubles doubled "
    "up more larger "
    "↑ higher deeper"
)
SPATIAL = wordset(
    "height width heights widths spatial resolution size sizes n_h n_w h w dimensions"
)
CHANNELS = wordset("channel channels fmap filters depth n_c c")

DEPENDS = (
    r"(?:influence|influences|affect|affects|change|changes|matter|matters|impact|impacts|"
    r"determine|determines|depend|depends|dependent|alter|alters|grow|grows|increase|increases|"
    r"scale|scales)"
)
IMAGE_SIZE = (
    r"(?:(?:size|sizes|dimensions?|resolution|height|width|spatial) <*of and the or an a height "
    r"width size your original input whole*>(?:image|input)|(?:image|input)(?: image)? (?:'s |' "
    r"s )?(?:spatial )?(?:size|sizes|dimensions?|resolution|height|width)|resolution|large the "
    r"(?:image|input)|big the (?:image|input)|larger (?:image|input))"
)
PARAMETERS = r"(?:parameter|weight)"
FREE = tuple(
    pattern(text)
    for text in (
        rf"{IMAGE_SIZE} <..3>(?:not|n't|never|doesn|does not) <..3>{DEPENDS} <..6>{PARAMETERS}",
        rf"{PARAMETERS} <..8>(?:independent|regardless|irrespective|unaffected|no matter|"
        rf"independently|without matter) <..5>{IMAGE_SIZE}",
        rf"{PARAMETERS} <..6>(?:not|n't|never) <..2>{DEPENDS} <..4>{IMAGE_SIZE}",
        rf"{PARAMETERS} <..4>(?:stays?|remains?|be)(?: the)? (?:same|constant|fixed|unchanged) "
        rf"<..8>{IMAGE_SIZE}",
        rf"(?:no matter|regardless|irrespective|independent|whatever|without matter) "
        rf"<..6>{IMAGE_SIZE}(?: [^\s#@%~;]+){{0,8}} {PARAMETERS}",
    )
)
BOUND = tuple(
    pattern(text)
    for text in (
        rf"{IMAGE_SIZE} <..2>{DEPENDS} <..6>{PARAMETERS}",
        rf"{PARAMETERS} <..4>{DEPENDS} <..3>{IMAGE_SIZE}",
    )
)
SHARED = tuple(
    pattern(text)
    for text in (
        rf"{PARAMETERS} sharing|sharing (?:of )?(?:the )?{PARAMETERS}|shared {PARAMETERS}",
        rf"same (?:{PARAMETERS}|filters?|set) <..6>(?:position|positions|location|locations|part|"
        rf"parts|region|regions|places|everywhere|patches|image)",
        rf"shares? <..3>{PARAMETERS} <..5>(?:position|positions|location|locations|space|image|"
        rf"everywhere|places)",
        r"(?:filters?|feature detectors?|detectors?) <..8>useful(?: [^\s#@%~;]+){0,16} (?:parts?|"
        r"elsewhere|regions?|places)",
    )
)
SPARSE = tuple(
    pattern(text)
    for text in (
        r"connection sparsity|sparsity of (?:the )?connections?|sparse (?:connections?|"
        r"connectivity|interactions?)|local connectivity",
        r"each output <..6>depends? <..2>(?:small|few|limited|handful|tiny|local|patch|"
        r"subset)(?: [^\s#@%~.;]+){0,3}",
        r"each (?:output|unit) <..5>(?:connected|sees|see|depends?)(?: only)? (?:to|on)?(?: "
        r"only)? <..2>(?:local|small|few|patch|region)(?: [^\s#@%~.;]+){0,3}",
    )
)
SAME_CONV = tuple(
    pattern(text)
    for text in (
        r"same (?:conv|pad) <..12>(?:same|equal|identical|match|matching|matches|unchanged) "
        r"<..2>(?:dimensions?|size|sizes|shape|height|resolution)",
        r"same (?:conv|pad) <..8>(?:keep|keeps|preserve|preserves|preserving|maintain|maintains|"
        r"retain|retains) <..5>(?:dimensions?|size|shape|height|width|resolution)",
        r"(?:same|equal|identical) (?:dimensions?|size|shape) <..10>same (?:conv|pad)",
    )
)
CONCATENATED = pattern(
    r"(?:concatenated?|concatenates?|concatenating|concatenation|concat|stacked along (?:the "
    r")?channel|joined along (?:the )?channel)"
)
COMBINED = pattern(
    r"(?:conv|filters?)(?: [^\s#~%.;]+){0,10} same pad(?: [^\s#~%.;]+){0,4} @\d+ conv"
)
CHEAPER = tuple(
    pattern(text)
    for text in (
        r"@\d+ conv <..8>(?:minimi[sz]es?|reduces?|reducing|reduce|cuts?|cutting|lowers?|lower|"
        r"saves?|shrinks?|decreases?) <..4>(?:cost|computation|computations|operation|compute|"
        r"mult|expense|costs?)",
        r"(?:minimi[sz]es?|reduces?|cuts?|lowers?|saves?|decreases?) <..3>(?:cost|computation|"
        r"computations|operation|compute|mult|costs?) <..8>@\d+ conv",
        r"(?:this|which|it|that) (?:minimi[sz]es?|reduces?|cuts?|lowers?|decreases?) "
        r"<..2>(?:computation|computational) (?:cost|costs)",
    )
)
AUXILIARY = pattern(
    r"(?:auxiliary|additional|extra|side|intermediate|aux) <..3>(?:softmax|classifiers?|branch|"
    r"branches|heads?|outputs?|output|logits)"
)
BOTTLENECK = pattern(
    r"(?:bottleneck|bottle neck|bottle-neck|inverted residual)(?: [^\s#@%~;]+){0,30} "
    r"(?:pointwise|project|projects|projection|projected)"
)
IDENTITY = tuple(
    pattern(text)
    for text in (
        r"(?:weight|branch)(?: [^\s@%~.;]+){0,6} (?:zero|zeros|#\d+)(?: [^\s@%~.;]+){0,10} "
        r"(?:identity|input|unchanged)",
        r"(?:residual|block|shortcut)(?: [^\s@%~.;]+){0,14} (?:identity|input)(?: "
        r"[^\s@%~.;]+){0,10} (?:zero|zeros|#\d+)",
        r"(?:zero|zeros)(?: [^\s@%~.;]+){0,14} (?:identity|input|unchanged)",
        r"input <..8>(?:added|adds?|added back|summed) <..6>(?:output|branch|block|layer|"
        r"activation)",
        r"adds? <..5>input <..6>(?:output|branch)",
    )
)
POOL_FREE = pattern(
    r"pool <..4>(?:have|without|contains|no|add|adds|introduces?|need|learn|learns) "
    r"<..2>(?:(?:no|without|zero|not any|nothing) <*trainable learnable learned extra additional "
    r"to*>(?:parameter|weight|learn)|(?:trainable|learnable) parameter)"
)
POOL_CHANNELS = pattern(
    r"pool <..6>(?:keeps?|preserves?|not change|leaves?|does not change|not affect) "
    r"<..5>(?:channel|depth)"
)
ONE_BY_ONE = pattern(
    r"(?P<k>@\d+) conv <..4>(?:keeps?|preserves?|leaves?|not change|retains?|maintains?) "
    r"<..4>(?:height|width|spatial|size|resolution)"
)
DROPOUT = pattern(r"dropout <..6>(?:only|exclusively) <..4>(?:training|train)")


def recognise(context: Context) -> Iterator[Candidate]:
    """Find qualitative statements that can be run."""
    yield from _formulas(context)
    for sentence in context.sentences:
        if sentence.question:
            continue
        yield from _size_free(context, sentence)
        yield from _pyramid(context, sentence)
        negated = bool(set(sentence.gist.split()) & NEGATIONS)
        for forms, name, check in (
            (SHARED, "shared", behaviour.shared),
            (SPARSE, "sparse", behaviour.sparse),
            (SAME_CONV, "", behaviour.keeps_size),
            ((CONCATENATED, COMBINED), "", behaviour.concatenated),
            (CHEAPER, "", behaviour.cheaper),
            ((AUXILIARY,), "", behaviour.auxiliary),
            ((BOTTLENECK,), "", behaviour.inverted),
            (IDENTITY, "", behaviour.residual),
        ):
            for form in forms:
                found = next(iter(sentence.find(form)), None)
                if found is None or negated:
                    continue
                candidate = _candidate(context, sentence, found.first, found.last, name, check)
                if candidate is not None:
                    yield candidate
                    break
        yield from _layers(context, sentence, negated=negated)


def _size_free(context: Context, sentence: Sentence) -> Iterator[Candidate]:
    """Whether the parameters depend on the image's size, either way round."""
    convolutional = context.speaks_of("conv", "filter", "filters", "cnn", "convnet", "cnns") or (
        context.subject is not None
    )
    if not convolutional or sentence.has("fc", "mlp", "perceptron"):
        return
    for forms, stated in ((FREE, True), (BOUND, False)):
        for form in forms:
            found = next(iter(sentence.find(form)), None)
            if found is None:
                continue
            if not stated and set(sentence.gist.split()) & NEGATIONS:
                return
            candidate = _candidate(
                context, sentence, found.first, found.last, "size free", behaviour.size_free,
                stated=stated,
            )  # fmt: skip
            if candidate is not None:
                yield candidate
            return


def _candidate(
    context: Context,
    sentence: Sentence,
    first: int,
    last: int,
    layer: str,
    check: Callable[[Subject], Reading | None],
    *,
    stated: bool = True,
) -> Candidate | None:
    subject, reading = _reading(context, sentence, first, check)
    if (
        reading is None
        and layer
        and context.speaks_of("conv", "filter", "filters", "cnn", "convnet")
    ):
        reading = behaviour.LAYERS[layer]
    if reading is None:
        return None
    if not stated:
        negation = Reading(not reading.value, f"it does not: {reading.how}", "", _refuted(reading))
        reading = negation
    pieces = sentence.pieces
    return Candidate(
        KIND,
        sentence.start,
        sentence.end,
        pieces[first].start,
        True,
        (reading,),
        subject=subject.name if subject else "",
        expected=" ".join(each.word or each.gist for each in pieces[first:last] if each.word)[:80],
    )


def _refuted(reading: Reading) -> tuple[str, ...]:
    """The test of a statement that denies a property: it fails where the property holds."""
    return tuple(
        line.replace("check_size_free(", "check_size_bound(").replace(
            "check_layer_size_free(", "check_layer_size_bound("
        )
        for line in reading.setup
    )


def _reading(
    context: Context, sentence: Sentence, index: int, check: Callable[[Subject], Reading | None]
) -> tuple[Subject | None, Reading | None]:
    """Decide a property for the network meant, or one its family's name stands for."""
    named = context.mentions(sentence)
    subject, explicit = about(context, sentence, index, named)
    if subject is None:
        return None, None
    reading = check(subject)
    if reading is None or reading.value is not True:
        others = networks.alternatives(subject, named=explicit and subject.name != subject.family)
        for name in others:
            other = context.catalogue.get(name)
            found = check(other) if other is not None else None
            if other is not None and found is not None and found.value is True:
                return other, found
    return subject, reading


def _pyramid(context: Context, sentence: Sentence) -> Iterator[Candidate]:
    """Height and width fall while channels rise: the direction said of each."""
    words = [_spoken(each) for each in sentence.pieces]
    spatial = _direction(words, SPATIAL)
    channels = _direction(words, CHANNELS)
    if not spatial or not channels or set(words) & NEGATIONS:
        return
    if sentence.has("pool") and not sentence.has("deeper", "layer", "network", "go"):
        return
    falls = spatial == "falling" and channels == "rising"
    rises = spatial == "rising" and channels == "falling"
    if not (falls or rises):
        return
    subject, reading = _reading(context, sentence, 0, behaviour.pyramid)
    if reading is None:
        return
    if rises and reading.value is True:
        reading = Reading(
            False,
            reading.how,
            "",
            tuple(
                each.replace("check_pyramid", "check_inverted_pyramid") for each in reading.setup
            ),
        )
    elif rises:
        return
    yield Candidate(
        KIND,
        sentence.start,
        sentence.end,
        sentence.start,
        True,
        (reading,),
        subject=subject.name if subject else "",
        expected="height and width fall, channels rise"
        if falls
        else "height and width rise, channels fall",
    )


def _spoken(piece: Piece) -> str:
    """A piece as a word; a variable by its name (``n_H`` → ``n_h``)."""
    return piece.expression.name.lower() if isinstance(piece.expression, Name) else piece.gist


def _direction(words: list[str], nouns: frozenset[str]) -> str:
    """The direction said of the first of these nouns: the nearest word after it, else before."""
    for at, word in enumerate(words):
        if word not in nouns:
            continue
        for after in words[at + 1 : at + 9]:
            if after in FALLING:
                return "falling"
            if after in RISING:
                return "rising"
        for before in reversed(words[max(0, at - 4) : at]):
            if before in FALLING:
                return "falling"
            if before in RISING:
                return "rising"
    return ""


def _layers(context: Context, sentence: Sentence, *, negated: bool) -> Iterator[Candidate]:
    """Statements true of every layer of a kind."""
    for form, name in (
        (POOL_FREE, "pool without parameters"),
        (POOL_CHANNELS, "pool keeps channels"),
        (ONE_BY_ONE, "1x1 keeps size"),
        (DROPOUT, "dropout in training"),
    ):
        found = next(iter(sentence.find(form)), None)
        if found is None:
            continue
        if name == "1x1 keeps size" and sentence.pieces[found.first].size[:2] != (1, 1):
            continue
        gist = found.match.group(0)
        if name == "pool without parameters" and not any(
            each in gist.split() for each in ("no", "without", "zero", "nothing")
        ):
            continue
        if negated and name in ("dropout in training", "1x1 keeps size") and "not" in sentence.gist:
            continue
        pieces = sentence.pieces[found.first : found.last]
        yield Candidate(
            KIND,
            sentence.start,
            sentence.end,
            pieces[0].start,
            True,
            (behaviour.LAYERS[name],),
            expected=" ".join(each.word for each in pieces if each.word)[:80],
        )
    del context


# ------------------------------------------------------------------ formulas of residual blocks


def _formulas(context: Context) -> Iterator[Candidate]:
    """``a^{[l+2]} = g(W(g(Wa+b)) + b + a^{[l]})``, ``y = F(x) + x``, ``a^{[l]} → a^{[l+2]}``."""
    tokens = [each for each in context.passage.tokens if each.math]
    if not tokens:
        return
    found = _skip(tokens)
    if found is None:
        return
    holds, layers = found
    for count in (layers, None) if layers else (None,):
        check = partial(behaviour.residual, layers=count)
        sentence = context.sentences[0]
        subject, reading = _reading(context, sentence, 0, check)
        if reading is None:
            continue
        if not holds:
            reading = Reading(
                False, f"the input is added: {reading.how}", "",
                tuple(each.replace("check_residual(", "check_difference(") for each in reading.setup),
            )  # fmt: skip
        yield Candidate(
            KIND,
            tokens[0].start,
            tokens[-1].end,
            tokens[0].start,
            True,
            (reading,),
            subject=subject.name if subject else "",
            expected="the block's input is added to its output"
            if holds
            else "the input is subtracted",
        )
        return


def _skip(tokens: list[Token]) -> tuple[bool, int | None] | None:
    """Read a residual formula: (whether the input is added, how many layers it goes around)."""
    words = [each for each in tokens if each.kind is Kind.WORD]
    if not words:
        return None
    equals = next((at for at, each in enumerate(tokens) if each.is_op("=")), None)
    arrow = next((at for at, each in enumerate(tokens) if each.is_op("→")), None)
    if equals is None and arrow is not None:
        return _jump(tokens[:arrow], tokens[arrow + 1 :])
    right = tokens if equals is None else tokens[equals + 1 :]
    while right and right[-1].is_op(")", "]", "}", "."):
        right = right[:-1]
    if len(right) < 4 or right[-1].kind is not Kind.WORD or not right[-2].is_op("+", "-"):
        return None
    added = right[-1].text
    calls = sum(
        each.kind is Kind.WORD and right[at + 1].is_op("(")
        for at, each in enumerate(right[:-1])
        if len(each.text.partition("_")[0]) == 1 or each.text.lower() in ("relu", "sigma", "phi")
    )
    if not calls:
        return None
    base = added.partition("[")[0].partition("_")[0]
    left = tokens[0].text if tokens[0].kind is Kind.WORD else ""
    same_base = "[" in added and left.startswith(base) and left != added
    inside = any(each.text == added for each in right[:-1])
    if not (same_base or inside):
        return None
    layers = 2 if "+2" in left.replace(" ", "") else 3 if "+3" in left.replace(" ", "") else None
    return right[-2].text == "+", layers


def _jump(left: list[Token], right: list[Token]) -> tuple[bool, int | None] | None:
    """``a^{l} → a^{l+2}``: an activation passed around two layers."""
    first = "".join(each.text for each in left).replace("^", "").replace("{", "[").replace("}", "]")
    second = (
        "".join(each.text for each in right).replace("^", "").replace("{", "[").replace("}", "]")
    )
    if first.endswith("[l]") and second == first.replace("[l]", "[l+2]"):
        return True, 2
    return None
