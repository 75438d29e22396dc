"""Dataview's scripts: :func:`run_script` runs a ``dataviewjs`` block or ``$=`` expression."""

from generator.graph.dataviewjs.run import run_script

__all__ = ["run_script"]
