"""Graphcore: MNIST at several learning rates."""

from __future__ import annotations

from collections.abc import Sequence

from scripts.report.formulas import SHARE, WILSON, error_rate, formula, formulas_in, wilson
from scripts.report.known import Known
from scripts.report.plot import Intervals, Phase, Row, Timeline
from scripts.report.results import ReportRun
from scripts.report.system import Column, Question, RunsTable, System

# The constants of the data set apply to no other.
_MNIST = {"workload": "mnist"}


@formula(unit="samples", when=_MNIST)
def correct(test_accuracy: float, graphcore_test_images: float) -> float:
    """Test images classified right."""
    return test_accuracy / 100 * graphcore_test_images


@formula(unit="%", source=WILSON, when=_MNIST, bounds=SHARE)
def accuracy_low(test_accuracy: float, graphcore_test_images: float) -> float:
    """Lower end of the interval that the size of the test set alone leaves open, at the usual confidence."""
    return 100 * wilson(test_accuracy / 100, graphcore_test_images, -1)


@formula(unit="%", source=WILSON, when=_MNIST, bounds=SHARE)
def accuracy_high(test_accuracy: float, graphcore_test_images: float) -> float:
    """Upper end of the interval that the size of the test set alone leaves open, at the usual confidence."""
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


def _error_title(runs: Sequence[ReportRun], known: Known) -> str:
    """Return a finding where the intervals of the best two overlap and the largest rate answers one class."""
    best, second = sorted(runs, key=lambda run: known.number(run, "error_rate") or 0)[:2]
    low, high = known.number(best, "accuracy_low"), known.number(second, "accuracy_high")
    alike = low is not None and high is not None and low <= high
    last = runs[-1]
    collapsed = known.number(last, "test_accuracy") == known.number(last, "constant_answer_accuracy")
    if alike and collapsed:
        return "Two rates are alike within noise; the largest collapses"
    return "Test error against learning rate"


def _phases_title(runs: Sequence[ReportRun], known: Known) -> str:
    compiles = [run for run in runs if known.number(run, "compile_time")]
    return "Only one run compiles; the others find its graph" if len(compiles) == 1 else "Where the time went"


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


_RATE = Column("learning rate", "learning_rate")

SYSTEM = System(
    name="Graphcore",
    order=2,
    colour="#D55E00",
    marker="s",
    questions=(Question(_RATE, "test_accuracy"),),
    formulas=(*formulas_in(globals()), error_rate),
    tables={
        "runs": RunsTable(
            (
                _RATE,
                Column("test accuracy, %", "test_accuracy"),
                Column("from, %", "accuracy_low"),
                Column("to, %", "accuracy_high"),
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
            _error_title,
            "Test error against learning rate, both axes logarithmic; bars: 95 % interval for the size of the test "
            "set; grey: the range of other people's runs, whose logs do not state the rate.",
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
            _phases_title,
            "Seconds of compilation and of the epochs of each run; the test itself and the queue are not logged.",
            setting="learning_rate",
            rows=_phases,
        ),
    ),
)
