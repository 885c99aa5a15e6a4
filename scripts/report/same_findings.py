"""What may be said of runs of the same model on several systems: conditions, and the quantities of sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import regex

from .findings import Finding, finding, listed
from .known import Known
from .markdown import escaped, link
from .results import ReportRun

_YEAR = regex.compile(r"^(?:19|20)\d\d-")


def of_training(runs: Sequence[ReportRun], known: Known, page: str) -> Mapping[str, Finding]:
    """Return the findings about runs that trained the same model."""
    return {
        "same_batch": _same_batch(runs, known, page),
        "share_of_peak": _share_of_peak(runs, known, page),
        "no_peak": _no_peak(runs, known),
        **_dates(runs, known, page),
    }


def of_inference(runs: Sequence[ReportRun], known: Known, page: str) -> Mapping[str, Finding]:
    """Return the findings about runs that answered with the same model."""
    return {"latencies": _latencies(runs, known, page), **_dates(runs, known, page)}


def _same_batch(runs: Sequence[ReportRun], known: Known, page: str) -> Finding:
    """Runs of several systems have the same global batch size: the one of most systems, and of these the largest."""
    of_size: dict[float, dict[str, list[ReportRun]]] = {}
    for run in runs:
        size = known.number(run, "global_batch_size")
        if size is not None:
            of_size.setdefault(size, {}).setdefault(run.system, []).append(run)
    size, systems = max(of_size.items(), key=lambda item: (len(item[1]), item[0]), default=(0, {}))
    if len(systems) < 2:
        return finding(False, batch="", rates="")
    first = next(iter(systems.values()))[0]
    rates = [_rate(system, of, known, page) for system, of in systems.items()]
    return finding(True, batch=_link(first, "global_batch_size", known, page), rates=listed(rates))


def _rate(system: str, runs: Sequence[ReportRun], known: Known, page: str) -> str:
    """Return the throughput of a system's runs, and on how many chips: `2 293 samples/s on 4 chips (SambaNova)`."""
    plural = "" if {known.number(run, "chips") for run in runs} == {1} else "s"
    chips = f"{span(runs, 'chips', known, page)} chip{plural}"
    return f"{span(runs, 'throughput', known, page)} samples/s on {chips} ({escaped(system)})"


def _share_of_peak(runs: Sequence[ReportRun], known: Known, page: str) -> Finding:
    """The documented peak of the chips of some system is known."""
    shares = [
        f"{share} % ({escaped(system)})"
        for system, of in _by_system(runs).items()
        if (share := span(of, "model_flop_utilisation", known, page))
    ]
    return finding(shares, shares=listed(shares))


def _no_peak(runs: Sequence[ReportRun], known: Known) -> Finding:
    """The documented peak of the chips of some system is not known."""
    lacking = [
        escaped(system)
        for system, of in _by_system(runs).items()
        if all(known.of(run, "peak_flop_rate") is None for run in of)
    ]
    return finding(lacking, systems=listed(lacking))


def _latencies(runs: Sequence[ReportRun], known: Known, page: str) -> Finding:
    """Every run has a latency end to end; the ends of each system are told, by how it runs the model."""
    ways: dict[str, list[ReportRun]] = {}
    for run in runs:
        ways.setdefault(", ".join(filter(None, (run.system, run.word("execution")))), []).append(run)
    latencies = [f"{span(of, 'inference_latency', known, page)} ms ({escaped(way)})" for way, of in ways.items()]
    return finding(latencies, latencies=listed(latencies))


def _dates(runs: Sequence[ReportRun], known: Known, page: str) -> dict[str, Finding]:
    """Return whether runs are of different years, and of which systems no run says when it began."""
    dated = sorted((run for run in runs if _YEAR.match(run.word("started_at"))), key=lambda run: run.word("started_at"))
    years = {run.word("started_at")[:4] for run in dated}
    ends = [_link(run, "started_at", known, page) for run in (dated[0], dated[-1])] if dated else ["", ""]
    undated = [escaped(name) for name, of in _by_system(runs).items() if not any(run.word("started_at") for run in of)]
    return {
        "years_apart": finding(len(years) > 1, first=ends[0], last=ends[1]),
        "undated": finding(undated, systems=listed(undated)),
    }


def _by_system(runs: Sequence[ReportRun]) -> dict[str, list[ReportRun]]:
    runs_of: dict[str, list[ReportRun]] = {}
    for run in runs:
        runs_of.setdefault(run.system, []).append(run)
    return runs_of


def span(runs: Sequence[ReportRun], name: str, known: Known, page: str) -> str:
    """Return the lowest and the highest of a quantity of runs, as links; nothing where no run has it."""
    values = [(value, place) for place, run in enumerate(runs) if (value := known.number(run, name)) is not None]
    if not values:
        return ""
    low, high = (runs[end(values)[1]] for end in (min, max))
    same = known.text(low, name) == known.text(high, name)
    return _link(low, name, known, page) if same else " to ".join(_link(run, name, known, page) for run in (low, high))


def _link(run: ReportRun, name: str, known: Known, page: str) -> str:
    quantity = known.of(run, name)
    return link(escaped(quantity.text), quantity.target(page)) if quantity is not None else ""
