"""What the dialects can read: the systems, or the lines of one system and what each states."""

from __future__ import annotations

from collections.abc import Iterator

from .engine.checks import groups_of
from .engine.loading import known
from .engine.shapes import Dialect, Role, Shape
from .engine.templates import Line
from .vocabulary import BY_NAME

_ROLES = {
    Role.OPENS: "begins a run",
    Role.GIVES: "belongs to a run",
    Role.FOLLOWS: "belongs to an open run, or to another behind it",
    Role.INSIDE: "belongs to an open run",
    Role.AHEAD: "belongs to the run that follows",
}


class NoSuchSystem(Exception):
    """No dialect is of that system; the message lists the systems."""


def systems_text() -> str:
    """Return the known systems, one per line: name, number of lines that are read, one sign."""
    lines = [f"{'system':12}{'lines':>6}  one of its signs"]
    for dialect in known():
        sign = dialect.signs[0].decode("utf-8", "replace").strip()
        lines.append(f"{dialect.system:12}{len(dialect.shapes):6}  {sign}")
    return "\n".join(lines)


def system_text(name: str) -> str:
    """Return the lines that a system's dialect reads: how each is written, and what it states.

    Raises
    ------
    NoSuchSystem
        If there is no dialect of that system.
    """
    for dialect in known():
        if dialect.system.lower() == name.lower():
            return "\n".join(_described(dialect))
    known_names = ", ".join(dialect.system for dialect in known())
    raise NoSuchSystem(f"{name!r} is not a known system; the systems are {known_names}")


def _described(dialect: Dialect) -> Iterator[str]:
    yield f"{dialect.system}: {len(dialect.shapes)} lines are read"
    for shape in dialect.shapes:
        yield ""
        yield from (f"  {example}" for example in _examples(shape))
        names = ", ".join(dict.fromkeys(_told(shape)))
        yield f"    {_ROLES[shape.role]}" + (f"; tells {names}" if names else "")
        if shape.ends:
            yield f"    says that the run {_OUTCOMES[shape.ends]}"


_OUTCOMES = {"completed": "is completed", "failed": "has failed", "killed": "was killed"}


def _examples(shape: Shape) -> tuple[str, ...]:
    """Return how a line is written: its template, else the examples of its pattern."""
    if isinstance(shape.pattern, Line):
        return (shape.pattern.template,)
    return (shape.example,) if isinstance(shape.example, str) else shape.example


def _told(shape: Shape) -> Iterator[str]:
    names = (*groups_of(shape), *shape.says, shape.times_to)
    return (name for name in names if name in BY_NAME)
