"""Numbers that arithmetic needs of a run's series and words: each is None where the run does not tell it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from itertools import pairwise

from .facts import Run, Series

# What such a number is called, and how it is found.
Extract = tuple[str, Callable[[Run], float | None]]


def number(text: str) -> float | None:
    """Return a printed value as a number, or None where it is none or not finite."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def value_of(run: Run, name: str) -> float | None:
    """Return a fact that a run states once, as a number."""
    values = [fact.value for fact in run.facts if fact.name == name]
    return number(values[0]) if len(values) == 1 else None


def counted(share: float, of: float) -> float:
    """Return by how much a percentage of two decimals differs from the nearest share of a whole count."""
    return abs(share - round(100 * round(share * of / 100) / of, 2)) if of else 0.0


def _series(run: Run, name: str) -> Series | None:
    return next((series for series in run.series if series.name == name and series.values), None)


def _points_of_loss(run: Run) -> float | None:
    series = _series(run, "loss")
    return float(len(series.values)) if series else None


def _last_step(run: Run) -> float | None:
    series = _series(run, "loss")
    return float(series.steps[-1]) if series else None


def _times(run: Run) -> list[float]:
    series = _series(run, "time")
    return [value for text in (series.values if series else ()) if (value := number(text)) is not None]


def _span(run: Run) -> float | None:
    times = _times(run)
    return times[-1] - times[0] if times else None


def _fall(run: Run) -> float | None:
    times = _times(run)
    return max([0.0, *(before - after for before, after in pairwise(times))]) if times else None


def _uneven(run: Run) -> float | None:
    """Return how many steps do not rise by what the first two rise by; the last may rise by less."""
    series = _series(run, "loss")
    if series is None or len(series.steps) < 3:
        return None
    *rises, last = (after - before for before, after in pairwise(series.steps))
    return float(sum(rise != rises[0] or rise <= 0 for rise in rises) + (not 0 < last <= rises[0]))


def _clock(run: Run) -> float | None:
    """Return by how many seconds at most a global rate and the clock differ between two lines, beyond rounding.

    It is known only if the steps of the loop begin at 0. Its samples are its last step times the batch size.
    """
    batch, samples, steps = (value_of(run, "batch_size"), value_of(run, "samples"), _last_step(run))
    rates, times = _series(run, "global_rate"), _series(run, "time")
    if batch is None or steps is None or samples != batch * steps or not rates or not times:
        return None
    at = dict(zip(times.steps, map(number, times.values), strict=True))
    points = [_elapsed(step, batch, rate, at.get(step)) for step, rate in zip(rates.steps, rates.values, strict=True)]
    known_points = [point for point in points if point is not None]
    misses = (abs((e2 - e1) - (t2 - t1)) - s1 - s2 for (e1, s1, t1), (e2, s2, t2) in pairwise(known_points))
    return max(0.0, *misses) if len(known_points) > 1 else None


def _elapsed(step: int, batch: float, rate: str, time: float | None) -> tuple[float, float, float] | None:
    """Return the seconds that a global rate tells, half of its last digit in seconds, and the clock's time."""
    value = number(rate)
    if not value or time is None:
        return None
    elapsed, half = step * batch / value, 0.5 * 10.0 ** -len(rate.partition(".")[2])
    return elapsed, elapsed * half / abs(value), time


_MNIST = 60_000  # images of its training set


def _counts(run: Run) -> float | None:
    """Return by how much at most a printed accuracy differs from a whole number of the samples of a step."""
    series, steps, workload = _series(run, "train_accuracy"), value_of(run, "epoch_steps"), run.fact("workload")
    if series is None or not steps or workload is None or workload.value != "mnist" or _MNIST % steps:
        return None
    values = {value for text in series.values if (value := number(text)) is not None}
    return max((counted(value, _MNIST / steps) for value in values), default=None)


_NODE = re.compile(r"[^,\[\]]+(?:\[(?P<list>[^\]]*)\])?")


def _listed(run: Run) -> float | None:
    """Return how many nodes a list in Slurm's form has: `node[1-3,5],other` has five."""
    fact = run.fact("nodelist")
    if fact is None:
        return None
    return float(sum(_in_brackets(match["list"]) for match in _NODE.finditer(fact.value))) or None


def _in_brackets(ranges: str | None) -> int:
    if ranges is None:
        return 1
    ends = (part.partition("-") for part in ranges.split(","))
    return sum(int(last) - int(first) + 1 if first.isdigit() and last.isdigit() else 1 for first, _, last in ends)


def _completed(run: Run) -> float | None:
    outcome = run.fact("outcome")
    return 1.0 if outcome is not None and outcome.value == "completed" else None


def _failed_check(run: Run) -> float | None:
    reason = run.fact("failure_reason")
    return 1.0 if reason is not None and "Expected throughput" in reason.value else None


POINTS: Extract = ("points of loss", _points_of_loss)
LAST_STEP: Extract = ("last step of loss", _last_step)
SPAN: Extract = ("span of time", _span)
FALL: Extract = ("largest fall of time", _fall)
UNEVEN: Extract = ("uneven steps", _uneven)
CLOCK: Extract = ("most that rate and clock differ", _clock)
COUNTS: Extract = ("most that an accuracy is off", _counts)
LISTED: Extract = ("names in the list of nodes", _listed)
COMPLETED: Extract = ("completed", _completed)
FAILED_CHECK: Extract = ("failed its check", _failed_check)
