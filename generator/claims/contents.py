"""What a region of a network has: parameters, multiply-adds, maps, layers and blocks.

Each with the Python that measures the same of the generated model's modules.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby

from generator.architectures import arithmetic
from generator.architectures.ir import Add, Concat, Conv2d, Flatten, Linear, Op, Shape, SparseConv2d
from generator.claims import networks
from generator.claims.anatomy import LAYERS, Region, group_of, groups_of, projects
from generator.claims.candidate import Reading
from generator.claims.quantity import show


def parameters(region: Region, *, bias: bool | None = None) -> list[Reading]:
    """Count parameters: all, those of the layers without batch norm, and their weights alone.

    ``bias`` says whether biases count; ``None`` accepts both.
    """
    network = region.network
    counts = arithmetic.node_parameters(network)
    every = Fraction(sum(counts[at] for at in region.nodes))
    verb = "has" if len(region.paths) == 1 else "have"
    how = f"{region.label} {verb}"
    source = f"sum(parameters(each) for each in {region.modules})"
    if len(region.paths) == 1:
        source = f"parameters({region.module})"
    sparse = bool(region.ops(SparseConv2d))  # of two networks with one name
    found = [Reading(every, f"{how} {show(every)} parameters", source, doubtful=sparse)]
    layers = [at for at in region.nodes if isinstance(network.nodes[at].op, Conv2d | Linear)]
    plain = Fraction(sum(counts[at] for at in layers))
    inner = (
        f"for module in {region.modules} for each in module.modules() "
        "if isinstance(each, (nn.Conv2d, nn.Linear))"
    )
    if plain and plain != every:
        text = f"{how} {show(plain)} parameters without batch norm"
        found.append(Reading(plain, text, f"sum(parameters(each) {inner})"))
    weights = plain - sum(_biases(network.nodes[at].op) for at in layers)
    if bias is False and weights != plain:
        found = []
    if bias is not True and layers and weights not in (plain, every):
        text = f"{how} {show(weights)} weights without biases"
        found.append(Reading(weights, text, f"sum(each.weight.numel() {inner})"))
    return found if every or region.ops(*networks.POOLS) else []


def _biases(op: Op) -> int:
    if isinstance(op, Conv2d):
        return op.out_channels if op.bias else 0
    return op.out_features if isinstance(op, Linear) and op.bias else 0


def biases(region: Region) -> list[Reading]:
    """Count the biases of convolutions and fully connected layers."""
    value = sum(_biases(region.network.nodes[at].op) for at in region.nodes)
    source = (
        f"sum(each.bias.numel() for module in {region.modules} for each in module.modules() "
        "if isinstance(each, (nn.Conv2d, nn.Linear)) and each.bias is not None)"
    )
    return [Reading(Fraction(value), f"{region.label} has {value:,} biases", source)]


def costs(region: Region, unit: str) -> list[Reading]:
    """Count multiply-adds; two operations each in ``flop`` and ``operation``, too."""
    every = arithmetic.node_macs(region.network)
    value = Fraction(sum(every[at] for at in region.nodes))
    how = f"{region.label} multiplies and adds {show(value)} times"
    each_one = [f'macs({region.run}, "{each}")' for each in region.paths]
    source = (
        each_one[0]
        if len(each_one) == 1
        else (f"sum(macs({region.run}, each) for each in {list(region.paths)})")
    )
    found = [Reading(value, how, source)]
    if unit in ("flop", "operation"):
        found.append(Reading(2 * value, f"{how}, two operations each", f"2 * {source}"))
    return found


def maps(region: Region) -> list[tuple[Shape, str, str]]:
    """Give what goes into a region and what its layers put out: shape, Python, words."""
    known = networks.shapes(region.network)
    if known is None:
        return []
    first = region.network.nodes[region.nodes[0]]
    entry = first.inputs[0] if first.inputs else region.nodes[0]
    source = (
        f"[tuple(put.shape[1:]) for name, _, put, _ in calls_of({region.run}) "
        f'if name == "{first.name}"][0]'
    )
    found = [(known[entry], source, "takes")]
    ending = _last(region)
    layers = [
        at
        for at in region.nodes
        if isinstance(region.network.nodes[at].op, (*networks.WEIGHTED, *networks.POOLS))
    ]
    inner = range(region.nodes[0], ending + 1)
    branching = any(len(region.network.nodes[at].inputs) > 1 for at in inner)
    if branching or group_of(region.subject, first.name):
        layers = []  # only in a chain of layers may an inner map be meant
    for at in dict.fromkeys([ending, *layers[-1:], *layers[-2:-1]]):
        name = region.network.nodes[at].name
        path = name or region.paths[-1]
        if at == ending and len(region.paths) == 1:
            path = region.paths[0]
        if path and not (at != ending and not name):
            found.append((known[at], f'shape({region.run}, "{path}")', "makes"))
    return found


def _last(region: Region) -> int:
    """The node a region ends in; an unnamed sum, activation or concatenation behind it belongs to it."""
    at = region.nodes[-1]
    if region.layer is not None and len(region.nodes) == 1:
        return at
    nodes = region.network.nodes
    while at + 1 < len(nodes) and not nodes[at + 1].name:
        if isinstance(nodes[at + 1].op, Flatten) or not set(nodes[at + 1].inputs) & set(
            range(region.nodes[0], at + 1)
        ):
            break
        at += 1
    return at


MAIN = " if 'downsample' not in name"


def counted(region: Region, sort: str) -> list[Reading]:
    """Count what a region is made of: convolutions, layers, blocks."""
    network, subject = region.network, region.subject
    if sort in LAYERS:
        kinds = LAYERS[sort]
        layers = [at for at in region.nodes if isinstance(network.nodes[at].op, kinds)]
        main = [at for at in layers if not projects(network, at)] or layers
        torch = {
            "conv": "nn.Conv2d",
            "fc": "nn.Linear",
            "pool": "(nn.MaxPool2d, nn.AvgPool2d)",
            "norm": "nn.BatchNorm2d",
            "layer": "(nn.Conv2d, nn.Linear)",
        }[sort]
        inner = (
            f"isinstance(each, {torch}) for module in {region.modules} "
            "for name, each in module.named_modules()"
        )
        found = [
            Reading(
                Fraction(len(main)),
                f"{region.label} has {len(main)}",
                f"sum({inner}{'' if main == layers else MAIN})",
            )
        ]
        if len(layers) != len(main):
            how = f"{region.label} has {len(layers)} with shortcuts"
            found.append(Reading(Fraction(len(layers)), how, f"sum({inner})"))
        return found if layers else []
    inside = groups_of(subject, region.nodes)
    names = [name for name, _ in groupby(each for each in inside if each)]
    if not names or sort == "branch":
        return []
    how = f"{region.label} has {len(names)} blocks"
    joined = any(isinstance(node.op, Add | Concat) for node in network.nodes)
    source = f"sum(1 for _ in {region.module}.children())"
    if not joined or len(region.paths) != 1:
        source = f"len({list(region.paths)})"
    return [Reading(Fraction(len(names)), how, source)]
