"""CPU: the reader's own machine, by the programs of `scripts/run/cpu.sh`, whose lines begin with their name."""

from __future__ import annotations

from ..grammar import INSIDE, OPENS, Dialect, Shape, line


def own(template: str) -> bytes:
    """Return the pattern of a line of the programs."""
    return line("testbed-cpu: " + template)


DIALECT = Dialect(
    system="CPU",
    called=r"own machine|own computer",
    signs=(b"testbed-cpu: ",),
    noise=(("note of a run script's program", r"testbed-cpu: (?:PyTorch on|input \d+: )"),),
    shapes=(
        Shape(own("workload {workload:name}, stage {stage:name}"), OPENS, once=True, start=True),
        Shape(own("processor {platform:text}"), bare=True, start=True),
        Shape(own("software torch {sdk_version:version}, {:more}"), bare=True, start=True),
        Shape(own("threads {threads:int}{:end}"), start=True),
        Shape(own("model {model:name}, {:int} weights"), start=True),
        Shape(own("batch_size {batch_size:int}, sequence_length {sequence_length:int}{:end}"), start=True),
        Shape(own("latency median {median_latency} ms, mean {end_to_end_latency} ms, low {low_latency} ms, "
                  "high {high_latency} ms, repetitions {repetitions:int}{:end}"), start=True),
        Shape(own("accuracy {accuracy} % of {test_samples:int}"), start=True),
        Shape(own("learning_rate {learning_rate}, batch_size {batch_size:int}, epochs {epochs:int}, "
                  "seed {seed:int}{:end}"), start=True),
        Shape(own("training set {training_samples:int} images, test set {test_samples:int} images{:end}"), start=True),
        Shape(own("epoch {:int} of {:int}, step {step:int}, loss {loss}{:end}"), series=True, start=True),
        Shape(own("training {train_time} s, processor {processor_time} s, throughput {throughput} samples/s{:end}"),
              start=True),
        Shape(own("test_accuracy {test_accuracy} %{:end}"), start=True),
        Shape(own("finished{:end}"), ends="completed", start=True),
        Shape(line("error: {_reason:rest}"), INSIDE, ends="failed", start=True),
    ),
)  # fmt: skip
