"""Arithmetic that the facts of a run satisfy: rules as data.

A rule is about quantities, not systems: it is tried wherever a run states them. Facts that break a rule disagree with
each other. The log may be an excerpt, edited, or read wrongly. A rule names the innocent reason, if one is known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

from .run_numbers import (
    CLOCK,
    COMPLETED,
    COUNTS,
    FAILED_CHECK,
    FALL,
    LAST_STEP,
    LISTED,
    POINTS,
    SPAN,
    UNEVEN,
    Extract,
    counted,
)

Values = Mapping[str, float]


class Rule(NamedTuple):
    """One rule.

    `needs` are the facts that it is tried on. If they are stated by device, it is tried on each device. `more` are
    numbers that it needs of series and words. `off` returns by how much the facts are off, in the unit that `tolerance`
    has; 0 is exact. `why` says why it holds, `innocent` what may break it although nothing is wrong. `unit` is that of
    `off`; a share is told in per cent.
    """

    name: str
    needs: tuple[str, ...]
    off: Callable[[Values], float]
    tolerance: float
    why: str
    innocent: str = ""
    more: tuple[Extract, ...] = ()
    unit: str = ""


def _apart(one: float, other: float) -> float:
    """Return how far two numbers are apart, as a share of the larger."""
    largest = max(abs(one), abs(other))
    return abs(one - other) / largest if largest else 0.0


def _outside(value: float, low: float, high: float) -> float:
    """Return by how much a value lies outside a range."""
    return max(low - value, value - high, 0.0)


def _bar(epochs: float, epoch_time: float, train_time: float) -> float:
    """Return how far a bar's seconds per epoch (two decimals) are from its clock, which drops fractions."""
    return _outside(epochs * epoch_time - train_time, -0.005 * epochs, 1 + 0.005 * epochs)


_CYCLES = 900e6  # cycles per second of a GroqChip


def _cycles(rate: float) -> float:
    """Return by how much a rate of two decimals differs from that of the nearest whole number of cycles."""
    return abs(rate - _CYCLES / round(_CYCLES / rate)) if 1 <= rate < _CYCLES else 0.0


def _rounding(rate: float, latency: float) -> float:
    """Return how far a latency and a rate disagree, both printed with two decimals."""
    if rate <= 0:
        return 0.0
    low, high = 1000 / (rate + 0.005), 1000 / max(rate - 0.005, 1e-12)
    return _outside(latency, low - 0.005, high + 0.005)


RULES: tuple[Rule, ...] = (
    Rule(
        "tokens/s = samples/s × sequence length",
        ("token_throughput", "throughput", "sequence_length"),
        lambda v: _apart(v["token_throughput"], v["throughput"] * v["sequence_length"]),
        1e-9,
        "The program computes one from the other.",
        unit="%",
    ),
    Rule(
        "samples/s × training time = steps × batch size × tasks",
        ("throughput", "train_time", "steps", "batch_size", "ntasks"),
        lambda v: _apart(v["throughput"] * v["train_time"], v["steps"] * v["batch_size"] * v["ntasks"]),
        1e-9,
        "Every task processes a batch in every step.",
        unit="%",
    ),
    Rule(
        "one line per step",
        ("steps", "final_loss"),
        lambda v: abs(v["steps"] - v["points of loss"]),
        0,
        "The program prints a line for every step that it was asked for.",
        "an excerpt of the log leaves lines out",
        more=(POINTS,),
    ),
    Rule(
        "tasks ≤ 16 × nodes",
        ("ntasks", "nodes"),
        lambda v: max(0.0, v["ntasks"] - 16 * v["nodes"]),
        0,
        "A node has eight chips, and each runs two tasks.",
    ),
    Rule(
        "nodes = names in the list of nodes",
        ("nodes",),
        lambda v: abs(v["nodes"] - v["names in the list of nodes"]),
        0,
        "The scheduler counts the nodes that it lists.",
        more=(LISTED,),
    ),
    Rule(
        "tokens/s of a completed run are within its check's bounds",
        ("token_throughput", "token_throughput_min", "token_throughput_max"),
        lambda v: _outside(v["token_throughput"], v["token_throughput_min"], v["token_throughput_max"]),
        0,
        "The program fails where its own check finds the throughput outside the bounds.",
        "a program may be run without its check",
        more=(COMPLETED,),
    ),
    Rule(
        "tokens/s of a run that failed its check are outside the bounds",
        ("token_throughput", "token_throughput_min", "token_throughput_max"),
        lambda v: float(v["token_throughput_min"] <= v["token_throughput"] <= v["token_throughput_max"]),
        0,
        "The program's own check fails only where it finds the throughput outside the bounds.",
        more=(FAILED_CHECK,),
    ),
    Rule(
        "steps rise evenly",
        (),
        lambda v: v["uneven steps"],
        0,
        "The program prints a line after the same number of steps each time.",
        "an excerpt of the log leaves lines out or repeats them, or counting begins again with each epoch",
        more=(UNEVEN,),
    ),
    Rule(
        "steps × batch size / global rate = time between lines",
        ("batch_size",),
        lambda v: v["most that rate and clock differ"],
        0.05,
        "The global rate is the samples so far divided by the seconds so far.",
        more=(CLOCK,),
        unit="s",
    ),
    Rule(
        "training accuracy is a whole number of samples",
        (),
        lambda v: v["most that an accuracy is off"],
        0.0001,
        "The accuracy is a count divided by the samples of a step, in two decimals.",
        more=(COUNTS,),
    ),
    Rule(
        "samples/s × training time = epochs × training samples",
        ("throughput", "train_time", "epochs", "training_samples"),
        lambda v: _apart(v["throughput"] * v["train_time"], v["epochs"] * v["training_samples"]),
        1e-3,
        "Every epoch processes every sample of the training set.",
        unit="%",
    ),
    Rule(
        "test accuracy is a whole number of test samples",
        ("test_accuracy", "test_samples"),
        lambda v: counted(v["test_accuracy"], v["test_samples"]),
        0.0001,
        "The accuracy is a count divided by the number of samples, in two decimals.",
    ),
    Rule(
        "whole time ≥ compile time",
        ("wall_time", "compile_time"),
        lambda v: max(0.0, v["compile_time"] - v["wall_time"]),
        1,
        "Compiling is a part of the whole; both are in whole seconds.",
        unit="s",
    ),
    Rule(
        "whole time ≥ time from first to last step",
        ("wall_time",),
        lambda v: max(0.0, v["span of time"] - v["wall_time"]),
        1,
        "The steps are a part of the whole; it is in whole seconds.",
        more=(SPAN,),
        unit="s",
    ),
    Rule(
        "latencies are in order",
        ("low_latency", "median_latency", "high_latency"),
        lambda v: max(0.0, v["low_latency"] - v["median_latency"], v["median_latency"] - v["high_latency"]),
        0,
        "A low latency is at most the median, and the median at most a high one.",
        unit="ms",
    ),
    Rule(
        "times to the first token are in order",
        ("low_first_token_time", "median_first_token_time", "high_first_token_time"),
        lambda v: max(
            0.0,
            v["low_first_token_time"] - v["median_first_token_time"],
            v["median_first_token_time"] - v["high_first_token_time"],
        ),
        0,
        "The shortest time is at most the median, and the median at most the longest.",
        unit="ms",
    ),
    Rule(
        "answers ≤ requests",
        ("answers", "requests"),
        lambda v: max(0.0, v["answers"] - v["requests"]),
        0,
        "A request has one answer at most.",
    ),
    Rule(
        "tokens of all answers / time = tokens/s",
        ("output_tokens", "answering_time", "output_throughput"),
        lambda v: _apart(v["output_tokens"], v["output_throughput"] * v["answering_time"]),
        2e-3,
        "The rate is the tokens of all answers divided by the seconds of the whole run.",
        unit="%",
    ),
    Rule(
        "samples = last step × batch size",
        ("samples", "batch_size", "reported_time"),
        lambda v: abs(v["samples"] - v["last step of loss"] * v["batch_size"]),
        0,
        "Every step processes one batch.",
        "a resumed run counts steps from its checkpoint, and its samples from the start",
        more=(LAST_STEP,),
    ),
    Rule(
        "samples / reported time = throughput",
        ("samples", "reported_time", "throughput"),
        lambda v: _apart(v["samples"] / v["reported_time"], v["throughput"]) if v["reported_time"] else 0.0,
        2e-6,
        "Both are the average since the start of the loop.",
        "some releases report a time that includes start-up",
        unit="%",
    ),
    Rule(
        "compiling + programming + training ≤ whole time",
        ("compile_time", "programming_time", "train_time", "total_time"),
        lambda v: max(0.0, v["compile_time"] + v["programming_time"] + v["train_time"] - v["total_time"]),
        0.002,
        "The phases follow each other.",
        unit="s",
    ),
    Rule(
        "training time ≥ time from first to last step",
        ("train_time", "final_loss"),
        lambda v: max(0.0, v["span of time"] - v["train_time"]),
        0.002,
        "The training time begins before the first step.",
        more=(SPAN,),
        unit="s",
    ),
    Rule(
        "time never falls",
        (),
        lambda v: v["largest fall of time"],
        0,
        "A program writes its lines in the order of time.",
        "the clock of the machine was set back",
        more=(FALL,),
        unit="s",
    ),
    Rule(
        "epochs × time per epoch = training time",
        ("epochs", "epoch_time", "train_time"),
        lambda v: _bar(v["epochs"], v["epoch_time"], v["train_time"]),
        1e-6,
        "Both are of the same bar; its clock drops fractions of a second.",
        unit="s",
    ),
    Rule(
        "accuracy is a whole number of samples",
        ("accuracy", "samples"),
        lambda v: counted(v["accuracy"], v["samples"]),
        0.0001,
        "The accuracy is a count divided by the number of samples, in two decimals.",
    ),
    *(
        Rule(
            f"1000 / {side} inferences/s = {side} latency",
            (f"{field}_throughput", f"{field}_latency"),
            lambda v, field=field: _rounding(v[f"{field}_throughput"], v[f"{field}_latency"]),  # type: ignore[misc]
            1e-9,
            "The latency is in milliseconds and two decimals.",
        )
        for side, field in (("end-to-end", "end_to_end"), ("on-chip", "on_chip"))
    ),
    Rule(
        "on-chip inferences/s is a whole number of cycles",
        ("on_chip_throughput",),
        lambda v: _cycles(v["on_chip_throughput"]),
        0.005,
        "The rate is 900 MHz divided by the compiled program's cycles.",
    ),
    Rule(
        "on-chip latency ≤ end-to-end latency",
        ("on_chip_throughput", "end_to_end_throughput"),
        lambda v: max(0.0, v["end_to_end_throughput"] - v["on_chip_throughput"]),
        0,
        "The way to the chip and back takes time too.",
    ),
    Rule(
        "perplexity = exp(loss)",
        ("eval/lm_perplexity", "eval_loss"),
        lambda v: _apart(v["eval/lm_perplexity"], math.exp(min(v["eval_loss"], 100.0))),
        1e-5,
        "The perplexity of a language model is the exponential of its loss.",
        unit="%",
    ),
)  # fmt: skip
