"""How measurements are printed: tables, and what was aimed at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Aim(NamedTuple):
    """What was measured, and the most it should be, or the least."""

    name: str
    value: float
    limit: float
    unit: str
    least: bool = False

    @property
    def met(self) -> bool:
        """Whether the value keeps to the limit."""
        return self.value >= self.limit if self.least else self.value <= self.limit


def print_table(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table: the first column is words, the others are numbers."""
    lines = [(title, *headings), *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings) + 1)]
    print()
    for first, *others in lines:
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        print("  ".join([first.ljust(widths[0]), *cells]).rstrip(), flush=True)


def print_aims(aims: Iterable[Aim]) -> None:
    """Print a table of what was aimed at, and whether it was met."""
    rows = [
        (
            aim.name,
            f"{aim.value:.{_digits(aim)}f} {aim.unit}",
            f"{'at least' if aim.least else 'at most'} {aim.limit:g} {aim.unit}",
            "met" if aim.met else "MISSED",
        )
        for aim in aims
    ]
    print_table("aims", ("measured", "aim", ""), rows)


def _digits(aim: Aim) -> int:
    return 2 if aim.limit < 10 else 0
