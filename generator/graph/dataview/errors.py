"""Why an expression or query has no result."""

from __future__ import annotations


class EvaluationError(Exception):
    """An expression failed on a row; the message is Dataview's."""


class OutOfBudgetError(EvaluationError):
    """The evaluation as a whole takes too many steps or too much memory: it ends here."""
