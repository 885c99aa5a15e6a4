"""The formulas of derived figures: a function each, its parameters the inputs, its one expression the formula.

An input is a fact of the same run (`name`, or `name_device`), another derived figure of it, a documented constant, a
whole series, or, with `reference_` before it, the same of the run that the question compares with; with `compile_run_`
before it, of the compile; with `repeated_` before it, of the first run of the same setting. A page shows the very
expression that is computed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean, median
from typing import Any

# A series: its values in the order of their steps.
Points = Sequence[float]

# Two-sided 95 % point of the standard normal distribution.
Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Formula:
    """A named formula: which systems' runs it is for, what it computes, in which unit, shown with how many digits."""

    name: str
    systems: tuple[str, ...]
    unit: str
    digits: int
    compute: Callable[..., float]
    source: str

    @property
    def meaning(self) -> str:
        """What the figure is, in a sentence."""
        return (self.compute.__doc__ or "").strip()


FORMULAS: list[Formula] = []


def formula(*systems: str, unit: str, digits: int = 4, source: str = "") -> Callable[[Any], Any]:
    """Enter a function into `FORMULAS` under its own name."""

    def enter(function: Callable[..., float]) -> Callable[..., float]:
        name = function.__name__.rstrip("_")
        FORMULAS.append(Formula(name, systems, unit, digits, function, source))
        return function

    return enter


def differences(points: Points) -> list[float]:
    """Return each point less the one before it."""
    return [later - earlier for earlier, later in pairwise(points)]


def wilson(share: float, count: float, side: int) -> float:
    """Return an end of Wilson's 95 % score interval of a share found among `count`: the lower for side -1."""
    spread = Z95 * math.sqrt(share * (1 - share) / count + Z95**2 / (4 * count**2))
    return (share + Z95**2 / (2 * count) + side * spread) / (1 + Z95**2 / count)


SN, GC, CS, GQ, CPU = "SambaNova", "Graphcore", "Cerebras", "Groq", "CPU"


@formula(SN, unit="RDUs")
def rdus_used(ntasks: float, sambanova_tasks_per_rdu: float) -> float:
    """RDUs that the tasks fill; Slurm grants whole nodes."""
    return ntasks / sambanova_tasks_per_rdu


@formula(SN, unit="samples/s")
def throughput_per_rdu(throughput: float, rdus_used: float) -> float:
    """Throughput per RDU in use."""
    return throughput / rdus_used


@formula(SN, unit="samples")
def global_batch_size(batch_size: float, ntasks: float) -> float:
    """Samples per optimiser step over all tasks."""
    return batch_size * ntasks


@formula(SN, unit="samples", digits=7)
def samples_trained(global_batch_size: float, steps: float) -> float:
    """Samples that the run trained on."""
    return global_batch_size * steps


@formula(SN, unit="s")
def step_time(train_time: float, steps: float) -> float:
    """Mean seconds per step, the first with its loading included."""
    return train_time / steps


@formula(SN, unit="s", digits=3)
def median_step_time(time: Points) -> float:
    """Median of the seconds between the timestamps of neighbouring steps."""
    return median(differences(time))


@formula(SN, unit="samples/s")
def steady_throughput(global_batch_size: float, median_step_time: float) -> float:
    """Throughput at the pace of the median step: no wait before the first step is in it, and no slow step."""
    return global_batch_size / median_step_time


@formula(SN, unit="%", digits=2)
def share_beyond_median_steps(steps: float, median_step_time: float, train_time: float) -> float:
    """Share of the training time beyond as many steps of median length: the wait before the first, and slow steps."""
    return 100 * (1 - steps * median_step_time / train_time)


@formula(SN, unit="s", digits=6)
def time_after_first_step(time: Points) -> float:
    """Seconds from the line of the first step to that of the last."""
    return time[-1] - time[0]


@formula(SN, unit="s", digits=3)
def time_before_first_step(train_time: float, time_after_first_step: float) -> float:
    """Seconds of the training before the line of its first step: the loading, and that step itself."""
    return train_time - time_after_first_step


@formula(SN, unit="samples/s")
def throughput_after_first_step(global_batch_size: float, steps: float, time_after_first_step: float) -> float:
    """Throughput of all steps but the first, slow ones included."""
    return global_batch_size * (steps - 1) / time_after_first_step


@formula(SN, unit="×", digits=3)
def speed_up(throughput: float, reference_throughput: float) -> float:
    """Throughput over that of the run with the fewest tasks."""
    return throughput / reference_throughput


@formula(SN, unit="%")
def weak_scaling_efficiency(
    throughput: float, ntasks: float, reference_throughput: float, reference_ntasks: float
) -> float:
    """Throughput per task over that of the run with the fewest tasks; as much is ideal weak scaling."""
    return 100 * (throughput / ntasks) / (reference_throughput / reference_ntasks)


@formula(SN, unit="%")
def weak_scaling_efficiency_after_first_step(
    throughput_after_first_step: float,
    ntasks: float,
    reference_throughput_after_first_step: float,
    reference_ntasks: float,
) -> float:
    """The same of the throughput after the first step: how long a run waited before it is left out."""
    return 100 * (throughput_after_first_step / ntasks) / (reference_throughput_after_first_step / reference_ntasks)


@formula(SN, unit="%", digits=3)
def difference_of_repeats(throughput: float, repeated_throughput: float) -> float:
    """Throughput less that of the first run of the same setting, in per cent of the latter."""
    return 100 * (throughput / repeated_throughput - 1)


@formula(SN, CS, unit="", digits=6)
def last_loss(loss: Points) -> float:
    """Training loss of the last step that the log prints."""
    return loss[-1]


@formula(SN, unit="")
def mean_of_last_losses(loss: Points) -> float:
    """Mean training loss of the last fifty steps: one step's loss is of one batch, and differs from the next one's."""
    return fmean(loss[-50:])


@formula(SN, unit="samples/s")
def window_min(token_throughput_min: float, sequence_length: float) -> float:
    """Lower bound of the program's check, in samples per second."""
    return token_throughput_min / sequence_length


@formula(SN, unit="samples/s")
def window_max(token_throughput_max: float, sequence_length: float) -> float:
    """Upper bound of the program's check, in samples per second."""
    return token_throughput_max / sequence_length


@formula(SN, unit="tokens/s", digits=7)
def scaled_window_min(token_throughput_min: float, ntasks: float, sambanova_window_tasks: float) -> float:
    """Lower bound that the check would have if it grew with the tasks."""
    return token_throughput_min * ntasks / sambanova_window_tasks


@formula(SN, unit="tokens/s", digits=7)
def scaled_window_max(token_throughput_max: float, ntasks: float, sambanova_window_tasks: float) -> float:
    """Upper bound that the check would have if it grew with the tasks."""
    return token_throughput_max * ntasks / sambanova_window_tasks


@formula(SN, unit="×")
def compile_ratio(compile_run_compile_time: float, train_time: float) -> float:
    """Seconds of the compile over seconds of training; the compile log is of another day."""
    return compile_run_compile_time / train_time


@formula(SN, unit="steps", digits=4)
def steps_to_amortise(compile_run_compile_time: float, step_time: float) -> float:
    """Steps after which the compile is a tenth of compile and training together."""
    return 9 * compile_run_compile_time / step_time


@formula(GC, CPU, unit="%", digits=3)
def error_rate(test_accuracy: float) -> float:
    """Share of the test set classified wrong."""
    return 100 - test_accuracy


@formula(GC, unit="samples")
def correct(test_accuracy: float, graphcore_test_images: float) -> float:
    """Test images classified right."""
    return test_accuracy / 100 * graphcore_test_images


@formula(GC, unit="%", source="Wilson's score interval, ninety-five per cent")
def accuracy_low(test_accuracy: float, graphcore_test_images: float) -> float:
    """Lower end of the interval that the size of the test set alone leaves open, at the usual confidence."""
    return 100 * wilson(test_accuracy / 100, graphcore_test_images, -1)


@formula(GC, unit="%", source="Wilson's score interval, ninety-five per cent")
def accuracy_high(test_accuracy: float, graphcore_test_images: float) -> float:
    """Upper end of the interval that the size of the test set alone leaves open, at the usual confidence."""
    return 100 * wilson(test_accuracy / 100, graphcore_test_images, 1)


@formula(GC, unit="samples/s")
def training_throughput(graphcore_training_images: float, epoch_time: float) -> float:
    """Training images per second, the compilation inside the first epoch included."""
    return graphcore_training_images / epoch_time


@formula(GC, unit="s", digits=3)
def epoch_time_without_compile(epoch_time: float, compile_time: float, epochs: float) -> float:
    """Seconds per epoch without the compilation that the first epoch holds."""
    return epoch_time - compile_time / epochs


@formula(GC, unit="samples/s")
def steady_training_throughput(graphcore_training_images: float, epoch_time_without_compile: float) -> float:
    """Training images per second without the compilation."""
    return graphcore_training_images / epoch_time_without_compile


@formula(GC, unit="%", digits=4)
def constant_answer_accuracy(graphcore_test_sixes: float, graphcore_test_images: float) -> float:
    """Accuracy of a network that answers six to every image."""
    return 100 * graphcore_test_sixes / graphcore_test_images


@formula(CS, unit="steps")
def steps_run(samples: float, batch_size: float) -> float:
    """Steps of the training loop."""
    return samples / batch_size


@formula(CS, unit="s", digits=5)
def time_to_loop(time: Points, train_time: float) -> float:
    """Seconds from the job's first timestamp to the begin of its training loop."""
    return time[-1] - train_time


@formula(CS, unit="s")
def step_time_(reported_time: float, steps_run: float) -> float:
    """Mean seconds per step of the training loop."""
    return reported_time / steps_run


@formula(CS, unit="tokens/s", digits=6)
def token_throughput(throughput: float, cerebras_sequence_length: float) -> float:
    """Tokens per second, padding included."""
    return throughput * cerebras_sequence_length


@formula(CS, unit="×", digits=3)
def speed_up_(throughput: float, reference_throughput: float) -> float:
    """Throughput over that of the run with the smallest batch."""
    return throughput / reference_throughput


@formula(CS, unit="×", digits=3)
def loop_time_ratio(reported_time: float, reference_reported_time: float) -> float:
    """Seconds of the training loop over those of the run with the smallest batch."""
    return reported_time / reference_reported_time


@formula(CS, unit="%", digits=3)
def batch_scaling_efficiency(
    throughput: float, batch_size: float, reference_throughput: float, reference_batch_size: float
) -> float:
    """Growth of the throughput over growth of the batch; ideal would be a step that takes no longer."""
    return 100 * (throughput / reference_throughput) / (batch_size / reference_batch_size)


@formula(CS, unit="%", digits=3)
def loop_share(reported_time: float, total_time: float) -> float:
    """Share of the whole job that the training loop takes."""
    return 100 * reported_time / total_time


@formula(CS, unit="samples/s")
def whole_job_throughput(samples: float, total_time: float) -> float:
    """Samples per second of the whole job, compile and loading included."""
    return samples / total_time


@formula(CS, unit="×", digits=3)
def compile_to_loop(compile_time: float, reported_time: float) -> float:
    """Seconds of the compile over seconds of the training loop."""
    return compile_time / reported_time


@formula(CS, unit="s")
def seconds_per_million_samples(reported_time: float, samples: float) -> float:
    """Seconds of the training loop per million samples."""
    return 1_000_000 * reported_time / samples


@formula(CS, unit="steps", digits=5)
def steps_to_amortise_(total_time: float, reported_time: float, step_time: float) -> float:
    """Steps after which all that is not training is a tenth of the whole job."""
    return 9 * (total_time - reported_time) / step_time


@formula(GQ, unit="ms")
def cpu_latency(end_to_end_throughput_cpu: float) -> float:
    """Latency on the CPU with more digits than the table prints: the inverse of its inferences per second."""
    return 1000 / end_to_end_throughput_cpu


@formula(GQ, unit="ms")
def groq_latency(end_to_end_throughput_groq: float) -> float:
    """End-to-end latency of the card with more digits than the table prints."""
    return 1000 / end_to_end_throughput_groq


@formula(GQ, unit="ms")
def chip_latency(on_chip_throughput_groq: float) -> float:
    """On-chip latency with more digits than the table prints."""
    return 1000 / on_chip_throughput_groq


@formula(GQ, unit="×", digits=3)
def end_to_end_speed_up(end_to_end_throughput_groq: float, end_to_end_throughput_cpu: float) -> float:
    """The card's benchmark over the host's PyTorch loop, one inference at a time; the methods differ."""
    return end_to_end_throughput_groq / end_to_end_throughput_cpu


@formula(GQ, unit="×", digits=3)
def on_chip_speed_up(on_chip_throughput_groq: float, end_to_end_throughput_cpu: float) -> float:
    """The computed on-chip rate over the host's PyTorch loop."""
    return on_chip_throughput_groq / end_to_end_throughput_cpu


@formula(GQ, unit="%", digits=3)
def on_chip_share(chip_latency: float, groq_latency: float) -> float:
    """Share of the end-to-end latency that is computed for the chip."""
    return 100 * chip_latency / groq_latency


@formula(GQ, unit="µs", digits=3)
def off_chip_latency(groq_latency: float, chip_latency: float) -> float:
    """Microseconds of the end-to-end latency outside the chip: PCIe and runtime."""
    return 1000 * (groq_latency - chip_latency)


@formula(GQ, unit="cycles", digits=5)
def cycles(groq_clock: float, on_chip_throughput_groq: float) -> float:
    """Cycles of one inference, which the on-chip figures are computed from."""
    return groq_clock * 1_000_000 / on_chip_throughput_groq


@formula(GQ, unit="tokens/s", digits=4)
def token_throughput_(end_to_end_throughput_groq: float, sequence_length: float) -> float:
    """Tokens per second end to end, padding included."""
    return end_to_end_throughput_groq * sequence_length


@formula(GQ, unit="×", digits=3)
def cpu_latency_ratio(cpu_latency: float, reference_cpu_latency: float) -> float:
    """CPU latency over that of the run with the shortest input."""
    return cpu_latency / reference_cpu_latency


@formula(GQ, unit="×", digits=3)
def end_to_end_latency_ratio(groq_latency: float, reference_groq_latency: float) -> float:
    """End-to-end latency over that of the run with the shortest input."""
    return groq_latency / reference_groq_latency


@formula(GQ, unit="×", digits=3)
def on_chip_latency_ratio(chip_latency: float, reference_chip_latency: float) -> float:
    """On-chip latency over that of the run with the shortest input."""
    return chip_latency / reference_chip_latency


@formula(GQ, unit="samples")
def correct_(accuracy_groq: float, samples: float) -> float:
    """Sentences classified right."""
    return accuracy_groq / 100 * samples


@formula(CPU, unit="%", source="Wilson's score interval, ninety-five per cent")
def accuracy_low_(test_accuracy: float, test_samples: float) -> float:
    """Lower end of the interval that the size of the test set alone leaves open, at the usual confidence."""
    return 100 * wilson(test_accuracy / 100, test_samples, -1)


@formula(CPU, unit="%", source="Wilson's score interval, ninety-five per cent")
def accuracy_high_(test_accuracy: float, test_samples: float) -> float:
    """Upper end of the interval that the size of the test set alone leaves open, at the usual confidence."""
    return 100 * wilson(test_accuracy / 100, test_samples, 1)
