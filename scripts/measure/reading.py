"""Reading logs: the parsers beside other ways to read, over the same files, all in one run.

User CPU time is compared: it depends least on what else the machine does.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from .commits import checkout
from .contestants import CAT, CSV, PARQUET, PLAIN, RG, available, parsers, readers
from .logs import ORDINARY, SMALL, Filled, cases, fill, joined, repeated, up_to
from .machine import load
from .process import Command, Cost, medians, warm_up
from .setting import Setting
from .table import Aim, print_aims, print_table
from .tally import print_tallies


def measure(setting: Setting) -> None:
    """Compare all readers over many logs, many small logs and one large file; or two commits over the same."""
    if setting.against:
        older = setting.scratch / "older"
        with checkout(setting.against, older):
            warm_up(_commits(setting.against, older, setting.logs.paths[0]).values())
            for title, filled in _folders(setting):
                _compare(title, filled, _commits(setting.against, older, filled.folder), setting.rounds)
        return
    names = available()
    warm_up(readers(setting.logs.paths[:1], names).values())
    print_tallies(setting.logs, names)
    for title, filled in _folders(setting):
        # pandas holds every line of a file as an object: a large one does not fit into memory.
        fitting = names if filled.files > 1 else [name for name in names if name in (CSV, PARQUET, PLAIN, RG, CAT)]
        costs = _compare(title, filled, readers([filled.folder], fitting), setting.rounds)
        if title == setting.logs.title:
            print_aims(aims(costs))


def _folders(setting: Setting) -> Iterator[tuple[str, Filled]]:
    """Yield the folders to read, each with a title; each is there only until the next."""
    many = fill(setting.scratch / "many", up_to(setting.size, repeated(setting.logs.paths, ORDINARY)))
    yield setting.logs.title, many
    whole = joined(many, setting.scratch / "whole")
    shutil.rmtree(many.folder)
    yield "the same as one file", whole
    shutil.rmtree(whole.folder)
    small = fill(setting.scratch / "small", islice(repeated(cases().paths, SMALL), setting.small))
    yield "small logs", small
    shutil.rmtree(small.folder)


def _commits(commit: str, older: Path, logs: Path) -> dict[str, Command]:
    return {
        CSV: parsers("csv", [logs]),
        PARQUET: parsers("parquet", [logs]),
        f"{commit}, to CSV": parsers("csv", [logs], older),
        f"{commit}, to Parquet": parsers("parquet", [logs], older),
    }


def _compare(title: str, filled: Filled, commands: Mapping[str, Command], rounds: int) -> dict[str, Cost]:
    costs = medians(commands, rounds)
    of_csv = costs[CSV].user if CSV in costs else 0
    rows = [
        (
            name,
            f"{cost.user:.2f}",
            f"{cost.system:.2f}",
            _ratio(filled.size / 1e6, cost.user, 0),
            _ratio(filled.files, cost.user, 0),
            _ratio(cost.user, of_csv, 2),
            cost.peak,
        )
        for name, cost in costs.items()
    ]
    title = f"{title} ({filled.files:,} of them, {filled.size / 1e6:.0f} MB)"
    print_table(title, ("user s", "system s", "MB/s", "files/s", "time, CSV = 1", "peak MB"), rows)
    print(f"load average {load()}", flush=True)
    return costs


def _ratio(amount: float, of: float, digits: int) -> str:
    return f"{amount / of:.{digits}f}" if of else ""


def aims(costs: Mapping[str, Cost]) -> list[Aim]:
    """Return what is aimed at, of what was measured."""
    wanted = (
        ("the plain script's time over CSV's", PLAIN, CSV, 1.25, True),
        ("CSV's time over that of rg -o", CSV, RG, 5, False),
        ("Parquet's time over CSV's", PARQUET, CSV, 1.25, False),
    )
    return [
        Aim(text, costs[one].user / costs[other].user, limit, "times", least)
        for text, one, other, limit, least in wanted
        if one in costs and other in costs and costs[other].user
    ]
