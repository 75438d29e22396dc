"""What sentences say of blocks: sums, concatenations, auxiliary heads, inverted bottlenecks."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from generator.claims.lexicon import wordset
from generator.claims.sayings.concepts import (
    ACTIVATIONS,
    ADDING,
    AVERAGING,
    CHANNELS,
    CONCATENATING,
    EVALUATION,
    MULTIPLYING,
    OFF,
    ON,
    SUBTRACTING,
    TRAINING,
)
from generator.claims.wording import NEGATIONS, STOPS, Concept, Spoken, Words, forms

# ------------------------------------------------------------------ how parts are combined

STACKING = forms("stack join glue append line lay put merge combine stick") | wordset(
    "laid glued stuck stack lined"
)
TOGETHER = wordset(
    "along together depth depthwise channel behind other another onto side concatenation depth-wise"
)
BRANCHES = wordset("branch branches path paths")
COMBINING: Mapping[str, Concept] = {
    "sum": ADDING,
    "concatenation": CONCATENATING,
    "product": MULTIPLYING,
    "mean": AVERAGING,
    "difference": SUBTRACTING,
    "maximum": wordset("maximum max"),
}


def _units(said: Spoken) -> tuple[Words, ...]:
    """The clauses, or all of them together where one goes on with another: "not added but …"."""
    together = said.whole.has("but") and said.whole.has(NEGATIONS)
    return (said.whole,) if together else said.clauses


def combined(words: Words) -> set[str]:
    """How parts are said to be combined; "not added but concatenated" says one."""
    found = {
        how
        for how, concept in COMBINING.items()
        if any(words.affirmed(at) for at in words.at(concept))
    }
    stacks = [at for at in words.at(STACKING) if words.affirmed(at)]
    joined = any(words.part(at, at + 8).has(TOGETHER) for at in stacks)
    joined = joined or (bool(stacks) and words.has(BRANCHES) and words.has(CHANNELS))
    if joined and not found & {"sum"}:
        found.add("concatenation")
    return found


# ------------------------------------------------------------------ parallel branches

JOINED = BRANCHES | wordset(
    "output outputs result results filter filters feature features conv operation map maps fmap channel layer "
    "activations parallel"
)
OTHER_AXES = wordset("height width spatial batch rows row columns column vertically horizontally")
ENSEMBLES = wordset("networks models ensemble scores plotted number times factor")
MANY = 4  # more are channels, not branches
ASIDE = wordset("auxiliar auxiliary additional extra residual shortcut residual-block bias parameter weight "
                "learning networks models ensemble stage")  # fmt: skip


def concatenated(said: Spoken) -> bool | None:
    """The outputs of parallel branches are concatenated along the channels."""
    whole = said.whole
    for words in _units(said):
        if words.has("if", *ENSEMBLES) or not (words.has(JOINED) or whole.has(BRANCHES)):
            continue
        how = combined(words)
        if how == {"concatenation"}:
            axis = [at for at in words.at(wordset("along in across on over axis")) if at]
            wrong = any(words.part(at, at + 4).has(OTHER_AXES) for at in axis)
            same = words.before(wordset("same"), OTHER_AXES, 3)
            return not wrong or same or words.has(CHANNELS)
        wrongly = how if "concatenation" not in how else set()
        if any(each.count > MANY for each in words.terms):
            continue
        if wrongly and _of_branches(words, whole) and not whole.has(ASIDE):
            return False
    # "Several convolutions combined through same padding"
    return (
        True if whole.has("combined") and whole.before(wordset("same"), wordset("pad"), 1) else None
    )


def _of_branches(words: Words, whole: Words) -> bool:
    """Whether a sum, product or mean is one of branches."""
    passive = words.before(wordset("be get"), forms("add sum multiply average"), 5)
    many = words.has(BRANCHES) and (words.has("output", "outputs", "module", "block") or passive)
    many = many or (words.has(BRANCHES) and words.has("elementwise", "element-wise", "element"))
    of = words.before(forms("add sum multiply average") | wordset("sum product mean maximum adding"),
                      BRANCHES | wordset("outputs output results"), 5)  # fmt: skip
    return words.has(BRANCHES, "module") and (of or many or passive) and whole.has(
        "output", "outputs", "results", "element", "elementwise", "together", "up", "branch", "branches",
        "path", "paths",
    )  # fmt: skip


# ------------------------------------------------------------------ residual blocks

SHORTCUTS = wordset(
    "resnet resnets shortcut identity residual residual-block residual-blocks skip skips"
)
CARRIED = wordset("input x signal enters shortcut identity it al a^l")
COMPUTED = wordset(
    "output outputs branch path f conv layers layer compute computes main result what fx f(x)"
)
NOT_RESIDUAL = wordset(
    "densenet unet parameter rate bias lstm attention highway training gradient gradients million"
)


def adds_input(said: Spoken) -> bool | None:
    """A residual block adds its input to its branch."""
    if said.whole.has(NOT_RESIDUAL):
        return None
    for words in _units(said):
        block = words.has(SHORTCUTS) or (words.has("block") and words.has(CARRIED | COMPUTED))
        named = said.whole.has("block", "resnet", "resnets", "residual")
        if not block and not (words.has(CARRIED) and named):
            continue
        how = combined(words)
        if not how or not (words.has(CARRIED) or words.has(SHORTCUTS)):
            continue
        if words.before(ADDING, wordset("conv 1x1 filters bn"), 3) or words.has(ENSEMBLES):
            continue
        if how == {"sum"}:
            twofold = words.has(COMPUTED) or words.has("block", "back", "addition", "added", "adds")
            if twofold and not words.has("bn", "pool", "layer-norm"):
                return True
        elif (
            "sum" not in how
            and (words.has(COMPUTED) or words.has("channel"))
            and not words.has("number")
        ):
            return False
    return None


ZEROS = wordset("zero zeros zeroed vanish vanishes 0")
CONDITIONS = wordset("if when once with should suppose set as where for after whose for even zero")
SAME_AGAIN = wordset(
    "identity input unchanged itself same x al a^l through onward forwards given shortcut untouched"
)
PASSING = (
    forms("output return yield pass hand forward become turn emit deliver reproduce equal copy remain let "
          "vanish double carry do act behave") | wordset("give be comes output identity mapping function → map "
                                                         "learn outputs outputting simply does")
)  # fmt: skip
TWICE = wordset("double doubles twice doubling negates halves")


def zero_branch(said: Spoken) -> bool | None:
    """A block whose branch is zero gives its input."""
    whole = said.whole
    if whole.has(NOT_RESIDUAL - wordset("parameter bias")) or not whole.has(ZEROS):
        return None
    if not whole.has("block", "residual-block", "shortcut", "branch", "residual", "whole"):
        return None
    zeros = [at for at in whole.at(ZEROS) if not whole.terms[at].bounded]
    premises = [at for at in zeros if _premise(whole, at)]
    if not premises:
        return None
    first, *more = premises
    told = wordset("outputs output gives returns yields produces emits block")
    premises = [first, *(at for at in more if not whole.part(at - 6, at).has(told))]
    if whole.has("standard"):
        return None  # a plain block, which gives zero
    rest = _outcome(whole, premises)
    return _handed_on(rest) if rest is not None else None


def _handed_on(words: Words) -> bool | None:
    """Whether a block is said to give its input, or something else."""
    losing = [at for at in words.at(LOSING) if words.part(at, at + 4).has("input", "x", "signal")]
    if losing:
        return words.denied(losing[0] - 4, losing[0])
    gone = [at for at in words.at(ZEROS | wordset("nothing dead")) if _given(words, at)]
    same = _identical(words, gone=bool(gone))
    lost = bool(gone) and not words.part(gone[0] - 4, gone[0]).has(NEGATIONS - {"nothing"})
    if lost or words.has(TWICE):
        identity = words.has("unchanged", "untouched") or words.before(GIVEN, IDENTICAL, 3)
        return None if same and identity else False
    return same


IDENTICAL = wordset("identity itself")
LOSING = forms("lose forget discard erase destroy") | wordset("lost forgotten")


BOUNDS = wordset("≥ ≤ > < + non-negative below above")
GIVEN = PASSING | wordset("be = is are to into only just dead compute computes")


def _given(words: Words, at: int) -> bool:
    """Whether a zero is what something gives, and no bound of it: "outputs zero", but "a ≥ 0"."""
    before = words.part(at - 1 if words.terms[at].means(frozenset({"nothing"})) else at - 4, at)
    bound = words.part(at - 2, at + 1).has(BOUNDS) or words.terms[at].bounded
    return not bound and (before.has(GIVEN) or words.terms[at].means(forms("vanish")))


def _identical(words: Words, *, gone: bool) -> bool | None:
    """Whether a block is said to give what it takes."""
    ends = [-1, *words.at(STOPS - {"(", ")"}), len(words.terms)]
    for first, last in pairwise(ends):
        clause = words.part(first + 1, last)
        plain = [
            at for at in clause.at(SAME_AGAIN)
            if not clause.part(at + 1, at + 2).has("shortcut", "connection", "path", "block")
        ]  # fmt: skip
        if plain and (clause.has(PASSING) or gone or not words.has(PASSING)):
            return not clause.denied(plain[0] - 6, plain[0])
    return None


def _premise(words: Words, at: int) -> bool:
    """Whether a zero is said of the weights or of the branch."""
    before, after = words.part(at - 9, at), words.part(at + 1, at + 4)
    if after.has("weight", "branch", "residual"):
        return True
    if before.has("weight", "parameter", "bias", "branch", "f", "conv", "w", "convs", "path"):
        whole = words.part(at - 4, at).has("block", "residual-block", "whole")
        return not whole or words.part(at - 6, at).has("of", "in")
    return before.has("set", "layers") and not before.has("block")


def _outcome(words: Words, premises: list[int]) -> Words | None:
    """The part of a sentence that says what follows: all but the clauses of the premise."""
    stops = [at + 1 for at in words.at(STOPS - {"(", ")"}) if at < premises[0]]
    begin = max(stops, default=0)
    marks = [at for at in words.at(CONDITIONS - {"zero"}) if begin <= at <= premises[0]]
    first = marks[-1] if marks else max(0, premises[0] - 9, *stops)
    left = [at for at in range(len(words.terms)) if not first <= at <= premises[-1]]
    return Words(tuple(words.terms[at] for at in left)) if left else None


FIRST = wordset("first")
JOINING = forms("join merge enter inject") | wordset("comes goes joins")


def adds_first(said: Spoken) -> bool | None:
    """A residual block adds before its last activation."""
    words = said.whole
    joined = words.has(ADDING) or (words.has("shortcut", "input") and words.has(JOINING))
    if words.has(CONCATENATING, FIRST) or not words.has(ACTIVATIONS) or not joined:
        return None
    sums, acts = words.at(ADDING | JOINING), words.at(ACTIVATIONS)
    for at in words.at(wordset("before after behind ahead")):
        left_sum = any(0 < at - each <= 10 for each in sums) and any(
            0 < each - at <= 6 for each in acts
        )
        left_act = any(0 < at - each <= 10 for each in acts) and any(
            0 < each - at <= 6 for each in sums
        )
        if left_sum != left_act:
            early = words.terms[at].means(wordset("before ahead"))
            return (early == left_sum) is not words.denied(at - 3, at)
    return None


# ------------------------------------------------------------------ auxiliary heads

HEADS = wordset("softmax classifier classifiers branch branches head heads output outputs logits")
EXTRA = wordset("auxiliary additional extra side intermediate aux")


def auxiliary(said: Spoken) -> bool | None:
    """Auxiliary outputs exist in training only."""
    whole = said.whole
    if not whole.before(EXTRA, HEADS, 4) or whole.has("if", "would"):
        return None
    clauses = [each for each in said.clauses if each.has(EVALUATION)]
    if any(trained_only(each) is False for each in clauses):
        return False
    found = trained_only(whole)
    if found is not None:
        return found
    predicts = whole.has("early", "training", "guess") or whole.has(
        forms("predict guess"), "prediction"
    )
    return True if predicts and not whole.has(NEGATIONS) else None


LATER = wordset("after once")
HANGING = forms("hang branch split fork come") | wordset("hung")


def trained_only(words: Words) -> bool | None:
    """Whether something is said to be there in training only, or after it as well."""
    later = words.at(EVALUATION) if not words.has("early") else []
    done = any(words.part(at, at + 4).has(TRAINING) for at in words.at(LATER))
    if later or done:
        off = [
            at
            for at in words.at(OFF)
            if not words.part(at, at + 2).has("nothing", "identity")
            and not (words.terms[at].means(wordset("off")) and words.part(at - 1, at).has(HANGING))
        ]
        if off:
            return any(words.affirmed(at) for at in off)
        if words.has("nothing", "identity", "unchanged"):
            return True
        denied = bool(later) and words.part(later[0] - 4, later[0]).has(NEGATIONS)
        trained = words.has("only") and words.has(TRAINING) and not done
        on = words.at(ON)
        if not on:
            return True if denied else None
        return denied or trained or any(not words.affirmed(at) for at in on)
    if words.has(TRAINING):
        only = words.has("only", "just", "solely", "exclusively", "merely", "sake", "purely")
        if only:
            return not words.has(NEGATIONS)
    return None


# ------------------------------------------------------------------ inverted bottlenecks

EXPANDING = forms("expand widen enlarge inflate") | wordset("expansion wider expands raise raises")
FILTERING = wordset("depthwise")
PROJECTING = forms("project compress") | wordset("projection projections")
REDUCING = forms("reduce squeeze narrow shrink")
LINEAR = wordset("fc linear")
ENDING = forms("follow end finish pass close conclude apply get") | wordset(
    "after with in have gets → then use comes come through give too behind"
)


def inverted(said: Spoken) -> bool | None:
    """A bottleneck expands with 1×1, filters depthwise with 3×3, projects with 1×1."""
    words = said.whole
    expanding, filtering, projecting = (
        words.at(each) for each in (EXPANDING, FILTERING, PROJECTING)
    )
    if not projecting and expanding and filtering:
        projecting = words.at(REDUCING)
    if projecting and _other_steps(words, expanding, filtering, projecting[0]):
        return False
    if not expanding and filtering and projecting and words.has("bottleneck", "neck", "inverted"):
        return True if filtering[0] < projecting[0] and not words.has(NEGATIONS) else None
    if (
        not expanding
        or not projecting
        or (words.has(NEGATIONS & wordset("not")) and words.has("first"))
    ):
        return None
    if not filtering and not words.has("bottleneck", "inverted", "block"):
        return None
    places = [expanding[0], *(filtering[:1]), projecting[0]]
    if words.has("after", "before") and not words.has("first"):
        return None
    ordered = places == sorted(places)
    if not ordered and filtering and expanding[0] < projecting[0] and filtering[0] < expanding[0]:
        ordered = not words.has("first", "then", "→") and words.before(
            wordset("with between"), FILTERING, 4
        )
    if not ordered and not words.has("then", "first", "finally", "→", "start", "starts"):
        return None
    return ordered and _kernels_fit(words, expanding, filtering, projecting)


def _other_steps(words: Words, expanding: list[int], filtering: list[int], projecting: int) -> bool:
    """Whether the channels are reduced before they are filtered, or the filters are no depthwise ones."""
    reducing = [at for at in words.at(REDUCING) if filtering and at < filtering[0] < projecting]
    if reducing and not expanding:
        return words.part(reducing[0], reducing[0] + 4).has(CHANNELS) and not words.has(NEGATIONS)
    full = [
        at
        for at in words.at(wordset("full standard"))
        if words.part(at + 1, at + 3).has("conv", "3x3")
    ]
    between = [at for at in full if expanding and expanding[0] < at < projecting]
    return bool(between) and not filtering and not words.has("fused", *NEGATIONS)


def _kernels_fit(words: Words, *steps: list[int]) -> bool:
    """Whether each kernel is that of the step in whose part of the sentence it stands alone."""
    kernels = ((1, 1), (3, 3), (1, 1))
    ends = [-1, *words.at(wordset(", ; → then")), len(words.terms)]
    for first, last in pairwise(ends):
        inside = [nth for nth, step in enumerate(steps) if any(first < at < last for at in step)]
        for term in words.terms[first + 1 : last]:
            window = len(term.piece.size) == 2 and max(term.piece.size) <= 15
            if window and len(inside) == 1 and term.piece.size != kernels[inside[0]]:
                return False
    return True


STEPS = (EXPANDING, FILTERING, PROJECTING)
ANYWHERE = wordset("anywhere throughout whole entire")


def linear_projection(said: Spoken) -> bool | None:
    """No activation follows the projection, and one follows the other two steps."""
    found: list[bool] = []
    subject: set[int] = set()
    if said.whole.has("if", "would", "classic", "classical", "resnet"):
        return None
    about = said.whole.has(PROJECTING, "bottleneck", "inverted", "three")
    about = about or (said.whole.has("block") and said.whole.has("all", "last", *ANYWHERE))
    for words in said.clauses if about else ():
        named = _steps(words)
        subject = named or subject
        active = _activated(words) if subject else None
        if active is not None:
            every = words.has("all", "three", "both", "two") or words.before(
                wordset("each"), ENDING, 1
            )
            told = subject if every or len(named) < 2 else {_nearest(words)}
            found.append(2 not in told if active else told == {2} and not words.has(ANYWHERE))
        subject = {_last(words)} if len(named) > 1 else subject
    return all(found) if found else None


def _steps(words: Words) -> set[int]:
    """Which of the three steps a clause names."""
    named = {nth for nth, step in enumerate(STEPS) if words.has(step)}
    last = words.has("last") and words.has("conv", "1x1")
    ends = (
        words.has("inverted", "bottleneck") and words.has(forms("end") | {"output"}) and not named
    )
    if words.before(wordset("first"), wordset("two"), 1):
        return {0, 1}
    if words.has("all", "three", "each") and words.has("conv", "steps"):
        return {0, 1, 2}
    if words.has("block") and words.has("all", *ANYWHERE) and not named:
        return {0, 1, 2}
    if words.has("1x1"):
        named |= {nth for nth, way in ((0, "up"), (2, "down")) if words.has(way)}
    return named | {2} if last or ends else named


def _last(words: Words) -> int:
    """The step that a clause names last."""
    named = ((at, nth) for nth, step in enumerate(STEPS) for at in words.at(step))
    return max(named, default=(0, 2))[1]


def _nearest(words: Words) -> int:
    """The step that stands nearest to the word of an activation."""
    acts = words.at(ACTIVATIONS | LINEAR | wordset("nothing"))
    distances = [
        (min(_apart(words, at, act) for at in words.at(step) for act in acts), nth)
        for nth, step in enumerate(STEPS)
        if words.has(step)
    ]
    return min(distances, default=(0, 2))[1]


def _apart(words: Words, one: int, other: int) -> int:
    """How far two words stand from each other; an arrow between them parts them."""
    between = words.part(min(one, other), max(one, other))
    return abs(one - other) + 9 * between.has("→")


def _activated(words: Words) -> bool | None:
    """Whether an activation is said to follow."""
    acts = [at for at in words.at(ACTIVATIONS) if not words.part(at + 1, at + 2).has("map", "maps")]
    linear = [at for at in words.at(LINEAR) if not words.part(at + 1, at + 2).has("layer")]
    if acts:
        if words.denied(max(0, acts[0] - 9), acts[0]):
            return False
        if words.has(ENDING) or len(words.terms) < 3:
            return True
        return None
    if linear:
        return words.denied(linear[0] - 3, linear[0])
    if words.before(wordset("by with"), wordset("nothing"), 1):
        return False
    return None
