"""Other people's runs of the same exercises: ranges beside which a figure of ours can be seen. They are no facts."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

OTHERS = Path(__file__).parent / "others.toml"
OTHERS_PAGE = "others.md"
# What a range has, in the order of its columns; those after the first two need not be known.
ENDS = ("low", "high", "median", "n", "apart")


class BrokenRanges(Exception):
    """The file of other people's ranges breaks a rule; the message names the range and the field."""


@dataclass(frozen=True, slots=True)
class Range:
    """What other people's runs of one exercise gave, each value as text.

    `setting` is that of the runs of ours that it stands beside, empty where there are none. `apart` is one run far
    outside the range, which `n` does not count. `software` is said where another release gave other figures.
    """

    name: str
    system: str
    fact: str
    setting: str
    what: str
    unit: str
    low: str
    high: str
    median: str = ""
    n: str = ""
    apart: str = ""
    software: str = ""


@dataclass(frozen=True, slots=True)
class Others:
    """All ranges, and how and when they were found: of how many participants, in how many runs."""

    participants: str
    runs: str
    date: str
    method: str
    ranges: tuple[Range, ...]

    def beside(self, system: str, fact: str) -> dict[float, Range]:
        """Return the ranges of a fact that stand beside runs of ours, by their setting."""
        named = (found for found in self.ranges if (found.system, found.fact) == (system, fact))
        return {float(found.setting): found for found in named if found.setting}


@cache
def others(path: Path = OTHERS) -> Others:
    """Return the ranges of the file.

    Raises
    ------
    BrokenRanges
        If an entry lacks a field, has one that is not known, or its ends are not in order.
    """
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        ranges = tuple(Range(**entry) for entry in said["range"])
        found = Others(**said["about"], ranges=ranges)
    except (KeyError, TypeError) as error:
        raise BrokenRanges(f"{path}: {error}; a range has the texts {', '.join(Range.__dataclass_fields__)}") from None
    for entry in ranges:
        if not float(entry.low) <= float(entry.high):
            raise BrokenRanges(f"{path}: {entry.name}: low {entry.low} is above high {entry.high}")
    return found
