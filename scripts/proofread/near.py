"""The words near the numbers of a text: which quantities are named beside a list of numbers, and how far away."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from .numbers import Printed
from .words import SETTINGS, Mention

Names = tuple[str, ...]

FAR = 80
# What may be between a number and a word that names it.
_JOINED = regex.compile(r"(?i)[\s=:]*(?:(?:of|is|was|were|to|at|is set to|set to|equals)\s+)?[\s=:~≈]*")
_BEFORE_WORD = regex.compile(r"(?i)[\s%-]*(?:(?:in|of|for|the|training|different|total|parallel)\s+){0,2}")
_BEHIND = regex.compile(r"[ \t-]*")


def adjacent_to(
    text: str, first: Printed, last: Printed, phrases: Sequence[Mention]
) -> tuple[list[Names], list[Names]]:
    """Return the quantities named directly before the first of some numbers, and directly behind the last."""
    before = [m.names for m in phrases if m.end <= first.start and _JOINED.fullmatch(text[m.end : first.start])]
    after = [m.names for m in phrases if m.start >= last.end and _BEFORE_WORD.fullmatch(text[last.stop : m.start])]
    return before, after


def free(
    text: str, first: Printed, last: Printed, phrases: Sequence[Mention], every: Sequence[Printed]
) -> list[Mention]:
    """Return the phrases that may name some numbers: not a setting that has a number of its own, as in "8 tasks"."""
    others = [printed for printed in every if printed.start < first.start or printed.start > last.start]
    return [
        m
        for m in phrases
        if m.names[0] not in SETTINGS
        or (m.start >= last.stop and _BEHIND.fullmatch(text[last.stop : m.start]))
        or not any(_is_own(text, m, other) for other in others)
    ]


def _is_own(text: str, mention: Mention, printed: Printed) -> bool:
    """Return whether a number gives a setting its value: "8 tasks", "ntasks=8", "batch size of 8"."""
    if printed.places > 0 and not mention.names[0].endswith("rate"):
        return False
    if printed.stop <= mention.start:
        return not printed.unit and _BEHIND.fullmatch(text[printed.stop : mention.start]) is not None
    return printed.start >= mention.end and _JOINED.fullmatch(text[mention.end : printed.start]) is not None


def nearest(text: str, first: Printed, last: Printed, phrases: Sequence[Mention]) -> list[Names]:
    """Return the quantities named around a list of numbers, the likeliest first."""
    ranked = []
    for mention in phrases:
        if mention.end <= first.start:
            gap = text[mention.end : first.start]
            ranked.append((0 if _JOINED.fullmatch(gap) else 2, len(gap), mention.names))
        elif mention.start >= last.end:
            gap = text[last.stop : mention.start]
            near = bool(_BEFORE_WORD.fullmatch(gap))
            if mention.names[0] in SETTINGS and not gap.strip(" -"):  # "the throughput at 32 tasks"
                ranked.append((-1, 0, mention.names))
            elif near or len(gap) <= FAR:
                ranked.append((1 if near else 3, len(gap), mention.names))
        else:  # the unit itself, or a word between the numbers of the list
            ranked.append((1, 0, mention.names))
    return [names for _, _, names in sorted(ranked)]
