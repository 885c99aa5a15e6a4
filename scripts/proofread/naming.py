"""Which quantities each number of a passage may be, by the words, units and headings around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import regex

from .around import column_setting
from .near import FAR, Names, adjacent_to, free, nearest
from .numbers import Printed, unit_of
from .page import Passage, Place
from .words import BY_UNIT, CHANGE, FORMULAS, SETTINGS, Mention, mentions

# What runs are set to: the values of each setting.
SetTo = Mapping[str, frozenset[Decimal]]

_PARENTHESES = regex.compile(r"\([^()]*\)")
_LABELLED = regex.compile(r"(?i)\d[\s-]*[a-z][a-z ]{0,20}(?::|=|→|->)\s*$")
_FOR = regex.compile(r"(?i)\b(?:for|with|at|on|using)\s*$")
_PLACE = regex.compile(r"(?i)\s*\(?(?:(?P<chip>on[\s-]chip)|end[\s-]to[\s-]end|e2e)\b")
_FROM_TO = regex.compile(r"(?i)\bfrom\s+(\d+)\s+to\s+(\d+)\b")
_THE, _RUN = regex.compile(r"(?i)\bthe\s*$"), regex.compile(r"(?i)[\s-]*(?:run|job)\b")
# What may be between the numbers of one list.
_LIST = regex.compile(
    r"(?i)(?:[\s,;%~&/]|\band\b|\bor\b|\bto\b|\bthen\b|\bfinally\b|\blater\b|\bvs\b\.?|\bversus\b|\bms\b|\bs\b)*"
)
_SET_TO = regex.compile(r"(?i)\b(?:it|this|that|they|which)\b[^.;]{0,20}\bset to\s*$")
_PRONOUN, _SENTENCE = regex.compile(r"(?i)\s*(?:it|they|this|these|that)\b"), 300
_SHARE_OF = regex.compile(r"(?i)\s+of\s+(?:the|its|that|what|those)")
# A bare number between such words refers to runs: "than 512", "from 8 to 32 raises", "with 16."
_REFERS = regex.compile(
    r"(?i)(?:\b(?:from|to|at|with|for|on|than|of|over|using|vs\.?|versus|and|or|between|after|as|but|while|whereas)|[,:(]|^)\s*$"
)
_AT = regex.compile(r"(?i)\bat\s*$")
# A smaller number, where the text names nothing, may count anything.
_TOO_SMALL = 100
# Whole numbers of one list do not differ by more than this factor.
_TOO_FAR = 1000
_REFERRED = regex.compile(
    r"(?i)\s*(?:$|[.,;:)|]|\d|(?:and|or|to|than|vs|versus|over|instead|rather|but|since|while|whereas|with|for|it|the|in|is|was|were|has|had|gives?|gave|raises?|raised|needs?|needed"
    r"|takes?|took|at|on|by|increases?|increased|reaches|reached)\b)"
)


def named(passage: Passage, every: Sequence[Printed], groups: Sequence[range], set_to: SetTo) -> list[Names]:
    """Return the quantities that each number may be, the likeliest first."""
    phrases = mentions(passage.text)
    of_groups = [[every[place] for place in group] for group in groups]
    names = [
        name for group in of_groups for name in _of_group(passage, group, _free(passage, group, phrases, every), set_to)
    ]
    if passage.place is not None:
        return names
    return [_referred(passage.text, printed, name, phrases, set_to) for printed, name in zip(every, names, strict=True)]


def _free(
    passage: Passage, group: Sequence[Printed], phrases: Sequence[Mention], every: Sequence[Printed]
) -> Sequence[Mention]:
    """Return the phrases of a passage that may name the numbers of a list."""
    return free(passage.text, group[0], group[-1], phrases, every) if passage.place is None else phrases


def lists(text: str, every: Sequence[Printed]) -> list[range]:
    """Return the lists of numbers: numbers with only commas and words such as "and" between them."""
    groups, begin = [], 0
    for place in range(1, len(every) + 1):
        if place == len(every) or not _is_list(text, every[place - 1], every[place]):
            groups.append(range(begin, place))
            begin = place
    return groups


def _is_list(text: str, one: Printed, other: Printed) -> bool:
    gap = text[one.end : other.start]
    if one.unit not in ("", other.unit):  # "131 % from 512 to 2048", "98.2 %, 11 s per epoch"
        return False
    if one.places == other.places == 0 and other.value >= one.value * _TOO_FAR > 0:  # "ntasks=8, 560000"
        return False
    if one.is_scaled != other.is_scaled:  # "on 16 and 8.88k on 32 ranks"
        return False
    if not gap.strip() and (other.unit or other.places != one.places):  # "for batch size 1024 4843 samples/s"
        return False
    if _has_own_word(text, one, other) or (other.places > one.places == 0 and _FOR.search(text[: one.start])):
        return False  # "8.3 for 512, 7.1 for 1024"
    return _LIST.fullmatch(_PARENTHESES.sub(" ", gap)) is not None


def _has_own_word(text: str, one: Printed, other: Printed) -> bool:
    """Return whether a number is of another quantity than the one before it: "a batch size of 8 and 10 epochs"."""
    phrases = mentions(text)
    before, _ = adjacent_to(text, one, one, phrases)
    _, after = adjacent_to(text, other, other, phrases)
    if before and other.unit and not one.unit and not _has_unit(before[0], other.unit):  # "loss 8.3; 2262 samples/s"
        return True
    if before and before[0][0] in SETTINGS and one.places == 0 < other.places:  # "a batch size of 1024, and 7.125"
        return True
    if not after or after[0][0] not in SETTINGS or other.places > 0:
        return False
    if _LABELLED.search(text[: one.start]):  # "8 tasks: 2293, 16 tasks: 4608"
        return True
    return one.places > 0 or bool(before and before[0] != after[0] and before[0][0] in SETTINGS)


def _of_group(passage: Passage, group: Sequence[Printed], phrases: Sequence[Mention], set_to: SetTo) -> list[Names]:
    first, last, text = group[0], group[-1], passage.text
    unit = next((printed.unit for printed in reversed(group) if printed.unit), "")
    near = [names for names in nearest(text, first, last, phrases) if not _is_no_count(names, first, set_to)]
    if passage.place is not None:
        near = _of_cell(passage, passage.place, first, last, near, phrases)
        unit = unit or table_unit(passage.place)
    if passage.place is None and _PRONOUN.match(text) and all(names[0] in SETTINGS for names in near):
        near = [*_named_last(passage.before), *near]
    if unit == "%" and passage.place is None and all(names[0] in SETTINGS for names in near):
        near = [*near, *(names for names in _named_last(passage.before) if names[0] in FORMULAS)]
    if not near and _SET_TO.search(text[: first.start]):  # "when it is set to 8": what was named last
        near = [mention.names for mention in mentions(passage.before)[-1:] if mention.names[0] in SETTINGS]
    results = [names for names in near if names[0] not in SETTINGS]
    if unit == "%" and near and (CHANGE.search(_around(text, first, last)) or _SHARE_OF.match(text, last.stop)):
        return [next(iter(results), near[0])] * len(group)
    if unit == "%" and results and CHANGE.search(text) and not any(_has_unit(names, unit) for names in results):
        return results[:1] * len(group)
    chosen = next((names for names in near if _has_unit(names, unit)), BY_UNIT.get(unit, ()))
    if unit == "per second":  # sequences or items: the log may call them samples or tokens
        return [tuple(dict.fromkeys((*chosen, *BY_UNIT[unit])))] * len(group)
    return [_of_place(text, last, _of_unit(chosen, unit) or chosen)] * len(group)


def _of_place(text: str, last: Printed, names: Names) -> Names:
    """Return those of some quantities that are of the place named behind a number: "0.03 ms on chip"."""
    match = _PLACE.match(text, last.stop)
    place = "" if match is None else "on_chip" if match["chip"] else "end_to_end"
    return tuple(name for name in names if place and name.startswith(place)) or names


def _named_last(before: str) -> list[Names]:
    """Return the result that the sentences before name last: what "it" is."""
    return [mention.names for mention in mentions(before[-_SENTENCE:]) if mention.names[0] not in SETTINGS][-1:]


def _around(text: str, first: Printed, last: Printed) -> str:
    return text[max(0, first.start - FAR) : last.end + FAR]


def _is_no_count(names: Names, printed: Printed, set_to: SetTo) -> bool:
    """Return whether quantities are a setting of whole numbers, and the number is not one, or is rounded."""
    values = set_to.get(names[0], frozenset())
    return printed.places != 0 and bool(values) and all(value == value.to_integral_value() for value in values)


def _of_cell(
    passage: Passage, place: Place, first: Printed, last: Printed, near: list[Names], phrases: Sequence[Mention]
) -> list[Names]:
    """Return the quantities that a cell may state: named in it, in its heading, or in its row."""
    if not place.cells and place.column:  # a heading: "512" beside "batch size"
        heading = [mention.names for mention in mentions(place.headings[0])]
    else:
        heading = [mention.names for mention in mentions(place.heading)]
    row = [mention.names for mention in mentions(place.cells[0])] if place.cells and place.column else []
    before, after = adjacent_to(passage.text, first, last, phrases)
    own = near[:1] if near and near[0] in (*before, *after) else []
    named = own + (row if row and (column_setting(place) or not heading) else heading)
    return named or _metric_of_row(place)


def _metric_of_row(place: Place) -> list[Names]:
    """Return the one result that the cells of a row name: "| 16 tasks | final loss | 8.25 |"."""
    cells = [cell for column, cell in enumerate(place.cells) if column != place.column]
    results = [mention.names for cell in cells for mention in mentions(cell) if mention.names[0] not in SETTINGS]
    return results if len(results) == 1 else []


def _referred(text: str, printed: Printed, names: Names, phrases: Sequence[Mention], set_to: SetTo) -> Names:
    """Return the setting that a bare number refers to, if runs differ in it; else the names as they are."""
    if (names and names[0] in SETTINGS) or printed.unit or printed.places > 0 or printed.about == "about":
        return names
    candidates = [name for name, values in set_to.items() if len(values) > 1 and printed.value in values]
    named = [name for name in candidates if _is_told(text, printed, set_to[name])]
    if named:
        return (named[0],)
    if not (_REFERS.search(text[: printed.start]) and _REFERRED.match(text, printed.end)):
        return names
    before, _ = adjacent_to(text, printed, printed, phrases)
    if before and before[0][0] not in FORMULAS and not _AT.search(text[: printed.start]):
        return names
    mentioned = [mention.names[0] for mention in phrases if mention.names[0] in candidates]
    if not names and not mentioned and printed.value < _TOO_SMALL:
        return names
    return (mentioned[-1],) if mentioned else tuple(candidates[:1]) or names


def _is_told(text: str, printed: Printed, values: frozenset[Decimal]) -> bool:
    """Return whether a number can only be a setting: "from 512 to 2048", if runs were set to both; "the 512 run"."""
    if _THE.search(text[: printed.start]) and _RUN.match(text, printed.end):
        return True
    ranges = [match for match in _FROM_TO.finditer(text) if match.start() < printed.start < match.end()]
    return any(Decimal(match[1]) in values and Decimal(match[2]) in values for match in ranges)


def table_unit(place: Place) -> str:
    """Return the unit in the heading of a cell's column, or of its row if the table is transposed."""
    return unit_of(place.heading) or (unit_of(place.cells[0]) if place.cells and place.column else "")


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
