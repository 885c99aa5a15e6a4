"""Rows of tables: all results of a row are of one run, whatever its label says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from .context import Claim
from .matching import fitting_runs, match
from .stated import StatedRun
from .words import SETTINGS, mentions


class Mixed(NamedTuple):
    """What is wrong with a confirmed cell: the run of the row's other cells, and whether two rows exchange it."""

    run: StatedRun | None
    exchanged: bool


# The runs that state the number of each cell, by the place of its claim.
Runs = Mapping[int, tuple[StatedRun, ...]]


def mixed(confirmed: Mapping[int, Claim], scope_of: Mapping[int, Sequence[StatedRun]]) -> dict[int, Mixed]:
    """Return the confirmed cells that no run has together with the other results of their row.

    Where columns are runs, as in a table on its side, the cells of a column are held together. Where two rows become
    right if the cells of one column change places, these cells are exchanged.
    """
    runs = {place: tuple(_stating(claim, scope_of[place])) for place, claim in confirmed.items()}
    found: dict[int, Mixed] = {}
    for lines in _tables(confirmed).values():
        wrong = [line for line in lines.values() if len(line) > 1 and not _common(line.values(), runs)]
        for line in wrong:
            found |= _others(line, runs)
        for one, other in combinations(wrong, 2):
            found |= _exchanged(one, other, runs)
    return found


def _stating(claim: Claim, scope: Sequence[StatedRun]) -> Iterator[StatedRun]:
    fitting, _ = fitting_runs(claim, scope)
    return (run for run in fitting if match(claim, [run]))


def _tables(confirmed: Mapping[int, Claim]) -> dict[tuple[str, ...], dict[object, dict[object, int]]]:
    """Return the lines of each table: by quantity, the place of the cell; not where a line has a quantity twice."""
    tables: dict[tuple[str, ...], dict[object, dict[object, int]]] = {}
    twice: set[tuple[object, object]] = set()
    for place, claim in confirmed.items():
        at = claim.passage.place
        if at is None or not at.cells or claim.is_setting or claim.unit == "times":
            continue
        by_row = _names_result(at.heading) or not (at.column and _names_result(at.cells[0]))
        line: object = ("row", at.cells) if by_row else ("column", at.column)
        quantity = (at.column if by_row else at.cells[0], claim.names)
        lines = tables.setdefault(at.headings, {}).setdefault(line, {})
        if any(of[1] == claim.names and _device(confirmed[other]) == claim.device for of, other in lines.items()):
            twice.add((line, claim.names))
        lines[quantity] = place
    for lines in tables.values():
        for line, cells in lines.items():
            lines[line] = {of: place for of, place in cells.items() if (line, of[1]) not in twice}
    return tables


def _device(claim: Claim) -> str:
    return claim.device


def _names_result(text: str) -> bool:
    return any(mention.names[0] not in SETTINGS for mention in mentions(text))


def _common(places: Sequence[int], runs: Runs) -> list[StatedRun]:
    """Return the runs that state the numbers of all cells."""
    first, *rest = (runs[place] for place in places)
    return [run for run in first if all(run in others for others in rest)]


def _others(line: Mapping[object, int], runs: Runs) -> dict[int, Mixed]:
    """Return the cells of a line that are not of the run that states most of them; all, if no run states most."""
    every = [run for place in line.values() for run in runs[place]]
    most = max(every, key=every.count)
    if every.count(most) * 2 <= len(line):
        return dict.fromkeys(line.values(), Mixed(None, exchanged=False))
    return {place: Mixed(most, exchanged=False) for place in line.values() if most not in runs[place]}


def _exchanged(one: Mapping[object, int], other: Mapping[object, int], runs: Runs) -> dict[int, Mixed]:
    """Return the cells of a column that make two lines right if they change places, if only one column does."""
    fitting = []
    for column in one.keys() & other.keys():
        here, there = _with(one, column, other), _with(other, column, one)
        if (first := _common(here, runs)) and (second := _common(there, runs)):
            fitting.append({one[column]: Mixed(first[0], True), other[column]: Mixed(second[0], True)})
    return fitting[0] if len(fitting) == 1 else {}


def _with(line: Mapping[object, int], column: object, other: Mapping[object, int]) -> list[int]:
    return [other[column] if of == column else place for of, place in line.items()]
