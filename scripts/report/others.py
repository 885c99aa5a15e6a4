"""Other people's runs of the same exercises: ranges beside which a figure of ours can be seen. They are no facts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from scripts.structured import Broken, checked, text_of, toml

OTHERS = Path(__file__).parent / "others.toml"
OTHERS_PAGE = "others.md"
# What a range has, in the order of its columns; those after the first two need not be known.
ENDS = ("low", "high", "median", "n", "apart")


_Number = Annotated[str, Meta(pattern=r"^-?[0-9]+(\.[0-9]+)?$")]


class BrokenRanges(Broken):
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
    low: _Number
    high: _Number
    median: str = ""
    n: str = ""
    apart: str = ""
    software: str = ""


@dataclass(frozen=True, slots=True)
class _About:
    """How and when the ranges were found: of how many participants, in how many runs."""

    participants: str
    runs: str
    date: str
    method: str


@dataclass(frozen=True, slots=True)
class Others(_About):
    """All ranges, and how and when they were found."""

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
    try:
        said = toml(text_of(path), path)
        about = checked(said.get("about"), _About, f"{path}: about")
        if not isinstance(said.get("range"), list):
            raise Broken(f"{path}: there is no list of ranges; write [[range]]")
        ranges = tuple(_range(path, number, entry) for number, entry in enumerate(said["range"], 1))
    except Broken as error:
        raise BrokenRanges(str(error)) from None
    return Others(about.participants, about.runs, about.date, about.method, ranges)


def _range(path: Path, number: int, said: object) -> Range:
    found = checked(said, Range, f"{path}: range {number}")
    if not float(found.low) <= float(found.high):
        raise Broken(f"{path}: {found.name}: low {found.low} is above high {found.high}")
    return found
