"""``python -m generator`` is the ``notetorch`` command."""

from generator.cli import main

main(prog_name="notetorch")
