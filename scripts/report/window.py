"""The check of a SambaNova program on its own throughput: its bounds, and which runs were outside of them."""

from __future__ import annotations

from collections.abc import Sequence

from .findings import Finding, Sweep, finding
from .formulas import formula, formulas_in
from .known import Known
from .results import ReportRun


@formula(unit="samples/s")
def window_min(token_throughput_min: float, sequence_length: float) -> float:
    """Lower bound of the program's check, in samples per second."""
    return token_throughput_min / sequence_length


@formula(unit="samples/s")
def window_max(token_throughput_max: float, sequence_length: float) -> float:
    """Upper bound of the program's check, in samples per second."""
    return token_throughput_max / sequence_length


@formula(unit="tokens/s", digits=7, when={"workload": "bert-large"})
def scaled_window_min(token_throughput_min: float, ntasks: float, sambanova_window_tasks: float) -> float:
    """Lower bound that the check would have if it grew with the tasks."""
    return token_throughput_min * ntasks / sambanova_window_tasks


@formula(unit="tokens/s", digits=7, when={"workload": "bert-large"})
def scaled_window_max(token_throughput_max: float, ntasks: float, sambanova_window_tasks: float) -> float:
    """Upper bound that the check would have if it grew with the tasks."""
    return token_throughput_max * ntasks / sambanova_window_tasks


def failure(run: ReportRun, known: Known) -> str:
    """Return which bound of its check a run was outside of."""
    tokens, low, high = (
        known.number(run, name) for name in ("token_throughput", "token_throughput_min", "token_throughput_max")
    )
    if tokens is None or low is None or high is None:
        return "failed its check:\nsee its page"
    side = "below its window" if tokens < low else "above its window" if tokens >= high else "see its page"
    return f"failed its check:\n{side}"


def fixed_window(sweep: Sweep) -> Finding:
    """Runs with several task counts have the same bounds of the program's check."""
    middle = sweep.middles[0] if sweep.runs else None
    return finding(
        sweep.varied and sweep.same("token_throughput_min", "token_throughput_max"),
        low=sweep.of(middle, "token_throughput_min"),
        high=sweep.of(middle, "token_throughput_max"),
        low_samples=sweep.of(middle, "window_min"),
        high_samples=sweep.of(middle, "window_max"),
    )


def below_window(sweep: Sweep) -> Finding:
    """Some runs failed the check because they were below its bounds."""
    return _failed_side(sweep, -1)


def above_window(sweep: Sweep) -> Finding:
    """Some runs failed the check because they were above its bounds."""
    return _failed_side(sweep, 1)


def inside_window(sweep: Sweep) -> Finding:
    """Some runs completed, between the bounds of the check."""
    return _on_side(sweep, [run for run in sweep.runs if _side(sweep, run) == 0 and run.word("outcome") == "completed"])


def _failed_side(sweep: Sweep, side: int) -> Finding:
    return _on_side(sweep, [run for run in sweep.runs if _side(sweep, run) == side and run.word("outcome") == "failed"])


def _on_side(sweep: Sweep, runs: Sequence[ReportRun]) -> Finding:
    if not runs:
        return finding(False, tasks="", rates="")
    return finding(True, tasks=sweep.each("ntasks", runs=runs), rates=sweep.each("token_throughput", runs=runs))


def _side(sweep: Sweep, run: ReportRun) -> int | None:
    """Return -1 for a run below the bounds of its check, 1 above, 0 between, None if that is not known."""
    tokens, low, high = (
        sweep.number(run, name) for name in ("token_throughput", "token_throughput_min", "token_throughput_max")
    )
    if tokens is None or low is None or high is None:
        return None
    return -1 if tokens < low else 1 if tokens >= high else 0


def would_pass(sweep: Sweep) -> Finding:
    """Some runs failed the check that would pass it if its bounds grew with the tasks."""
    return _on_side(sweep, [run for run in sweep.runs if _failed_scaled(sweep, run) is False])


def would_fail(sweep: Sweep) -> Finding:
    """Some runs would fail the check even if its bounds grew with the tasks."""
    return _on_side(sweep, [run for run in sweep.runs if _failed_scaled(sweep, run) is True])


def _failed_scaled(sweep: Sweep, run: ReportRun) -> bool | None:
    """Return whether a run that failed the check would fail with scaled bounds too; None for any other run."""
    tokens, low, high = (
        sweep.number(run, name) for name in ("token_throughput", "scaled_window_min", "scaled_window_max")
    )
    if tokens is None or low is None or high is None or not _side(sweep, run) or run.word("outcome") != "failed":
        return None
    return not low <= tokens < high


FORMULAS = formulas_in(globals())
FINDINGS = (fixed_window, below_window, above_window, inside_window, would_pass, would_fail)
