"""What a phrase itself states of the part it speaks of: its channels, its window, how many layers it has."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from generator.claims import anatomy, contents, phrases
from generator.claims.anatomy import Region
from generator.claims.candidate import Reading
from generator.claims.model import Subject
from generator.claims.phrases import Phrase


def resolved(subject: Subject, phrase: Phrase) -> list[Region]:
    """The regions of a network that a phrase may mean, with its channels where any has them."""
    for choice in phrases.choices(phrase):
        found = anatomy.regions(subject, choice)
        if found:
            return found
    return []


def counted(region: Region, phrase: Phrase) -> list[Reading]:
    """How many layers of a sort a region has, those with the window that is said."""
    sort, kernel = phrase.choice.sort, phrase.choice.kernel
    if not kernel:
        return contents.counted(region, sort)
    nodes = region.network.nodes
    every = [at for at in region.nodes if getattr(nodes[at].op, "kernel", ()) == kernel]
    main = [at for at in every if not anatomy.projects(region.network, at)]
    shown = "×".join(map(str, kernel))
    inner = (
        f"getattr(each, 'kernel_size', 0) == {kernel} for module in {region.modules} "
        "for name, each in module.named_modules()"
    )
    found = [
        Reading(
            Fraction(len(chosen)),
            f"{region.label} has {len(chosen)} with {shown} windows{text}",
            source,
        )
        for chosen, text, source in (
            (main, "", f"sum({inner}{contents.MAIN})"),
            (every, ", shortcuts included", f"sum({inner})"),
        )
    ]
    return found if every else []


def width_of_each(region: Region) -> list[Reading]:
    """What every layer of a region has; nothing where they differ."""
    pairs = {anatomy.ends(each) for each in region.ops(*anatomy.LAYERS["conv"])}
    widths = {pair[1] for pair in pairs if pair is not None}
    if len(widths) != 1:
        return []
    inner = f"for module in {region.modules} for each in module.modules() if isinstance(each, nn.Conv2d)"
    value = widths.pop()
    how = f"the convolutions of {region.label} make {value} channels"
    return [Reading(Fraction(value), how, f"sum({{each.out_channels {inner}}})")]


def channels_of(phrase: Phrase) -> tuple[int, int] | None:
    """The channels in and out that a phrase states."""
    return next(phrases.choices(phrase)).ends


def end(region: Region, side: int) -> Iterator[Reading]:
    """The channels that go into a region (side 0), or come out of it (1)."""
    pair = anatomy.ends(region.layer) or anatomy.channels(region.subject, region.nodes)
    if pair is None:
        return
    if region.layer is None:
        name, place = (("in_channels", 0), ("out_channels", -1))[side]
        inner = f"for each in {region.module}.modules() if isinstance(each, nn.Conv2d)"
        how = f"{region.label} leads from {pair[0]:,} to {pair[1]:,} channels"
        if len(region.paths) == 1:
            yield Reading(Fraction(pair[side]), how, f"[each.{name} {inner}][{place}]")
        return
    linear = len(region.ops(*anatomy.LAYERS["fc"])) == 1
    names = ("in_features", "out_features") if linear else ("in_channels", "out_channels")
    how = f"{region.label} has {names[side].replace('_', ' ')[:-1]}s {pair[side]:,}"
    yield Reading(Fraction(pair[side]), how, f"{region.module}.{names[side]}")
