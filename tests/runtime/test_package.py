"""Generated packages in any folder: found, read without importing, imported, asked."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from generator.runtime.facts import Facts, read_facts
from generator.runtime.package import Package, load_package
from generator.runtime.problem import UsageError
from tests.runtime.conftest import GENERATED, Command


def test_facts_read_from_the_files_are_those_of_the_imported_package(
    nets: Path, package: Package
) -> None:
    read = {each.name: each for each in read_facts(nets)}
    assert sorted(read) == package.root.list_models()
    for name, facts in read.items():
        imported = package.facts(name)
        for key in set(Facts.__dataclass_fields__) - {"module"}:
            assert getattr(facts, key) == getattr(imported, key), (name, key)


def test_a_package_does_not_take_the_name_of_its_folder(nets: Path, tmp_path: Path) -> None:
    folder = tmp_path / "json"
    folder.mkdir()
    for file in nets.glob("*.py"):
        (folder / file.name).write_bytes(file.read_bytes())
    package = load_package(folder)
    assert package.root is not sys.modules["json"]
    assert package.create("lenet5", num_classes=3).output.out_features == 3


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (None, "there is no folder"),
        ({}, "is no package of generated networks"),
        ({"__init__.py": "import os\nos.abort()\n"}, "is no package of generated networks"),
        ({"__init__.py": "def broken(:\n"}, "is no package of generated networks"),
        ({"__init__.py": "_MODULES = open('x')\n"}, "is no package of generated networks"),
        ({"__init__.py": "_MODULES = {'a': 'b'}\nfrom . import b\n"}, "cannot be imported"),
        ({"__init__.py": "_MODULES = {'a': 'b'}\n1 / 0\n"}, "cannot be imported"),
    ],
)
def test_other_folders_are_refused_before_they_run(
    tmp_path: Path, files: dict[str, str] | None, words: str
) -> None:
    folder = tmp_path / "other"
    if files is not None:
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=words):
        load_package(folder)


@pytest.mark.parametrize(
    "info", ["INFO = make()", "INFO = {}", "INFO = {'a': 3}", "INFO = {'a': {'macs': 1}}", "x = 1"]
)
def test_a_module_without_facts_is_said_to_be(tmp_path: Path, info: str) -> None:
    (tmp_path / "__init__.py").write_text("_MODULES = {'a': 'b'}", encoding="utf-8")
    (tmp_path / "b.py").write_text(info, encoding="utf-8")
    with pytest.raises(UsageError, match="does not hold the facts about a"):
        read_facts(tmp_path)


def test_models_of_a_package_needs_no_torch(nets: Path) -> None:
    script = (
        "import sys; sys.modules['torch'] = None\n"
        "from generator.cli import main\n"
        "main(sys.argv[1:], standalone_mode=False)\n"
    )
    command = [sys.executable, "-c", script, "models", "--models", str(nets)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = {line.split()[0]: line.split() for line in done.stdout.splitlines()[1:]}
    assert rows["vgg16"][1:5] == ["vgg", "138,357,544", "15,470,264,320", "3×224×224"]


@pytest.mark.parametrize("arguments", [["run", "vgg16"], ["summary", "vgg16"], ["bench", "vgg16"]])
def test_without_torch_the_way_to_it_is_told(nets: Path, arguments: list[str]) -> None:
    script = "import sys; sys.modules['torch'] = None\nfrom generator.cli import main\nmain()\n"
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments, "--models", str(nets)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "pip install torch" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "lenet5", "--device", "cuda:77"], "notetorch run: "),
        (["run", "lenet5", "--size", "5"], "notetorch run: "),
        (["run", "lenet5", "--weights", "taken"], "taken holds no weights"),
        (["export", "lenet5", "--out", "taken/x"], "taken"),
        (["train", "lenet5", "--out", "taken/x"], "taken"),
    ],
)
def test_what_goes_wrong_is_status_one(
    command: Command, tmp_path: Path, arguments: list[str], words: str
) -> None:
    (tmp_path / "taken").write_text("a file")
    assert words in command(*arguments, status=1).output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "resnet05"], "did you mean"),
        (["train", "resnet05"], "did you mean"),
        (["export", "resnet05"], "did you mean"),
        (["bench", "resnet05"], "did you mean"),
        (["summary", "resnet05"], "did you mean"),
        (["run", "lenet5", "--size", "0"], "--size"),
        (["bench", "lenet5", "--device", "abacus"], "--device abacus"),
        (["bench", "lenet5", "--device", "meta"], "holds no values"),
        (["summary", "vgg16", "--size", "20"], "the least is 32×32"),
        (["summary", "pebblenet", "--size", "40"], "made for 32×32"),
        (["export", "lenet5", "--fold-batch-norm"], "no batch norms"),
        (["export", "lenet5", "--weights", "nowhere.pt"], "nowhere.pt"),
        (["export", "lenet5_1998", "--num-classes", "11"], "only 10 digits"),
    ],
)
def test_wrong_usage_is_status_two(command: Command, arguments: list[str], words: str) -> None:
    assert words in command(*arguments, status=2).output


def test_the_default_is_the_folder_of_the_configuration(command: Command, tmp_path: Path) -> None:
    missing = command("run", "lenet5", status=2, models=None)
    assert "notetorch build VAULT" in missing.output
    (tmp_path / "notetorch.toml").write_text(f'models = "{GENERATED.as_posix()}"\n')
    assert "output      1 x 10" in command("run", "lenet5", models=None).output


def test_a_vaults_package_is_used_and_said_to_be_old(command: Command, tmp_path: Path) -> None:
    note = tmp_path / "notes" / "Nets.md"
    note.parent.mkdir()
    note.write_text("# LeNet\n", encoding="utf-8")
    assert (
        "notetorch build notes"
        in command("run", "lenet", "--vault", "notes", status=2, models=None).output
    )
    command("build", "notes", models=None)
    fresh = command("run", "lenet", "--vault", "notes", models=None)
    assert "output      1 x 10" in fresh.output
    assert "are not what" not in fresh.output
    note.write_text("# LeNet\nnum_classes:: 7\n", encoding="utf-8")
    old = command("run", "lenet", "--vault", "notes", models=None)
    assert "files of" in old.stderr
    assert "`notetorch build notes` writes them" in old.stderr
    assert "output      1 x 10" in old.stdout


def test_run_is_the_packages_own_main(command: Command, tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    image.new("L", (40, 40), 90).save(tmp_path / "gray.png")
    output = command("run", "lenet5", "--image", "gray.png", "--batch", "2").output
    assert "input       2 x 1 x 32 x 32 (gray.png)" in output
    assert output.count("class ") == 5
