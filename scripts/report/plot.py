"""The kinds of plot that a system can ask for, as data. `plots/` draws them, and only `plots/` needs matplotlib."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from .known import Known
from .results import ReportRun


@dataclass(frozen=True)
class _Described:
    """The name of the figure, and how it shows what it shows. Its title is a finding, in the words of the system."""

    name: str
    description: str


@dataclass(frozen=True)
class Scaling(_Described):
    """A metric against a setting that doubles, both axes logarithmic, beside a line of proportional growth.

    `ideal` names that line. `failure` says in words why a run failed; its setting is then hatched.
    """

    setting: str
    metric: str
    xlabel: str
    ylabel: str
    ideal: str
    failure: Callable[[ReportRun, Known], str] | None = None


@dataclass(frozen=True)
class Intervals(_Described):
    """A metric against a setting with an interval around each value, both axes logarithmic.

    `low` and `high` name the ends of the interval. `others` is the metric of the other runs, which state no setting.
    """

    setting: str
    metric: str
    low: str
    high: str
    xlabel: str
    ylabel: str
    others: str
    limits: tuple[float, float]


@dataclass(frozen=True)
class Repeats(_Described):
    """A metric against a setting on a logarithmic axis to `base`: each repeat a dot, repeats side by side.

    `low` and `high` name the ends of a spread around each dot. `top` is where the upright axis ends.
    """

    setting: str
    metric: str
    xlabel: str
    ylabel: str
    base: int
    low: str = ""
    high: str = ""
    top: float | None = None


@dataclass(frozen=True)
class Shares(_Described):
    """A latency by setting as a bar of two parts: `part` names the inner one, the rest is hatched.

    `others` is the rate whose range over all known runs is shown below the bars.
    """

    setting: str
    whole: str
    part: str
    unit: str
    others: str


class Phase(NamedTuple):
    """A part of a run's time: what it was, its seconds, and how strongly it is filled; 0 is hatched."""

    name: str
    seconds: float
    strength: float


class Row(NamedTuple):
    """A run's phases in the order of the procedure."""

    label: str
    phases: tuple[Phase, ...]


@dataclass(frozen=True)
class Timeline(_Described):
    """Where the time of each run went. `rows` gives the phases of a run, or None where its log does not say."""

    setting: str
    rows: Callable[[ReportRun, Known], Row | None]


@dataclass(frozen=True)
class Losses:
    """The loss curves of a system's runs, by step and by samples. `batch` names the samples of one step.

    `word` follows a setting's value in the legend.
    """

    name: str
    setting: str
    batch: str
    word: str


Plot = Scaling | Intervals | Repeats | Shares | Timeline | Losses
