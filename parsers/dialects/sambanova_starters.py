"""SambaNova: the starter programs of SambaFlow, which test after each epoch, and what each instance measured."""

from __future__ import annotations

from ..grammar import Dialect, Draft, Event, Shape, line
from .sambanova import RESULT, TRAIN, TRAINS, Memory, differs


def epoch_falls(run: Draft[Memory], event: Event) -> bool:
    """Return whether a line repeats what the run has passed; after a test, that is the whole epoch."""
    now, last = (event.number("_epoch"), event.number("_step")), run.memory.epoch_and_step
    return now < last or (run.phase == RESULT and now[0] == last[0])


def epoch(run: Draft[Memory], event: Event) -> None:
    run.endings[:] = [ending for ending in run.endings if ending.outcome != "completed"]  # by the test before it
    run.memory.epoch_and_step = event.number("_epoch"), event.number("_step")
    run.point(event, "loss", event.number("_step"), event.text("_loss"))


def instance(run: Draft[Memory], event: Event) -> None:
    """Read one data-parallel instance's own rate: each rank prints a line, and no line is for all ranks."""
    run.memory.instances += 1
    for group in event.match.groupdict():
        run.tell(event, group[1:], device=f"instance {run.memory.instances}")


DIALECT = Dialect(
    system="SambaNova",
    signs=(b"], Step [", b"e2e samples_per_sec", b"tokens/second overall"),
    shapes=(
        Shape(line("Epoch [{_epoch:int}/{epochs:int}], Step [{_step:int}/{:int}], Loss: {_loss}"), action=epoch,
              phase=TRAIN, another=epoch_falls, says=TRAINS),
        Shape(line("Test Accuracy: {test_accuracy}{:blanks}Loss: {test_loss}"), phase=RESULT,
              another=lambda run, _: run.phase == RESULT, ends="completed"),
        Shape(line("inner train loop time : {_train_time} for {_epochs:int} epochs, "
                   "number of global steps: {_steps:int}, e2e samples_per_sec: {_throughput}"),
              action=instance, phase=RESULT, says=TRAINS, ends="completed"),
        Shape(line("tokens/second overall{_sign}{token_throughput}", _sign=rb"[ :=]{1,4}"), phase=RESULT,
              another=differs, says={"stage": "inference"}, ends="completed"),
    ),
)  # fmt: skip
