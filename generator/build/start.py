"""``notetorch init``: a configuration file to begin with, and what the vault holds."""

from __future__ import annotations

from pathlib import Path

from generator.build.pipeline import Compilation

CONFIG = """\
# notetorch.toml: how this vault becomes code and pages. Every line is optional.

# title = "My notes"            # site title
# models = "generated_models"   # where the Python package goes
# site = "site"                 # where the pages go
# publish = "all"               # or "explicit": only notes with `publish: true`
# exclude = ["Private/**"]      # globs: never mapped, never published
# unmapped = ["Papers/**"]      # globs: published, never turned into models

# [names]                       # more names for a family, as your headings write them
# resnet = ["skip-connection network"]

# [values.vgg]                  # parameter values for the whole vault
# num_classes = 10

# [levels]                      # severity by code: "error", "warning", "info" or "off"
# NT301 = "off"
"""


def write_config(vault: Path) -> bool:
    """Write a commented ``notetorch.toml`` into the vault unless there is one; say whether."""
    path = vault / "notetorch.toml"
    if path.exists():
        return False
    path.write_text(CONFIG, encoding="utf-8")
    return True


def describe(compilation: Compilation) -> list[str]:
    """Say in a few lines what a build would find."""
    graph, mapping = compilation.graph, compilation.mapping
    snapshot = graph.snapshot
    lines = [f"{len(graph.notes)} notes, {len(snapshot.files) - len(graph.notes)} other files"]
    if snapshot.settings.template_folders:
        lines.append("template folders: " + ", ".join(sorted(snapshot.settings.template_folders)))
    if snapshot.settings.daily_folder:
        lines.append(f"daily notes: {snapshot.settings.daily_folder}/")
    if snapshot.excluded:
        lines.append(f"excluded: {len(snapshot.excluded)} files")
    if mapping.architectures:
        lines.append(f"{len(mapping.architectures)} architectures:")
        for each in mapping.architectures:
            source = each.sources[0]
            place = f"{source.path}:{source.line}"
            lines.append(f"  {each.name:<20} {each.variant or 'from its table':<18} {place}")
    else:
        lines.append("no architectures yet: a heading such as `## ResNet` makes one")
    return lines
