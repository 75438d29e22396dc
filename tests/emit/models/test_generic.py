"""Networks without a template: their classes compute what the IR says, under the IR's names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from generator.architectures import arithmetic
from generator.architectures.arithmetic import shapes, state_manifest
from generator.architectures.ir import Network
from generator.architectures.model import Row
from generator.emit.models.render import render_module
from tests.emit.models import plans
from tests.emit.models.conftest import load
from tests.emit.models.tables import TABLES, row

FIXTURES = Path(__file__).parent / "fixtures"
# Networks small enough to compare value by value with the class their template gives.
COMPARED = {
    "convnet": 32,
    "lenet5": 32,
    "lenet5_1998": 32,
    "resnet18": 64,
    "resnet50_v1": 64,
    "resnext50_32x4d": 64,
    "resnet20_cifar": 32,
    "mobilenet_v1": 64,
    "mobilenet_v2": 64,
    "mobilenet_v3_small": 64,
    "googlenet": 64,
}


def ir_of(name: str) -> Network:
    return plans.table(name, TABLES[name], size=64).ir


def build(nets: ModuleType, name: str, **options: int) -> nn.Module:
    torch.manual_seed(0)
    model: nn.Module = nets.create_model(name, **options)
    with torch.no_grad():
        for key, value in (*model.named_parameters(), *model.named_buffers()):
            if key.endswith("running_var"):
                value.uniform_(0.5, 1.5)
            elif value.is_floating_point() and value.dim() == 1:
                value.normal_(0.5, 0.3)
    return model


@pytest.mark.parametrize("name", TABLES)
def test_state_and_shapes_are_the_irs(table_nets: ModuleType, name: str) -> None:
    ir, model = ir_of(name), build(table_nets, name).eval()
    assert [(key, tuple(value.shape)) for key, value in model.state_dict().items()] == [
        (key, shape) for key, shape, _ in state_manifest(ir)
    ]
    with FlopCounterMode(display=False) as counter:
        scores = model(torch.randn(1, *ir.input_shape))
    assert tuple(scores.shape[1:]) == shapes(ir)[ir.result]
    assert counter.get_total_flops() // 2 == arithmetic.macs(ir) == table_nets.model_info(name).macs


@pytest.mark.parametrize("name", TABLES)
def test_every_module_runs_on_the_irs_shapes(table_nets: ModuleType, name: str) -> None:
    """Each module of a node gives the node's shape, in the IR's order."""
    ir, model = ir_of(name), build(table_nets, name).eval()
    seen: list[tuple[str, tuple[int, ...]]] = []

    def note(path: str) -> Callable[..., None]:
        def hook(_module: nn.Module, _inputs: object, output: Tensor) -> None:
            seen.append((path, tuple(output.shape[1:])))

        return hook

    for path, module in model.named_modules():
        if path and not list(module.children()):
            module.register_forward_hook(note(path))
    model(torch.randn(2, *ir.input_shape))
    expected = [
        (node.name, shape) for node, shape in zip(ir.nodes, shapes(ir), strict=True) if node.name
    ]
    assert seen == expected


@pytest.mark.parametrize("name", TABLES)
def test_methods(table_nets: ModuleType, name: str) -> None:
    ir, model = ir_of(name), build(table_nets, name).double().eval()
    x = torch.randn(2, *ir.input_shape, dtype=torch.float64)
    if any(isinstance(each, nn.BatchNorm2d) for each in model.modules()):
        folded = model.fold_batch_norm()  # type: ignore[operator]
        assert torch.allclose(folded(x), model(x), rtol=1e-8, atol=1e-8)
        assert len(list(folded.parameters())) < len(list(model.parameters()))
    model.reset_classifier(3)  # type: ignore[operator]
    assert model(x).shape[:2] == (2, 3)
    assert model.forward_features(x).dim() == 4  # type: ignore[operator]
    model.freeze_backbone()  # type: ignore[operator]
    trained = [key for key, each in model.named_parameters() if each.requires_grad]
    assert trained
    assert len(trained) < len(list(model.parameters())) or name == "perceptron"


@pytest.mark.parametrize("name", TABLES)
def test_classes_and_channels_can_be_chosen(table_nets: ModuleType, name: str) -> None:
    _, height, width = ir_of(name).input_shape
    if name == "gated":  # its first block's inner width follows from the channels
        with pytest.raises(ValueError, match="in_channels"):
            table_nets.create_model(name, in_channels=4)
        return
    if name == "sparse":  # its connections name the maps of one layer, not the input's
        assert build(table_nets, name, in_channels=2)
    model = build(table_nets, name, num_classes=4, in_channels=5).eval()
    assert model(torch.randn(2, 5, height, width)).shape[:2] == (2, 4)


@pytest.mark.parametrize(("name", "size"), COMPARED.items())
def test_it_computes_what_the_familys_own_template_does(
    nets: ModuleType, table_nets: ModuleType, name: str, size: int
) -> None:
    generic, template = build(table_nets, name), nets.create_model(name)
    template.load_state_dict(generic.state_dict(), strict=True)
    x = torch.randn(2, nets.model_info(name).input_size[0], size, size)
    for training in (False, True):
        generic.train(training)
        template.train(training)
        torch.manual_seed(1)
        ours = generic(x)
        torch.manual_seed(1)
        theirs = template(x)
        assert getattr(ours, "_fields", None) == getattr(theirs, "_fields", None)
        for one, two in zip(
            ours if isinstance(ours, tuple) else [ours],
            theirs if isinstance(theirs, tuple) else [theirs],
            strict=True,
        ):
            assert torch.allclose(one, two, rtol=1e-3, atol=1e-3 * float(two.detach().abs().max()))


def test_distances_are_said_to_be(table_nets: ModuleType) -> None:
    outputs = {name: table_nets.model_info(name).output for name in table_nets.list_models()}
    assert {name for name in outputs if outputs[name] == "distances"} == {
        name
        for name in outputs
        if list(table_nets.create_model(name).state_dict())[-1].endswith(".codes")
    }
    assert outputs["lenet5_1998"] == "distances"


@pytest.mark.parametrize("name", ["residuals", "separable", "dense"])
def test_the_code_reads_as_expected(name: str, expect: Callable[[Path, str], None]) -> None:
    plan = plans.plans(plans.table(name, TABLES[name], size=64))[name]
    expect(FIXTURES / f"{name}.py.txt", render_module(plan))


@pytest.mark.parametrize(
    "rows",
    [
        (row("max_pool", kernel=2),),
        (row("flatten"),),
        (row("norm", kind="batch"), row("transition"), row("squeeze_excite")),
        (row("conv", width=8), row("conv_transpose", width=4, kernel=2, stride=2)),
    ],
)
def test_a_network_without_a_classifier_says_so(tmp_path: Path, rows: tuple[Row, ...]) -> None:
    """Its classes come from no single layer, so their number is what it is."""
    architecture = plans.table("bare", rows, size=16)
    package = load(tmp_path, f"bare_{tmp_path.name}", plans.files(architecture))
    model = package.bare().eval()
    shape = shapes(architecture.ir)[architecture.ir.result]
    assert tuple(model(torch.randn(2, 3, 16, 16)).shape[1:]) == shape
    with pytest.raises(ValueError, match="num_classes"):
        model.reset_classifier(shape[0] + 1)
    with pytest.raises(ValueError, match="num_classes"):
        package.bare(num_classes=shape[0] + 1)
