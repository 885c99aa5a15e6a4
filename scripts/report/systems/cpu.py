"""A reader's own machine: the small works that need no accelerator, in the neutral colour."""

from __future__ import annotations

from .. import digits, tiny
from ..findings import Finding, Sweep, finding
from ..system import Column, Question, RunsTable, System


def longer_costs_less(sweep: Sweep) -> Finding:
    """A longer input takes longer, but less than in proportion to its tokens, in every run."""
    return finding(sweep.rises(tiny.LATENCY) and _largest_ratio(sweep) < 1, **_latencies(sweep))


def longer_costs_all(sweep: Sweep) -> Finding:
    """A longer input takes longer, in some run in proportion to its tokens or more."""
    return finding(sweep.rises(tiny.LATENCY) and _largest_ratio(sweep) >= 1, **_latencies(sweep))


def longer_costs_nothing(sweep: Sweep) -> Finding:
    """Several lengths were run, and a longer input does not always take longer."""
    return finding(sweep.varied and not sweep.rises(tiny.LATENCY), **_latencies(sweep))


def _largest_ratio(sweep: Sweep) -> float:
    """Return the growth of the latency over that of the tokens, of the slowest longest and fastest shortest run."""
    shortest, *_, longest = sweep.by_setting.items()
    slowest = max(sweep.number(run, tiny.LATENCY) or 0 for run in longest[1])
    fastest = min(sweep.number(run, tiny.LATENCY) or 0 for run in shortest[1])
    return (slowest / fastest) / (longest[0] / shortest[0])


def _latencies(sweep: Sweep) -> dict[str, str]:
    return {
        "pairs": sweep.pairs(tiny.LATENCY, "ms with"),
        "threads": sweep.of_first("threads") if sweep.same("threads") else "",
    }


def inferences(sweep: Sweep) -> Finding:
    """Every run timed the same number of inferences."""
    return finding(sweep.same("repetitions"), repetitions=sweep.of_first("repetitions"))


def machine(sweep: Sweep) -> Finding:
    """All runs state the same processor and release."""
    return finding(
        sweep.same("platform", "sdk_version"),
        platform=sweep.of_first("platform"),
        release=sweep.of_first("sdk_version"),
    )


SYSTEM = System(
    name="CPU",
    order=6,
    accelerator=False,
    aside=("seed",),
    questions=(
        Question(
            tiny.LENGTH,
            tiny.LATENCY,
            "bert-tiny",
            (longer_costs_less, longer_costs_all, longer_costs_nothing, inferences, machine),
        ),
        digits.question(),
    ),
    formulas=digits.FORMULAS,
    tables={
        "bert-tiny": RunsTable(
            (
                tiny.LENGTH,
                *tiny.LATENCIES,
                Column("inferences", "repetitions"),
            ),
            outcome=True,
            workload="bert-tiny",
        ),
        "digits": digits.TABLE,
    },
    plots=(
        tiny.figure("cpu-latency"),
        digits.figure("cpu-error"),
    ),
)
