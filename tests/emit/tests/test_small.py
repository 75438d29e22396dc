"""Small forms keep a network's structure and lose its size."""

from __future__ import annotations

import pytest

from generator.architectures.arithmetic import minimum_size, parameters, shapes
from generator.architectures.model import Family
from generator.architectures.operations import ShapeError
from generator.architectures.spec import built_in_families
from generator.emit.tests.altered import altered, classes_and_channels
from generator.emit.tests.small import structure
from generator.emit.tests.subject import Subject, subject_of
from tests.emit.models import plans
from tests.emit.models.tables import TABLES

# Classes without a parameter for their width, which have to be tested as they are.
FIXED_CHANNELS = {"gated"}  # a squeeze-excite block on the image itself
FIXED_WIDTH = {"alexnet", "alexnet_2012", "inception_v3"}
# The most that fixed layers (GoogLeNet's auxiliary heads) and group sizes leave.
MOST = 5_000_000


def subjects(family: str) -> dict[str, Subject]:
    """What the tests of a family's modules are about, by module."""
    planned = plans.plans(plans.own(family))
    return {name: subject_of(plan) for name, plan in planned.items()}


@pytest.mark.parametrize("family", built_in_families(), ids=lambda each: each.name)
def test_every_structure_is_small_somewhere(family: Family) -> None:
    """Operations of the published forms, with what enters them, occur in the small forms."""
    for plan in plans.plans(plans.own(family.name)).values():
        subject = subject_of(plan)
        shown = set().union(*(structure(each.network) for each in subject.small))
        for variant in plan.networks():
            if variant.ir is not None:
                assert structure(variant.ir) <= shown, variant.name


@pytest.mark.parametrize("family", built_in_families(), ids=lambda each: each.name)
def test_small_enough(family: Family) -> None:
    for module, subject in subjects(family.name).items():
        for each in subject.small:
            assert module in FIXED_WIDTH or parameters(each.network) <= MOST
            size = each.network.input_shape[1]
            assert each.smallest[0] <= each.smallest[1] <= size
            assert each.smallest == tuple(
                minimum_size(each.network, training=training) for training in (False, True)
            )
            shapes(each.network, each.other_image, training=False)


def test_every_argument_is_changed() -> None:
    """Each argument of each class is changed at least once, wherever a change can be built."""
    for plan in plans.plans(*plans.all_families()).values():
        assert plan.network is not None
        subject = subject_of(plan)
        changed = {name for name, _, _ in subject.changed}
        assert changed == {each.name for each in plan.network.parameters if each.argument}


@pytest.mark.parametrize("name", sorted(TABLES))
def test_altered(name: str) -> None:
    """A table's network with other classes and channels is itself in everything else."""
    network = plans.table(name, TABLES[name], size=64).ir
    present = classes_and_channels(network)
    assert altered(network, present) == network
    if name in FIXED_CHANNELS:
        with pytest.raises(ShapeError):
            altered(network, {"in_channels": 4})
        return
    changed = altered(network, {"num_classes": 7, "in_channels": 4})
    assert changed.input_shape == (4, *network.input_shape[1:])
    assert shapes(changed)[changed.result] == (7,)
    assert [each.name for each in changed.nodes] == [each.name for each in network.nodes]
    assert altered(changed, present) == network
