"""A reader's own machine: the small works that need no accelerator, in the neutral colour."""

from __future__ import annotations

from ..findings import Finding, Sweep, finding
from ..formulas import SHARE, WILSON, error_rate, formula, formulas_in, wilson
from ..plot import Repeats
from ..results import ReportRun
from ..system import Column, Question, RunsTable, System


@formula(unit="%", source=WILSON, bounds=SHARE)
def accuracy_low(test_accuracy: float, test_samples: float) -> float:
    """Lower end of the interval that the size of the test set alone leaves open, at the usual confidence."""
    return 100 * wilson(test_accuracy / 100, test_samples, -1)


@formula(unit="%", source=WILSON, bounds=SHARE)
def accuracy_high(test_accuracy: float, test_samples: float) -> float:
    """Upper end of the interval that the size of the test set alone leaves open, at the usual confidence."""
    return 100 * wilson(test_accuracy / 100, test_samples, 1)


def longer_costs_less(sweep: Sweep) -> Finding:
    """A longer input takes longer, but less than in proportion to its tokens, in every run."""
    return finding(sweep.rises(_LATENCY) and _largest_ratio(sweep) < 1, **_latencies(sweep))


def longer_costs_all(sweep: Sweep) -> Finding:
    """A longer input takes longer, in some run in proportion to its tokens or more."""
    return finding(sweep.rises(_LATENCY) and _largest_ratio(sweep) >= 1, **_latencies(sweep))


def longer_costs_nothing(sweep: Sweep) -> Finding:
    """Several lengths were run, and a longer input does not always take longer."""
    return finding(sweep.varied and not sweep.rises(_LATENCY), **_latencies(sweep))


def _largest_ratio(sweep: Sweep) -> float:
    """Return the growth of the latency over that of the tokens, of the slowest longest and fastest shortest run."""
    shortest, *_, longest = sweep.by_setting.items()
    slowest = max(sweep.number(run, _LATENCY) or 0 for run in longest[1])
    fastest = min(sweep.number(run, _LATENCY) or 0 for run in shortest[1])
    return (slowest / fastest) / (longest[0] / shortest[0])


def _latencies(sweep: Sweep) -> dict[str, str]:
    return {
        "pairs": sweep.pairs(_LATENCY, "ms with"),
        "threads": sweep.of_first("threads") if sweep.same("threads") else "",
    }


def inferences(sweep: Sweep) -> Finding:
    """Every run timed the same number of inferences."""
    return finding(sweep.same("repetitions"), repetitions=sweep.of_first("repetitions"))


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


def machine(sweep: Sweep) -> Finding:
    """All runs state the same processor and release."""
    return finding(
        sweep.same("platform", "sdk_version"),
        platform=sweep.of_first("platform"),
        release=sweep.of_first("sdk_version"),
    )


_LATENCY = "median_latency"
_LENGTH = Column("sequence length, tokens", "sequence_length")
_RATE = Column("learning rate", "learning_rate")

SYSTEM = System(
    name="CPU",
    order=5,
    accelerator=False,
    aside=("seed",),
    questions=(
        Question(
            _LENGTH,
            _LATENCY,
            "bert-tiny",
            (longer_costs_less, longer_costs_all, longer_costs_nothing, inferences, machine),
        ),
        Question(_RATE, "test_accuracy", "digits", (one_learns, one_is_best, worst_rates, data, seeds), "digits"),
    ),
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
