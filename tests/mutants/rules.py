"""Mutants of dialects: one rule changed at a time.

A rule is a shape, one of its fields, a part of its pattern, or a field of the dialect. A mutant is held against the
cases of the dialect's system first, then against all others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple
from unittest.mock import patch

from parsers.engine import loading
from parsers.engine.shapes import GIVES, INSIDE, OPENS, Dialect, Shape
from parsers.engine.templates import END, EOL, NUMBER, Line
from tests.parsers.samples import NAMES, case, said, table

_FLAGS = ("start", "bare", "once", "final", "last", "cures", "counted")
_EMPTY: dict[str, Any] = {
    "during": (),
    "says": {},
    "ends": "",
    "times_from": "",
    "times_to": "",
    "refuses": "",
    "another": None,
    "apart": None,
}
# Parts of patterns, and what stands in for them in a mutant.
_PARTS = ((END, b""), (EOL, b""), (NUMBER, rb"\d++"), (rb"(?<![\"'])", b""), (rb"\d{1,18}", rb"\d{1,1}"))


class Mutant(NamedTuple):
    """A dialect with one rule changed, and the change in words."""

    dialect: Dialect
    change: str

    def __str__(self) -> str:
        return f"{self.dialect.system}: {self.change}"


def mutants(dialect: Dialect) -> Iterator[Mutant]:
    """Yield every mutant of a dialect."""
    for sign in dialect.signs:
        yield Mutant(
            dialect._replace(signs=tuple(s for s in dialect.signs if s != sign) or (b"\0",)), f"no sign {sign!r}"
        )
    if dialect.repeating:
        yield Mutant(dialect._replace(repeating=()), "no phase repeats")
    for place, shape in enumerate(dialect.shapes):
        for changed, change in _shapes(shape):
            shapes = (*dialect.shapes[:place], *changed, *dialect.shapes[place + 1 :])
            yield Mutant(dialect._replace(shapes=shapes), f"{_shown(shape)}: {change}")


def _shapes(shape: Shape) -> Iterator[tuple[tuple[Shape, ...], str]]:
    """Yield what can stand in for a shape, each with the change in words."""
    yield (), "left out"
    for name in _FLAGS:
        if getattr(shape, name) != Shape._field_defaults[name]:
            yield (_with(shape, name, Shape._field_defaults[name]),), f"{name} left out"
    for role in {OPENS, GIVES, INSIDE} - {shape.role}:
        yield (shape._replace(role=role),), f"role {role.name}"
    for phase in (0, shape.phase - 1, shape.phase + 1) if shape.phase else ():
        yield (shape._replace(phase=phase),), f"phase {phase}"
    for name, empty in _EMPTY.items():
        if getattr(shape, name):
            yield (_with(shape, name, empty),), f"{name} left out"
    if shape.action is not None:
        yield (shape._replace(action=_nothing),), "its action does nothing"
    for part, other in _PARTS:
        if part in shape.pattern:
            yield (shape._replace(pattern=shape.pattern.replace(part, other)),), f"{part[:20]!r} -> {other!r}"


def _with(shape: Shape, name: str, value: Any) -> Shape:
    fields: dict[str, Any] = {name: value}
    return shape._replace(**fields)


def _nothing(_run: object, _event: object) -> None:
    """Stand in for an action."""


def _shown(shape: Shape) -> str:
    pattern = shape.pattern
    return repr(pattern.template if isinstance(pattern, Line) else pattern.decode("utf-8", "replace")[:60])


@contextmanager
def read_with(dialects: tuple[Dialect, ...]) -> Iterator[None]:
    """Let the parsers read with these dialects as long as this lasts."""
    with patch.object(loading, "known", lambda: dialects):
        yield


@cache
def _expected(name: str) -> list[tuple[str | int, ...]]:
    return table(case(name))


@cache
def _cases(system: str) -> tuple[str, ...]:
    """Return the names of the cases, those with a run of the system first."""
    return tuple(sorted(NAMES, key=lambda name: (system not in said(case(name), "system"), name)))


def notices(mutant: Mutant, dialects: tuple[Dialect, ...]) -> str:
    """Return the first case that reads otherwise with a mutant, or an empty text."""
    expected = {name: _expected(name) for name in _cases(mutant.dialect.system)}
    changed = tuple(mutant.dialect if dialect.system == mutant.dialect.system else dialect for dialect in dialects)
    with read_with(changed):
        for name, rows in expected.items():
            try:
                if table(case(name)) != rows:
                    return name
            except (re.error, AssertionError, LookupError, TypeError, ValueError, AttributeError):
                return name
    return ""
