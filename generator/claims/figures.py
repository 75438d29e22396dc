"""Published figures that arithmetic does not reproduce: a note may repeat them in good faith.

A stated number that agrees with one of these is not called false; it stays unchecked, with the
source. Keys are registry names.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType

from generator.claims.candidate import Reading
from generator.claims.model import Figure, Subject

CIRCULATING: Mapping[str, tuple[Figure, ...]] = MappingProxyType(
    {
        "alexnet": (
            Figure("parameters", 62_378_344, "AlexNet 2012 without its two groups"),
            Figure("parameters", 60_000_000, "Krizhevsky et al. 2012, abstract"),
        ),
        "googlenet": (
            Figure("parameters", 6_800_000, "Szegedy et al. 2014, Table 1, rows added"),
            Figure("parameters", 5_000_000, "Szegedy et al. 2014: 12 times fewer than AlexNet"),
            Figure("macs", 1_500_000_000, "Szegedy et al. 2014, section 1"),
            Figure("depth", 27, "Szegedy et al. 2014, section 5, pooling counted"),
            Figure("depth", 100, "Szegedy et al. 2014, section 5, building blocks"),
        ),
        "inception_v3": (
            Figure("depth", 42, "Szegedy et al. 2015, section 6"),
            Figure("macs", 5_000_000_000, "Szegedy et al. 2015, section 1"),
            Figure("parameters", 23_200_000, "Howard et al. 2017, Table 10"),
        ),
        "resnet": (
            Figure("depth", 1202, "He et al. 2015, section 4.2"),
            Figure("depth", 164, "He et al. 2016, Table 2"),
            Figure("depth", 200, "He et al. 2016, Table 5"),
            Figure("depth", 1001, "He et al. 2016, Table 4"),
        ),
        "resnet34": (Figure("macs", 3_600_000_000, "He et al. 2015, Table 1"),),
        "resnet50": (Figure("macs", 3_800_000_000, "He et al. 2015, Table 1"),),
        "resnet101": (Figure("macs", 7_600_000_000, "He et al. 2015, Table 1"),),
        "resnet152": (Figure("macs", 11_300_000_000, "He et al. 2015, Table 1"),),
        "vgg16": (Figure("macs", 15_300_000_000, "He et al. 2015, section 3.3, for VGG-16"),),
        "vgg19": (Figure("macs", 19_600_000_000, "He et al. 2015, section 3.3"),),
        "mobilenet_v2": (
            Figure("parameters", 3_400_000, "Sandler et al. 2018, Table 4"),
            Figure("depth", 19, "Sandler et al. 2018, section 3.4: bottleneck layers"),
            Figure("blocks", 19, "Sandler et al. 2018, section 3.4"),
        ),
        "mobilenet_v3_large": (Figure("macs", 219_000_000, "Howard et al. 2019, Table 3"),),
        "mobilenet_v3_small": (Figure("macs", 56_000_000, "Howard et al. 2019, Table 3"),),
        "lenet5": (
            Figure("parameters", 60_000, "LeCun et al. 1998, section II-B"),
            Figure("depth", 7, "LeCun et al. 1998, section II-B, subsampling counted"),
        ),
    }
)


def published(subject: Subject, what: str) -> list[Reading]:
    """Figures of a network, or of networks of a family, that are published and counted otherwise."""
    name = subject.name
    of_family = CIRCULATING.get(subject.family, ()) if name == subject.family else ()
    told = CIRCULATING.get(subject.variant or name, ())
    return [
        Reading(Fraction(each.value), f"{each.value} in {each.source}", doubtful=True)
        for each in (*subject.figures, *told, *of_family)
        if each.what == what
    ]
