"""What a report knows about a system: one module in `systems/` states it as a `System`.

Nothing outside those modules names a system.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import NamedTuple

from . import systems
from .findings import Find
from .formulas import Formula
from .plot import Plot

NEUTRAL = "#767676"
# Where the time of a run goes, as the page that compares systems asks.
COMPILE, COMPILE_RATIO, BEFORE, WORKING = WORK = (
    "compile",
    "compile time as a multiple of the work",
    "before the work",
    "the work",
)


class Column(NamedTuple):
    """A column of a table of runs: heading, fact or derived figure, and the device if there are several."""

    heading: str
    name: str
    device: str = ""


@dataclass(frozen=True)
class RunsTable:
    """A table of a system's runs. The block `SYSTEM-NAME` of a page shows it.

    `outcome` adds a column that says how each run ended. `compiles` adds the runs that only compile. `workload` limits
    the table to the runs of one workload.
    """

    columns: tuple[Column, ...]
    outcome: bool = False
    compiles: bool = False
    workload: str = ""


@dataclass(frozen=True)
class Question:
    """What an exercise varies and what answers it, for the runs of one workload (any, if that is empty).

    `device` is the metric's device, if a log states it for several. `findings` are what may be said about runs that
    differ in the setting only. `name` tells several questions of a system apart. The words ask for the findings of a
    named question as `NAME_FINDING`.
    """

    setting: Column
    metric: str
    workload: str = ""
    findings: tuple[Find, ...] = ()
    name: str = ""
    device: str = ""

    def about(self, workload: str) -> bool:
        """Return whether the question is about a workload."""
        return self.workload in ("", workload)


@dataclass(frozen=True)
class System:
    """How one system is reported.

    `order` is its place among the systems of a page. `colour` and `marker` belong to it in every figure. The colour has
    a contrast of at least 3:1 on light and dark pages. `accelerator` is false for a reader's own machine, whose runs
    are counted apart. `aside` names the settings that follow the varied one, or that differ between repeats. `work`
    names the fact or figure that says where the time of a run goes, for each of `WORK`. `program` is the fact that has
    the same value exactly where the same compiled program ran. `method` says how its
    latencies are measured, where those of another system are beside them.
    """

    name: str
    order: int
    questions: tuple[Question, ...]
    formulas: tuple[Formula, ...]
    tables: Mapping[str, RunsTable]
    plots: tuple[Plot, ...]
    colour: str = NEUTRAL
    marker: str = "o"
    accelerator: bool = True
    aside: tuple[str, ...] = ()
    work: Mapping[str, str] = field(default_factory=dict)
    program: Column | None = None
    method: str = ""

    def question(self, workload: str) -> Question | None:
        """Return the question about a workload."""
        return next((asked for asked in self.questions if asked.about(workload)), None)

    def setting(self, workload: str) -> Column | None:
        """Return the setting that the question about a workload varies."""
        asked = self.question(workload)
        return asked.setting if asked else None


@cache
def known_systems() -> Mapping[str, System]:
    """Return every system by name, in their order. A module in `systems/` adds one."""
    modules = (import_module(f"{systems.__name__}.{module.name}") for module in pkgutil.iter_modules(systems.__path__))
    in_order: list[System] = sorted(
        (module.SYSTEM for module in modules), key=lambda system: (system.order, system.name)
    )
    return {system.name: system for system in in_order}


def system_of(name: str) -> System:
    """Return a system by name; without a module, a system that has no question, table or plot."""
    return known_systems().get(name) or System(name, 99, (), (), {}, ())
