"""What a finding says of a number of a log, in words."""

from __future__ import annotations

from .claim import Claim
from .stated import Stated


def rounded(claim: Claim, stated: Stated) -> str:
    """Return what a log states, rounded to the digits that a text gives."""
    return f"{stated.value:.{max(claim.printed.places, 0)}f}"


def here(stated: Stated) -> str:
    """Return what the log of the run that is meant says, in words."""
    return f"the log {says(stated)}"


def says(stated: Stated) -> str:
    """Return what a log says, in words: not each time is printed in its line."""
    return f"gives {stated.printed} between two time stamps" if is_between(stated) else f"states {stated.printed}"


def is_between(stated: Stated) -> bool:
    """Return whether a time is from the time stamp of an earlier line to that of its line."""
    line = stated.evidence
    return bool(line) and stated.unit == "s" and "." in stated.printed and stated.printed not in line
