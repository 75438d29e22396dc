"""A network run by torch itself, straight from the IR: the independent side of the arithmetic tests.

Each operation becomes the ``torch.nn.functional`` call that defines it, on tensors of the shapes the
IR's manifest gives, on the meta device (no memory, no time) or for real.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from generator.architectures import ir
from generator.architectures.arithmetic import state_manifest

State = dict[str, Tensor]


def make_state(network: ir.Network, device: str = "meta") -> State:
    """Tensors of the manifest's names and shapes."""
    return {
        key: torch.full(shape, 0.01, device=device, requires_grad=False)
        for key, shape, _ in state_manifest(network)
    }


def run(network: ir.Network, state: State, x: Tensor, *, training: bool = False) -> list[Tensor]:
    """Give every node's output; auxiliary nodes are skipped (an empty tensor) in evaluation."""
    found: list[Tensor] = []
    for node in network.nodes:
        if isinstance(node.op, ir.Input):
            found.append(x)
        elif node.output and not training:
            found.append(torch.empty(0))
        else:
            found.append(_apply(node, [found[each] for each in node.inputs], state))
    return found


ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": F.relu,
    "relu6": F.relu6,
    "leaky_relu": F.leaky_relu,
    "elu": F.elu,
    "gelu": F.gelu,
    "silu": F.silu,
    "mish": F.mish,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "hardswish": F.hardswish,
    "hardsigmoid": F.hardsigmoid,
    "softplus": F.softplus,
    "scaled_tanh": lambda a: 1.7159 * torch.tanh(2 * a / 3),
}


def _apply(node: ir.Node, x: list[Tensor], state: State) -> Tensor:
    weight = state.get(f"{node.name}.weight")
    bias = state.get(f"{node.name}.bias")
    match node.op:
        case ir.Conv2d() as op:
            return F.conv2d(x[0], weight, bias, op.stride, op.padding, op.dilation, op.groups)
        case ir.ConvTranspose2d() as op:
            return F.conv_transpose2d(
                x[0], weight, bias, op.stride, op.padding, op.output_padding, op.groups
            )
        case ir.SparseConv2d() as op:
            maps, start = [], 0
            for chosen in op.connections:
                part = weight[start : start + len(chosen)].unsqueeze(0)
                maps.append(F.conv2d(x[0][:, list(chosen)], part))
                start += len(chosen)
            return torch.cat(maps, 1) + bias.view(-1, 1, 1)
        case ir.TrainableSubsample() as op:
            summed = F.avg_pool2d(x[0], op.kernel) * (op.kernel[0] * op.kernel[1])
            return summed * weight.view(-1, 1, 1) + bias.view(-1, 1, 1)
        case ir.RadialBasis():
            return (x[0].unsqueeze(1) - state[f"{node.name}.codes"]).square().sum(2)
        case ir.BatchNorm2d() | ir.BatchNorm1d() as op:
            mean, var = state[f"{node.name}.running_mean"], state[f"{node.name}.running_var"]
            return F.batch_norm(x[0], mean, var, weight, bias, eps=op.eps)
        case ir.GroupNorm() as op:
            return F.group_norm(x[0], op.groups, weight, bias, op.eps)
        case ir.LocalResponseNorm() as op:
            return F.local_response_norm(x[0], op.size, op.alpha, op.beta, op.k)
        case ir.Activation() as op:
            return ACTIVATIONS[op.function](x[0])
        case ir.MaxPool2d() as op:
            return F.max_pool2d(x[0], op.kernel, op.stride, op.padding, ceil_mode=op.ceil_mode)
        case ir.AvgPool2d() as op:
            return F.avg_pool2d(
                x[0], op.kernel, op.stride, op.padding, op.ceil_mode, op.count_include_pad
            )
        case ir.AdaptiveAvgPool2d() as op:
            return F.adaptive_avg_pool2d(x[0], op.size)
        case ir.Dropout():
            return x[0]
        case ir.Flatten():
            return torch.flatten(x[0], 1)
        case ir.Linear():
            return F.linear(x[0], weight, bias)
        case ir.Add():
            return sum(x[1:], x[0])
        case ir.Multiply():
            return x[0] * x[1]
        case ir.Concat():
            return torch.cat(x, 1)
        case ir.ChannelAffine() as op:
            scale = torch.tensor(op.scale, device=x[0].device).view(-1, 1, 1)
            return x[0] * scale + torch.tensor(op.shift, device=x[0].device).view(-1, 1, 1)
        case ir.PadShortcut() as op:
            more = op.out_channels - op.in_channels
            kept = x[0][:, :, :: op.stride, :: op.stride]
            return F.pad(kept, (0, 0, 0, 0, more // 2, more - more // 2))
        case _:
            raise AssertionError(node.op)
