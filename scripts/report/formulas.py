"""What a formula is, and the formulas that several systems share.

A formula is a function: its parameters are the inputs, its one expression is what a page shows. An input is a fact of
the same run (`name` or `name_device`) or another derived figure of that run. It can also be a documented constant or a
whole series. A prefix takes the input from another run. `reference_` is the run that the question compares with.
`compile_run_` is the compile. `repeated_` is the first run of the same setting.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

# A series: its values in the order of their steps.
Points = Sequence[float]

# Two-sided 95 % point of the standard normal distribution.
Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Formula:
    """A named formula: what it computes, in which unit, and with how many digits a page shows it.

    `source` names where the formula comes from, if the expression alone does not show it. `when` names what the log or
    a person must state, with the allowed values. So a constant of one configuration applies to no other. A value
    outside `bounds` is impossible: then the inputs disagree.
    """

    name: str
    unit: str
    digits: int
    compute: Callable[..., float]
    source: str
    when: tuple[tuple[str, tuple[str, ...]], ...]
    bounds: tuple[float, float]

    @property
    def meaning(self) -> str:
        """What the figure is, in a sentence."""
        return (self.compute.__doc__ or "").strip()


# What a figure may be: a share of a whole, a difference, or, as most, anything from zero on.
SHARE, DIFFERENCE, POSITIVE = (0.0, 100.0), (-math.inf, math.inf), (0.0, math.inf)


def formula(
    *,
    unit: str,
    digits: int = 4,
    source: str = "",
    when: Mapping[str, str | tuple[str, ...]] | None = None,
    bounds: tuple[float, float] = POSITIVE,
) -> Callable[[Callable[..., float]], Formula]:
    """Turn a function into the formula of its name."""

    def made(function: Callable[..., float]) -> Formula:
        allowed = tuple((name, of if isinstance(of, tuple) else (of,)) for name, of in (when or {}).items())
        return Formula(function.__name__, unit, digits, function, source, allowed, bounds)

    return made


def formulas_in(names: Mapping[str, object]) -> tuple[Formula, ...]:
    """Return the formulas that a module defines, in their order; `names` are its globals."""
    here = names["__name__"]
    return tuple(value for value in names.values() if isinstance(value, Formula) and value.compute.__module__ == here)


def differences(points: Points) -> list[float]:
    """Return each point less the one before it."""
    return [later - earlier for earlier, later in pairwise(points)]


def wilson(share: float, count: float, side: int) -> float:
    """Return an end of Wilson's 95 % score interval of a share found among `count`: the lower for side -1."""
    spread = Z95 * math.sqrt(share * (1 - share) / count + Z95**2 / (4 * count**2))
    return (share + Z95**2 / (2 * count) + side * spread) / (1 + Z95**2 / count)


WILSON = "Wilson's score interval, 95 %"


@formula(unit="", digits=6, bounds=DIFFERENCE)
def last_loss(loss: Points) -> float:
    """Training loss of the last step that the log prints."""
    return loss[-1]


@formula(unit="%", digits=3, bounds=SHARE)
def error_rate(test_accuracy: float) -> float:
    """Share of the test set classified wrong."""
    return 100 - test_accuracy


_MODEL_FLOP = "Narayanan et al., Efficient Large-Scale Language Model Training on GPU Clusters, without recomputation"


@formula(unit="FLOP", source=_MODEL_FLOP, when={"workload": "bert-large"})
def model_flop_per_sample(sequence_length: float, bert_large_layers: float, bert_large_width: float) -> float:
    """Operations to train on one sample: forward and backward pass of the layers, without embeddings and heads."""
    return (72 * sequence_length * bert_large_layers * bert_large_width**2) * (
        1 + sequence_length / (6 * bert_large_width)
    )


@formula(unit="TFLOP/s", source=_MODEL_FLOP)
def model_flop_rate(throughput: float, model_flop_per_sample: float) -> float:
    """Operations of the model per second: what training needs by its definition, not what the chips execute."""
    return throughput * model_flop_per_sample / 1e12


@formula(unit="samples/s")
def throughput_per_chip(throughput: float, chips: float) -> float:
    """Throughput per chip in use."""
    return throughput / chips


@formula(unit="TFLOP/s", source=_MODEL_FLOP)
def model_flop_rate_per_chip(model_flop_rate: float, chips: float) -> float:
    """Operations of the model per second and chip in use."""
    return model_flop_rate / chips


@formula(unit="%", digits=3, source=_MODEL_FLOP, bounds=SHARE)
def model_flop_utilisation(model_flop_rate_per_chip: float, peak_flop_rate: float) -> float:
    """Operations of the model per second and chip, as a share of the chip's documented peak."""
    return 100 * model_flop_rate_per_chip / peak_flop_rate


# What a system needs for the table of the same model on several systems, besides `chips` and `global_batch_size`. The
# share of the peak needs `peak_flop_rate` too.
SAME_MODEL = (
    model_flop_per_sample,
    model_flop_rate,
    throughput_per_chip,
    model_flop_rate_per_chip,
    model_flop_utilisation,
)
