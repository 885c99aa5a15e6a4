"""What a confirmation is worth: how often a number with a changed last digit would have been confirmed too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .claim import Claim
from .stated import StatedRun
from .verdicts import CONFIRMED, verdict

_MOST = 100


@dataclass(frozen=True, slots=True)
class Worth:
    """How many changed numbers were tried, and how many of them would have been confirmed."""

    tried: int
    confirmed: int

    def sentence(self) -> str:
        """Return what this says about the page."""
        if not self.tried:
            return "No number was confirmed."
        share = f"{100 * self.confirmed / self.tried:.1f}"
        return (
            f"With another last digit, {self.confirmed} of {self.tried} numbers ({share} %) "
            "would have been confirmed too."
        )


def worth(confirmed: Sequence[Claim], runs: Sequence[StatedRun]) -> Worth:
    """Return what the confirmations of a page are worth: each number is tried with its nine other last digits.

    Of a page with many numbers, `_MOST` are tried, spread over the page.
    """
    tried = also = 0
    for claim in confirmed[:: -(-len(confirmed) // _MOST) or 1]:
        for digit in range(10):
            changed = claim.printed.with_last_digit(digit) if claim.printed.has_digits else claim.printed
            if changed.text == claim.printed.text:
                continue
            tried += 1
            also += verdict(replace(claim, printed=changed), runs).verdict == CONFIRMED
    return Worth(tried, also)
