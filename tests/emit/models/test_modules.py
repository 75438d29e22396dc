"""The families' modules, built: names and order of the state, counts, settings, methods."""

from __future__ import annotations

import copy
import hashlib
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from generator.architectures.arithmetic import state_manifest
from generator.architectures.lower import lower
from generator.architectures.model import NetworkSpec, Variant
from generator.architectures.spec import built_in_families

PUBLISHED: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "fixtures" / "published.json").read_text(encoding="utf-8")
)["variants"]
VARIANTS = [
    pytest.param(network, variant, id=variant.name)
    for family in built_in_families()
    for network in family.networks
    for variant in network.variants
]
# A small form of every class: factory, options, input size, size it trains at.
SMALL: dict[str, tuple[dict[str, Any], int, int]] = {
    "convnet": ({"dropout": 0.5, "batch_norm": True}, 32, 32),
    "lenet5": ({"dropout": 0.5}, 32, 32),
    "lenet5_1998": ({}, 32, 32),
    "alexnet": ({}, 63, 63),
    "alexnet_2012": ({}, 67, 67),
    "vgg11_bn": ({"hidden": 32}, 32, 32),
    "vgg16_c": ({"hidden": 32}, 32, 32),
    "resnet18": ({}, 40, 64),
    "resnet50": ({"layers": (1, 1, 1, 1)}, 40, 64),
    "resnet50_v1": ({"layers": (1, 1, 1, 1)}, 40, 64),
    "resnext50_32x4d": ({"layers": (1, 1, 1, 1)}, 40, 64),
    "resnet20_cifar": ({}, 32, 32),
    "googlenet": ({}, 40, 64),
    "googlenet_paper": ({}, 64, 224),
    "inception_v3": ({}, 80, 299),
    "mobilenet_v1": ({"dropout": 0.2}, 33, 64),
    "mobilenet_v2": ({}, 33, 64),
    "mobilenet_v3_small": ({}, 33, 64),
}
# alexnet_2012 is as large as alexnet, and its parts are alike.
QUICK = [each for each in SMALL if SMALL[each][2] < 200 and each != "alexnet_2012"]
ALL = [
    pytest.param(each, marks=[] if each in QUICK else pytest.mark.slow, id=each) for each in SMALL
]


def small(nets: ModuleType, name: str, **more: Any) -> nn.Module:
    """Build a small form, every parameter and running statistic replaced by a random one."""
    torch.manual_seed(0)
    model: nn.Module = nets.create_model(name, **({"num_classes": 7} | SMALL[name][0] | more))
    with torch.no_grad():
        for key, value in (*model.named_parameters(), *model.named_buffers()):
            if key.endswith("running_var"):
                value.uniform_(0.5, 1.5)
            elif value.is_floating_point() and value.dim() == 1:
                value.normal_(0.5, 0.3)
    return model


def image(nets: ModuleType, name: str, size: int) -> Tensor:
    channels = nets.model_info(name).input_size[0]
    return torch.randn(2, channels, size, size, generator=torch.Generator().manual_seed(1))


def outputs(result: Tensor | tuple[Tensor, ...]) -> list[Tensor]:
    return list(result) if isinstance(result, tuple) else [result]


# ------------------------------------------------------------------ what the published models are


@pytest.mark.parametrize("name", PUBLISHED)
def test_state_and_counts_are_the_published_ones(nets: ModuleType, name: str) -> None:
    facts = PUBLISHED[name]
    with torch.device("meta"):
        model = nets.create_model(facts["factory"], **facts["options"]).eval()
        with FlopCounterMode(display=False) as counter:
            model(torch.empty(1, *facts["input"]))
    state = [[key, list(value.shape)] for key, value in model.state_dict().items()]
    order = [key for key, _ in model.named_parameters()]
    assert sum(each.numel() for each in model.parameters()) == facts["parameters"]
    assert counter.get_total_flops() // 2 == facts["macs"]
    assert sha256(state) == facts["state"]
    assert sha256(order) == facts["parameter_order"]


@pytest.mark.parametrize("name", PUBLISHED)
def test_settings_that_no_key_shows(nets: ModuleType, name: str) -> None:
    facts = PUBLISHED[name]
    with torch.device("meta"):
        model = nets.create_model(facts["factory"], **facts["options"])
    modules = dict(model.named_modules())
    norms = {
        (each.eps, each.momentum) for each in modules.values() if isinstance(each, nn.BatchNorm2d)
    }
    assert norms == {tuple(each) for each in facts["batch_norm"]}
    rates = {each.p for each in modules.values() if isinstance(each, nn.Dropout)}
    assert rates == set(facts["dropout"])
    kinds = {"ReLU", "ReLU6", "Hardswish", "Hardsigmoid"}
    found = {type(each).__name__ for each in modules.values()} & kinds
    assert found == set(facts["activations"])
    ceil = [key for key, each in modules.items() if getattr(each, "ceil_mode", False)]
    assert ceil == facts["ceil_mode"]


def sha256(value: object) -> str:
    return hashlib.sha256(json.dumps(value, separators=(",", ":")).encode()).hexdigest()


@pytest.mark.parametrize(("network", "variant"), VARIANTS)
def test_every_variant_is_its_ir(nets: ModuleType, network: NetworkSpec, variant: Variant) -> None:
    """Also of those that nobody else has published."""
    params = {each.name: each.default for each in network.parameters} | dict(variant.params)
    ir = lower(network, params, input_size=variant.input_size)
    info = nets.model_info(variant.name)
    with torch.device("meta"):
        model = nets.create_model(variant.name).eval()
        with FlopCounterMode(display=False) as counter:
            model(torch.empty(1, *ir.input_shape))
    assert [(key, tuple(value.shape)) for key, value in model.state_dict().items()] == [
        (key, shape) for key, shape, _ in state_manifest(ir)
    ]
    assert info.parameters == sum(each.numel() for each in model.parameters())
    assert info.macs == counter.get_total_flops() // 2
    assert info.input_size == ir.input_shape
    assert info.published is variant.published


# ------------------------------------------------------------------ what they do


@pytest.mark.parametrize("name", ALL)
def test_outputs_in_evaluation_and_training(nets: ModuleType, name: str) -> None:
    model = small(nets, name)
    _, size, train_size = SMALL[name]
    scores = model.eval()(image(nets, name, size))
    assert isinstance(scores, Tensor)
    assert scores.shape == (2, 7)
    trained = model.train()(image(nets, name, train_size))
    fields = PUBLISHED.get(name, {}).get("training_output") or (
        ["logits", "aux_logits2", "aux_logits1"] if name == "googlenet_paper" else []
    )
    assert list(getattr(trained, "_fields", ())) == fields
    assert all(each.shape == (2, 7) for each in outputs(trained))


@pytest.mark.parametrize("name", ALL)
def test_features_come_before_the_classifier(nets: ModuleType, name: str) -> None:
    model = small(nets, name).eval()
    x = image(nets, name, SMALL[name][1])
    features = model.forward_features(x)  # type: ignore[operator]
    assert features.dim() == 4
    before = model(x)
    model.reset_classifier(7)  # type: ignore[operator]
    assert torch.equal(model.forward_features(x), features)  # type: ignore[operator]
    if name != "lenet5_1998":  # its output is fixed codes
        assert not torch.equal(model(x), before)


@pytest.mark.parametrize("name", ALL)
def test_a_new_classifier_has_its_number_of_classes(nets: ModuleType, name: str) -> None:
    model = small(nets, name).double()
    model.reset_classifier(3)  # type: ignore[operator]
    x = image(nets, name, SMALL[name][2]).double()
    assert all(each.shape == (2, 3) for each in outputs(model.train()(x)))
    with pytest.raises(ValueError, match="num_classes"):
        model.reset_classifier(0)  # type: ignore[operator]


@pytest.mark.parametrize("name", ALL)
def test_a_frozen_backbone_is_what_the_features_use(nets: ModuleType, name: str) -> None:
    model = small(nets, name).train()
    model.forward_features(image(nets, name, SMALL[name][2])).sum().backward()  # type: ignore[operator]
    used = {key for key, each in model.named_parameters() if each.grad is not None}
    model.freeze_backbone()  # type: ignore[operator]
    frozen = {key for key, each in model.named_parameters() if not each.requires_grad}
    assert frozen
    assert frozen == {key for key in used if not key.startswith("aux") and "Aux" not in key}


@pytest.mark.parametrize("name", [each for each in SMALL if each not in ("alexnet", "vgg16_c")])
def test_folding_keeps_the_function(nets: ModuleType, name: str) -> None:
    model = small(nets, name).double().eval()
    norms = [each for each in model.modules() if isinstance(each, nn.BatchNorm2d)]
    if not norms:
        assert not hasattr(model, "fold_batch_norm")
        return
    x = image(nets, name, SMALL[name][1]).double()
    keys = list(model.state_dict())
    folded = model.fold_batch_norm()  # type: ignore[operator]
    assert not any(isinstance(each, nn.BatchNorm2d) for each in folded.modules())
    assert not folded.training
    assert torch.allclose(folded(x), model(x), rtol=1e-9, atol=1e-9)
    assert list(model.state_dict()) == keys  # the original is as it was


@pytest.mark.parametrize("name", QUICK)
def test_channels_last_is_one_argument(nets: ModuleType, name: str) -> None:
    model = small(nets, name)
    last = small(nets, name, memory_format=torch.channels_last)
    for (key, one), two in zip(model.state_dict().items(), last.state_dict().values(), strict=True):
        assert torch.equal(one, two), key
    strides = [each.weight for each in last.modules() if isinstance(each, nn.Conv2d)]
    assert all(each.is_contiguous(memory_format=torch.channels_last) for each in strides)
    x = image(nets, name, SMALL[name][1])
    assert torch.allclose(model.eval()(x), last.eval()(x), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize(
    "name", ["convnet", "lenet5_1998", "resnet20_cifar", "googlenet", "mobilenet_v3_small"]
)
def test_the_seed_decides_the_weights(nets: ModuleType, name: str) -> None:
    states = []
    for seed in (0, 0, 1):
        torch.manual_seed(seed)
        states.append(nets.create_model(name, **SMALL[name][0]).state_dict())
    same, again, other = states
    assert all(torch.equal(same[key], again[key]) for key in same)
    assert any(not torch.equal(same[key], other[key]) for key in same)


@pytest.mark.parametrize("name", ["resnet18", "googlenet", "mobilenet_v3_small", "lenet5_1998"])
def test_a_copy_has_the_same_state(nets: ModuleType, name: str) -> None:
    model = small(nets, name).eval()
    other = copy.deepcopy(small(nets, name)).eval()
    other.load_state_dict(model.state_dict(), strict=True)
    x = image(nets, name, SMALL[name][1])
    assert torch.equal(model(x), other(x))


def test_zero_initialised_residuals_start_as_their_shortcut(nets: ModuleType) -> None:
    for name in ("resnet18", "resnet50"):
        model = nets.create_model(name, layers=(1, 1, 1, 1), zero_init_residual=True)
        last = "bn2" if name == "resnet18" else "bn3"
        weights = [v for k, v in model.named_parameters() if k.endswith(f"{last}.weight")]
        assert weights
        assert all(not each.any() for each in weights)


def test_transform_input_is_a_change_of_normalisation(nets: ModuleType) -> None:
    model = small(nets, "googlenet").double().eval()
    raw = torch.rand(2, 3, 40, 40, dtype=torch.float64)
    mean = torch.tensor([0.485, 0.456, 0.406], dtype=torch.float64)[:, None, None]
    std = torch.tensor([0.229, 0.224, 0.225], dtype=torch.float64)[:, None, None]
    expected = model((raw - 0.5) / 0.5)
    model.transform_input = True
    assert torch.allclose(model((raw - mean) / std), expected, rtol=1e-9)
    with pytest.raises(ValueError, match="in_channels"):
        nets.googlenet(transform_input=True, in_channels=1)


def test_dropped_heads_leave_the_scores(nets: ModuleType) -> None:
    model = small(nets, "googlenet").eval()
    x = image(nets, "googlenet", 40)
    scores = model(x)
    model.drop_auxiliary()  # type: ignore[operator]
    assert torch.equal(model(x), scores)
    assert isinstance(model.train()(x), Tensor)
    assert not any(key.startswith("aux") for key in model.state_dict())


@pytest.mark.parametrize(("name", "size"), [("googlenet", 40), ("inception_v3", 299)])
def test_heads_can_be_switched_off(nets: ModuleType, name: str, size: int) -> None:
    """As code written for the published models does after loading weights with heads."""
    model = getattr(nets, name)(num_classes=3).train()
    x = torch.randn(2, 3, size, size)
    assert isinstance(model(x), tuple)
    model.aux_logits = False
    assert isinstance(model(x), Tensor)


def test_lenet_1998_adds_only_where_its_table_says(nets: ModuleType) -> None:
    model = nets.lenet5_1998().double()
    x = torch.zeros(1, 6, 5, 5, dtype=torch.float64)
    module = nets.lenet5_1998.__globals__
    for number, reads in enumerate(module["CONNECTIONS"]):
        for channel in range(6):
            changed = x.clone()
            changed[:, channel] = 1
            moves = (model.c3(changed) - model.c3(x))[0, number].abs().max() > 0
            assert bool(moves) == (channel in reads)
    assert sum(each.numel() for each in model.parameters()) == 60_000
    assert set(model.output.codes.flatten().tolist()) == {1.0, -1.0}


# ------------------------------------------------------------------ wrong arguments


@pytest.mark.parametrize(
    ("name", "options", "error", "words"),
    [
        ("resnet50", {"num_clases": 3}, TypeError, "did you mean 'num_classes'"),
        ("vgg16", {"dropuot": 0.1}, TypeError, "did you mean 'dropout'"),
        ("resnet50", {"block": "botleneck"}, ValueError, "did you mean 'bottleneck'"),
        ("lenet5", {"activation": "tahn"}, ValueError, "did you mean 'tanh'"),
        ("resnet20_cifar", {"shortcut": "padd"}, ValueError, "did you mean 'pad'"),
        ("resnet50", {"widths": (64, 128, 0, 512)}, ValueError, "widths"),
        ("resnet50", {"layers": (1, 2)}, ValueError, "2 layers for 4 widths"),
        ("resnet50", {"layers": (), "widths": ()}, ValueError, "layers needs at least one"),
        ("convnet", {"widths": ()}, ValueError, "widths needs at least one"),
        ("resnet50", {"num_classes": "10"}, TypeError, "num_classes"),
        ("resnet18", {"groups": 2}, ValueError, "bottleneck"),
        ("vgg16", {"hidden": 0}, ValueError, "hidden"),
        ("vgg16", {"batch_norm": "no"}, TypeError, "batch_norm is True or False"),
        ("vgg16", {"num_classes": 1.5}, TypeError, "num_classes"),
        ("vgg16", {"stages": ((0, (3,), 2),)}, ValueError, "width"),
        ("convnet", {"kernel_size": 2}, ValueError, "odd"),
        ("convnet", {"dropout": 1.5}, ValueError, "dropout"),
        ("convnet", {"dropout": "much"}, TypeError, "dropout"),
        ("mobilenet_v2", {"width_mult": 0.0}, ValueError, "width_mult"),
        ("mobilenet_v2", {"blocks": ((6, 24, 0, 2),)}, ValueError, "blocks"),
        ("mobilenet_v3_small", {"blocks": ()}, ValueError, "blocks"),
        ("googlenet", {"blocks": ()}, ValueError, "3a"),
        ("lenet5_1998", {"num_classes": 11}, ValueError, "10"),
        ("inception_v3", {"in_channels": True}, TypeError, "in_channels"),
    ],
)
def test_wrong_arguments_say_what_is_wrong(
    nets: ModuleType, name: str, options: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        getattr(nets, name)(**options)


# ------------------------------------------------------------------ exporting and compiling


@pytest.mark.slow
@pytest.mark.parametrize("name", [each for each in QUICK if each != "googlenet"])
def test_export_with_dynamic_batch(nets: ModuleType, name: str) -> None:
    model = small(nets, name).eval()
    size = SMALL[name][1]
    batch = torch.export.Dim("batch", min=1, max=16)
    x = image(nets, name, size)
    program = torch.export.export(model, (x,), dynamic_shapes=({0: batch},))
    three = torch.cat([x, x[:1]])
    assert torch.allclose(program.module()(three), model(three), rtol=1e-3, atol=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["convnet", "lenet5_1998", "vgg11_bn", "resnet18", "mobilenet_v2"])
def test_compiling_needs_no_graph_break(nets: ModuleType, name: str) -> None:
    torch._dynamo.reset()
    model = small(nets, name).eval()
    x = image(nets, name, SMALL[name][1])
    compiled = torch.compile(model, fullgraph=True, backend="aot_eager")
    assert torch.allclose(compiled(x), model(x), rtol=1e-3, atol=1e-3)
