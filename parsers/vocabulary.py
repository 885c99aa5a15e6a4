"""The names that a fact may have, asked for by name."""

from __future__ import annotations

from .metrics import METRICS, SERIES
from .terms import ENVIRONMENT, IDENTITY, PARAMETERS, Term

__all__ = ("BY_NAME", "EVAL_FAMILY", "KINDS", "ORDER", "TERMS", "Term", "term")

KINDS = ("run", "parameter", "metric", "series", "environment")

# The first part of names that a log invents: `eval/accuracy_cls` keeps the log's own name.
EVAL_FAMILY = "eval/"

TERMS: tuple[Term, ...] = (*IDENTITY, *PARAMETERS, *METRICS, *SERIES, *ENVIRONMENT)
BY_NAME: dict[str, Term] = {term.name: term for term in TERMS}
ORDER: dict[str, int] = {term.name: index for index, term in enumerate(TERMS)}


def term(name: str) -> Term:
    """Return the vocabulary's entry for `name`.

    Raises
    ------
    KeyError
        If the vocabulary has no such name.
    """
    if name.startswith(EVAL_FAMILY):
        return Term(name, "metric", "", f"The evaluation's own measure {name.removeprefix(EVAL_FAMILY)}.")
    return BY_NAME[name]
