"""NVIDIA: one card as a reference, with PyTorch: BERT-large in steps, bert_tiny one inference at a time, the digits."""

from __future__ import annotations

from collections.abc import Sequence

from .. import digits, tiny
from ..findings import Finding, Sweep, few, finding, listed, run_link
from ..formulas import SAME_MODEL, formula, formulas_in
from ..plot import Losses, Scaling
from ..results import ReportRun
from ..system import Column, Question, RunsTable, System

# As PyTorch names the cards that have the documented peak.
_HOPPER = ("NVIDIA H100 80GB HBM3", "NVIDIA H200")


@formula(unit="chips")
def chips(cards: float) -> float:
    """Chips that the run uses: a card has one."""
    return cards


@formula(unit="samples")
def global_batch_size(batch_size: float) -> float:
    """Samples per optimiser step over all micro-batches."""
    return batch_size


@formula(unit="TFLOP/s", when={"platform": _HOPPER, "precision": "bfloat16"})
def peak_flop_rate(nvidia_hopper_peak: float) -> float:
    """The card's peak in the number format of the run, as documented."""
    return nvidia_hopper_peak


@formula(unit="s")
def step_time(train_time: float, steps: float) -> float:
    """Mean seconds per optimiser step."""
    return train_time / steps


@formula(unit="ms")
def inference_latency(end_to_end_latency: float) -> float:
    """Latency of one inference as a user meets it: the mean, from host to host."""
    return end_to_end_latency


@formula(unit="ms")
def device_latency(on_card_latency: float) -> float:
    """The part of the latency on the device: between two events on the card."""
    return on_card_latency


def batch_hardly_matters(sweep: Sweep) -> Finding:
    """Several batch sizes were run, and the highest throughput is within a twentieth of the lowest."""
    return finding(sweep.varied and _spread(sweep) <= _ALIKE, **_rates(sweep))


def larger_is_faster(sweep: Sweep) -> Finding:
    """A larger batch gives more throughput in every run, and the difference is more than a twentieth."""
    return finding(sweep.rises(_RATE) and _spread(sweep) > _ALIKE, **_rates(sweep))


def larger_is_not_faster(sweep: Sweep) -> Finding:
    """Several batch sizes were run, the throughputs differ, and a larger batch does not always give more."""
    differs = bool(sweep.numbers(_RATE)) and _spread(sweep) > _ALIKE
    return finding(sweep.varied and differs and not sweep.rises(_RATE), **_rates(sweep))


def one_batch_size(sweep: Sweep) -> Finding:
    """All runs have the same batch size."""
    return finding(sweep.one_value, rates=sweep.span(_RATE), batch=sweep.of_first("batch_size"))


def _spread(sweep: Sweep) -> float:
    """Return the highest throughput over the lowest; of none, more than any other."""
    rates = sweep.numbers(_RATE)
    return max(rates) / min(rates) if rates and min(rates) > 0 else float("inf")


def _rates(sweep: Sweep) -> dict[str, str]:
    return {"span": sweep.span(_RATE), "pairs": sweep.pairs(_RATE, "with"), "batches": sweep.settings()}


def share_of_peak(sweep: Sweep) -> Finding:
    """The documented peak of the card is known."""
    shares = sweep.numbers("model_flop_utilisation")
    return finding(shares, span=sweep.span("model_flop_utilisation"), peak=sweep.constant(_PEAK))


def parts_of_batch(sweep: Sweep) -> Finding:
    """Every run says how many samples the card took at a time, and the memory that was in use."""
    logged = sweep.numbers("micro_batch_size") and sweep.numbers("peak_memory")
    return finding(logged, parts=sweep.span("micro_batch_size"), memory=sweep.span("peak_memory"))


def driver(sweep: Sweep) -> Finding:
    """Every run says what the driver reported."""
    logged = sweep.numbers("power") and sweep.numbers("clock")
    return finding(logged, power=sweep.span("power"), peak=sweep.span("peak_power"), clock=sweep.span("clock"))


def first_step(sweep: Sweep) -> Finding:
    """Every run says how long its first step took, and was compiled."""
    compiled = all(run.word("execution") == "compiled" for run in sweep.runs)
    return finding(compiled and sweep.numbers("first_step_time"), span=sweep.span("first_step_time"))


def graph_is_faster(sweep: Sweep) -> Finding:
    """At each length that was run in both ways, every CUDA graph takes less time than every eager run."""
    both = _both_ways(sweep)
    faster = all(_latest(sweep, graph) < _earliest(sweep, eager) for eager, graph in both)
    return finding(both and faster, **_ways(sweep, both))


def graph_is_not_faster(sweep: Sweep) -> Finding:
    """Some CUDA graph takes as long as an eager run of the same length, or longer."""
    both = _both_ways(sweep)
    return finding(both and not graph_is_faster(sweep).holds, **_ways(sweep, both))


def _both_ways(sweep: Sweep) -> list[tuple[list[ReportRun], list[ReportRun]]]:
    """Return the eager runs and the graphs of each length that has both, with a latency of the card."""
    runs = [run for run in sweep.asked if sweep.number(run, tiny.LATENCY) is not None]
    lengths = sorted({length for run in runs if (length := sweep.number(run, tiny.LENGTH.name)) is not None})
    of_length = [[run for run in runs if sweep.number(run, tiny.LENGTH.name) == length] for length in lengths]
    ways = [tuple([run for run in of if run.word("execution") == way] for way in ("eager", _GRAPH)) for of in of_length]
    return [(eager, graph) for eager, graph in ways if eager and graph]


def _latest(sweep: Sweep, runs: Sequence[ReportRun]) -> float:
    return max(sweep.value(run, tiny.LATENCY) for run in runs)


def _earliest(sweep: Sweep, runs: Sequence[ReportRun]) -> float:
    return min(sweep.value(run, tiny.LATENCY) for run in runs)


def _ways(sweep: Sweep, both: list[tuple[list[ReportRun], list[ReportRun]]]) -> dict[str, str]:
    def pairs(name: str) -> str:
        return listed(
            [
                f"{sweep.span(name, runs=eager)} and {sweep.span(name, runs=graph)} ms with {sweep.settings(eager[:1])}"
                for eager, graph in both
                if sweep.span(name, runs=eager) and sweep.span(name, runs=graph)
            ]
        )

    return {"pairs": pairs(tiny.LATENCY), "on_card": pairs("on_card_latency")}


def shown(sweep: Sweep) -> Finding:
    """All runs of the figure run the model in the same way."""
    return finding(sweep.same("execution"), execution=sweep.of_first("execution"))


def no_run(sweep: Sweep) -> Finding:
    """No log says that a card computed such a run."""
    return finding(all(run.word("hardware") != _CARD for run in sweep.asked))


def by_processor(sweep: Sweep) -> Finding:
    """The logs of some runs say that something else than a card computed."""
    other = [run for run in sweep.asked if run.word("hardware") not in ("", _CARD)]
    return finding(other, runs=few([run_link(run, sweep.page) for run in other]))


def machine(sweep: Sweep) -> Finding:
    """All runs were computed by the same kind of card, with the same release."""
    on_card = all(run.word("hardware") == _CARD for run in sweep.runs)
    return finding(
        on_card and sweep.same("platform", "sdk_version"),
        platform=sweep.of_first("platform"),
        release=sweep.of_first("sdk_version"),
    )


_CARD, _GRAPH, _PEAK, _ALIKE = "cuda", "cuda-graph", "constants.md#nvidia_hopper_peak", 1.05
_RATE = "throughput"
_BATCH = Column("batch size, samples", "batch_size")
_DRIVER = (
    Column("peak memory, MiB", "peak_memory"),
    Column("power, W", "power"),
    Column("clock, MHz", "clock"),
)
_LARGE = (
    batch_hardly_matters, larger_is_faster, larger_is_not_faster, one_batch_size, share_of_peak, parts_of_batch, driver,
    first_step, machine, no_run, by_processor,
)  # fmt: skip
_TINY = (graph_is_faster, graph_is_not_faster, shown, no_run, by_processor)
_DIGITS = digits.question((no_run, by_processor))

SYSTEM = System(
    name="NVIDIA",
    order=5,
    accelerator=False,
    # The micro-batch follows from the card's memory.
    aside=("seed", "micro_batch_size", "gradient_accumulation"),
    questions=(
        Question(_BATCH, _RATE, "bert-large", _LARGE),
        Question(tiny.LENGTH, tiny.LATENCY, "bert-tiny", _TINY, "tiny"),
        _DIGITS,
    ),
    formulas=(*formulas_in(globals()), *SAME_MODEL, *digits.FORMULAS),
    method="PyTorch with transformers: a mean over repeats of one input, both copies in it. On the device it is the "
    "median between two CUDA events.",
    tables={
        "bert-large": RunsTable(
            (
                _BATCH,
                Column("of these at a time", "micro_batch_size"),
                Column("samples/s", _RATE),
                Column("tokens/s", "token_throughput"),
                Column("model TFLOP/s", "model_flop_rate"),
                Column("share of the peak, %", "model_flop_utilisation"),
                Column("first step, s", "first_step_time"),
                *_DRIVER,
            ),
            outcome=True,
            workload="bert-large",
        ),
        "bert-tiny": RunsTable(
            (
                tiny.LENGTH,
                Column("execution", "execution"),
                *tiny.LATENCIES,
                Column("on the card, ms", "on_card_latency"),
                *_DRIVER,
            ),
            outcome=True,
            workload="bert-tiny",
        ),
        "digits": digits.TABLE,
    },
    plots=(
        Scaling(
            "nvidia-throughput",
            "Training throughput of BERT-large against the global batch size, both axes logarithmic; a dot is a run.",
            setting="batch_size",
            metric=_RATE,
            xlabel="global batch size, samples",
            ylabel="throughput, samples/s",
            ideal="if a step took no longer",
        ),
        tiny.figure("nvidia-latency"),
        digits.figure("nvidia-error"),
        Losses("nvidia-loss", setting="learning_rate", batch="batch_size", word="as learning rate"),
    ),
)
