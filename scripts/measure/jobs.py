"""Reading in one process and in two."""

from __future__ import annotations

import os
import shutil

from .logs import ORDINARY, fill, repeated, up_to
from .machine import load
from .process import Failed, medians, python
from .setting import Setting
from .table import print_table

_NAMES = {1: "one process", 2: "two processes"}


def measure(setting: Setting) -> None:
    """Measure both in turn, and whether they write the same bytes."""
    logs = fill(setting.scratch / "jobs", up_to(setting.size, repeated(setting.logs.paths, ORDINARY)))
    outputs = {count: setting.scratch / f"{count}.parquet" for count in _NAMES}
    commands = {
        name: python("-m", "parsers", str(logs.folder), "-o", str(outputs[count]), "--jobs", str(count))
        for count, name in _NAMES.items()
    }
    costs = medians(commands, setting.rounds)
    if len(costs) < len(commands):
        raise Failed("jobs: one of the two cannot be measured")
    alone = costs[_NAMES[1]].wall
    rows = [
        (name, f"{cost.wall:.2f}", f"{cost.cpu:.2f}", f"{alone / cost.wall:.2f}", cost.peak)
        for name, cost in costs.items()
    ]
    print_table(f"{logs.size / 1e6:.0f} MB to Parquet", ("wall s", "CPU s", "times as fast", "peak MB"), rows)
    same = outputs[1].read_bytes() == outputs[2].read_bytes()
    print(f"{'The same' if same else 'OTHER'} bytes; {os.cpu_count()} cores, load average {load()}", flush=True)
    shutil.rmtree(logs.folder)
