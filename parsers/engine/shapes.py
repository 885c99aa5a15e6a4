"""What a dialect is made of: line shapes as data, and the events that they make where they match.

A shape's pattern begins with a literal, so that the search for it is done in C. Its named groups are names of the
vocabulary: what they match becomes facts. Only a line that means more than its groups has an action.

A shape of series lines is read many lines at a time (`Lines`): its groups are the series, and `step` is their step.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .drafts import Draft
    from .events import Event, Lines

# A number and what must follow it: a number that runs into the end of the data may have been cut there, and one before
# a comma and a digit goes on. The plain decimal, by far the commonest, is tried first, which takes half the time.
NUMBER = (
    rb"(?:\d++\.\d++(?![eE])"
    rb"|[-+]?+(?:\d++(?:\.\d++)?+(?:[eE][-+]?+\d++)?+|inf|nan|NaN|Infinity))"
)
END = rb"(?=[^\w.+,\\-]|,(?!\d)|\\(?!\.)|\.\s)"
# The rest of a word or line that ends: the same rule for text.
EOL = rb"(?=[ \t]*+(?:(?:<br */?>|</\w{1,10}>|[\\$`*|])[ \t]*+)*+[\r\n])"

_SIGN = re.compile(rb"\\?.", re.DOTALL)
_GROUP_OPENING = re.compile(rb"^(?:\(\?<!\[[^\]]*\]\)|\(\?P<\w+>)+")
_LITERAL = re.compile(rb"(?:[^\\.^$*+?{}\[\]|()]|\\[^\w])*")


class Role(enum.Enum):
    """What a line of a shape does to the runs."""

    OPENS = "an opening line: begins a run, unless the dialect says that the open run goes on"
    GIVES = "a line of the grammar: begins a run where none is open"
    INSIDE = "says something of the open run, begins none"
    AHEAD = "says something of the open run, else of the next one before a prompt or fence"
    BREAKS = "ends whatever is open: a shell prompt, a fence"


class Shape(NamedTuple):
    """One shape of line.

    `start` asks that nothing but the marks of a paste stand before it on the line. `bare` marks a line that begins
    a run but is no evidence of one: alone it makes none. `series` marks a line that a run prints again and again: many
    of them come as one event (`Lines`), unless `apart` says that these must be taken one by one; `stamp` says what
    their timestamps look like.
    """

    pattern: bytes
    role: Role = Role.GIVES
    action: Callable[[Draft, Event], None] | None = None
    start: bool = False
    bare: bool = False
    series: bool = False
    stamp: re.Pattern[bytes] | None = None
    apart: Callable[[Lines], bool] | None = None


class Dialect(NamedTuple):
    """How one system writes its logs.

    `signs` are literals of which any tells the dialect. `anew` says whether an event begins another run although one
    of this dialect is open. `begin` and `close` do what can only be done at a run's first line and at its end.
    """

    system: str
    signs: tuple[bytes, ...]
    shapes: tuple[Shape, ...]
    begin: Callable[[Draft, Event], None]
    anew: Callable[[Draft, Event], bool]
    close: Callable[[Draft], None]


@cache
def literal(pattern: bytes) -> bytes:
    """Return the literal that a shape's pattern begins with: what any match of it must begin with.

    A leading group is looked into, so no group that begins a pattern may hold alternatives.

    >>> literal(rb"(?P<reason>srun: error: [^\\r]+)"), literal(rb"Model: {1,4}"), literal(rb"\\|global_step:")
    (b'srun: error: ', b'Model:', b'|global_step:')
    """
    rest = _GROUP_OPENING.sub(b"", pattern)
    plain = _LITERAL.match(rest)
    assert plain is not None, "a pattern can be empty of literals but not of matches"
    end = plain.end()
    signs = [sign.removeprefix(b"\\") for sign in _SIGN.findall(rest[:end])]
    if rest[end : end + 1] in (b"*", b"?", b"{", b"+"):
        signs = signs[:-1]  # the last sign may be missing or repeated
    return b"".join(signs)


@cache
def compiled(pattern: bytes) -> re.Pattern[bytes]:
    """Return a shape's pattern compiled; one that no log needs is never compiled."""
    return re.compile(pattern)


def nothing(_run: Draft, _event: Event) -> None:
    """Do nothing: for a dialect whose runs need no word at their first line."""
