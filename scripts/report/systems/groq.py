"""Groq: inference with bert_tiny at two sequence lengths."""

from __future__ import annotations

from ..findings import Finding, Sweep, finding
from ..formulas import SHARE, formula, formulas_in
from ..plot import Shares
from ..system import WORKING, Column, Question, RunsTable, System


@formula(unit="ms")
def cpu_latency(end_to_end_throughput_cpu: float) -> float:
    """Latency on the CPU with more digits than the table prints: the inverse of its inferences per second."""
    return 1000 / end_to_end_throughput_cpu


@formula(unit="ms")
def groq_latency(end_to_end_throughput_groq: float) -> float:
    """End-to-end latency of the card with more digits than the table prints."""
    return 1000 / end_to_end_throughput_groq


@formula(unit="ms")
def chip_latency(on_chip_throughput_groq: float) -> float:
    """On-chip latency with more digits than the table prints."""
    return 1000 / on_chip_throughput_groq


@formula(unit="ms")
def inference_latency(groq_latency: float) -> float:
    """Latency of one inference as a user meets it: the card's end to end."""
    return groq_latency


@formula(unit="ms")
def device_latency(chip_latency: float) -> float:
    """The part of the latency on the device: computed for the chip."""
    return chip_latency


@formula(unit="×", digits=3)
def end_to_end_speed_up(end_to_end_throughput_groq: float, end_to_end_throughput_cpu: float) -> float:
    """The card's benchmark over the host's PyTorch loop, one inference at a time; the methods differ."""
    return end_to_end_throughput_groq / end_to_end_throughput_cpu


@formula(unit="×", digits=3)
def on_chip_speed_up(on_chip_throughput_groq: float, end_to_end_throughput_cpu: float) -> float:
    """The computed on-chip rate over the host's PyTorch loop."""
    return on_chip_throughput_groq / end_to_end_throughput_cpu


@formula(unit="%", digits=3, bounds=SHARE)
def on_chip_share(chip_latency: float, groq_latency: float) -> float:
    """Share of the end-to-end latency that is computed for the chip."""
    return 100 * chip_latency / groq_latency


@formula(unit="µs", digits=3)
def off_chip_latency(groq_latency: float, chip_latency: float) -> float:
    """Microseconds of the end-to-end latency outside the chip: PCIe and runtime."""
    return 1000 * (groq_latency - chip_latency)


@formula(unit="cycles", digits=5)
def cycles(groq_clock: float, on_chip_throughput_groq: float) -> float:
    """Cycles of one inference, which the on-chip figures are computed from."""
    return groq_clock * 1_000_000 / on_chip_throughput_groq


@formula(unit="tokens/s", digits=4)
def token_throughput(end_to_end_throughput_groq: float, sequence_length: float) -> float:
    """Tokens per second end to end, padding included."""
    return end_to_end_throughput_groq * sequence_length


@formula(unit="×")
def sequence_length_ratio(sequence_length: float, reference_sequence_length: float) -> float:
    """Tokens of an input over those of the run with the shortest input."""
    return sequence_length / reference_sequence_length


@formula(unit="×", digits=3)
def cpu_latency_ratio(cpu_latency: float, reference_cpu_latency: float) -> float:
    """CPU latency over that of the run with the shortest input."""
    return cpu_latency / reference_cpu_latency


@formula(unit="×", digits=3)
def end_to_end_latency_ratio(groq_latency: float, reference_groq_latency: float) -> float:
    """End-to-end latency over that of the run with the shortest input."""
    return groq_latency / reference_groq_latency


@formula(unit="×", digits=3)
def on_chip_latency_ratio(chip_latency: float, reference_chip_latency: float) -> float:
    """On-chip latency over that of the run with the shortest input."""
    return chip_latency / reference_chip_latency


@formula(unit="samples")
def correct(accuracy_groq: float, samples: float) -> float:
    """Sentences classified right."""
    return accuracy_groq / 100 * samples


def longer_costs_less(sweep: Sweep) -> Finding:
    """A longer input costs more latency on the card, but less than in proportion to its tokens."""
    ratio, growth = _growth(sweep)
    return finding(sweep.rises("groq_latency") and ratio is not None and 1 < ratio < growth, **_latencies(sweep))


def longer_costs_all(sweep: Sweep) -> Finding:
    """A longer input costs more latency on the card, in proportion to its tokens or more."""
    ratio, growth = _growth(sweep)
    return finding(sweep.rises("groq_latency") and ratio is not None and ratio >= growth, **_latencies(sweep))


def longer_costs_nothing(sweep: Sweep) -> Finding:
    """Several lengths were run, and a longer input does not always cost more latency."""
    return finding(sweep.varied and not sweep.rises("groq_latency"), **_latencies(sweep))


def one_length(sweep: Sweep) -> Finding:
    """All runs have the same sequence length."""
    return finding(sweep.one_value, latencies=sweep.span("groq_latency"), length=sweep.of_first("sequence_length"))


def _growth(sweep: Sweep) -> tuple[float | None, float]:
    """Return the ratio of the latencies of the longest and the shortest input, and that of their lengths."""
    if not sweep.varied:
        return None, 0
    shortest, *_, longest = sweep.by_setting
    return sweep.number(sweep.middles[-1], "end_to_end_latency_ratio"), longest / shortest


def _latencies(sweep: Sweep) -> dict[str, str]:
    return {
        "pairs": sweep.pairs("groq_latency", "ms with"),
        "shortest": sweep.of_first("sequence_length"),
        "longest": sweep.of_last("sequence_length"),
        "times_tokens": sweep.of_last("sequence_length_ratio"),
        "ratio": sweep.of_last("end_to_end_latency_ratio"),
        "cpu_ratio": sweep.of_last("cpu_latency_ratio"),
        "chip_ratio": sweep.of_last("on_chip_latency_ratio"),
    }


def same_accuracy(sweep: Sweep) -> Finding:
    """Every run has the same accuracy, on the card and on the CPU, on test sets of the same size."""
    accuracies = {*sweep.numbers("accuracy", "groq"), *sweep.numbers("accuracy", "cpu")}
    holds = sweep.varied and len(accuracies) == 1 and len(set(sweep.numbers("samples"))) == 1
    return finding(holds, accuracy=sweep.of_first("accuracy", "groq"), samples=sweep.of_first("samples"))


def faster_than_cpu(sweep: Sweep) -> Finding:
    """Every run is faster on the card than on the CPU."""
    ratios = sweep.numbers("end_to_end_speed_up")
    return finding(ratios and min(ratios) > 1, span=sweep.span("end_to_end_speed_up"))


def whole_cycles(sweep: Sweep) -> Finding:
    """The cycles of every run are whole numbers, as far as the printed rates can tell."""
    pairs = list(zip(sweep.numbers("cycles"), sweep.numbers("on_chip_throughput", "groq"), strict=False))
    # A rate is printed with two decimals: half of the last one is how far it may be off.
    whole = [abs(cycles - round(cycles)) <= cycles * 0.005 / rate for cycles, rate in pairs]
    return finding(pairs and len(pairs) == len(sweep.runs) and all(whole), clock=sweep.constant(_CLOCK))


def declared(sweep: Sweep) -> Finding:
    """The log of some run does not state its sequence length: a person declares it."""
    runs = [run for run in sweep.runs if not run.word("sequence_length")]
    return finding(runs, lengths=sweep.settings(runs) if runs else "")


_CLOCK = "constants.md#groq_clock"
_LENGTH = Column("sequence length, tokens", "sequence_length")
_FINDINGS = (
    longer_costs_less, longer_costs_all, longer_costs_nothing, one_length, same_accuracy, faster_than_cpu,
    whole_cycles, declared,
)  # fmt: skip

SYSTEM = System(
    name="Groq",
    order=4,
    colour="#CC79A7",
    marker="D",
    work={WORKING: "groq_latency"},
    aside=("previous_sequence_length",),  # the input of the build before
    questions=(Question(_LENGTH, "end_to_end_throughput", findings=_FINDINGS, device="groq"),),
    # It is computed from the cycles of the compiled program.
    program=Column("on chip, inferences/s", "on_chip_throughput", "groq"),
    method="The vendor's benchmark: a mean over repeats of one input. On the device it is computed from a cycle count.",
    formulas=formulas_in(globals()),
    tables={
        "runs": RunsTable(
            (
                _LENGTH,
                Column("accuracy, %", "accuracy", "groq"),
                Column("end to end, ms", "groq_latency"),
                Column("on chip, ms", "chip_latency"),
                Column("CPU, ms", "cpu_latency"),
                Column("speed-up over the CPU", "end_to_end_speed_up"),
            ),
            outcome=True,
        ),
        "phases": RunsTable(
            (
                _LENGTH,
                Column("on chip, share of end to end, %", "on_chip_share"),
                Column("outside the chip, µs", "off_chip_latency"),
                Column("cycles", "cycles"),
            ),
            compiles=True,
        ),
    },
    plots=(
        Shares(
            "groq-latency",
            "Latency of one inference on the card: computed for the chip, and the rest (PCIe and runtime), hatched; a "
            "dot a run.",
            setting="sequence_length",
            whole="groq_latency",
            part="chip_latency",
            unit="tokens",
            others="end_to_end_throughput",
        ),
    ),
)
