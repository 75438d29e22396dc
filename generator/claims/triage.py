"""Whether a statement is worth reading at all: most of a vault's are not about networks.

Reading a statement costs about a millisecond; these tests cost microseconds. They look at one word
at a time, so that each word of a vault is tested once.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

_WORDS_KEPT = 1 << 16


def word_test(words: str, phrases: str = "(?!)") -> Callable[[str], bool]:
    """Give a test whether a text has a word, or a phrase of several, that matches a pattern."""
    word, phrase = re.compile(words, re.IGNORECASE), re.compile(phrases, re.IGNORECASE)

    @lru_cache(maxsize=_WORDS_KEPT)
    def known(text: str) -> bool:
        return word.search(text) is not None

    return lambda text: any(map(known, text.split())) or phrase.search(text) is not None


# What a statement may hold: numbers, signs of arithmetic, what layers and networks are spoken of
# with. Two of the three have to come together, and where nothing names layers, numbers with a
# relation between them.
_number = word_test(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|sixteen|"
    r"half|thirds?|quarters?|fifths?|tenths?|twice|double)\b"
)
_SIGN = re.compile(r"[$\\→▸▶►↓×·∗÷⌊=≈^+−]|->|\d\s*[x*/]\s*\d|\d ?[kMGB]\b|\[\d+(?:, ?\d+){2,9}\]")
# What states that two things are equal, a size or a formula.
_RELATION = re.compile(
    r"[=≈→▸▶►⌊↦×]|->|\\(?:approx|sim|times|cdot|[dt]?frac|l?floor|left|(?:right|long)?(?:arrow|to)|implies)|"
    r"\d\s*[x*]\s*\d|\d ?[kMGB]\b|\d\s*[, ]\s*\d+\s*\)"
)
_topic = word_test(
    r"param|weight|learnable|filter|kernel|conv|pool|layer|stride|pad(?:s|d|\b)|channel|"
    r"unit|neuron|"
    r"hidden|bias|dense|fully|linear|mult|mac|flop|operation|comput|receptive|cost|million|billion|"
    r"softmax|class|block|stage|stem|module|logits|shape|resh|flatten|embedding|map|volume|"
    r"expan|deep|"
    r"depth|input|output|image|size|side|feature|dimension|region|patch|matrix|auxil|\baux\b|"
    r"resolution|\btimes\b|token|vocab|product|\bqk|lstm|\bgru\b|scores|view\(|"
    r"gates?\b|window|sobel|scharr|prewitt|quer(?:y|ies)|divided|detector|corner|group|"
    r"bigger|smaller|heavier|lighter|tensor|network|expert|one-hot|float32|fp32|fp16|"
    r"\bheads?\b|\bdims?\b|\bpx\b|pixel|\brf\b|\bsees?\b|attention|sampl|halv|doubl|"
    r"\bby\b|claim",
    r"\d p\b|\bp =",
)
# What is said of networks and seldom of anything else: one such word, in the statement or in the
# headings above it, decides whether it is about networks at all.
names_layers = word_test(
    r"param|weight|kernel|filter|conv(?!er|in|ey|oc|en|ic)|pool|channel|feature|skip|shortcut|"
    r"residual|identity|layer|relu|activation|\blrn|softmax|dropout|auxil|\baux\b|classifier|"
    r"bottle|inverted|depthwise|separable|concat|attention|token|vocab|strid|\bpad(?:s|d|\b)|"
    r"equivarian|flatten|norm\b|normali[sz]|embedding|recept|\bbias|recurr|\b[rc]nn|lstm|"
    r"\bgru|neuron|neural|hidden|network|nets?\b|net-?v?\d|vgg|inception|bert|gpt|transformer|"
    r"encoder|sequence|one-hot|yolo|logit|linear|dense|perceptron|\bmlp|flop|\bmacs?\b|"
    r"mult-?add|multipl(?:y-?add|ication|ier)|gradient|tensor|batch|learning|model|vision|"
    r"detector|pixel|\bcorners\b|sobel|scharr|prewitt|\bqk|quer(?:y|ies)|\bheads\b|\bdims?\b",
    r"\b1 ?(?:[x×]|\\times) ?1\b|\bp = \d|\b2 ?p\b|\bn ?[−-] ?[fk]\b|\bwindow \d|"
    r"\b(?:valid|same)['\"”]? (?:simply )?(?:means|=)|[(∈ ][BN](?:, ?| × )[ThHCL]\b|T×T",
)
# What layers and blocks are spoken of with where no number is stated.
_concept = word_test(
    r"param|weight|learn|kernel|filter|conv|pool|channel|map|imag|input|output|photo|picture|"
    r"resol|pixel|size|dimension|height|width|spatial|posit|locat|patch|branch|path|block|skip|"
    r"shortcut|residual|identity|zero|module|layer|relu|activation|\blrn|response|softmax|dropout|auxil|\baux\b|"
    r"detector|\badd(?:s|ed|ition)?\b|\bsum(?:s|med)?\b|side|heads?\b|classifier|train|test\b|infer|bottle|expan|project|inverted|depthwise|"
    r"separable|concat|attention|token|sequence|context|vocab|strid|multiplic|comput|cost|cheap|"
    r"expens|shar[ei]|spars|connect|neuron|unit|equivarian|flatten|norm\b|embedding|"
    r"(?:more|fewer|less|deeper|shallower|bigger|smaller|larger|lighter|heavier)\b|than\b|"
    r"recept|scores|\bvalid\b|\bsame\b|\bbias|kernel|\brf\b|window|filters?|recurr|\brnn|lstm|\bgru|normali[sz]|causal|"
    r"n_\{?[CHWchw]|↓|↑|\\(?:down|up)arrow|\b[hwc]\b",
    r"\b1 ?(?:[x×]|\\times) ?1\b",
)


def may_count(text: str, *, near: bool, counting: bool = False) -> bool:
    """Whether a statement may hold a number or a formula that can be checked.

    ``near`` says that its headings speak of networks, ``counting`` that a table says
    what it counts.
    """
    near = near or counting or names_layers(text)
    if not _number(text):
        return near and bool(_SIGN.search(text))
    if not near:
        return bool(_RELATION.search(text))
    return counting or bool(_SIGN.search(text)) or _topic(text)


def of_layers(*texts: str) -> bool:
    """Whether one of several texts speaks of layers, networks or their sizes."""
    return any(map(_topic, texts))


def may_describe(text: str, *, near: bool) -> bool:
    """Whether a statement may say in words what a layer or a block does; ``near`` as above."""
    return _concept(text) and (near or names_layers(text))
