"""The clauses of a sentence: which setting belongs to which number, and whether the run is clear by it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

import regex

from .claim import Claim
from .numbers import Printed
from .page import Passage

_END = regex.compile(r"[;()]|[,:](?=\s)|\s(?:and|while|whereas|but)\s")
# Words by which a clause speaks of more than one run, or of no run.
_COMPARES = regex.compile(
    r"(?i)\b(?:than|from|vs|versus|compared|instead|unlike|against|between|until|average|mean|expect\w*|should|would"
    r"|could|not|never|if|up to|at (?:least|most)|m(?:in|ax)imum|each|first|(?<!per )second|third|step|initial\w*"
    r"|start\w*|ideal\w*|published|reference|target)\b|n't\b|%\s+of\b"
)
# What is between a number and the same number in other words.
_AGAIN = regex.compile(r"(?i)\s*[,(]?\s*(?:i\.e\.|that is|namely|or|=)\s*,?\s*")
_REVERSES = regex.compile(r"(?i)\b(?:than|instead|over|vs|versus|compared|against|rather)\b")
_OPENER = regex.compile(r"(?i)(?:[;(),:]|\b(?:and|while|whereas|but)\b)\s*$")
_DEVICES = {
    "cpu": regex.compile(r"(?i)\bcpu\b(?!s?\s+per)"),
    "groq": regex.compile(r"(?i)\bgroq[\s-]?(?:chip|card)s?\b|\baccelerator\b|\bthe card\b"),
}
_TWO_PAIRS = 4


class Clause(NamedTuple):
    """A part of a sentence: where it is, and the places of its numbers."""

    begin: int
    end: int
    places: list[int]


def single(made: Sequence[Claim]) -> dict[str, Decimal]:
    """Return the settings with a single value in a sentence; one of several values does not belong to every number."""
    values: dict[str, set[Decimal]] = {}
    for claim in made:
        if claim.is_setting:
            values.setdefault(claim.names[0], set()).add(claim.printed.value)
    return {name: next(iter(several)) for name, several in values.items() if len(several) == 1}


def clauses(text: str, made: Sequence[Claim], groups: Sequence[range]) -> list[Clause]:
    """Return the clauses of a sentence that contain numbers.

    A clause with settings alone, as in "With 16 tasks," or "(16 tasks)", is of the clause behind it, or before it.
    """
    if len(made) == 2 and made[0].is_setting != made[1].is_setting:
        return [Clause(0, len(text), [0, 1])]
    lists = [(made[group[0]].printed.start, made[group[-1]].printed.start) for group in groups]
    ends = {*(match.end() for match in _END.finditer(text)), *_ends_of_lines(text, made)}
    ends = {end for end in ends if not any(first < end <= last for first, last in lists)}
    parts = [
        Clause(begin, end, [place for place, claim in enumerate(made) if begin <= claim.printed.start < end])
        for begin, end in pairwise([0, *sorted(ends), len(text)])
    ]
    return [one for part in _joined(text, [part for part in parts if part.places], made) for one in _apart(part, made)]


def _apart(part: Clause, made: Sequence[Claim]) -> list[Clause]:
    """Return the clauses of a part that gives results and settings in turn: "8.35 with 4 tasks to 8.25 with 16"."""
    kinds = [made[place].is_setting for place in part.places]
    alike = {made[place].names[:1] for place in part.places}
    if len(kinds) < _TWO_PAIRS or kinds != kinds[:2] * (len(kinds) // 2) or kinds[0] == kinds[1] or len(alike) > 2:
        return [part]
    firsts = [part.begin, *(made[place].printed.start for place in part.places[2::2]), part.end]
    return [
        Clause(begin, end, part.places[2 * number : 2 * number + 2])
        for number, (begin, end) in enumerate(pairwise(firsts))
    ]


def clause_settings(made: Sequence[Claim], parts: Sequence[Clause]) -> dict[int, dict[str, Decimal]]:
    """Return the settings in the clause of each number, or in its line of a list."""
    settings_by_number: dict[int, dict[str, Decimal]] = {}
    for part in parts:
        if settings := single([made[place] for place in part.places]):
            settings_by_number |= dict.fromkeys(part.places, settings)
    return settings_by_number


def clear_places(text: str, made: Sequence[Claim], parts: Sequence[Clause]) -> frozenset[int]:
    """Return the numbers whose clause is about one run, states its quantity once, and compares it with nothing."""
    clear: set[int] = set()
    for part in parts:
        results = [place for place in part.places if not made[place].is_setting]
        named = [made[place].names[:1] for place in results]
        compares = _COMPARES.search(text[part.begin : part.end]) and not _is_labelled(text, part, made)
        if len(results) < len(part.places) and not compares:
            clear |= {place for place in results if named.count(made[place].names[:1]) == 1}
    for place in range(1, len(made)):
        gap = text[made[place - 1].printed.stop : made[place].printed.start]
        if place - 1 in clear and not made[place].is_setting and _AGAIN.fullmatch(gap):
            clear.add(place)
    return frozenset(clear)


def _is_labelled(text: str, part: Clause, made: Sequence[Claim]) -> bool:
    """Return whether a clause is a number with its setting in parentheses: "2293 samples/s (8 tasks)"."""
    numbers = [made[place].printed for place in part.places]
    behind = text[numbers[0].stop : numbers[-1].start].lstrip()
    return len(numbers) == 2 and behind.startswith("(") and not _COMPARES.search(behind)


def _joined(text: str, parts: Sequence[Clause], made: Sequence[Claim]) -> list[Clause]:
    done: list[Clause] = []
    for place, part in enumerate(parts):
        behind = parts[place + 1] if place + 1 < len(parts) else None
        told_behind = behind is not None and _is_directly(text, part, behind, made) and not _results(behind, made)
        if done and _is_joined(text, done[-1], part, made) and not (told_behind and _results(part, made)):
            done[-1] = Clause(done[-1].begin, part.end, [*done[-1].places, *part.places])
        else:
            done.append(part)
    return done


def _is_joined(text: str, before: Clause, part: Clause, made: Sequence[Claim]) -> bool:
    """Return whether a part of a sentence is of the same clause as the part before it."""
    opener = _opener(text, part)
    before_it, results = _results(before, made), _results(part, made)
    has_setting = len(before_it) < len(before.places)
    if not results:  # "8.252 (8 tasks)"
        return bool(before_it) and not has_setting and _is_directly(text, before, part, made)
    if opener not in ("(", ",", ":", "and") and (before_it or opener != ")"):
        return False
    if len(results) < len(part.places) or not has_setting:
        return False
    return not before_it or (opener != ":" and not _quantities(before_it, made) & _quantities(results, made))


def _is_directly(text: str, before: Clause, part: Clause, made: Sequence[Claim]) -> bool:
    """Return whether a part in parentheses is directly behind the last number of the part before it."""
    gap = text[made[before.places[-1]].printed.stop : part.begin].rstrip()
    return gap.endswith("(") and not _END.search(gap[:-1])


def _quantities(places: Sequence[int], made: Sequence[Claim]) -> set[tuple[str, ...]]:
    return {made[place].names[:1] for place in places}


def _opener(text: str, part: Clause) -> str:
    """Return the sign or word before a part of a sentence."""
    match = _OPENER.search(text, 0, part.begin)
    return match[0].strip().lower() if match else ""


def _results(part: Clause, made: Sequence[Claim]) -> list[int]:
    return [place for place in part.places if not made[place].is_setting]


def _ends_of_lines(text: str, made: Sequence[Claim]) -> list[int]:
    """Return where the lines of a text end, if each of them has a setting of its own."""
    ends = [place + 1 for place, sign in enumerate(text) if sign == "\n" and text[place + 1 :].strip()]
    lines = pairwise([0, *ends, len(text)])
    own = all(any(begin <= claim.printed.start < end and claim.is_setting for claim in made) for begin, end in lines)
    return ends if own else []


def in_order(text: str, made: Sequence[Claim]) -> dict[int, tuple[str, Decimal]]:
    """Return the setting of each result of "8 tasks and 16 tasks gave 2293 and 4608": as many results as settings."""
    settings = [place for place, claim in enumerate(made) if claim.is_setting]
    results = [place for place, claim in enumerate(made) if not claim.is_setting]
    alike = len({made[place].names[0] for place in settings}) == 1 and len(_quantities(results, made)) == 1
    if len(settings) != len(results) or len(settings) == 1 or not alike:
        return {}
    first, last = made[settings[0]].printed, made[settings[-1]].printed
    if settings[-1] - settings[0] >= len(settings) or _REVERSES.search(text[first.start : last.start]):
        return {}
    name = made[settings[0]].names[0]
    return {of: (name, made[place].printed.value) for place, of in zip(settings, results, strict=True)}


def device_of(passage: Passage, printed: Printed) -> str:
    """Return the device that a row, a heading or a clause names, or an empty text."""
    place = passage.place
    if place is not None:
        texts = [*place.cells[:1], place.heading, *place.cells]
    else:
        begin = max((match.end() for match in _END.finditer(passage.text, 0, printed.start)), default=0)
        end = _END.search(passage.text, printed.stop)
        texts = [passage.text[begin : end.start() if end else len(passage.text)]]
    for text in texts:
        named = [device for device, words in _DEVICES.items() if words.search(text)]
        if named:
            return named[0] if len(named) == 1 else ""
    return ""
