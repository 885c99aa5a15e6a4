"""Whether the facts of a run agree: each rule of `arithmetic` is tried on every run that states what it needs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from .arithmetic import RULES, Rule
from .facts import Fact, Run
from .run_numbers import number

__all__ = ("RULES", "Check", "checks", "summary")


class Check(NamedTuple):
    """A rule tried on a run: the device, whether it holds, how far its facts are off, and their values."""

    rule: Rule
    device: str
    holds: bool
    off: float
    values: dict[str, float]

    def told(self) -> str:
        """Return the values that a rule was tried on, in words."""
        return ", ".join(f"{name} {value:.10g}" for name, value in self.values.items())

    def amount(self) -> str:
        """Return by how much the facts are off, in words."""
        scaled = 100 * self.off if self.rule.unit == "%" else self.off
        return f"{scaled:.3g} {self.rule.unit}".rstrip()

    def sentence(self) -> str:
        """Return what disagrees, in a sentence."""
        innocent = f" It may be innocent: {self.rule.innocent}." if self.rule.innocent else ""
        of = f" of {self.device}" if self.device else ""
        return f"These facts{of} disagree ({self.rule.name}): {self.told()}; off by {self.amount()}.{innocent}"


def checks(run: Run) -> list[Check]:
    """Return every rule that a run can be tried on, and whether it holds."""
    devices = dict.fromkeys(["", *(fact.device for fact in run.facts)])
    by_name: dict[str, list[Fact]] = {}
    for fact in run.facts:
        by_name.setdefault(fact.name, []).append(fact)
    tried = (_check(rule, run, by_name, device) for rule in RULES for device in devices)
    return [check for check in tried if check is not None]


def summary(run: Run) -> str:
    """Return in words whether a run's facts agree: how many rules hold, or which fail; empty where none applies."""
    return run.agreement or in_words(checks(run))


def in_words(tried: Sequence[Check]) -> str:
    """Return the result of some rules: how many hold, or which fail and by how much; empty if none was tried."""
    broken = [check for check in tried if not check.holds]
    if broken:
        return "; ".join(dict.fromkeys(f"differs: {check.rule.name}, off by {check.amount()}" for check in broken))
    return f"holds ({len(tried)} rule{'s' * (len(tried) > 1)})" if tried else ""


def _check(rule: Rule, run: Run, by_name: dict[str, list[Fact]], device: str) -> Check | None:
    values = _values(rule, run, by_name, device)
    if values is None:
        return None
    off = rule.off(values)
    return Check(rule, device, off <= rule.tolerance, off, values) if math.isfinite(off) else None


def _values(rule: Rule, run: Run, by_name: dict[str, list[Fact]], device: str) -> dict[str, float] | None:
    """Return what a rule needs of a device, or None where the run states none or several."""
    values: dict[str, float] = {}
    of_device = False
    for name in rule.needs:
        facts = [fact for fact in by_name.get(name, ()) if fact.device in ("", device)]
        value = number(facts[0].value) if len(facts) == 1 else None
        if value is None:
            return None
        of_device |= facts[0].device == device
        values[name] = value
    if device and not of_device:
        return None
    for name, extract in rule.more:
        extracted = extract(run)
        if extracted is None:
            return None
        values[name] = extracted
    return values
