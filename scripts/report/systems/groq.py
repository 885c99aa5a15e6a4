"""Groq: inference with bert_tiny at two sequence lengths."""

from __future__ import annotations

from collections.abc import Sequence

from scripts.report.formulas import SHARE, formula, formulas_in
from scripts.report.known import Known
from scripts.report.plot import Shares
from scripts.report.results import ReportRun
from scripts.report.system import Column, Question, RunsTable, System


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


def _latency_title(runs: Sequence[ReportRun], known: Known) -> str:
    ratio = known.ratio(runs, "end_to_end_latency_ratio", "sequence_length")
    tokens = known.growth(runs, "sequence_length")
    return f"{tokens}× the tokens cost {ratio}× the latency end to end" if ratio else "Latency by sequence length"


_LENGTH = Column("sequence length, tokens", "sequence_length")

SYSTEM = System(
    name="Groq",
    order=4,
    colour="#CC79A7",
    marker="D",
    aside=("previous_sequence_length",),  # the input of the build before
    questions=(Question(_LENGTH, "end_to_end_throughput", device="groq"),),
    # It is computed from the cycles of the compiled program.
    program=Column("on chip, inferences/s", "on_chip_throughput", "groq"),
    formulas=formulas_in(globals()),
    tables={
        "runs": RunsTable(
            (
                _LENGTH,
                Column("accuracy, %", "accuracy", "groq"),
                Column("end to end, ms", "groq_latency"),
                Column("on chip, ms", "chip_latency"),
                Column("CPU, ms", "cpu_latency"),
                Column("times the CPU", "end_to_end_speed_up"),
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
            _latency_title,
            "Latency of one inference on the card: computed for the chip, and the rest (PCIe and runtime), hatched; a "
            "dot a run. Grey, below a bar: the range of all known runs, from their inferences per "
            "second.",
            setting="sequence_length",
            whole="groq_latency",
            part="chip_latency",
            unit="tokens",
            others="end_to_end_throughput",
        ),
    ),
)
