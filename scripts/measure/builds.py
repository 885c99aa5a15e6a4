"""How long a build of the site takes, with nothing known from before and with nothing changed."""

from __future__ import annotations

import shutil

from .process import median, python, run
from .setting import Setting
from .table import print_table


def measure(setting: Setting) -> None:
    """Measure builds of the repository's own data set."""
    project = setting.project
    build = python("-m", "scripts.build", folder=project)
    run(build)  # compiles the code
    cold, warm = [], []
    for _ in range(setting.rounds):
        shutil.rmtree(project / ".cache")
        cold.append(run(build))
        warm.append(run(build))
    figures = len(list((project / "docs" / "figures").glob("*.svg"))) // 2
    rows = [
        (name, f"{cost.wall:.2f}", f"{cost.cpu:.2f}", cost.peak)
        for name, cost in ((f"from nothing, {figures} figures", median(cold)), ("nothing changed", median(warm)))
    ]
    print_table("build", ("wall s", "CPU s", "peak MB"), rows)
