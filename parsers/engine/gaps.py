"""Gaps in a text: broken lines, and holes of zero bytes where a file system lost what was written.

What may be missing there is not guessed. A value that runs into a gap is not a fact. A run with a gap in its text does
not count as whole.
"""

from __future__ import annotations

from ..facts import Fact, Run
from ..vocabulary import term
from .text import LINE_END, MARK, Bytes, pieces

_HOLE = b"\0"
_MARK, _HOLE_IN_TEXT = MARK.decode(), _HOLE.decode()
_AT_ONCE = 1 << 16


def is_cut(value: str) -> bool:
    """Return whether a value runs into a gap, or into a sign that the line goes on below."""
    return _MARK in value or _HOLE_IN_TEXT in value or value.endswith("\\")


def has_holes(data: Bytes) -> bool:
    """Return whether a text has holes."""
    return _HOLE in data if isinstance(data, bytes) else any(_HOLE in piece for piece in pieces(data))


def has_gap(data: Bytes, begin: int, end: int) -> bool:
    """Return whether a part of a text, or the end of the line before it, has a gap."""
    begins = range(max(0, begin - LINE_END), end, _AT_ONCE)
    parts = (data[begin : min(begin + _AT_ONCE + 1, end)] for begin in begins)
    # The last byte of a mark is searched for much faster than both.
    return any((MARK[-1:] in part and MARK in part) or _HOLE in part for part in parts)


def only_sure(run: Run) -> Run:
    """Return a run with a gap in its text without what a lost line would change.

    That is its completion, a kill that may have come behind it, and times between lines. The times of its steps are
    since its beginning, which may not be known.
    """
    unsure = run.outcome in ("completed", "killed")
    kept = (fact for fact in run.facts if not (_is_between_lines(fact) or (unsure and fact.name == "failure_reason")))
    facts = [_unknown(fact) if unsure and fact.name == "outcome" else fact for fact in kept]
    since = run.fact("started_at") is not None
    series = (each for each in run.series if since or each.name != "time")
    return run._replace(facts=tuple(facts), series=tuple(series))


def _unknown(outcome: Fact) -> Fact:
    return outcome._replace(value="unknown", evidence="")


def _is_between_lines(fact: Fact) -> bool:
    """Return whether a fact is a duration that no line states."""
    return term(fact.name).duration and "." in fact.value and fact.value not in fact.evidence
