"""How a statement's text, prose with ``$…$`` formulas, becomes tokens."""
