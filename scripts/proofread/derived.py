"""Numbers that follow from numbers of the logs by one formula, with one or two inputs of comparable runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal, DivisionByZero, InvalidOperation
from itertools import permutations, product
from statistics import mean
from typing import NamedTuple

import regex

from .claim import Claim
from .numbers import agrees
from .stated import Stated, StatedRun
from .words import FORMULAS

_HUNDRED = Decimal(100)
# Among more runs than these, a ratio or difference of any two would fit by chance.
_MOST_PAIRED = 60
# How many of the second unit one of the first is.
FACTORS = {
    ("s", "ms"): Decimal(1000),
    ("s", "us"): Decimal(1000000),
    ("s", "min"): 1 / Decimal(60),
    ("s", "h"): 1 / Decimal(3600),
    ("ms", "s"): Decimal("0.001"),
    ("ms", "us"): Decimal(1000),
    ("inferences/s", "samples/s"): Decimal(1),
}
# The quantities of a ratio if the text names none.
_COMPARED = ("throughput", "token_throughput", "end_to_end_throughput", "on_chip_throughput", "train_time",
             "reported_time", "end_to_end_latency", "on_chip_latency", "compile_time")  # fmt: skip
_EFFICIENCY = regex.compile(r"(?i)efficien")
_CHANGE = regex.compile(
    r"(?i)increas|decreas|improv|drop|rais|grew|declin|faster|slower|gain|reduc|speed|higher|lower|grow|rise|rose|fell|more|less|better|worse"
    r"|\b(?:up|down)\b"
)
_DIFFERENCE = regex.compile(
    r"(?i)differen|more than|less than|\bby\b|points?\b|gap|faster|slower|longer|shorter|higher|lower|gain"
    r"|\bmore\b|\bless\b"
)
# Words that say which way a number goes. Where both or neither are near, either may be meant.
_UP = regex.compile(r"(?i)\b(?:increas\w*|rais\w+|ris(?:es?|en|ing)|rose|gr[eo]w\w*|growth|gain\w*|higher|more|up)\b")
_DOWN = regex.compile(
    r"(?i)\b(?:decreas\w*|drop\w*|falls?|fell|fallen|declin\w*|reduc\w*|lower|less|down|shorter|loss of)\b"
)
_FAST = regex.compile(r"(?i)\s*(?:as )?(?:fast|slow)")
_SHARE_OF = regex.compile(r"(?i)\s+of\s")
_MEAN = regex.compile(r"(?i)averag|\bmean\b")

Pair = tuple[StatedRun, Stated, StatedRun, Stated]


def derived(claim: Claim, scope: Sequence[StatedRun], fitting: Sequence[StatedRun]) -> str:
    """Return the formula and the inputs that give a number, or an empty text where no formula does."""
    around = _words_around(claim)
    for value, formula in (
        *_of_pairs(claim, scope, fitting, around),
        *_of_one(claim, fitting, around),
        *_means(claim, scope, around),
        *_means(claim, fitting, around),
    ):
        if value is not None and agrees(claim.printed, value):
            return formula
    return ""


def _words_around(claim: Claim) -> str:
    place = claim.passage.place
    return (
        f"{claim.passage.text} {place.heading} {place.cells[0] if place.cells else ''}" if place else claim.passage.text
    )


def _of_pairs(
    claim: Claim, scope: Sequence[StatedRun], fitting: Sequence[StatedRun], around: str
) -> Iterator[tuple[Decimal | None, str]]:
    for first, one, second, other in _pairs(claim, scope, fitting):
        inputs = f"{one.name} of {first.id} ({one.printed}) and of {second.id} ({other.printed})"
        if claim.unit == "times" or (not claim.unit and regex.search(r"(?i)speed.?up|ratio|factor", around)):
            yield _divided(other.value, one.value), f"ratio: {inputs}"
        if claim.unit == "%" and (_EFFICIENCY.search(around) or claim.names[:1] == ("efficiency",)):
            yield _efficiency(first, one, second, other), f"scaling efficiency: {inputs}"
        if claim.unit == "%" and _SHARE_OF.match(claim.passage.text, claim.printed.stop):
            yield _share(other.value, one.value), f"share: {inputs}"
        if claim.unit == "%" and _CHANGE.search(around) and _goes(around, claim, one.value < other.value):
            yield _percent(one.value, other.value), f"change in per cent: {inputs}"
        if claim.names and claim.unit in ("", one.unit) and claim.unit != "times" and _DIFFERENCE.search(around):
            yield abs(other.value - one.value), f"difference: {inputs}"


def _pairs(claim: Claim, scope: Sequence[StatedRun], fitting: Sequence[StatedRun]) -> Iterator[Pair]:
    """Yield pairs of numbers of the same name and device, of runs of one system and stage.

    If a table names the run, that run is the second of each pair. A run is also paired with itself, as a baseline is.
    """
    named = bool(claim.names) and not claim.is_setting and claim.names[0] not in FORMULAS and not _is_speed(claim)
    fitting_known = claim.firm and len(fitting) < len(scope)
    if not fitting_known and len(scope) > _MOST_PAIRED:
        return
    for first, second in product(scope, fitting if fitting_known else scope):
        if (first.system, first.stage) != (second.system, second.stage):
            continue
        if first is second and not fitting_known:
            yield from _of_devices(first, claim.names if named else _COMPARED)
            continue
        for one in first.of(claim.names if named else _COMPARED):
            for other in second.of((one.name,)):
                if other.device == one.device and (fitting_known or other.value != one.value):
                    yield first, one, second, other


def _is_speed(claim: Claim) -> bool:
    """Return whether a ratio is of any speed: "2.31 times as fast"."""
    return claim.unit == "times" and _FAST.match(claim.passage.text, claim.printed.stop) is not None


def _of_devices(run: StatedRun, names: Sequence[str]) -> Iterator[Pair]:
    """Yield pairs of a run's numbers of one name that are of two devices."""
    for name in names:
        for one, other in permutations(run.of((name,)), 2):
            if one.device != other.device:
                yield run, one, run, other


def _goes(around: str, claim: Claim, up: bool) -> bool:
    """Return whether a change goes the way that the words nearest to a number say."""
    text, at = (around, 0) if claim.passage.place else (claim.passage.text, claim.printed.start)
    words = [(abs(match.start() - at), pattern is _UP) for pattern in (_UP, _DOWN) for match in pattern.finditer(text)]
    if claim.passage.place is not None and len({way for _, way in words}) > 1:
        return True
    return not words or min(words)[1] == up


def _share(part: Decimal, whole: Decimal) -> Decimal | None:
    share = _divided(part, whole)
    return share * _HUNDRED if share is not None else None


def _efficiency(first: StatedRun, one: Stated, second: StatedRun, other: Stated) -> Decimal | None:
    for name in ("ntasks", "batch_size", "csx"):
        before, after = first.of((name,)), second.of((name,))
        if before and after and (before[0].value != after[0].value or first is second):
            growth, ideal = _divided(other.value, one.value), _divided(after[0].value, before[0].value)
            return growth / ideal * _HUNDRED if growth is not None and ideal else None
    return None


def _percent(before: Decimal, after: Decimal) -> Decimal | None:
    growth = _divided(after, before)
    return abs(growth - 1) * _HUNDRED if growth is not None else None


def _divided(value: Decimal, by: Decimal) -> Decimal | None:
    try:
        return value / by
    except (DivisionByZero, InvalidOperation):
        return None


class _Formula(NamedTuple):
    """A formula over one run: the words that name it, the inputs' names, its text, unit and function, what it gives."""

    words: str
    inputs: tuple[str, ...]
    text: str
    unit: str
    function: Callable[..., Decimal | None]
    gives: str = ""


def _times(one: Decimal, other: Decimal) -> Decimal:
    return one * other


def _of_a_batch(seconds: Decimal, batch: Decimal, samples: Decimal) -> Decimal | None:
    return _divided(seconds * batch, samples)


def _milliseconds(per_second: Decimal) -> Decimal | None:
    return _divided(Decimal(1000), per_second)


def _rest(share: Decimal) -> Decimal:
    return _HUNDRED - share


_RATE = r"rate|throughput|/s|per second|speed"
_FORMULAS = (
    _Formula("tokens", ("throughput", "sequence_length"), "throughput × sequence length", "tokens/s", _times),
    _Formula("per (?:task|rank|replica)", ("throughput", "ntasks"), "throughput / ntasks", "samples/s", _divided),
    _Formula("per node", ("throughput", "nodes"), "throughput / nodes", "samples/s", _divided),
    _Formula("global batch", ("batch_size", "ntasks"), "batch size × ntasks", "samples", _times),
    _Formula(_RATE, ("samples", "reported_time"), "samples / reported time", "samples/s", _divided),
    _Formula("per step|step time", ("train_time", "steps"), "training time / steps", "s", _divided),
    _Formula(
        "per step|step time",
        ("reported_time", "batch_size", "samples"),
        "reported time × batch size / samples",
        "s",
        _of_a_batch,
    ),
    _Formula("samples", ("steps", "batch_size"), "steps × batch size", "samples", _times),
    _Formula(
        "latency|time",
        ("end_to_end_throughput",),
        "1000 / end-to-end throughput",
        "ms",
        _milliseconds,
        "end_to_end_latency",
    ),
    _Formula(
        "latency|on.chip", ("on_chip_throughput",), "1000 / on-chip throughput", "ms", _milliseconds, "on_chip_latency"
    ),
    _Formula("error", ("test_accuracy",), "100 − test accuracy", "%", _rest),
    _Formula("error", ("accuracy",), "100 − accuracy", "%", _rest),
)


def _of_one(claim: Claim, fitting: Sequence[StatedRun], around: str) -> Iterator[tuple[Decimal | None, str]]:
    named = [formula for formula in _FORMULAS if regex.search(formula.words, around, regex.IGNORECASE)]
    for formula, run in product(named if claim.unit != "times" else (), fitting):
        if formula.gives and formula.gives not in claim.names:
            continue
        for inputs in product(*(_of_device(run.of((name,)), claim.device) for name in formula.inputs)):
            value = formula.function(*(stated.value for stated in inputs))
            yield _scaled(value, formula.unit, claim.unit), f"{formula.text}, run {run.id}"


def _of_device(numbers: Sequence[Stated], device: str) -> list[Stated]:
    """Return the numbers that are of a device, or of none in particular; all, if the text names none."""
    return [stated for stated in numbers if not device or stated.device in ("", device)]


def _scaled(value: Decimal | None, unit: str, wanted: str) -> Decimal | None:
    """Return a value in the unit that a text prints, or None where the units do not fit."""
    if value is None or wanted in ("", unit):
        return value
    factor = FACTORS.get((unit, wanted))
    return value * factor if factor is not None else None


def _means(claim: Claim, scope: Sequence[StatedRun], around: str) -> Iterator[tuple[Decimal | None, str]]:
    if not _MEAN.search(around) or claim.is_setting:
        return
    for name in claim.names:
        values = [stated.value for run in scope for stated in run.of((name,))]
        if len(values) > 1:
            yield mean(values), f"mean of {name} of {len(values)} runs"
