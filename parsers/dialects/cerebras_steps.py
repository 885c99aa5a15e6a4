"""Cerebras: the step lines of trainings, evaluations and inferences, and what an evaluation says at its end."""

from __future__ import annotations

import re

from ..grammar import Draft, Event, Lines, decode
from .cerebras_loops import EVALUATE, INFER, TRAIN, Memory, evaluation_says, not_completed, settle, trains

DEVICE = re.compile(rb"(?P<work>Train|Eval|Inference) Device=(?P<hardware>[\w:]{1,20})\b")
OWN_HARDWARE = re.compile(r"csx|xla:\d", re.IGNORECASE)
STEP_LINE = re.compile(rb"Train Device=[^\r\n]{0,400}[\r\n]")


def is_evaluation(event: Event) -> bool:
    """Return whether a step line is an evaluation's."""
    device = DEVICE.search(event.before())
    return (device is not None and device["work"] == b"Eval") or event.before(6) == b"Global"


def mixed(lines: Lines) -> bool:
    """Return whether step lines must be taken one by one: some are not of a training, or of other hardware."""
    between = lines.match.string[lines.offsets[0] : lines.offsets[-1]]
    first = DEVICE.search(lines.before())
    alike, named = between.count(first[0]) if first else 0, between.count(b" Device=")
    torn = named + 1 < len(lines.offsets) and lines.have_gaps()
    return torn or is_evaluation(lines) or alike < named or any(lines.columns["_batch"])


def other_hardware(run: Draft[Memory], event: Event) -> str:
    """State the hardware that a step line names. Return it if it is not Cerebras' own."""
    match = DEVICE.search(event.before() + event.match[0])
    name = decode(match["hardware"]) if match else ""
    if match:
        run.state("hardware", name, event.line, event.view_line, evidence=decode(match[0]))
    return "" if not name or OWN_HARDWARE.match(name) else name


def trains_anew(run: Draft[Memory], lines: Event) -> bool:
    """Return whether a step is of another training than the one before it."""
    assert isinstance(lines, Lines)
    if is_evaluation(lines) or "loss" not in run.series:
        return False
    step, last = lines.steps[0], run.series["loss"].steps[-1]
    if step < last or run.phase != TRAIN:
        return step <= last
    printed = {f"_{name}": series.values[-1] for name, series in run.series.items() if series.steps[-1:] == [step]}
    return any(lines.has(group) and lines.text(group) != value for group, value in printed.items())


def step(run: Draft[Memory], lines: Event) -> None:
    """Take step lines of one kind and hardware, unless the text is lost that tells the kind."""
    assert isinstance(lines, Lines)
    if lines.follows_gap() and not DEVICE.search(lines.before()):
        return
    if is_evaluation(lines):
        return evaluation_step(run, lines)
    run.reach(TRAIN)
    run.label(lines, "stage", "train")
    not_completed(run)  # only a part of the training was
    settle(run, TRAIN)
    other = other_hardware(run, lines)
    run.extend(lines, "loss", *(() if other else ("rate", "global_rate")))
    take_times(run, lines)
    sum_up(run, lines, other)


def take_times(run: Draft[Memory], lines: Lines) -> None:
    """Take note of when the steps were printed, and of the last one."""
    memory, moments = run.memory, lines.moments()
    if "total_time" in run.timed_from:
        run.extend_times(lines, moments, run.timed_from["total_time"])
    memory.clock.step(moments[-1])
    memory.global_step = lines.steps[-1]
    memory.step_end = lines.base + lines.end_of_last()


def sum_up(run: Draft[Memory], lines: Lines, other: str) -> None:
    """State what the last step line says of the whole run, in place of what an earlier one said."""
    forget(run)
    rate, seconds = lines.last("_global_rate"), run.memory.clock.seconds
    if rate:
        run.state("throughput", rate, *lines.last_place(), device=other)
    if seconds is not None:
        run.state("train_time", f"{seconds:.3f}", *lines.last_place())


def forget(run: Draft[Memory]) -> None:
    """Take back what only the last step line says of the whole run."""
    for name in ("throughput", "train_time"):
        run.forget(name)


def rates_only(run: Draft[Memory], event: Event) -> None:
    """Take a line that prints no loss: of an inference, or of an evaluation by tasks."""
    if b"Inference Device=" not in event.before() + event.match[0]:
        return evaluation_step(run, event)
    run.reach(INFER)
    run.label(event, "stage", "inference")
    other = rates(run, event, event.number("_step"), "rate", "global_rate")
    throughput(run, event, other)


def evaluation_step(run: Draft[Memory], event: Event) -> None:
    """Take a line of an evaluation, which may print no loss."""
    run.reach(EVALUATE)
    run.label(event, "stage", "eval")
    run.memory.clock.end()
    at = event.number("step" if event.has("step") else "_step")
    if event.has("_step") or event.before(6) == b"Global":
        run.memory.global_step = at
    settle(run, EVALUATE)
    if event.has("_loss"):
        run.point(event, "eval_loss", at, event.text("_loss"))
    other = rates(run, event, at, "eval_rate", "eval_global_rate")
    if not trains(run):
        not_completed(run)  # only the evaluation before this one was
        throughput(run, event, other)


def throughput(run: Draft[Memory], event: Event, other: str) -> None:
    """State the rate of a run that only evaluates or infers."""
    if event.has("_global_rate"):
        run.retell(event, "throughput", "_global_rate", other)


def rates(run: Draft[Memory], event: Event, at: int, rate: str, global_rate: str) -> str:
    """Add the rates of a line to series, except those of other hardware. Return the other hardware."""
    other = other_hardware(run, event)
    for name, group in ((rate, "_rate"), (global_rate, "_global_rate")):
        if event.has(group) and not other:
            run.point(event, name, at, event.text(group))
    return other


def mean_loss(run: Draft[Memory], event: Event) -> None:
    settle(run, EVALUATE)
    evaluation_says(run, event, "eval_loss", event.text("_loss"))


def metric(run: Draft[Memory], event: Event) -> None:
    settle(run, EVALUATE)
    evaluation_says(run, event, f"eval/{event.text('_name')}", event.text("_value"))
