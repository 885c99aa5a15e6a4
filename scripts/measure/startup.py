"""What the commands cost before they do anything: times over those of an interpreter that does nothing."""

from __future__ import annotations

from itertools import islice

from .logs import CASES, fill, repeated
from .process import Cost, Failed, medians, python, warm_up
from .setting import Setting
from .table import Aim, print_aims, print_table

BARE = "bare interpreter"
VERSION = "parsers --version"
CSV = "a log of 9 kB to CSV"
PARQUET = "a log of 9 kB to Parquet"
BUILD = "build, nothing changed"
AIMS = {VERSION: 40, PARQUET: 150}  # milliseconds over the bare interpreter
_LOG = CASES / "several_systems.log"
_SIZE = 9_000
# Start-up takes milliseconds: more rounds cost little, and are needed.
_TIMES_ROUNDS = 4


def measure(setting: Setting) -> None:
    """Print what each command costs."""
    log = str(fill(setting.scratch / "one", islice(repeated([_LOG], least=_SIZE), 1)).folder)
    commands = {
        BARE: python("-c", "pass"),
        VERSION: python("-m", "parsers", "--version"),
        CSV: python("-m", "parsers", "--format", "csv", log),
        PARQUET: python("-m", "parsers", "--format", "parquet", log),
        BUILD: python("-m", "scripts.build", folder=setting.project),
    }
    warm_up(commands.values())  # the first build also has everything to do
    costs = medians(commands, setting.rounds * _TIMES_ROUNDS)
    if BARE not in costs:
        raise Failed("an interpreter that does nothing fails")
    _print(costs)


def _print(costs: dict[str, Cost]) -> None:
    bare = costs[BARE]
    rows, aims = [], []
    for name, cost in costs.items():
        user, wall = cost.user - bare.user, cost.wall - bare.wall
        rows.append((name, *(f"{seconds * 1000:.0f}" for seconds in (cost.user, user, cost.wall, wall))))
        if name in AIMS:
            aims.append(Aim(f"{name}, user over bare", user * 1000, AIMS[name], "ms"))
            aims.append(Aim(f"{name}, wall over bare", wall * 1000, AIMS[name], "ms"))
    print_table("start-up", ("user ms", "over bare", "wall ms", "over bare"), rows)
    print_aims(aims)
