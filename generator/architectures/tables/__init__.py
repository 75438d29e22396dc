"""Layer tables: tables in notes, as papers print them, become layer rows.

:func:`read_table` recognises a table's layout and reads its cells; :func:`read_layers` reads the same
rows from YAML; :func:`lower_table` builds them, reporting what is wrong at the cell it stands in and
checking the sizes the table states. One layout per module, in the order of :data:`LAYOUTS`.
"""

from __future__ import annotations

from generator.architectures.tables.finish import lower_table
from generator.architectures.tables.layers import read_layers
from generator.architectures.tables.model import TableReading
from generator.architectures.tables.read import LAYOUTS, read_table, why_ordinary

__all__ = ["LAYOUTS", "TableReading", "lower_table", "read_layers", "read_table", "why_ordinary"]
