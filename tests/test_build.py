"""The whole program on vaults: what a build makes, and that an edit changes exactly what it should."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.cli import main

DEMO = Path(__file__).parents[1] / "vault"
NOTE = "MachineLearning/Convolutional_networks.md"
SEVEN = {"convnet", "resnet", "inception", "lenet", "alexnet", "vgg", "mobilenet"}


class Workshop:
    """A copy of the demo vault in a folder of its own, and the command run there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.vault = folder / "vault"

    def run(self, *arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments), catch_exceptions=False)

    def build(self, *options: str, status: int = 0) -> dict[str, str]:
        """Build; give the outputs that were written, removed or refused."""
        report = self.folder / "report.json"
        result = self.run("build", "vault", "--report", str(report), "--jobs", "1", *options)
        assert result.exit_code == status, result.output
        self.output = result.output
        self.report = json.loads(report.read_text(encoding="utf-8"))
        return {
            each["path"]: each["status"]
            for each in self.report["outputs"]
            if each["status"] != "unchanged"
        }

    def edit(self, change: Callable[[str], str], note: str = NOTE) -> None:
        path = self.vault / note
        before = path.read_text(encoding="utf-8")
        after = change(before)
        assert after != before
        path.write_text(after, encoding="utf-8")

    def tree(self) -> dict[str, bytes]:
        """Every output file's bytes."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for name in ("generated_models", "site")
            for path in sorted((self.folder / name).rglob("*"))
            if path.is_file()
        }


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo vault with its outputs and cache, built once."""
    folder = tmp_path_factory.mktemp("built")
    shutil.copytree(DEMO, folder / "vault")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        Workshop(folder).build()
    return folder


@pytest.fixture
def workshop(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    """A copy of the built demo vault to work on."""
    folder = tmp_path / "work"
    shutil.copytree(built, folder)
    monkeypatch.chdir(folder)
    return Workshop(folder)


def modules(changes: dict[str, str]) -> set[str]:
    return {path for path in changes if path.startswith("models/")}


def pages(changes: dict[str, str]) -> set[str]:
    return {path for path in changes if path.startswith("site/")}


def test_the_demo_gives_its_architectures(workshop: Workshop) -> None:
    workshop.build()
    assert {each["name"] for each in workshop.report["models"]} == SEVEN | {"pebblenet"}
    outcomes = {
        each["text"]: (each["outcome"], each["family"])
        for each in workshop.report["headings"]
        if each["path"] == NOTE and each["level"] > 0
    }
    assert outcomes == {
        "Convolutional networks": ("model", "convnet"),
        "Convolutional network features": ("part", "convnet"),
        "ResNets (residual networks)": ("model", "resnet"),
        "ResNet benefits/": ("part", "resnet"),
        "Inception networks": ("model", "inception"),
        "Classic CNN network architectures": ("container", None),
        "LeNet": ("model", "lenet"),
        "AlexNet": ("model", "alexnet"),
        "VGG": ("model", "vgg"),
        "MobileNet": ("model", "mobilenet"),
    }
    mobilenet = next(each for each in workshop.report["models"] if each["name"] == "mobilenet")
    assert mobilenet["variant"] == "mobilenet_v2"


def test_a_second_build_writes_nothing(workshop: Workshop) -> None:
    before = {p: p.stat().st_mtime_ns for p in workshop.folder.rglob("site/**/*")}
    assert workshop.build() == {}
    assert {p: p.stat().st_mtime_ns for p in workshop.folder.rglob("site/**/*")} == before
    workshop.build("--check")


def test_a_value_under_a_heading_changes_its_module_tests_and_pages(workshop: Workshop) -> None:
    workshop.edit(lambda text: text.replace("## VGG\n", "## VGG\nnum_classes:: 10\n\n"))
    changes = workshop.build()
    assert modules(changes) == {"models/vgg.py", "models/tests/test_vgg.py"}
    assert "site/-/models/vgg.html" in changes
    assert f"site/{NOTE[:-3]}.html" in changes
    others = {"resnet", "lenet5", "alexnet", "googlenet", "mobilenet_v2"}
    assert not {f"site/-/models/{name}.html" for name in others} & set(changes)
    assert set(changes.values()) == {"written"}
    vgg = next(each for each in workshop.report["models"] if each["name"] == "vgg")
    assert vgg["params"]["num_classes"] == 10
    assert vgg["parameters"] == 138_357_544 - 990 * 4097


def test_a_blank_line_changes_no_generated_file(workshop: Workshop) -> None:
    workshop.edit(lambda text: text.replace("# ResNets", "\n\n# ResNets", 1))
    assert modules(workshop.build()) == set()


def test_renaming_a_heading_keeps_its_module(workshop: Workshop) -> None:
    workshop.edit(lambda text: text.replace("## LeNet\n", "## LeNet-5\n"))
    changes = workshop.build()
    assert "removed" not in {changes[path] for path in modules(changes)}
    assert (workshop.folder / "generated_models/lenet5.py").is_file()
    assert {each["name"] for each in workshop.report["models"]} == SEVEN | {"pebblenet"}


def test_deleting_a_section_removes_its_outputs(workshop: Workshop) -> None:

    def without(text: str) -> str:
        head, rest = text.split("## AlexNet\n", 1)
        return head + "## VGG\n" + rest.split("## VGG\n", 1)[1]

    workshop.edit(without)
    changes = workshop.build()
    gone = {path for path, status in changes.items() if status == "removed"}
    assert {
        "models/alexnet.py",
        "models/tests/test_alexnet.py",
        "site/-/models/alexnet.html",
    } <= gone
    assert "alexnet" not in (workshop.folder / "generated_models/__init__.py").read_text()


def test_a_broken_section_keeps_its_last_good_module(workshop: Workshop) -> None:
    module = workshop.folder / "generated_models/vgg.py"
    good = module.read_bytes()
    workshop.edit(lambda text: text.replace("## VGG\n", "## VGG\nnum_classes:: -3\n"))
    changes = workshop.build(status=1)
    assert changes["models/vgg.py"] == "refused"
    assert module.read_bytes() == good
    assert '"vgg16"' in (workshop.folder / "generated_models/__init__.py").read_text()
    assert "site/-/models/vgg.html" not in {p for p, s in changes.items() if s == "removed"}
    error = next(each for each in workshop.report["diagnostics"] if each["severity"] == "error")
    assert error["path"] == NOTE
    assert "-3" in error["found"] + error["message"]
    workshop.edit(lambda text: text.replace("num_classes:: -3\n", ""))
    workshop.build()
    assert module.read_bytes() == good


def test_a_broken_section_keeps_every_module_of_its_family(workshop: Workshop) -> None:
    package = workshop.folder / "generated_models"
    names = ("mobilenet_v1", "mobilenet_v2", "mobilenet_v3")
    good = [(package / f"{each}.py").read_bytes() for each in names]
    workshop.edit(lambda text: text.replace("## MobileNet\n", "## MobileNet\nwidth_mult:: wide\n"))
    changes = workshop.build(status=1)
    assert [(package / f"{each}.py").read_bytes() for each in names] == good
    assert not [path for path, status in changes.items() if status == "removed"]
    assert '"mobilenet_v3_small"' in (package / "__init__.py").read_text("utf-8")


def test_an_incremental_build_equals_a_clean_one(workshop: Workshop) -> None:
    workshop.edit(lambda text: text.replace("## VGG\n", "## VGG\ndropout:: 0.25\n"))
    workshop.build()
    (workshop.vault / "MachineLearning/Computer_vision.md").rename(
        workshop.vault / "Computer vision.md"
    )
    workshop.build()
    (workshop.vault / "MachineLearning/Neural_networks.md").unlink()
    (workshop.vault / "New.md").write_text("# Residual networks\n\nsee [[Home]]\n")
    workshop.build()
    incremental = workshop.tree()
    for name in ("generated_models", "site"):
        shutil.rmtree(workshop.folder / name)
    (workshop.folder / ".notetorch/cache/notes.cache").unlink()
    workshop.build()
    assert workshop.tree() == incremental


def test_a_private_note_leaves_no_byte(workshop: Workshop) -> None:
    (workshop.vault / "Zebrafinch.md").write_text(
        "---\npublish: false\naliases: [quokka]\ntags: [wombat]\n---\n"
        "# ResNet\narch:: resnet\nnum_classes:: 7\n\nnumbat sentence [[Home]] ![[Home]]\n"
        "\n## Axolotl network\n"
    )
    workshop.edit(
        lambda text: (
            text + "\n\nSee [[Zebrafinch]], [[quokka]], [[Zebrafinch#Axolotl network]] "
            "and ![[Zebrafinch]].\n"
        ),
        note="Home.md",
    )
    workshop.build()
    everything = b"\n".join(workshop.tree().values()).lower()
    names = "\n".join(workshop.tree()).lower()
    for canary in ("zebrafinch", "quokka", "wombat", "numbat", "axolotl"):
        assert canary.encode() not in everything, canary
        assert canary not in names


def test_an_edited_module_is_protected_and_detach_makes_it_ones_own(workshop: Workshop) -> None:
    module = workshop.folder / "generated_models/vgg.py"
    module.write_text(module.read_text() + "\nMINE = 1\n")
    workshop.edit(lambda text: text.replace("## VGG\n", "## VGG\nnum_classes:: 10\n\n"))
    assert workshop.build(status=1)["models/vgg.py"] == "refused"
    assert "NT801" in workshop.output
    assert module.with_name("vgg.py.new").is_file()
    assert workshop.run("detach", str(module)).exit_code == 0
    workshop.build()
    assert "MINE = 1" in module.read_text()


def test_torch_is_never_imported(workshop: Workshop) -> None:
    script = (
        "import sys; sys.modules['torch'] = None\n"
        "from generator.cli import main\n"
        "main(sys.argv[1:], standalone_mode=False)\n"
    )
    for arguments in (
        ["build", "vault"],
        ["check", "vault"],
        ["models"],
        ["summary", "vgg16"],
        ["explain", "vgg"],
        ["init", "vault"],
    ):
        done = subprocess.run(
            [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"


def test_only_real_architectures_among_hundreds_of_notes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from benchmarks.synthetic_vault import ARCHITECTURES, write_vault

    write_vault(tmp_path / "vault", 300)
    monkeypatch.chdir(tmp_path)
    workshop = Workshop(tmp_path)
    workshop.build()
    assert {each["path"] for each in workshop.report["models"]} == set(ARCHITECTURES)
    assert len(workshop.report["models"]) == len(ARCHITECTURES)
    assert len(workshop.output.splitlines()) <= 40


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("broken yaml.md", b"---\ntitle: [unclosed\n---\n# VGG\n"),
        ("bytes.md", bytes(range(256)) * 4),
        ("nul.md", b"# ResNet\n\0\0\n"),
        ("empty.md", b""),
        ('quote".md', b'# "LeNet" {{ 7 * 7 }} {% raw %}\n'),
        ("injection.md", b'# ResNet """\narch:: resnet\nmodule:: os; import sys\n'),
        ("percent%20#x.md", b"[[percent%20#x]] <script>alert(1)</script>\n"),
        ("deep.md", b">" * 500 + b" x\n" + b"  " * 200 + b"- y\n"),
    ],
)
def test_hostile_notes_give_diagnostics_not_tracebacks(
    workshop: Workshop, name: str, content: bytes
) -> None:
    (workshop.vault / name).write_bytes(content)
    result = workshop.run("build", "vault", "--report", "r.json")
    assert result.exit_code in (0, 1), result.output
    assert "Traceback" not in result.output
    for path, data in workshop.tree().items():
        if path.endswith(".html"):
            assert b"<script>alert" not in data
        if path.endswith(".py"):
            compile(data, path, "exec")


def test_an_unreadable_configuration_writes_nothing(workshop: Workshop) -> None:
    (workshop.vault / "notetorch.toml").write_text('exclude = ["Private/**"\n')
    (workshop.vault / "Private").mkdir()
    (workshop.vault / "Private/Diary.md").write_text("secret\n")
    before = workshop.tree()
    assert workshop.build(status=1) == {}
    assert workshop.tree() == before


def test_wrong_usage_is_status_two(workshop: Workshop) -> None:
    assert workshop.run("build", "nowhere").exit_code == 2
    assert workshop.run("summary", "vgg61").exit_code == 2
    assert "did you mean" in workshop.run("summary", "vgg61").output
    (workshop.folder / "mine").mkdir()
    (workshop.folder / "mine/thesis.txt").write_text("x")
    assert workshop.run("build", "vault", "--site", "mine").exit_code == 2


def test_outputs_lie_in_the_vault_only_if_asked_for(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(workshop.vault / "MachineLearning")
    refused = workshop.run("build", "..")
    assert refused.exit_code == 2
    assert "--models" in refused.output
    assert not list(workshop.vault.rglob("*.html"))
    (workshop.vault / "notetorch.toml").write_text('models = "models"\nsite = "../../pages"\n')
    assert workshop.run("build", "..").exit_code == 0
    assert (workshop.vault / "MachineLearning/models/vgg.py").exists()
    assert (workshop.folder / "pages/index.html").exists()
