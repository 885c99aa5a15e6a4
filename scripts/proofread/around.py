"""What row, column heading and section headings say that the run of a number was set to."""

from __future__ import annotations

from decimal import Decimal

from .near import adjacent_to
from .numbers import numbers
from .page import Passage, Place
from .words import SETTINGS, mentions


def settings_around(passage: Passage) -> dict[str, Decimal]:
    """Return the settings in the row, the column heading and the section headings."""
    settings: dict[str, Decimal] = {}
    for title in passage.headings:
        settings |= _settings_of(title)
    place = passage.place
    if place is None or not place.cells:
        return settings
    for column, cell in enumerate(place.cells):
        if column != place.column:
            heading = place.headings[column] if column < len(place.headings) else ""
            settings |= _settings_of(cell) or _cell_setting(heading, cell)
    return settings | column_setting(place)


def column_setting(place: Place) -> dict[str, Decimal]:
    """Return the setting in the heading of a cell's column: "8 tasks", or "8" beside "tasks"."""
    if not place.column or not place.cells:
        return {}
    corner = mentions(place.headings[0]) if place.headings else []
    alone = _alone(place.heading)
    if corner and corner[0].names[0] in SETTINGS and alone is not None:
        return {corner[0].names[0]: alone}
    return _settings_of(place.heading)


def _alone(text: str) -> Decimal | None:
    """Return the number that is all of a text."""
    values = numbers(text)
    return values[0].value if len(values) == 1 and values[0].text == text.strip() else None


def _settings_of(text: str) -> dict[str, Decimal]:
    """Return the settings that a heading or a cell names with their values."""
    named = mentions(text)
    by_name: dict[str, set[Decimal]] = {}
    for printed in numbers(text):
        before, after = adjacent_to(text, printed, printed, named)
        near = [*before, *after]
        if near and near[0][0] in SETTINGS:
            by_name.setdefault(near[0][0], set()).add(printed.value)
    return {name: values.pop() for name, values in by_name.items() if len(values) == 1}


def _cell_setting(heading: str, cell: str) -> dict[str, Decimal]:
    named = mentions(heading)
    values = numbers(cell)
    if named and named[0].names[0] in SETTINGS and len(values) == 1:
        return {named[0].names[0]: values[0].value}
    return {}
