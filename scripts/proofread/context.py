"""What a passage says about each of its numbers: possible quantities, runs and settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import regex

from .numbers import Printed, numbers, unit_of
from .page import Passage, Place
from .words import BY_UNIT, CHANGE, FORMULAS, SETTINGS, Mention, mentions, systems

_PARENTHESES = regex.compile(r"\([^()]*\)")
# What may be between the numbers of one list, and between a number and a word that names it.
_LIST = regex.compile(
    r"(?i)(?:[\s,;%~&/]|\band\b|\bor\b|\bto\b|\bthen\b|\bfrom\b|\bfinally\b|\blater\b|\bvs\b\.?|\bversus\b|\bms\b|\bs\b)*"
)
_JOINED = regex.compile(r"(?i)[\s=:]*(?:(?:of|is|was|were|to|at|is set to|set to|equals)\s+)?[\s=:~≈]*")
_BEFORE_WORD = regex.compile(r"(?i)[\s%-]*(?:(?:in|of|for|the|training|different|total|parallel)\s+){0,2}")
# Words with a number that counts or names something, and claims nothing.
_LABEL = regex.compile(
    r"(?i)\b(?:session|chapter|section|fig(?:ure)?s?\.?|tables?|campaign|question|exercise|homework|week|page|version"
    r"|release|python|part|day|attempt|trial|phase|task|node|rank|line|lines|no\.|issue|level|example|appendix|step)"
    r"\s*[#:]?\s*$|±\s*$|\+/-\s*$"
)
_DATE = regex.compile(r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[:/]\d\d(?:[:/]\d\d)?|\d+\.\d+\.\d+")
_LONGEST_DATE = 20
_MONTH = regex.compile(r"(?i)\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?\s+$")
_SET_TO = regex.compile(r"(?i)\b(?:it|this|that|they|which)\b[^.;]{0,20}\bset to\s*$")
_RAN = regex.compile(r"(?i)\b(?:run|ran|executed|repeated)(?: \w+){0,3}\s*$")
_FAR = 80


@dataclass(frozen=True)
class Claim:
    """A number of a passage and what its surroundings say.

    `names` are the quantities that it may be. `settings` are the settings of its run. `paired` says that the settings
    come from a list of as many numbers in the sentence. `firm` says that row, heading or link name the run; otherwise
    the sentence does. `is_label` marks dates, versions and numbers that only name something.
    """

    printed: Printed
    passage: Passage
    names: tuple[str, ...]
    unit: str
    settings: dict[str, Decimal] = field(default_factory=dict)
    paired: bool = False
    firm: bool = False
    is_label: bool = False
    counts_runs: bool = False

    @property
    def is_setting(self) -> bool:
        """Whether the number is what a run was set to."""
        return bool(self.names) and self.names[0] in SETTINGS

    @property
    def systems(self) -> list[str]:
        """The systems that the text means: those named nearest to the number."""
        passage = self.passage
        cells = " ".join(passage.place.cells) if passage.place else ""
        for text in (passage.text, cells, *reversed(passage.headings), passage.before):
            if found := systems(text):
                return found
        return []


def claims(passage: Passage) -> list[Claim]:
    """Return the numbers of a passage with what it says about them."""
    found = list(numbers(passage.text))
    if not found:
        return []
    named = mentions(passage.text)
    groups = _groups(passage.text, found)
    names = [name for group in groups for name in _names(passage, found, group, named)]
    made = [_claim(passage, printed, name) for printed, name in zip(found, names, strict=True)]
    return _with_settings(passage, made, groups)


def _groups(text: str, found: Sequence[Printed]) -> list[range]:
    """Return the lists of numbers: numbers with only commas and words such as "and" between them."""
    groups, begin = [], 0
    for place in range(1, len(found) + 1):
        gap = text[found[place - 1].end : found[place].start] if place < len(found) else "."
        if place < len(found) and found[place - 1].unit not in ("", found[place].unit):
            gap = "."  # "131 % from 512 to 2048", "98.2 %, 11 s per epoch": the unit ends the list
        if not gap.strip() and place < len(found) and found[place].unit:
            gap = "."  # "for batch size 1024 4843 samples/s"
        if not _LIST.fullmatch(_PARENTHESES.sub(" ", gap)):
            groups.append(range(begin, place))
            begin = place
    return groups


def _names(passage: Passage, found: Sequence[Printed], group: range, named: Sequence[Mention]) -> list[tuple[str, ...]]:
    first, last = found[group[0]], found[group[-1]]
    unit = next((found[place].unit for place in reversed(group) if found[place].unit), "")
    near = _near(passage.text, first, last, named)
    if passage.place is not None:
        place = passage.place
        heading = [mention.names for mention in mentions(place.heading)]
        row = [mention.names for mention in mentions(place.cells[0])] if place.cells and place.column else []
        near = near[:1] if near and near[0] in _adjacent(passage.text, first, last, named) else []
        near += row if row and (_column_setting(place) or not heading) else heading
        unit = unit or _table_unit(place)
    if not near and _SET_TO.search(passage.text[: first.start]):  # "when it is set to 8": what was named last
        near = [mention.names for mention in mentions(passage.before)[-1:] if mention.names[0] in SETTINGS]
    if unit == "%" and near and CHANGE.search(passage.text[max(0, first.start - _FAR) : last.end + _FAR]):
        return [next((names for names in near if names[0] not in SETTINGS), near[0])] * len(group)
    chosen = next((names for names in near if _has_unit(names, unit)), BY_UNIT.get(unit, ()))
    return [_of_unit(chosen, unit) or chosen] * len(group)


def _table_unit(place: Place) -> str:
    """Return the unit in the heading of a cell's column, or of its row if the table is transposed."""
    return unit_of(place.heading) or (unit_of(place.cells[0]) if place.cells and place.column else "")


def _adjacent(text: str, first: Printed, last: Printed, named: Sequence[Mention]) -> list[tuple[str, ...]]:
    before = [m.names for m in named if m.end <= first.start and _JOINED.fullmatch(text[m.end : first.start])]
    after = [m.names for m in named if m.start >= last.end and _BEFORE_WORD.fullmatch(text[last.stop : m.start])]
    return before + after


def _near(text: str, first: Printed, last: Printed, named: Sequence[Mention]) -> list[tuple[str, ...]]:
    """Return the quantities named around a list of numbers, the likeliest first."""
    ranked = []
    for mention in named:
        if mention.end <= first.start:
            gap = text[mention.end : first.start]
            ranked.append((0 if _JOINED.fullmatch(gap) else 2, len(gap), mention.names))
        elif mention.start >= last.end:
            gap = text[last.stop : mention.start]
            near = bool(_BEFORE_WORD.fullmatch(gap))
            if near or len(gap) <= _FAR:
                ranked.append((1 if near else 3, len(gap), mention.names))
        else:  # the unit itself, or a word between the numbers of the list
            ranked.append((1, 0, mention.names))
    return [names for _, _, names in sorted(ranked)]


def _has_unit(names: Sequence[str], unit: str) -> bool:
    """Return whether quantities may be printed with a unit."""
    if unit in ("", "times"):
        return True
    if unit not in BY_UNIT or names[0] in FORMULAS:
        return True
    of_unit = BY_UNIT[unit]
    return any(
        name in of_unit or (unit in ("s", "min", "ms", "us", "h") and name.endswith(("_time", "_latency")))
        for name in names
    )


def _of_unit(names: Sequence[str], unit: str) -> tuple[str, ...]:
    """Return those of some quantities that a unit names too."""
    return tuple(name for name in names if name in BY_UNIT.get(unit, ()))


def _claim(passage: Passage, printed: Printed, names: tuple[str, ...]) -> Claim:
    unit = printed.unit or (_table_unit(passage.place) if passage.place else "")
    before, text = passage.text[max(0, printed.start - 80) : printed.start], passage.text
    around = max(0, printed.start - _LONGEST_DATE)
    dates = _DATE.finditer(text, around, printed.end + _LONGEST_DATE)
    dated = any(match.start() <= printed.start < match.end() for match in dates)
    label = dated or bool(_MONTH.search(before)) or (bool(_LABEL.search(before)) and not printed.unit)
    counts = unit == "times" and _RAN.search(before) is not None
    counts = counts or regex.match(r"\s+(?:runs|trials|experiments)\b", text[printed.end :]) is not None
    return Claim(printed, passage, names, unit, is_label=label, counts_runs=counts)


def _with_settings(passage: Passage, made: list[Claim], groups: Sequence[range]) -> list[Claim]:
    around = _settings_around(passage)
    said = _single({claim.names[0]: claim.printed.value for claim in made if claim.is_setting}, made)
    pairs = _pairs(made, groups)
    done = []
    for place, claim in enumerate(made):
        own = claim.names[0] if claim.is_setting else ""
        settings = {name: value for name, value in (said | around).items() if name != own}
        paired = place in pairs and not claim.is_setting
        if paired:
            settings |= dict([pairs[place]])
        firm = passage.place is not None and bool(around)
        done.append(Claim(**{**vars(claim), "settings": settings, "paired": paired, "firm": firm}))
    return done


def _single(settings: dict[str, Decimal], made: Sequence[Claim]) -> dict[str, Decimal]:
    """Return the settings with a single value in a sentence; one of several values does not belong to every number."""
    values: dict[str, set[Decimal]] = {}
    for claim in made:
        if claim.is_setting:
            values.setdefault(claim.names[0], set()).add(claim.printed.value)
    return {name: value for name, value in settings.items() if len(values[name]) == 1}


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


def _settings_around(passage: Passage) -> dict[str, Decimal]:
    """Return the settings in the row, the column heading and the section headings."""
    found: dict[str, Decimal] = {}
    for title in passage.headings:
        found |= _settings_of(title)
    place = passage.place
    if place is None or not place.cells:
        return found
    for column, cell in enumerate(place.cells):
        if column != place.column:
            heading = place.headings[column] if column < len(place.headings) else ""
            found |= _settings_of(cell) or _cell_setting(heading, cell)
    return found | _column_setting(place)


def _column_setting(place: Place) -> dict[str, Decimal]:
    """Return the setting in the heading of a cell's column: "8 tasks", or "8" beside "tasks"."""
    if not place.column or not place.cells:
        return {}
    corner = mentions(place.headings[0]) if place.headings else []
    alone = numbers_alone(place.heading)
    if corner and corner[0].names[0] in SETTINGS and alone is not None:
        return {corner[0].names[0]: alone}
    return _settings_of(place.heading)


def numbers_alone(text: str) -> Decimal | None:
    """Return the number that is all of a text."""
    found = list(numbers(text))
    return found[0].value if len(found) == 1 and found[0].text == text.strip() else None


def _settings_of(text: str) -> dict[str, Decimal]:
    """Return the settings that a heading or a cell names with their values."""
    named = mentions(text)
    found: dict[str, set[Decimal]] = {}
    for printed in numbers(text):
        near = _adjacent(text, printed, printed, named)
        if near and near[0][0] in SETTINGS:
            found.setdefault(near[0][0], set()).add(printed.value)
    return {name: values.pop() for name, values in found.items() if len(values) == 1}


def _cell_setting(heading: str, cell: str) -> dict[str, Decimal]:
    named = mentions(heading)
    found = list(numbers(cell))
    if named and named[0].names[0] in SETTINGS and len(found) == 1:
        return {named[0].names[0]: found[0].value}
    return {}
