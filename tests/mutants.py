"""`python -m tests.mutants`: change one rule of a dialect at a time, and see whether a case of the tests notices.

A rule is a shape, one of its fields, a part of its pattern, or a field of the dialect. Each mutant is held against the
cases of the dialect's system first, then against all others. A mutant that no case notices is named: it asks for a
case, or the rule can go.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

from parsers.engine import detection, scanning
from parsers.engine.shapes import GIVES, INSIDE, OPENS, Dialect, Shape
from parsers.engine.templates import END, EOL, NUMBER, Line
from tests.parsers.samples import NAMES, case, table

_FLAGS = ("start", "bare", "once", "final", "last", "cures", "counted")
# Parts of patterns, and what stands in for them in a mutant.
_PARTS = ((END, b""), (EOL, b""), (NUMBER, rb"\d++"), (rb"(?<![\"'])", b""), (rb"\d{1,18}", rb"\d{1,1}"))


class Mutant(NamedTuple):
    """A dialect with one rule changed, and the change in words."""

    dialect: Dialect
    change: str


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
    for name, empty in (("during", ()), ("says", {}), ("ends", ""), ("times_from", ""), ("times_to", "")):
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
    before = detection.DIALECTS
    _use(dialects)
    try:
        yield
    finally:
        _use(before)


def _use(dialects: tuple[Dialect, ...]) -> None:
    detection.DIALECTS = scanning.DIALECTS = dialects  # type: ignore[attr-defined]
    for module in (detection, scanning):
        for value in vars(module).values():
            clear = getattr(value, "cache_clear", None)
            if clear is not None:
                clear()


@cache
def _expected(name: str) -> list[tuple[str | int, ...]]:
    return table(case(name))


@cache
def _cases(system: str) -> tuple[str, ...]:
    """Return the names of the cases, those with a run of the system first."""
    return tuple(sorted(NAMES, key=lambda name: (system not in {row[4] for row in _expected(name)}, name)))


def notices(mutant: Mutant, dialects: tuple[Dialect, ...]) -> str:
    """Return the first case that reads otherwise with a mutant, or an empty text."""
    names = _cases(mutant.dialect.system)
    changed = tuple(mutant.dialect if dialect.system == mutant.dialect.system else dialect for dialect in dialects)
    with read_with(changed):
        for name in names:
            try:
                if table(case(name)) != _expected(name):
                    return name
            except (re.error, AssertionError, LookupError, TypeError, ValueError, AttributeError):
                return name
    return ""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0 if enough mutants were noticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="only N mutants, always the same")
    parser.add_argument("--system", default="", help="only those of one system")
    options = parser.parse_args(arguments)
    dialects = detection.DIALECTS
    made = [mutant for dialect in dialects for mutant in mutants(dialect) if options.system in ("", dialect.system)]
    if options.sample:
        made = random.Random(0).sample(made, min(options.sample, len(made)))
    unnoticed = [mutant for mutant in made if not notices(mutant, dialects)]
    for mutant in unnoticed:
        print(f"{mutant.dialect.system}: {mutant.change}")
    print(f"{len(made)} mutants, {len(made) - len(unnoticed)} noticed ({1 - len(unnoticed) / len(made):.1%})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
