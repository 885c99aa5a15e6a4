"""Two jobs that wrote into one file at the same time: their lines are interleaved, and no run is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..facts import Run
from .drafts import Draft
from .events import Event, Lines
from .shapes import Dialect, Role
from .text import Unclean

# Excerpts of other jobs may follow each other, and a step may be printed again. If that happens so often in a row, with
# few lines between, another job takes turns.
_TURNS, _BETWEEN = 2, 4


class Woven(Unclean):
    """Lines of several jobs take turns in a text."""


class Weaving:
    """Counts lines that continue a run after another job's line, or that repeat a step."""

    def __init__(self) -> None:
        self._cut_off: dict[Dialect, Draft[Any]] = {}
        # The last step of each shape, and what its line says.
        self._steps: dict[bytes, tuple[int, list[bytes]]] = {}
        self._turns = self._lines = self._last = 0

    def forget(self) -> None:
        """Note a prompt or fence: no run goes on after it."""
        self._cut_off.clear()
        self._steps.clear()
        self._turns = 0

    def look(self, run: Draft[Any] | None, event: Event, begins: Callable[[Draft[Any], Event], bool]) -> None:
        """Look at a line that begins a run although another one is open.

        Raises
        ------
        Woven
            If lines take turns.
        """
        if event.shape.role is Role.OPENS:
            self._steps.clear()
        if run is None or run.finished_at or run.dialect is event.dialect or event.dialect is None:
            return
        self._cut_off[run.dialect] = run
        earlier = self._cut_off.get(event.dialect)
        if earlier is not None and not earlier.finished_at and not begins(earlier, event):
            self._count(1)

    def look_at_steps(self, lines: Lines) -> None:
        """Look at lines of a series: a step printed twice in a row with two values is of another training.

        Raises
        ------
        Woven
            If lines take turns.
        """
        shape = lines.shape.pattern
        before, self._steps[shape] = self._steps.get(shape), (lines.steps[-1], _values(lines, -1))
        repeated = int(before is not None and before[0] == lines.steps[0] and before[1] != _values(lines, 0))
        if not lines.rise:
            pairs = ((at - 1, at) for at in range(1, len(lines.steps)) if lines.steps[at] == lines.steps[at - 1])
            repeated += sum(_values(lines, one) != _values(lines, other) for one, other in pairs)
        if repeated:
            self._count(repeated)

    def line(self) -> None:
        """Count a line."""
        self._lines += 1

    def _count(self, turns: int) -> None:
        self._turns = turns + (self._turns if self._lines - self._last < _BETWEEN else 0)
        self._last = self._lines
        if self._turns >= _TURNS:
            raise Woven


def _values(lines: Lines, at: int) -> list[bytes]:
    """Return what one of the lines of a series says."""
    return [column[at] for column in lines.columns.values()]


def none_whole(runs: Iterable[Run], ordinal: int) -> list[Run]:
    """Return runs in the order of their lines, numbered from `ordinal`, without how they ended."""
    ordered = sorted(runs, key=lambda run: (run.first_line, run.last_line))
    return [_open(run)._replace(ordinal=number) for number, run in enumerate(ordered, ordinal + 1)]


def _open(run: Run) -> Run:
    facts = (fact for fact in run.facts if fact.name != "failure_reason")
    facts_left = (fact._replace(value="unknown", evidence="") if fact.name == "outcome" else fact for fact in facts)
    return run._replace(facts=tuple(facts_left))
