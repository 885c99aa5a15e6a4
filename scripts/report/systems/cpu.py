"""A reader's own machine: the small works that need no accelerator, in the neutral colour."""

from __future__ import annotations

from collections.abc import Sequence

from scripts.report.formulas import SHARE, WILSON, error_rate, formula, formulas_in, wilson
from scripts.report.known import Known
from scripts.report.plot import Repeats
from scripts.report.results import ReportRun
from scripts.report.system import Column, Question, RunsTable, System


@formula(unit="%", source=WILSON, bounds=SHARE)
def accuracy_low(test_accuracy: float, test_samples: float) -> float:
    """Lower end of the interval that the size of the test set alone leaves open, at the usual confidence."""
    return 100 * wilson(test_accuracy / 100, test_samples, -1)


@formula(unit="%", source=WILSON, bounds=SHARE)
def accuracy_high(test_accuracy: float, test_samples: float) -> float:
    """Upper end of the interval that the size of the test set alone leaves open, at the usual confidence."""
    return 100 * wilson(test_accuracy / 100, test_samples, 1)


def _by_setting(runs: Sequence[ReportRun], known: Known, setting: str, metric: str) -> dict[float, list[float]]:
    """Return the values of a metric by the value of a setting, in the order of the settings."""
    found: dict[float, list[float]] = {}
    for run in runs:
        found.setdefault(known.number(run, setting) or 0, []).append(known.number(run, metric) or 0)
    return dict(sorted(found.items()))


def _latency_title(runs: Sequence[ReportRun], known: Known) -> str:
    """Return a finding where every repeat supports it."""
    found = _by_setting(runs, known, "sequence_length", "median_latency")
    first, last = min(found), max(found)
    if last == 2 * first and max(found[last]) < 2 * min(found[first]):
        return "Twice the tokens cost less than twice the time"
    return "Time of one inference against sequence length"


def _error_title(runs: Sequence[ReportRun], known: Known) -> str:
    """Return a finding where all repeats of one rate do better than any repeat of another."""
    found = _by_setting(runs, known, "learning_rate", "error_rate")
    best = min(found, key=lambda rate: min(found[rate]))
    others = [error for rate, errors in found.items() if rate != best for error in errors]
    epochs = {run.word("epochs") for run in runs}
    if len(epochs) == 1 and max(found[best]) < 10 and min(others) > 50:
        return f"Of the rates only {best:g} arrives within {epochs.pop()} epochs"
    return "Test error against learning rate"


_LENGTH = Column("sequence length, tokens", "sequence_length")
_RATE = Column("learning rate", "learning_rate")

SYSTEM = System(
    name="CPU",
    order=5,
    accelerator=False,
    aside=("seed",),
    questions=(Question(_LENGTH, "median_latency", "bert-tiny"), Question(_RATE, "test_accuracy", "digits")),
    formulas=(*formulas_in(globals()), error_rate),
    tables={
        "bert-tiny": RunsTable(
            (
                _LENGTH,
                Column("median, ms", "median_latency"),
                Column("fifth percentile, ms", "low_latency"),
                Column("ninety-fifth, ms", "high_latency"),
                Column("mean, ms", "end_to_end_latency"),
                Column("inferences", "repetitions"),
            ),
            outcome=True,
            workload="bert-tiny",
        ),
        "digits": RunsTable(
            (
                _RATE,
                Column("seed", "seed"),
                Column("test accuracy, %", "test_accuracy"),
                Column("from, %", "accuracy_low"),
                Column("to, %", "accuracy_high"),
                Column("samples/s", "throughput"),
                Column("training, s", "train_time"),
                Column("of these on the processor, s", "processor_time"),
            ),
            outcome=True,
            workload="digits",
        ),
    },
    plots=(
        Repeats(
            "cpu-latency",
            _latency_title,
            "Time of one inference against sequence length, a dot the median of a run; bars: what one in twenty "
            "inferences stays under, and what one in twenty goes over.",
            setting="sequence_length",
            metric="median_latency",
            xlabel="sequence length, tokens",
            ylabel="time of one inference, ms",
            base=2,
            low="low_latency",
            high="high_latency",
        ),
        Repeats(
            "cpu-error",
            _error_title,
            "Test error on the handwritten digits against learning rate; each dot is a run from another seed.",
            setting="learning_rate",
            metric="error_rate",
            xlabel="learning rate",
            ylabel="test error, %",
            base=10,
            top=100,
        ),
    ),
)
