"""What is sure of a run that has a gap in its text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence

from ..facts import Fact, Run, Series
from ..vocabulary import term
from .events import clock
from .text import LINE_END, MARK, Bytes

_AT_ONCE = 1 << 16
# How far before a gap its stretch of line may begin.
_REACH = 4096
_GAP = re.compile(re.escape(MARK) + rb"|\0++")
_CLOCK = re.compile(r"\d+(?::\d\d)+")


def blind(
    data: Bytes, begin: int, end: int, read: Sequence[int], is_known: Callable[[bytes, bytes], bool]
) -> Iterator[int]:
    """Yield where text is lost on stretches of line that gave no event: an opening line may have been there.

    `read` are the rising offsets of events. `is_known` tells whether a stretch is known to say nothing. It is given the
    text up to the gap, and the end of the text before.
    """
    for start in range(begin, end, _AT_ONCE):
        base = max(0, start - _REACH)
        piece = data[base : min(start + _AT_ONCE, end)]
        for gap in _GAP.finditer(piece, start - base):
            at = gap.start()
            stretch = max(piece.rfind(b"\n", 0, at), piece.rfind(b"\r", 0, at)) + 1
            first = bisect_left(read, base + stretch)
            unread = first == len(read) or read[first] > base + at
            if unread and not is_known(piece[stretch:at], piece[max(0, stretch - LINE_END) : stretch]):
                yield base + at


def only_sure(run: Run, blind_lines: Sequence[int] = (), replaced: Collection[str] = ()) -> Run:
    """Return a run with a gap in its text without what a lost line would change.

    That is its completion, a kill that may have come behind it, and times between lines. The times of its steps are
    since its beginning, which may not be known.

    On `blind_lines` nothing is known of what was lost, and the run may have ended there. So its end is not sure, nor
    are the times of later steps. Nor are values that later lines replace: those of the names `replaced`.
    """
    unsure = run.outcome in ("completed", "killed")
    first, last = (blind_lines[0], blind_lines[-1]) if blind_lines else (0, 0)
    names = {"ended_at"} if blind_lines else set()
    if unsure:
        names.add("failure_reason")
    kept = (
        fact
        for fact in run.facts
        if not (_is_between_lines(fact) or fact.name in names or (fact.name in replaced and fact.line <= last))
    )
    facts = [_unknown(fact) if unsure and fact.name == "outcome" else fact for fact in kept]
    since = run.fact("started_at") is not None
    series = (_up_to(each, first) if first and each.name == "time" else each for each in run.series)
    return run._replace(facts=tuple(facts), series=tuple(each for each in series if since or each.name != "time"))


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
