"""What is sure of a run that has a gap in its text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from ..facts import Fact, Run, Series
from ..noise import noise
from ..vocabulary import term
from .drafts import Draft
from .events import clock
from .lines import decode
from .shapes import Dialect
from .text import LINE_END, MARK

_AT_ONCE = 1 << 16
# How far before a gap its stretch of line may begin.
_REACH = 4096
_GAP = re.compile(re.escape(MARK) + rb"|\0++")
# Stands for the rest of a line that is lost: such a line is not empty.
_GOES_ON = "..."
_CLOCK = re.compile(r"\d+(?::\d\d)+")


def only_sure(run: Run, draft: Draft[Any]) -> Run:
    """Return a run with a gap in its text, made of a draft, without what a lost line would change.

    That is its completion, a kill that may have come behind it, and times between lines. The times of its steps are
    since its beginning, which may not be known.

    On some lines nothing is known of what was lost, and the run may have ended there. So its end is not sure, nor are
    the times of later steps. Nor are values that later lines replace.
    """
    blind = [draft.ruler.place(offset)[0] for offset in _blind(draft)]
    since = run.fact("started_at") is not None
    series = (_up_to(each, blind[0]) if blind and each.name == "time" else each for each in run.series)
    kept = tuple(each for each in series if since or each.name != "time")
    return run._replace(facts=tuple(_sure_facts(run, draft, blind)), series=kept)


def _sure_facts(run: Run, draft: Draft[Any], blind: list[int]) -> Iterator[Fact]:
    unsure = run.outcome in ("completed", "killed")
    dropped = {"failure_reason"} if unsure else set()
    dropped |= {"ended_at"} if blind else set()
    last = blind[-1] if blind else 0
    for fact in run.facts:
        replaced = fact.name in draft.replaced and fact.line <= last
        if not (replaced or fact.name in dropped or _is_between_lines(fact)):
            yield _unknown(fact) if unsure and fact.name == "outcome" else fact


def _blind(run: Draft[Any]) -> Iterator[int]:
    """Yield where text is lost on stretches of line that gave no event: an opening line may have been there."""
    data, read = run.ruler.data, sorted(run.read)
    for start in range(run.start, run.end, _AT_ONCE):
        base = max(0, start - _REACH)
        piece = data[base : min(start + _AT_ONCE, run.end)]
        for gap in _GAP.finditer(piece, start - base):
            at = gap.start()
            stretch = max(piece.rfind(b"\n", 0, at), piece.rfind(b"\r", 0, at)) + 1
            first = bisect_left(read, base + stretch)
            unread = first == len(read) or read[first] > base + at
            if unread and not _is_known(piece[stretch:at], piece[max(0, stretch - LINE_END) : stretch], run.dialect):
                yield base + at


def _is_known(stretch: bytes, before: bytes, dialect: Dialect) -> bool:
    """Return whether a stretch is known noise, or the rest of a broken line, which has no timestamp."""
    stamps = list(dialect.stamp.finditer(stretch)) if dialect.stamp is not None else []
    said = stretch[stamps[-1].start() :] if stamps else stretch  # a bar may be before it
    return (MARK in before and not stamps) or bool(said.strip() and noise(decode(said) + _GOES_ON, (dialect,)))


def _up_to(series: Series, line: int) -> Series:
    """Return the points of a series on lines before another."""
    count = bisect_left(series.lines, line)
    steps, values = series.steps[:count], series.values[:count]
    lines, view_lines = series.lines[:count], series.view_lines[:count]
    return series._replace(steps=steps, values=values, lines=lines, view_lines=view_lines)


def _unknown(outcome: Fact) -> Fact:
    return outcome._replace(value="unknown", evidence="")


def _is_between_lines(fact: Fact) -> bool:
    """Return whether a fact is a duration that no line states, neither as a number nor as a clock."""
    clocks = (str(clock(text)) for text in _CLOCK.findall(fact.evidence))
    return term(fact.name).duration and fact.value not in (*clocks, "") and fact.value not in fact.evidence
