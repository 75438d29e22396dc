"""How networks are built, as properties: which layers are wide, which shrink the maps, what they have.

As in ``behaviour``, a reading's value says whether the property holds, ``None`` that it makes no sense
for the network, and its Python asserts the property on the real model.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.architectures.ir import (
    Add,
    AvgPool2d,
    BatchNorm2d,
    Conv2d,
    MaxPool2d,
    Network,
)
from generator.claims import networks
from generator.claims.behaviour import enclosing, parent
from generator.claims.candidate import Reading
from generator.claims.model import Subject


def _model(subject: Subject) -> str:
    return f'model("{subject.name}"), {subject.network.input_shape}'


# ------------------------------------------------------------------ bottlenecks


def thin_middle(subject: Subject) -> Reading | None:
    """A bottleneck's window works on fewer channels than the block takes and gives."""
    return _middle(subject, wide=False)


def wide_middle(subject: Subject) -> Reading | None:
    """An inverted bottleneck's window works on more channels than the block takes and gives."""
    return _middle(subject, wide=True)


def _middle(subject: Subject, *, wide: bool) -> Reading | None:
    for names, (first, middle, last) in _bottlenecks(subject.network):
        if (middle.in_channels > first.in_channels) is not wide:
            continue
        if (middle.out_channels > last.out_channels) is not wide:
            continue
        how = (
            f"{names[1]} of {subject.name}: {first.in_channels} → {middle.in_channels} → "
            f"{middle.out_channels} → {last.out_channels} channels"
        )
        line = f'check_thin_middle(model("{subject.name}"), {names}, wide={wide})'
        return Reading(True, how, "", (line,))
    return None


def _bottlenecks(network: Network) -> Iterator[tuple[list[str], tuple[Conv2d, Conv2d, Conv2d]]]:
    """The names and the convolutions of each 1×1, window, 1×1 that a sum goes around."""
    for _, node in networks.main_nodes(network):
        for start, end in (node.inputs, node.inputs[::-1]) if _is_sum(node.op, node.inputs) else ():
            path = networks.between(network, start, end) or ()
            inside = [network.nodes[each] for each in path]
            convs = [each for each in inside if isinstance(each.op, Conv2d)]
            ops = [each.op for each in convs if isinstance(each.op, Conv2d)]
            names = [each.name for each in convs]
            fits = len(ops) == 3 and ops[0].kernel == ops[2].kernel == (1, 1) != ops[1].kernel
            if fits and all(names):
                yield names, (ops[0], ops[1], ops[2])


def _is_sum(op: object, inputs: tuple[int, ...]) -> bool:
    return isinstance(op, Add) and len(inputs) == 2


def identity_free(subject: Subject) -> Reading | None:
    """A block whose shortcut is the identity has no parameters but its branch's."""
    network = subject.network
    for _, node in networks.main_nodes(network):
        for start, end in (node.inputs, node.inputs[::-1]) if _is_sum(node.op, node.inputs) else ():
            path = networks.between(network, start, end) or ()
            owners = [
                network.nodes[each].name
                for each in path
                if isinstance(network.nodes[each].op, Conv2d | BatchNorm2d)
            ]
            block = parent(enclosing(owners))
            if not block or not all(owners):
                continue
            line = f'check_identity_free(model("{subject.name}"), "{block}", {owners})'
            how = (
                f"{block} of {subject.name} has no parameters but those of its {len(owners)} layers"
            )
            return Reading(True, how, "", (line,))
    return None


# ------------------------------------------------------------------ pooling


def pools_shrink(subject: Subject) -> Reading | None:
    """Pooling alone reduces height and width."""
    known = networks.shapes(subject.network)
    if known is None or not networks.count(subject.network, Conv2d):
        return None
    shrinking = {
        type(node.op)
        for index, node in networks.main_nodes(subject.network)
        if isinstance(node.op, Conv2d | MaxPool2d | AvgPool2d)
        and known[index][1] < known[node.inputs[0]][1]
    }
    only = bool(shrinking) and Conv2d not in shrinking
    how = f"{'pooling' if only else 'convolutions'} of {subject.name} reduce height and width"
    return Reading(only, how, "", (f"check_pools_shrink({_model(subject)})",))


def overlapping(subject: Subject) -> Reading | None:
    """Pooling windows are larger than their stride."""
    pools = [
        node.op
        for _, node in networks.main_nodes(subject.network)
        if isinstance(node.op, MaxPool2d | AvgPool2d)
    ]
    if not pools:
        return None
    shown = ", ".join(
        sorted({f"{e.kernel[0]}×{e.kernel[1]} with stride {e.stride[0]}" for e in pools})
    )
    holds = all(each.kernel > each.stride for each in pools)
    how = f"{subject.name} pools {shown}"
    return Reading(holds, how, "", (f"check_overlapping({_model(subject)})",))
