"""Arithmetic that the facts of a run satisfy: rules as data, tried on every run that states what they need.

A rule is about quantities, not systems: it is tried wherever a run states them. Facts that break a rule disagree with
each other. The log may be an excerpt, edited, or read wrongly. A rule names the innocent reason, if one is known.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from .facts import Run

Values = Mapping[str, float]


class Rule(NamedTuple):
    """One rule.

    `needs` are the facts that it is tried on. Where the facts are stated by device, it is tried on each device.
    `series` are those whose last point, count or order it needs too. `off` returns by how much the facts are off, in
    the unit of `tolerance`; 0 is exact. `why` says why it holds, `innocent` what may break it although nothing is
    wrong.
    """

    name: str
    needs: tuple[str, ...]
    off: Callable[[Values], float]
    tolerance: float
    why: str
    innocent: str = ""
    series: tuple[str, ...] = ()


class Check(NamedTuple):
    """A rule tried on a run: the device, whether the rule holds, how far its facts are off, and their values."""

    rule: Rule
    device: str
    holds: bool
    off: float
    values: dict[str, float]

    def sentence(self) -> str:
        """Return what disagrees, in a sentence."""
        values = ", ".join(f"{name} {value:.10g}" for name, value in self.values.items())
        innocent = f" It may be innocent: {self.rule.innocent}." if self.rule.innocent else ""
        of = f" of {self.device}" if self.device else ""
        return f"These facts{of} disagree ({self.rule.name}): {values}; off by {self.off:.3g}.{innocent}"


def _apart(one: float, other: float) -> float:
    """Return how far two numbers are apart, as a share of the larger."""
    largest = max(abs(one), abs(other))
    return abs(one - other) / largest if largest else 0.0


def _outside(value: float, low: float, high: float) -> float:
    """Return by how much a value lies outside a range."""
    return max(low - value, value - high, 0.0)


def _counted(share: float, of: float) -> float:
    """Return by how much a percentage of two decimals differs from the nearest share of a whole count."""
    return abs(share - round(100 * round(share * of / 100) / of, 2)) if of else 0.0


def _bar(epochs: float, epoch_time: float, train_time: float) -> float:
    """Return how far a bar's seconds per epoch (two decimals) are from its clock, which drops fractions."""
    return _outside(epochs * epoch_time - train_time, -0.005 * epochs, 1 + 0.005 * epochs)


_CYCLES = 900e6  # cycles per second of a GroqChip


def _cycles(rate: float) -> float:
    """Return by how much a rate of two decimals differs from that of the nearest whole number of cycles."""
    return abs(rate - _CYCLES / round(_CYCLES / rate)) if 1 <= rate < _CYCLES else 0.0


RULES: tuple[Rule, ...] = (
    Rule(
        "tokens/s = samples/s × sequence length",
        ("token_throughput", "throughput", "sequence_length"),
        lambda v: _apart(v["token_throughput"], v["throughput"] * v["sequence_length"]),
        1e-9,
        "The program computes one from the other.",
    ),
    Rule(
        "samples/s × training time = steps × batch size × tasks",
        ("throughput", "train_time", "steps", "batch_size", "ntasks"),
        lambda v: _apart(v["throughput"] * v["train_time"], v["steps"] * v["batch_size"] * v["ntasks"]),
        1e-9,
        "Every task processes a batch in every step.",
    ),
    Rule(
        "one line per step",
        ("steps", "final_loss"),
        lambda v: abs(v["steps"] - v["points of loss"]),
        0,
        "The program prints a line for every step that it was asked for.",
        "an excerpt of the log leaves lines out",
        series=("loss",),
    ),
    Rule(
        "tasks ≤ 16 × nodes",
        ("ntasks", "nodes"),
        lambda v: max(0.0, v["ntasks"] - 16 * v["nodes"]),
        0,
        "A node has eight chips, and each runs two tasks.",
    ),
    Rule(
        "samples = last step × batch size",
        ("samples", "batch_size", "reported_time"),
        lambda v: abs(v["samples"] - v["last step of loss"] * v["batch_size"]),
        0,
        "Every step processes one batch.",
        "a resumed run counts steps from its checkpoint, and its samples from the start",
        series=("loss",),
    ),
    Rule(
        "samples / reported time = throughput",
        ("samples", "reported_time", "throughput"),
        lambda v: _apart(v["samples"] / v["reported_time"], v["throughput"]) if v["reported_time"] else 0.0,
        2e-6,
        "Both are the average since the start of the loop.",
        "some releases report a time that includes start-up",
    ),
    Rule(
        "compiling + programming + training ≤ whole time",
        ("compile_time", "programming_time", "train_time", "total_time"),
        lambda v: max(0.0, v["compile_time"] + v["programming_time"] + v["train_time"] - v["total_time"]),
        0.002,
        "The phases follow each other.",
    ),
    Rule(
        "training time ≥ time from first to last step",
        ("train_time", "final_loss"),
        lambda v: max(0.0, v["span of time"] - v["train_time"]),
        0.002,
        "The training time begins before the first step.",
        series=("time",),
    ),
    Rule(
        "time never falls",
        (),
        lambda v: v["largest fall of time"],
        0,
        "A program writes its lines in the order of time.",
        "the clock of the machine was set back",
        series=("time",),
    ),
    Rule(
        "epochs × time per epoch = training time",
        ("epochs", "epoch_time", "train_time"),
        lambda v: _bar(v["epochs"], v["epoch_time"], v["train_time"]),
        1e-6,
        "Both are of the same bar; its clock drops fractions of a second.",
    ),
    Rule(
        "accuracy is a whole number of samples",
        ("accuracy", "samples"),
        lambda v: _counted(v["accuracy"], v["samples"]),
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
    ),
)  # fmt: skip


def _rounding(rate: float, latency: float) -> float:
    """Return how far a latency and a rate disagree, both printed with two decimals."""
    if rate <= 0:
        return 0.0
    low, high = 1000 / (rate + 0.005), 1000 / max(rate - 0.005, 1e-12)
    return _outside(latency, low - 0.005, high + 0.005)


def checks(run: Run) -> list[Check]:
    """Return every rule that a run can be tried on, and whether it holds."""
    devices = dict.fromkeys(["", *(fact.device for fact in run.facts)])
    return [check for rule in RULES for device in devices if (check := _check(rule, run, device)) is not None]


def summary(run: Run) -> str:
    """Return in words whether a run's facts agree: how many rules hold, or which fail; empty where none applies."""
    tried = checks(run)
    broken = [check for check in tried if not check.holds]
    if broken:
        return "; ".join(dict.fromkeys(f"differs: {check.rule.name}" for check in broken))
    return f"holds ({len(tried)} rule{'s' * (len(tried) > 1)})" if tried else ""


def _check(rule: Rule, run: Run, device: str) -> Check | None:
    values = _values(rule, run, device)
    if values is None:
        return None
    off = rule.off(values)
    return Check(rule, device, off <= rule.tolerance, off, values)


def _values(rule: Rule, run: Run, device: str) -> dict[str, float] | None:
    """Return what a rule needs of a device, or None where the run states none or several."""
    values: dict[str, float] = {}
    of_device = False
    for name in rule.needs:
        facts = [fact for fact in run.facts if fact.name == name and fact.device in ("", device)]
        number = _number(facts[0].value) if len(facts) == 1 else None
        if number is None:
            return None
        of_device |= facts[0].device == device
        values[name] = number
    for name, value in _of_series(rule, run):
        values[name] = value
    if (device and not of_device) or len(values) < len(rule.needs) + len(rule.series):
        return None
    return values


def _of_series(rule: Rule, run: Run) -> Iterator[tuple[str, float]]:
    """Yield what a rule may need from series: the count, last step, span and largest fall of their points."""
    for series in run.series:
        if series.name in rule.series and series.values:
            yield f"points of {series.name}", float(len(series.values))
            yield f"last step of {series.name}", float(series.steps[-1])
            points = [number for value in series.values if (number := _number(value)) is not None]
            if points:
                yield f"span of {series.name}", points[-1] - points[0]
                falls = (before - after for before, after in pairwise(points))
                yield f"largest fall of {series.name}", max(0.0, *falls, 0.0)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
