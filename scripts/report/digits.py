"""The handwritten digits, which any machine learns in seconds: what may be said of runs with several learning rates."""

from __future__ import annotations

from .findings import Find, Finding, Sweep, finding
from .formulas import SHARE, WILSON, error_rate, formula, formulas_in, wilson
from .plot import Repeats
from .results import ReportRun
from .system import Column, Question, RunsTable


@formula(unit="%", source=WILSON, bounds=SHARE)
def accuracy_low(test_accuracy: float, test_samples: float) -> float:
    """Lower end of the confidence interval of the accuracy, for a test set of this size."""
    return 100 * wilson(test_accuracy / 100, test_samples, -1)


@formula(unit="%", source=WILSON, bounds=SHARE)
def accuracy_high(test_accuracy: float, test_samples: float) -> float:
    """Upper end of the confidence interval of the accuracy, for a test set of this size."""
    return 100 * wilson(test_accuracy / 100, test_samples, 1)


def one_learns(sweep: Sweep) -> Finding:
    """All runs of one learning rate have few errors, and no other run answers most images right."""
    best = _best(sweep)
    others = [run for runs in sweep.by_setting.values() for run in runs if run not in best]
    learnt = all(_error(sweep, run) < 10 for run in best) and all(_error(sweep, run) > 50 for run in others)
    return finding(sweep.varied and sweep.same("epochs") and learnt, **_accuracies(sweep, best))


def one_is_best(sweep: Sweep) -> Finding:
    """Several learning rates were run, and more than one learns."""
    best = _best(sweep)
    return finding(sweep.varied and not one_learns(sweep).holds, **_accuracies(sweep, best))


def _best(sweep: Sweep) -> list[ReportRun]:
    """Return the runs of the learning rate with the best run."""
    ranked = sorted(sweep.by_setting.values(), key=lambda runs: min(_error(sweep, run) for run in runs))
    return ranked[0] if ranked else []


def _error(sweep: Sweep, run: ReportRun) -> float:
    error = sweep.number(run, "error_rate")
    return 100 if error is None else error


def _accuracies(sweep: Sweep, best: list[ReportRun]) -> dict[str, str]:
    return {
        "rate": sweep.settings(best[:1]) if best else "",
        "accuracies": sweep.each("test_accuracy", runs=best) if best else "",
        "epochs": sweep.of_first("epochs") if sweep.same("epochs") else "",
        "pairs": sweep.pairs("test_accuracy", "% at"),
    }


def worst_rates(sweep: Sweep) -> Finding:
    """Some learning rates leave the network no better than always giving one answer."""
    poor = [runs for runs in sweep.by_setting.values() if all(_error(sweep, run) > 85 for run in runs)]
    runs = [run for of in poor for run in of]
    return finding(
        poor,
        rates=sweep.settings([of[0] for of in poor]) if poor else "",
        span=sweep.span("test_accuracy", runs=runs) if runs else "",
    )


def data(sweep: Sweep) -> Finding:
    """All runs learn from and are tested on as many images, in batches of the same size."""
    names = ("training_samples", "test_samples", "batch_size")
    return finding(sweep.same(*names), **{name: sweep.of_first(name) for name in names})


def seeds(sweep: Sweep) -> Finding:
    """Repeats of a learning rate have different seeds."""
    repeats = [[run.word("seed") for run in runs] for runs in sweep.by_setting.values() if len(runs) > 1]
    return finding(repeats and all("" not in of and len(set(of)) == len(of) for of in repeats))


RATE = Column("learning rate", "learning_rate")
TABLE = RunsTable(
    (
        RATE,
        Column("seed", "seed"),
        Column("test accuracy, %", "test_accuracy"),
        Column("interval from, %", "accuracy_low"),
        Column("interval to, %", "accuracy_high"),
        Column("samples/s", "throughput"),
        Column("training, s", "train_time"),
        Column("processor time, s", "processor_time"),
    ),
    outcome=True,
    workload="digits",
)
FORMULAS = (*formulas_in(globals()), error_rate)


def question(more: tuple[Find, ...] = ()) -> Question:
    """Return the question that is asked of these runs; `more` are further findings of a system."""
    return Question(
        RATE, "test_accuracy", "digits", (one_learns, one_is_best, worst_rates, data, seeds, *more), "digits"
    )


def figure(name: str) -> Repeats:
    """Return the figure of the runs' test errors, called `name`."""
    return Repeats(
        name,
        "Test error on the handwritten digits against learning rate; each dot is a run from another seed.",
        setting="learning_rate",
        metric="error_rate",
        xlabel="learning rate",
        ylabel="test error, %",
        base=10,
        top=100,
    )
