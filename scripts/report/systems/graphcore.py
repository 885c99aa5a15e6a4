"""Graphcore: MNIST at several learning rates."""

from __future__ import annotations

from ..findings import Finding, Sweep, finding
from ..formulas import SHARE, WILSON, error_rate, formula, formulas_in, wilson
from ..known import Known
from ..plot import Intervals, Phase, Row, Timeline
from ..results import ReportRun
from ..system import COMPILE, WORKING, Column, Question, RunsTable, System

# The constants of the data set apply to no other.
_MNIST = {"workload": "mnist"}


@formula(unit="samples", when=_MNIST)
def correct(test_accuracy: float, graphcore_test_images: float) -> float:
    """Test images classified right."""
    return test_accuracy / 100 * graphcore_test_images


@formula(unit="%", source=WILSON, when=_MNIST, bounds=SHARE)
def accuracy_low(test_accuracy: float, graphcore_test_images: float) -> float:
    """Lower end of the confidence interval of the accuracy, for a test set of this size."""
    return 100 * wilson(test_accuracy / 100, graphcore_test_images, -1)


@formula(unit="%", source=WILSON, when=_MNIST, bounds=SHARE)
def accuracy_high(test_accuracy: float, graphcore_test_images: float) -> float:
    """Upper end of the confidence interval of the accuracy, for a test set of this size."""
    return 100 * wilson(test_accuracy / 100, graphcore_test_images, 1)


@formula(unit="samples/s", when=_MNIST)
def training_throughput(graphcore_training_images: float, epoch_time: float) -> float:
    """Training images per second, the compilation inside the first epoch included."""
    return graphcore_training_images / epoch_time


@formula(unit="s", digits=3)
def epoch_time_without_compile(epoch_time: float, compile_time: float, epochs: float) -> float:
    """Seconds per epoch without the compilation that the first epoch holds."""
    return epoch_time - compile_time / epochs


@formula(unit="samples/s", when=_MNIST)
def steady_training_throughput(graphcore_training_images: float, epoch_time_without_compile: float) -> float:
    """Training images per second without the compilation."""
    return graphcore_training_images / epoch_time_without_compile


@formula(unit="%", digits=4, when=_MNIST, bounds=SHARE)
def constant_answer_accuracy(graphcore_test_sixes: float, graphcore_test_images: float) -> float:
    """Accuracy of a network that answers six to every image."""
    return 100 * graphcore_test_sixes / graphcore_test_images


def _phases(run: ReportRun, known: Known) -> Row | None:
    trained = known.number(run, "train_time")
    if not trained:
        return None
    compiled, tested = (known.number(run, f"{stage}compile_time") or 0 for stage in ("", "inference_"))
    rate = known.of(run, "learning_rate")
    phases = (
        Phase("compile for training", compiled, 0.45),
        Phase("epochs", trained - compiled, 1.0),
        Phase("compile for the test", tested, 0.25),
    )
    return Row(f"rate {rate.value}" if rate else run.id, phases)


def alike(sweep: Sweep) -> Finding:
    """The intervals of the best two learning rates overlap."""
    best, second = _best_two(sweep)
    return finding(_overlap(sweep, best, second), **_ranked(sweep, best, second))


def one_is_best(sweep: Sweep) -> Finding:
    """One learning rate is better than every other, by more than its interval."""
    best, second = _best_two(sweep)
    return finding(_overlap(sweep, best, second) is False, **_ranked(sweep, best, second))


def one_rate(sweep: Sweep) -> Finding:
    """All runs have the same learning rate."""
    return finding(sweep.one_value, rate=sweep.of_first("learning_rate"), accuracies=sweep.span("test_accuracy"))


def accuracies(sweep: Sweep) -> Finding:
    """Several learning rates were run, without what an interval takes."""
    holds = sweep.varied and not (alike(sweep).holds or one_is_best(sweep).holds)
    return finding(holds, pairs=sweep.pairs("test_accuracy", "% at"))


def _best_two(sweep: Sweep) -> tuple[ReportRun | None, ReportRun | None]:
    """Return the best run, and the best one of any other learning rate."""
    ranked = sorted(sweep.runs, key=lambda run: -(sweep.number(run, "test_accuracy") or 0))
    if not sweep.varied or not sweep.numbers("test_accuracy"):
        return None, None
    best = ranked[0]
    return best, next(run for run in ranked if sweep.number(run, _RATE.name) != sweep.number(best, _RATE.name))


def _overlap(sweep: Sweep, best: ReportRun | None, second: ReportRun | None) -> bool | None:
    if best is None or second is None:
        return None
    low, high = sweep.number(best, "accuracy_low"), sweep.number(second, "accuracy_high")
    return low <= high if low is not None and high is not None else None


def _ranked(sweep: Sweep, best: ReportRun | None, second: ReportRun | None) -> dict[str, str]:
    return {
        "best": sweep.of(best, "test_accuracy"),
        "best_rate": sweep.of(best, "learning_rate"),
        "second": sweep.of(second, "test_accuracy"),
        "second_rate": sweep.of(second, "learning_rate"),
    }


def smallest_is_worse(sweep: Sweep) -> Finding:
    """The smallest learning rate is below the best one, by more than its interval, after the same epochs."""
    best, _ = _best_two(sweep)
    small = sweep.middles[0] if best is not None else None
    worse = best is not None and small is not None and _below(sweep, small, best)
    return finding(
        worse and sweep.same("epochs") and not _constant(sweep, small),
        rate=sweep.of(small, "learning_rate"),
        accuracy=sweep.of(small, "test_accuracy"),
        epochs=sweep.of(small, "epochs"),
    )


def _below(sweep: Sweep, run: ReportRun, best: ReportRun) -> bool:
    high, low = sweep.number(run, "accuracy_high"), sweep.number(best, "accuracy_low")
    return high is not None and low is not None and high < low


def collapses(sweep: Sweep) -> Finding:
    """Every run of the largest learning rate has the accuracy of answering one and the same class."""
    last = list(sweep.by_setting.values())[-1] if sweep.varied else []
    holds = bool(last) and all(_constant(sweep, run) for run in last)
    return finding(
        holds,
        rate=sweep.of_last("learning_rate"),
        accuracy=sweep.of_last("test_accuracy"),
        constant=sweep.of_last("constant_answer_accuracy"),
    )


def _constant(sweep: Sweep, run: ReportRun | None) -> bool:
    if run is None:
        return False
    accuracy = sweep.number(run, "test_accuracy")
    return accuracy is not None and accuracy == sweep.number(run, "constant_answer_accuracy")


def speed_is_the_same(sweep: Sweep) -> Finding:
    """Runs with a cached graph and several learning rates train at the same pace, to a few hundredths."""
    cached = [run for run in sweep.runs if sweep.number(run, "compile_time") == 0]
    rates = [rate for run in cached if (rate := sweep.number(run, "training_throughput")) is not None]
    several = len({sweep.number(run, "learning_rate") for run in cached}) > 1
    return finding(
        several and len(rates) == len(cached) and max(rates) <= 1.03 * min(rates),
        span=sweep.span("training_throughput", runs=cached) if cached else "",
    )


def one_compiles(sweep: Sweep) -> Finding:
    """One run compiles, and every other one finds its graph in the cache."""
    compiled = [run for run in sweep.runs if sweep.number(run, "compile_time")]
    cached = [run for run in sweep.runs if sweep.number(run, "compile_time") == 0]
    one = compiled[0] if compiled else None
    return finding(
        len(compiled) == 1 and len(cached) == len(sweep.runs) - 1 > 0,
        rate=sweep.of(one, "learning_rate"),
        compile=sweep.of(one, "compile_time"),
        epoch=sweep.of(one, "epoch_time"),
        without=sweep.of(one, "epoch_time_without_compile"),
        others=sweep.span("epoch_time", runs=cached) if cached else "",
    )


def cached(sweep: Sweep) -> Finding:
    """Some run found its graph in the cache."""
    return finding([run for run in sweep.runs if sweep.number(run, "compile_time") == 0])


def declared(sweep: Sweep) -> Finding:
    """No log states the learning rate: a person declares it."""
    return finding(sweep.runs and not any(run.word("learning_rate") for run in sweep.runs))


def no_seed(sweep: Sweep) -> Finding:
    """No run states a seed."""
    return finding(sweep.runs and not any(run.stated("seed") for run in sweep.runs))


def repeats_unsure(sweep: Sweep) -> Finding:
    """A learning rate was run more than once, and nobody states the batch size of one of these runs."""
    again = [run for runs in sweep.by_setting.values() if len(runs) > 1 for run in runs]
    return finding([run for run in again if not run.stated("batch_size")])


def compared(sweep: Sweep) -> Finding:
    """Runs differ in this setting only."""
    return finding(sweep.varied, pairs=sweep.pairs("test_accuracy", "% at"))


_RATE = Column("learning rate", "learning_rate")
_FINDINGS = (
    alike, one_is_best, one_rate, accuracies, smallest_is_worse, collapses, speed_is_the_same, one_compiles, cached,
    declared, no_seed, repeats_unsure,
)  # fmt: skip

SYSTEM = System(
    name="Graphcore",
    order=2,
    colour="#D55E00",
    marker="s",
    work={COMPILE: "compile_time", WORKING: "train_time"},
    questions=(
        Question(_RATE, "test_accuracy", findings=_FINDINGS),
        Question(Column("batch size, samples", "batch_size"), "test_accuracy", findings=(compared,), name="batch"),
        Question(Column("epochs", "epochs"), "test_accuracy", findings=(compared,), name="epochs"),
    ),
    formulas=(*formulas_in(globals()), error_rate),
    tables={
        "runs": RunsTable(
            (
                _RATE,
                Column("test accuracy, %", "test_accuracy"),
                Column("interval from, %", "accuracy_low"),
                Column("interval to, %", "accuracy_high"),
                Column("error, %", "error_rate"),
            ),
            outcome=True,
        ),
        "phases": RunsTable(
            (
                _RATE,
                Column("compile for training, s", "compile_time"),
                Column("training, s", "train_time"),
                Column("s/epoch", "epoch_time"),
                Column("s/epoch without compile", "epoch_time_without_compile"),
                Column("images/s", "training_throughput"),
                Column("images/s without compile", "steady_training_throughput"),
                Column("compile for the test, s", "inference_compile_time"),
            ),
            compiles=True,
        ),
    },
    plots=(
        Intervals(
            "graphcore-error",
            "Test error against learning rate, both axes logarithmic; bars: 95 % interval for the size of the test "
            "set.",
            setting="learning_rate",
            metric="error_rate",
            low="accuracy_low",
            high="accuracy_high",
            xlabel="learning rate (declared)",
            ylabel="test error, %",
            others="test_accuracy",
            limits=(0.9, 130),
        ),
        Timeline(
            "graphcore-phases",
            "Seconds of compilation and of the epochs of each run; the test itself and the queue are not logged.",
            setting="learning_rate",
            rows=_phases,
        ),
    ),
)
