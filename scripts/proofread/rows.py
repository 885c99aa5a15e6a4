"""Rows of tables: all results of a row are of one run, whatever its label says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from .claim import Claim
from .matching import fitting_runs, match
from .stated import StatedRun
from .words import SETTINGS, mentions


class Mixed(NamedTuple):
    """What is wrong with a confirmed cell: the run of the row's other cells, and whether two rows exchange it."""

    run: StatedRun | None
    exchanged: bool


# The runs that state the number of each cell, by the place of its claim.
Runs = Mapping[int, tuple[StatedRun, ...]]
# A result of a row: its column (or its label, in a table on its side), and what it may be.
Quantity = tuple[str, tuple[str, ...]]
Line = dict[Quantity, int]


def mixed(confirmed: Mapping[int, Claim], scope_of: Mapping[int, Sequence[StatedRun]]) -> dict[int, Mixed]:
    """Return the confirmed cells that no run has together with the other results of their row.

    Where columns are runs, as in a table on its side, the cells of a column are held together. Where two rows become
    right if the cells of one column change places, these cells are exchanged.
    """
    runs = {place: tuple(_stating(claim, scope_of[place])) for place, claim in confirmed.items()}
    cells: dict[int, Mixed] = {}
    for lines in _tables(confirmed).values():
        wrong = [line for line in lines.values() if len(line) > 1 and not _common([*line.values()], runs)]
        for line in wrong:
            cells |= _others(line, runs)
        for one, other in combinations(wrong, 2):
            cells |= _exchanged(one, other, runs)
    return cells


def _stating(claim: Claim, scope: Sequence[StatedRun]) -> Iterator[StatedRun]:
    fitting, _ = fitting_runs(claim, scope)
    return (run for run in fitting if match(claim, [run]))


def _tables(confirmed: Mapping[int, Claim]) -> dict[tuple[str, ...], dict[tuple[str, ...], Line]]:
    """Return the lines of each table: by quantity, the place of the cell."""
    tables: dict[tuple[str, ...], dict[tuple[str, ...], Line]] = {}
    for place, claim in confirmed.items():
        at = claim.passage.place
        if at is not None and at.cells and not claim.is_setting and claim.unit != "times":
            by_row = _names_result(at.heading) or not (at.column and _names_result(at.cells[0]))
            key = ("row", *at.cells) if by_row else ("column", str(at.column))
            quantity = (str(at.column) if by_row else at.cells[0], (claim.device, *claim.names))
            tables.setdefault(at.headings, {}).setdefault(key, {})[quantity] = place
    return {of: {key: _once(line) for key, line in lines.items()} for of, lines in tables.items()}


def _once(line: Line) -> Line:
    """Return the results of a line that it has once: two of one quantity are of two runs."""
    names = [names for _, names in line]
    return {quantity: place for quantity, place in line.items() if names.count(quantity[1]) == 1}


def _names_result(text: str) -> bool:
    return any(mention.names[0] not in SETTINGS for mention in mentions(text))


def _common(places: Sequence[int], runs: Runs) -> list[StatedRun]:
    """Return the runs that state the numbers of all cells."""
    first, *rest = (runs[place] for place in places)
    return [run for run in first if all(run in others for others in rest)]


def _others(line: Line, runs: Runs) -> dict[int, Mixed]:
    """Return the cells of a line that are not of the run that states most of them; all, if no run states most."""
    every = [run for place in line.values() for run in runs[place]]
    most = max(every, key=every.count)
    if every.count(most) * 2 <= len(line):
        return dict.fromkeys(line.values(), Mixed(None, exchanged=False))
    return {place: Mixed(most, exchanged=False) for place in line.values() if most not in runs[place]}


def _exchanged(one: Line, other: Line, runs: Runs) -> dict[int, Mixed]:
    """Return the cells of a column that make two lines right if they change places, if only one column does."""
    fitting = []
    for column in one.keys() & other.keys():
        here, there = _with(one, column, other), _with(other, column, one)
        if (first := _common(here, runs)) and (second := _common(there, runs)):
            fitting.append({one[column]: Mixed(first[0], True), other[column]: Mixed(second[0], True)})
    return fitting[0] if len(fitting) == 1 else {}


def _with(line: Line, column: Quantity, other: Line) -> list[int]:
    return [other[column] if of == column else place for of, place in line.items()]
