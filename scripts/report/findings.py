"""Findings: what may be said about runs, each with its condition and the quantities in it.

The sentences are in `words/`. A finding is a function from a sweep to a `Finding`; a sentence asks for it by name. A
quantity is Markdown: every number in it is a link to its evidence. An empty one is missing, and a sentence that needs
it is left out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from .known import Known, column, relative, run_page
from .markdown import escaped, link
from .results import ReportRun
from .rounding import number

# A list of more values than this is told by its ends.
_MOST = 6


@dataclass(frozen=True)
class Finding:
    """Whether something is true of runs, and the quantities that its sentences state."""

    holds: bool
    quantities: Mapping[str, str] = field(default_factory=dict)


def finding(holds: object, **quantities: str) -> Finding:
    """Return a finding; it holds where `holds` is true, is not empty, and is not None."""
    return Finding(bool(holds), quantities)


@dataclass(frozen=True)
class Sweep:
    """The runs of a question that differ in its setting only, in the order of the setting.

    `asked` are all runs that the question is about, comparable or not. `compiled` is the compile of the sweep's runs,
    if one log states it. There may be no runs at all.
    """

    setting: str
    metric: str
    device: str
    runs: tuple[ReportRun, ...]
    known: Known
    page: str
    asked: tuple[ReportRun, ...]
    compiled: ReportRun | None = None

    def number(self, run: ReportRun, name: str, device: str = "") -> float | None:
        """Return a quantity of a run as a number, or None."""
        return self.known.number(run, name, device)

    def value(self, run: ReportRun, name: str) -> float:
        """Return the same number; if there is none, NaN, which is neither more nor less than any other."""
        value = self.number(run, name)
        return math.nan if value is None else value

    def numbers(self, name: str, device: str = "") -> list[float]:
        """Return a quantity of every run; nothing where one of them lacks it."""
        values = [self.number(run, name, device) for run in self.runs]
        return [value for value in values if value is not None] if None not in values else []

    @cached_property
    def by_setting(self) -> dict[float, list[ReportRun]]:
        """The runs of each value of the setting."""
        runs: dict[float, list[ReportRun]] = {}
        for run in self.runs:
            value = self.number(run, self.setting)
            if value is not None:
                runs.setdefault(value, []).append(run)
        return runs

    @property
    def varied(self) -> bool:
        """Whether the setting has at least two values."""
        return len(self.by_setting) > 1

    @property
    def one_value(self) -> bool:
        """Whether all runs that the question is about, comparable or not, have the same value of the setting."""
        values = {self.number(run, self.setting) for run in self.asked}
        return len(values) == 1 and None not in values

    @cached_property
    def middles(self) -> list[ReportRun]:
        """The run of each value of the setting; of several runs the one of median metric, the lower of two."""

        def metric(run: ReportRun) -> float:
            value = number(run.word(self.metric, self.device))
            return math.inf if value is None else value

        return [sorted(runs, key=metric)[(len(runs) - 1) // 2] for runs in self.by_setting.values()]

    def of(self, run: ReportRun | None, name: str, device: str = "") -> str:
        """Return a quantity of a run as a link to it, or an empty text."""
        quantity = self.known.of(run, name, device) if run is not None else None
        return link(escaped(quantity.text), quantity.target(self.page)) if quantity is not None else ""

    def of_first(self, name: str, device: str = "") -> str:
        """Return a quantity of the run with the smallest setting."""
        return self.of(self.middles[0], name, device) if self.middles else ""

    def of_last(self, name: str, device: str = "") -> str:
        """Return a quantity of the run with the largest setting."""
        return self.of(self.middles[-1], name, device) if self.middles else ""

    def constant(self, address: str) -> str:
        """Return a documented constant as a link to it, or an empty text."""
        quantity = self.known.get(address)
        return link(quantity.text, quantity.target(self.page)) if quantity is not None else ""

    def each(self, name: str, device: str = "", runs: Sequence[ReportRun] | None = None) -> str:
        """Return a quantity of every run, one after another; of many, the ends. Empty where a run lacks it."""
        runs = self.runs if runs is None else runs
        links = self._alike(runs, name, device)
        if not links or not all(links):
            return ""
        return listed(links) if len(links) <= _MOST else self.span(name, device, runs)

    def _alike(self, runs: Sequence[ReportRun], name: str, device: str = "") -> list[str]:
        """Return a quantity of runs as links, all with the same decimals; empty texts where a run lacks it."""
        quantities = [self.known.of(run, name, device) for run in runs]
        return [
            link(escaped(text), quantity.target(self.page)) if quantity is not None else ""
            for text, quantity in zip(column(quantities), quantities, strict=True)
        ]

    def span(self, name: str, device: str = "", runs: Sequence[ReportRun] | None = None) -> str:
        """Return the lowest and the highest of a quantity, or the one text that both have."""
        values = [(value, run) for run in runs or self.runs if (value := self.number(run, name, device)) is not None]
        if not values:
            return ""
        (_, low), (_, high) = (end(values, key=lambda pair: pair[0]) for end in (min, max))
        ends = self._alike([low, high], name, device)
        same = self.known.text(low, name, device) == self.known.text(high, name, device)
        return ends[0] if same else " to ".join(ends)

    def settings(self, runs: Sequence[ReportRun] | None = None) -> str:
        """Return the values of the setting, each once."""
        return self.each(self.setting, runs=self.middles if runs is None else runs)

    def pairs(self, name: str, between: str) -> str:
        """Return a quantity with the setting it belongs to: `2 293 with 8, 4 608 with 16`; of many, the ends."""
        links = iter(self._alike([run for runs in self.by_setting.values() for run in runs], name))
        of_settings = [(runs, [next(links) for _ in runs]) for runs in self.by_setting.values()]
        if not of_settings or not all(all(values) for _, values in of_settings):
            return ""
        texts = [
            f"{listed(values) if len(runs) <= _MOST else self.span(name, runs=runs)} {between} "
            f"{self.of(runs[0], self.setting)}"
            for runs, values in of_settings
        ]
        if len(texts) > _MOST:
            return f"{texts[0]}, and so on to {texts[-1]}"
        return "; ".join(texts) if any(" and " in text for text in texts) else listed(texts)

    def rises(self, name: str, device: str = "") -> bool:
        """Return whether every run has more than each run of a smaller setting."""
        ends = self._ends(name, device)
        return self.varied and bool(ends) and all(low[1] < high[0] for low, high in pairwise(ends))

    def falls(self, name: str, device: str = "") -> bool:
        """Return whether every run has less than each run of a smaller setting."""
        ends = self._ends(name, device)
        return self.varied and bool(ends) and all(low[0] > high[1] for low, high in pairwise(ends))

    def _ends(self, name: str, device: str) -> list[tuple[float, float]]:
        if not self.numbers(name, device):
            return []
        values = [[self.number(run, name, device) or 0 for run in runs] for runs in self.by_setting.values()]
        return [(min(of), max(of)) for of in values]

    def apart(self, name: str, device: str = "") -> bool:
        """Return whether a larger setting gives more or less, every run of it: no repeats overlap."""
        ends = sorted(self._ends(name, device))
        return self.varied and bool(ends) and all(low[1] < high[0] for low, high in pairwise(ends))

    @property
    def repeated(self) -> list[ReportRun]:
        """The first run of each value of the setting that several runs have."""
        return [runs[0] for runs in self.by_setting.values() if len(runs) > 1]

    def completed(self, *, all_of: bool = True) -> bool:
        """Return whether all runs completed, or whether any did."""
        return bool(self.runs) and (all if all_of else any)(run.word("outcome") == "completed" for run in self.runs)

    def same(self, *names: str) -> bool:
        """Return whether all runs state the same value under each name, and do state one."""
        return all(len({run.stated(name) for run in self.runs} | {""}) == 2 for name in names) and all(
            run.stated(name) for run in self.runs for name in names
        )


Find = Callable[[Sweep], Finding]


def listed(items: Sequence[str]) -> str:
    """Return items as an enumeration.

    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])
    ('a', 'a and b', 'a, b and c')
    """
    *most, last = items or [""]
    return f"{', '.join(most)} and {last}" if most else last


def few(items: Sequence[str]) -> str:
    """Return some items as an enumeration, many of them not to their end."""
    return listed(items) if len(items) <= _MOST else f"{', '.join(items[:_MOST])} and others"


def run_link(run: ReportRun, page: str) -> str:
    """Return a run's id as a link to its page."""
    return link(escaped(run.id), relative(run_page(run.id), page))


def ran(sweep: Sweep) -> Finding:
    """There are runs that the question is about."""
    return finding(sweep.asked)


def varied(sweep: Sweep) -> Finding:
    """At least two values of the setting were run."""
    return finding(sweep.varied, settings=sweep.settings())


def not_varied(sweep: Sweep) -> Finding:
    """All runs state the same value of the setting."""
    return finding(sweep.one_value)


def unstated(sweep: Sweep) -> Finding:
    """The setting of some runs is not known, and it is not known to vary among the others."""
    return finding(not sweep.varied and None in _asked_settings(sweep))


def varied_with_others(sweep: Sweep) -> Finding:
    """The setting varies, but no two runs differ in nothing else."""
    return finding(not sweep.varied and len(_asked_settings(sweep) - {None}) > 1 and None not in _asked_settings(sweep))


def _asked_settings(sweep: Sweep) -> set[float | None]:
    return {sweep.number(run, sweep.setting) for run in sweep.asked}


def part(sweep: Sweep) -> Finding:
    """Some runs that the question is about differ from these in other settings too."""
    return finding(
        sweep.varied and len(sweep.asked) > len(sweep.runs), runs=few([run_link(run, sweep.page) for run in sweep.runs])
    )


def once(sweep: Sweep) -> Finding:
    """Each value of the setting was run once; no other run has it, comparable or not."""
    again = sweep.repeated
    values = [sweep.number(run, sweep.setting) for run in sweep.asked]
    return finding(
        sweep.runs and None not in values and len(set(values)) == len(values),
        settings=sweep.settings(),
        repeated=sweep.settings(again) if again else "",
    )


def all_repeated(sweep: Sweep) -> Finding:
    """Each value of the setting was run at least twice."""
    return finding(sweep.runs and len(sweep.repeated) == len(sweep.by_setting))


COMMON: tuple[Find, ...] = (ran, varied, not_varied, unstated, varied_with_others, part, once, all_repeated)


def losses_alike(sweep: Sweep) -> Finding:
    """The last losses, all of one step, differ by no more than a loss changes between two steps near its end."""
    series = [curve for run in sweep.runs for curve in run.run.series if curve.name == "loss"]
    values = [[number(text) or math.nan for text in curve.values] for curve in series]
    last_steps = {curve.steps[-1] for curve in series}
    last = [of[-1] for of in values]
    # How much a loss moves between two logged steps near its end is how far the last one may be off by chance.
    ends = [of[-max(3, len(of) // 10) :] for of in values]
    moves = [abs(later - earlier) for end in ends for earlier, later in pairwise(end)]
    alike = (
        sweep.varied
        and len(series) == len(sweep.runs)
        and len(last_steps) == 1
        and bool(moves)
        and all(map(math.isfinite, [*last, *moves]))
        and max(last) - min(last) <= max(moves)
    )
    return finding(alike, losses=sweep.each("last_loss"))
