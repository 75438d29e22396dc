"""Obsidian's bases: :func:`run_base` evaluates a ``.base`` file or ``base`` block."""

from generator.graph.bases.run import run_base

__all__ = ["run_base"]
