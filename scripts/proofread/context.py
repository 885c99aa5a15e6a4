"""What a passage says about each of its numbers: possible quantities, runs and settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import regex

from .around import settings_around
from .claim import Claim
from .clauses import clause_settings, clauses, clear_places, device_of, in_order, single
from .naming import SetTo, lists, named, table_unit
from .numbers import Printed, numbers, scale_of
from .page import Passage

# Words with a number that counts or names something, and claims nothing.
_LABEL = regex.compile(
    r"(?i)\b(?:session|chapter|section|fig(?:ure)?s?\.?|tables?|campaign|question|exercise|homework|week|page|version"
    r"|release|python|part|day|attempt|trial|phase|task|node|rank|line|lines|no\.|issue|level|example|appendix|step)"
    r"\s*[#:]?\s*$|±\s*$|\+/-\s*$"
)
_DATE = regex.compile(r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[:/]\d\d(?:[:/]\d\d)?|\d+\.\d+\.\d+")
_LONGEST_DATE = 20
_MONTH = regex.compile(r"(?i)\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?\s+$")
_OTHERS = regex.compile(r"(?i)\b(?:the|all) (?:others?|rest|remaining)\b")
_AND = regex.compile(r"\s*,?\s*(?:\band\b)?\s*")
_AS_FAST = regex.compile(
    r"(?i)\s*(?:times|x|×|-?fold)?\s*(?:as|faster|slower|the|that|more|less|higher|lower|longer)\b"
)
_RAN = regex.compile(r"(?i)\b(?:run|ran|executed|repeated)(?: \w+){0,3}\s*$")


def claims(passage: Passage, set_to: SetTo | None = None) -> list[Claim]:
    """Return the numbers of a passage with what it says about them; `set_to` is what the runs were set to."""
    printed_numbers = numbers(passage.text)
    if not printed_numbers:
        return []
    groups = lists(passage.text, printed_numbers)
    names = named(passage, printed_numbers, groups, set_to or {})
    made = [_claim(passage, printed, name) for printed, name in zip(printed_numbers, names, strict=True)]
    return _with_settings(passage, made, groups)


def _claim(passage: Passage, printed: Printed, names: tuple[str, ...]) -> Claim:
    unit = printed.unit or (table_unit(passage.place) if passage.place else "")
    printed = printed.times_ten_to(scale_of(passage.place.heading)) if passage.place else printed
    before, text = passage.text[max(0, printed.start - 80) : printed.start], passage.text
    around = max(0, printed.start - _LONGEST_DATE)
    dates = _DATE.finditer(text, around, printed.end + _LONGEST_DATE)
    dated = any(match.start() <= printed.start < match.end() for match in dates)
    label = dated or bool(_MONTH.search(before)) or (bool(_LABEL.search(before)) and not printed.unit)
    counts = unit == "times" and _RAN.search(before) is not None and not _AS_FAST.match(text, printed.end)
    counts = counts or regex.match(r"\s+(?:runs|trials|experiments)\b", text[printed.end :]) is not None
    return Claim(printed, passage, names, unit, is_label=label, counts_runs=counts)


def _with_settings(passage: Passage, made: list[Claim], groups: Sequence[range]) -> list[Claim]:
    around = settings_around(passage)
    in_sentence = single(made)
    pairs = _pairs(made, groups)
    if not pairs and passage.place is None:
        pairs = in_order(passage.text, made)
    parts = [] if pairs or passage.place is not None else clauses(passage.text, made, groups)
    by_clause, clear = clause_settings(made, parts), clear_places(passage.text, made, parts)
    listed = {place for group in groups if len(group) > 1 for place in group}
    done = []
    for place, claim in enumerate(made):
        own = claim.names[0] if claim.is_setting else ""
        apart = _OTHERS.search(passage.text[: claim.printed.start]) or _lost_its_unit(passage, made, place)
        sentence = {} if apart else in_sentence | by_clause.get(place, {})
        settings = {name: value for name, value in (sentence | around).items() if name != own}
        paired = place in pairs and not claim.is_setting
        if paired:
            settings |= dict([pairs[place]])
        firm = passage.place is not None and bool(around)
        device = device_of(passage, claim.printed) if place not in listed else ""
        done.append(replace(claim, settings=settings, paired=paired, firm=firm, clear=place in clear, device=device))
    return done


def _lost_its_unit(passage: Passage, made: Sequence[Claim], place: int) -> bool:
    """Return whether a number without a unit is behind one with a unit: the words there may not name it."""
    if passage.place is not None or not place:
        return False
    before, printed = made[place - 1].printed, made[place].printed
    gap = passage.text[before.stop : printed.start]
    return bool(before.unit) and not printed.unit and _AND.fullmatch(gap) is not None


def _pairs(made: Sequence[Claim], groups: Sequence[range]) -> dict[int, tuple[str, Decimal]]:
    """Return the setting of each number whose list is as long as a list of settings in its sentence."""
    lists = [group for group in groups if len(group) > 1]
    settings = [group for group in lists if made[group[0]].is_setting]
    if len(settings) != 1:
        return {}
    name = made[settings[0][0]].names[0]
    return {
        place: (name, made[of].printed.value)
        for group in lists
        if group is not settings[0] and len(group) == len(settings[0]) and not made[group[0]].is_setting
        for place, of in zip(group, settings[0], strict=True)
    }
