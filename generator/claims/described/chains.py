"""Chains of channels: "from 64 to 128", "256 → 64 → 64 → 256"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from generator.claims.described.drafts import Draft
from generator.claims.described.senses import Mention, Sense
from generator.claims.lexicon import wordset
from generator.claims.passage import Sentence

CHANGES = wordset("go goes grow grows rise rises fall falls drop drops shrink shrinks jump jumps")
MOST_CHANNELS = 65536
JOINTS = wordset(
    "→ to into channel map input output unit down up hidden features maps fmap in out a an the values back "
    "class incoming outgoing dimensional dimensions dims"
)


class Chains:
    """Gives the drafts of a sentence what goes in and out of them where it is written as a chain."""

    def __init__(
        self, number: int, sentence: Sentence, found: Mapping[int, Mention], drafts: list[Draft]
    ) -> None:
        self.number, self.sentence, self.mentions, self.drafts = number, sentence, found, drafts
        self.pieces = sentence.pieces

    def assign(self) -> None:
        """Read "from 64 to 128", "256 → 64 → 64 → 256": what goes in and out of the layers."""
        for chain in self._runs():
            values = [self.mentions[at].values[0] for at in chain]
            if max(values) > MOST_CHANNELS or self._counted_chain(chain):
                continue
            nearest = self._nearest(chain)
            if len(chain) == 2 and chain[-1] < self.drafts[0].first:
                for nth in range(len(self.drafts)):
                    self._through(nth, chain, values)
            elif len(chain) == 2:
                self._through(self._open(nearest, chain), chain, values)
            elif self.drafts[nearest].kind == "fc":
                self.drafts[nearest].count = len(chain) - 1
                self._each(nearest, chain, values)
            elif self.drafts[nearest].count == len(chain) - 1:
                self._each(nearest, chain, values)
            elif len(self.drafts) - nearest >= len(chain) - 1 and not self._slides(nearest):
                for nth in range(len(chain) - 1):
                    self._through(nearest + nth, chain[nth : nth + 2], values[nth : nth + 2])

    def _each(self, nth: int, chain: Sequence[int], values: Sequence[int]) -> None:
        """Write out "two 3×3 convolutions, 3 → 16 → 32", a layer each."""
        first = self.drafts[nth]
        count, first.count = first.count, 1
        for _ in range(count - 1):
            again = Draft(self.number, first.first, first.last, first.kind, {**first.values})
            again.used = list(first.used)
            self.drafts.insert(nth + 1, again)
        for at in range(count):
            self._through(nth + at, chain[at : at + 2], values[at : at + 2])

    def _open(self, nth: int, chain: Sequence[int]) -> int:
        """The layer a pair is said of: where that one has its channels, another of its kind."""
        draft = self.drafts[nth]
        if not {"inputs", "filters"} <= set(draft.values) or draft.last >= chain[0]:
            return nth
        again = Draft(self.number, chain[0], chain[0], draft.kind)
        again.values = {k: v for k, v in draft.values.items() if k in ("kernel", "groups")}
        self.drafts.insert(nth + 1, again)
        return nth + 1

    def _counted_chain(self, chain: Sequence[int]) -> bool:
        """Whether a chain is one of counts: "the weights go from 576 to 2,304"."""
        before = [each.gist for each in self.pieces[max(0, chain[0] - 8) : chain[0]]]
        verbs = [at for at, each in enumerate(before) if each in CHANGES]
        return bool(verbs) and bool(
            {"weight", "parameter", "mult", "mac"} & set(before[: verbs[-1]])
        )

    def _slides(self, nth: int) -> bool:
        """Whether a layer from here on changes the sides of maps: then a chain is one of sides."""
        return any(each.kind in ("pool", "transposed") for each in self.drafts[nth:])

    def _nearest(self, chain: Sequence[int]) -> int:
        """The layer that a chain is said of: the one named right behind it ("568 → 284 by 2×2 pooling"), the
        last that begins before it, else the first."""
        after = chain[-1] + 1
        means = after < len(self.pieces) and self.pieces[after].gist in ("by", "via", "through")
        behind = [nth for nth, each in enumerate(self.drafts) if after < each.first <= after + 3]
        if means and behind:
            return behind[0]
        before = [nth for nth, each in enumerate(self.drafts) if each.first <= chain[0]]
        return before[-1] if before else 0

    def _through(self, nth: int, chain: Sequence[int], values: Sequence[int]) -> None:
        draft = self.drafts[nth]
        known = [draft.values.get(name) for name in ("inputs", "filters")]
        agree = all(one in (None, value) for one, value in zip(known, values, strict=True))
        if draft.kind == "pool" or not agree or None not in known:
            return
        further = [e for e in self.drafts[nth + 1 :] if self.pieces[e.first].gist == "another"]
        strided = any(e.values.get("stride", (1, 1)) != (1, 1) for e in (draft, *further))
        strided = strided or draft.kind == "transposed"
        if strided and not self.sentence.has("channel"):
            return  # sides of maps: "stride 2: 224 → 112"
        for name, at, value in zip(("inputs", "filters"), chain, values, strict=True):
            if draft.kind == "depthwise" and name == "filters" and len(self.drafts) > 1:
                continue  # each channel by itself: the pointwise layer behind it makes the others
            draft.values.pop("channels", None)
            draft.note(name, value, self.mentions[at])

    def _runs(self) -> Iterator[list[int]]:
        plain = [
            at
            for at, each in self.mentions.items()
            if each.sense in (Sense.OTHER, Sense.CHANNELS, Sense.UNITS, Sense.INPUTS, Sense.OUTPUTS,
                              Sense.FILTERS)
            and len(each.values) == 1 and each.values[0] > 0 and not each.piece.size
        ]  # fmt: skip
        run: list[int] = []
        for at in plain:
            between = [each.gist for each in self.pieces[run[-1] + 1 : at]] if run else []
            joined = run and set(between) & {"→", "to", "into"} and len(between) < 5
            if joined and set(between) <= JOINTS:
                run.append(at)
            else:
                if len(run) > 1:
                    yield run
                run = [at]
        if len(run) > 1:
            yield run
