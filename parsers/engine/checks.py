"""What must hold of a dialect. Each broken rule is a sentence: the file, the shape, what is wrong, what is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from ..vocabulary import BY_NAME
from .shapes import ENDS, Dialect, Role, Shape, literal
from .templates import DialectFault, Line

_GROUP = re.compile(rb"\(\?P<(\w+)>")
_PRIVATE = "a name that begins with _ is private"
_SIGN = 3  # bytes


def check(dialect: object, where: str) -> None:
    """Check what can be seen without compiling a pattern.

    Raises
    ------
    DialectFault
        With the first rule that the dialect breaks.
    """
    if not isinstance(dialect, Dialect):
        raise DialectFault(f"{where}: DIALECT is {type(dialect).__name__}; `Dialect(...)` of parsers.grammar makes one")
    _raise_first(_of_dialect(dialect), where)
    _raise_first(chain.from_iterable(_of_shape(dialect, shape) for shape in dialect.shapes), where)


def check_examples(dialect: Dialect, where: str) -> None:
    """Check that each pattern can be compiled and matches its examples, and that these have a value for each group.

    Raises
    ------
    DialectFault
        With the first shape that fails.
    """
    _raise_first(chain.from_iterable(_of_examples(shape) for shape in dialect.shapes), where)


def check_further(dialect: Dialect, where: str) -> None:
    """Check that a further file of a system has no field that only the first file may have.

    Raises
    ------
    DialectFault
        With the first field that only the first file may have.
    """
    fields = ("repeating", "stamp", "moment", "hosts", "called", "memory", "begin", "close")
    alone = Dialect(dialect.system, dialect.signs, dialect.shapes)
    given = (name for name in fields if getattr(dialect, name) != getattr(alone, name))
    _raise_first((f"{name} belongs into the first file of the system {dialect.system!r}" for name in given), where)


def _raise_first(faults: Iterator[str], where: str) -> None:
    fault = next(faults, None)
    if fault is not None:
        raise DialectFault(f"{where}: {fault}")


def _of_dialect(dialect: Any) -> Iterator[str]:
    if not isinstance(dialect.system, str) or not dialect.system:
        yield "system is empty; it is the name of the system, as pages show it"
    if not dialect.signs or not all(isinstance(sign, bytes) and len(sign) >= _SIGN for sign in dialect.signs):
        yield f'signs are {dialect.signs!r}; they are texts of at least {_SIGN} bytes, such as (b"toy-runtime ",)'
    if not dialect.shapes or not all(isinstance(shape, Shape) for shape in dialect.shapes):
        yield "shapes is not a tuple of Shape(...)"
    if dialect.stamp is not None and set(dialect.stamp.groupindex) != {"stamp"}:
        yield f"stamp has the groups {', '.join(dialect.stamp.groupindex) or 'none'}; its one group is called stamp"
    for entry in dialect.noise:
        if len(entry) != 2:
            yield f"noise has {entry!r}; an entry is (kind, what such a line begins with)"


def _of_shape(dialect: Dialect, shape: Any) -> Iterator[str]:
    name = shown(shape)
    if not isinstance(shape.pattern, bytes):
        yield f"{name}: a pattern is line(...) or bytes"
        return
    if not literal(shape.pattern):
        yield f"{name}: a pattern begins with a text that is searched for, with no group of alternatives or repeat"
    if not isinstance(shape.role, Role):
        yield f"{name}: role is {shape.role!r}; roles are OPENS, GIVES, FOLLOWS, INSIDE, AHEAD"
    if shape.ends and shape.ends not in ENDS:
        yield f"{name}: ends={shape.ends!r}; it is one of {', '.join(ENDS)}"
    yield from (f"{name}: {fault}" for fault in _of_names(dialect, shape))
    if not isinstance(shape.pattern, Line) and not shape.example:
        yield f"{name}: a regular expression has a line that it matches beside it, as example="


def _of_names(dialect: Dialect, shape: Shape) -> Iterator[str]:
    """Yield what is wrong with the names of a shape's facts."""
    groups = groups_of(shape)
    names = {*groups, *shape.says, shape.times_to or "time", shape.times_from or "time"}
    for name in sorted(names - {"step"}):
        if name[0] != "_" and name not in BY_NAME:
            yield f"{name!r} is not a name in parsers/vocabulary.py; {_PRIVATE}"
    if "step" in groups and not shape.series:
        yield "the group step is that of a series; add series=True"
    for value in shape.says.values():
        if value.startswith("{") and value[1:-1] not in groups:
            yield f"says {value}, but the groups are {', '.join(groups) or 'none'}"
    if (shape.times_to or shape.times_from) and dialect.stamp is None:
        yield "times are taken from timestamps; the dialect's stamp says what one looks like"


def _of_examples(shape: Shape) -> Iterator[str]:
    name = shown(shape)
    try:
        pattern = re.compile(shape.pattern)
    except re.error as error:
        yield f"{name}: not a regular expression ({error})"
        return
    examples = (shape.example,) if isinstance(shape.example, str) else shape.example
    seen: set[str] = set()
    for example in filter(None, examples):
        match = pattern.search(example.encode() + b"\n")
        if match is None:
            yield f"{name}: it does not match its example {example!r}"
        else:
            seen |= {group for group, value in match.groupdict().items() if value is not None}
    missing = [group for group in pattern.groupindex if group[0] != "_" and group not in seen]
    if any(examples) and missing:
        yield f"{name}: no example has a value for the group {missing[0]}"


def groups_of(shape: Shape) -> tuple[str, ...]:
    """Return the names of a pattern's groups."""
    return tuple(name.decode() for name in _GROUP.findall(shape.pattern))


def shown(shape: Any) -> str:
    """Return a shape as a message shows it: its template, else the beginning of its pattern."""
    if isinstance(shape.pattern, Line):
        return f"shape {shape.pattern.template!r}"
    pattern = shape.pattern
    return f"shape {pattern[:60].decode('utf-8', 'replace') if isinstance(pattern, bytes) else pattern!r}"
