"""Graphcore: the lines of its examples of BERT, GPT-2, ResNet50 and Keras."""

from __future__ import annotations

from ..grammar import AHEAD, INSIDE, OPENS, Dialect, Draft, Event, Lines, Shape, line
from .graphcore import OWN, TRAINS, Bars, begins, belongs, compiles_anew

# A rate that cannot be read is one too: it takes the place of an earlier one. A line that says more has its own shape.
RATE = (
    rb"(?<! s )throughput: (?:" + line("{rate} samples/sec")
    + rb"|(?=\d\S{0,40}(?: sa|[ \t]{0,8}s?[\r\n\1]|\Z)|[ \t]{0,8}[\r\n]))"
)  # fmt: skip


def loaded(run: Draft[Bars], event: Event) -> None:
    if belongs(run, event):
        run.tell(event, "load_time")


def throughput(run: Draft[Bars], lines: Event) -> None:
    assert isinstance(lines, Lines)
    run.forget("throughput")  # also where the last rate cannot be read
    if lines.last("rate"):
        run.state("throughput", lines.last("rate"), *lines.last_place())


def step(run: Draft[Bars], _event: Event) -> None:
    run.forget("throughput")  # the line's own follows, unless the line is cut


DIALECT = Dialect(
    system="Graphcore",
    signs=(b" of epoch ", b" - total loss: ", b"[INFO] throughput", b"Compiled/Loaded model in "),
    shapes=(
        # BERT
        Shape(line("Using config: {model:name}"), OPENS, another=begins),
        Shape(line("Global batch size: {batch_size:int}{:end}"), AHEAD),
        Shape(line("global_batch_size: {batch_size:int}{:end}"), AHEAD),
        Shape(line("training_steps: {steps:int}{:end}"), AHEAD),
        Shape(line("Compiled/Loaded model in {_load_time} secs"), action=loaded, phase=OWN, another=compiles_anew),
        Shape(line("Step: {:int} / {:int} - LR: {learning_rate} - total loss: {loss}"), action=step, series=True,
              says=TRAINS),
        Shape(line("Training time: {train_time} secs"), says=TRAINS, ends="completed"),
        # GPT-2
        Shape(line(" of epoch {:int}, loss: {loss}, acc: {}, lr: {learning_rate}"), action=step, series=True,
              says=TRAINS),
        # ResNet50
        Shape(line("[INFO] loss: {loss}"), series=True, says=TRAINS),
        Shape(line("[INFO] accuracy: {train_accuracy}{:marks}%"), series=True, says=TRAINS),
        Shape(line("Finished training. Time: "), says=TRAINS, ends="completed"),
        # Keras
        Shape(line("Epoch {:int}/{epochs:int}{:end}"), AHEAD, start=True),
        Shape(line("s/step - loss: {loss}"), series=True, says=TRAINS),
        # These words are not Graphcore's own: by themselves they begin no run.
        Shape(RATE, INSIDE, throughput, series=True, example="throughput: 749.5 samples/sec"),
    ),
)  # fmt: skip
