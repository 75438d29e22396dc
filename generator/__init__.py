"""notetorch: compile an Obsidian vault into PyTorch modules, tests and a linked site.

The pipeline is one-way and pure between its two ends (see ARCHITECTURE.md):
vault -> notes -> graph -> mapping -> architectures and claims -> emit -> build.
"""

__version__ = "0.1.0"
