"""Which numbers of which runs a number of a text agrees with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from .claim import Claim
from .derived import FACTORS
from .numbers import Printed, agrees, is_rounded
from .stated import Stated, StatedRun, settings_of

# A number with at least this many digits hardly matches a quantity by chance.
SIGNIFICANT = 3


def fitting_runs(claim: Claim, scope: Sequence[StatedRun]) -> tuple[list[StatedRun], bool]:
    """Return the runs of the scope that have the settings, and whether the logs know every setting that is given."""
    fitting, known = list(scope), bool(claim.settings)
    for name, value in claim.settings.items():
        having = [run for run in fitting if run.is_set_to(name, value)]
        known = known and bool(having)
        fitting = having or fitting
    return fitting, known


def match(claim: Claim, runs: Iterable[StatedRun]) -> tuple[StatedRun, Stated] | None:
    """Return the first number of a log that the text prints; stated values come before declared ones."""
    agreeing = [(run, stated) for run in runs for stated in meant(claim, run) if _agree(claim, stated)]
    agreeing.sort(key=lambda pair: (bool(pair[1].declared), claim.names.index(pair[1].name)))
    return agreeing[0] if agreeing else None


def meant(claim: Claim, run: StatedRun) -> list[Stated]:
    """Return the numbers of a run that a text may mean: of the device that it names, if the log tells them apart."""
    numbers = run.of(claim.names)
    own = {stated.name for stated in numbers if stated.device == claim.device}
    return [stated for stated in numbers if not claim.device or stated.name not in own or stated.device == claim.device]


def _agree(claim: Claim, stated: Stated) -> bool:
    if claim.is_setting and claim.printed.about != "about":  # nobody rounds what a run was set to
        return stated.value == claim.printed.value
    is_bound = stated.name.endswith(("_min", "_max"))  # of a bound, "at most" is no approximation
    same = is_rounded if is_bound and claim.printed.about != "about" else agrees
    return any(same(claim.printed, value) for value in in_unit(stated, claim.unit))


def in_unit(stated: Stated, unit: str) -> list[Decimal]:
    """Return what a log states in the unit that a text prints; none where the units do not fit."""
    if unit == "per second" and stated.unit.endswith("/s"):
        return [stated.value]
    if unit in ("", stated.unit):
        share = [stated.value / 100] if stated.unit == "%" and not unit else []
        return [stated.value, *share]
    factor = FACTORS.get((stated.unit, unit))
    return [stated.value * factor] if factor is not None else []


def may_be_setting(claim: Claim, scope: Sequence[StatedRun]) -> bool:
    """Return whether a number of a sentence may be what runs were set to, though the words near it name a result."""
    if claim.passage.place is not None or claim.printed.unit or claim.printed.places > 0:
        return False
    return any(claim.printed.value in values for values in settings_of(scope).values())


def is_near(claim: Claim, having: Sequence[StatedRun], part: int) -> bool:
    """Return whether a long number differs so little that it is a slip, not another quantity."""
    nearest = closest(claim, having)
    values = in_unit(nearest, claim.unit) if nearest else []
    off = any(abs(value - claim.printed.value) * part < abs(value) for value in values)
    return off and digits(claim.printed) > SIGNIFICANT


def closest(claim: Claim, runs: Sequence[StatedRun]) -> Stated | None:
    stated = [stated for run in runs for stated in meant(claim, run) if in_unit(stated, claim.unit)]
    return min(stated, key=lambda one: abs(one.value - claim.printed.value), default=None)


def digits(printed: Printed) -> int:
    return len("".join(filter(str.isdigit, printed.text)).lstrip("0"))
