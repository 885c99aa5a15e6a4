"""NVIDIA: the reference on one card, by the programs of `scripts/run/gpu.sh`, whose lines begin with their name."""

from __future__ import annotations

from ..grammar import INSIDE, OPENS, Dialect, Shape, line

# Any device but the card, as PyTorch names it. No name is shorter, so that a cut one is none.
OTHER = rb"(?!cuda?\b)[a-z]\w{2,20}+"


def own(template: str) -> bytes:
    """Return the pattern of a line of the programs."""
    return line("testbed-nvidia: " + template)


def measured(template: str) -> tuple[Shape, Shape]:
    """Return the shapes of a line with results: the card's, and those of another device as that device's."""
    return (
        Shape(own(template + ", by cuda{:end}"), start=True),
        Shape(line(f"testbed-nvidia: {template}, by {{_device}}{{:end}}", _device=OTHER), start=True),
    )


DIALECT = Dialect(
    system="NVIDIA",
    signs=(b"testbed-nvidia: ",),
    noise=(
        ("note of a run script's program", r"testbed-nvidia: (?:micro-batches of|the driver gave no reading)"),
    ),
    shapes=(
        Shape(own("workload {workload:name}, stage {stage:name}"), OPENS, once=True, start=True),
        Shape(own("hardware {hardware:name}, {platform:text}"), bare=True, start=True),
        Shape(own("software torch {sdk_version:version}, {:more}"), bare=True, start=True),
        Shape(own("cards {cards:int}, memory {:more}"), start=True),
        Shape(own("model {model:name}, {:int} weights"), start=True),
        Shape(own("execution {execution:name}, precision {precision:name}, data {data:text}"), start=True),
        Shape(own("batch_size {batch_size:int}, micro_batch_size {micro_batch_size:int}, "
                  "gradient_accumulation {gradient_accumulation:int}, sequence_length {sequence_length:int}, "
                  "steps {steps:int}, seed {seed:int}{:end}"), start=True),
        Shape(own("batch_size {batch_size:int}, sequence_length {sequence_length:int}, seed {seed:int}{:end}"),
              start=True),
        Shape(own("learning_rate {learning_rate}, batch_size {batch_size:int}, epochs {epochs:int}, "
                  "seed {seed:int}{:end}"), start=True),
        Shape(own("training set {training_samples:int} images, test set {test_samples:int} images{:end}"), start=True),
        *measured("first step {first_step_time} s"),
        Shape(own("step {step:int}, loss {loss}{:end}"), series=True, start=True),
        Shape(own("epoch {:int} of {:int}, step {step:int}, loss {loss}{:end}"), series=True, start=True),
        *measured("training {train_time} s, throughput {throughput} samples/s, {token_throughput} tokens/s"),
        *measured("training {train_time} s, processor {processor_time} s, throughput {throughput} samples/s"),
        *measured("test_accuracy {test_accuracy} %"),
        *measured("latency median {median_latency} ms, mean {end_to_end_latency} ms, low {low_latency} ms, "
                  "high {high_latency} ms, repetitions {repetitions:int}"),
        *measured("on card median {on_card_latency} ms"),
        Shape(own("driver readings {:int}, peak memory {peak_memory:int} MiB, power {power} W, "
                  "peak power {peak_power} W, clock {clock:int} MHz{:end}"), start=True),
        Shape(own("finished{:end}"), ends="completed", start=True),
        Shape(line("error: {_reason:rest}"), INSIDE, ends="failed", start=True),
    ),
)  # fmt: skip
