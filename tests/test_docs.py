"""What exists is documented: settings, commands, options."""

from __future__ import annotations

import re
from pathlib import Path

import click

from generator.cli import main
from generator.vault.config import KEYS

ROOT = Path(__file__).parents[1]


def test_every_setting_is_in_the_configuration_page() -> None:
    text = (ROOT / "docs/configuration.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `\[?(\w+)", text, re.M))
    assert set(KEYS) <= rows


def test_every_command_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = [name for name in main.commands if f"notetorch {name}" not in text]
    assert missing == []


def test_every_command_and_option_says_what_it_does() -> None:
    for name, command in main.commands.items():
        assert command.help, name
        for option in command.params:
            if isinstance(option, click.Option):
                described = option.help or option.name in {"vault", "port", "form"}
                assert described, f"{name} {option.name}"


def test_files_the_readme_links_to_exist() -> None:
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
