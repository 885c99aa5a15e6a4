"""What a dialect is made of: line shapes as data. A dialect imports them from `parsers.grammar`."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from .templates import DialectFault

if TYPE_CHECKING:
    from .drafts import Draft
    from .events import Event, Lines

_SIGN = re.compile(rb"\\?.", re.DOTALL)
_GROUP_OPENING = re.compile(rb"^(?:\(\?<![^()]*\)|\(\?P<\w+>)+")
_LITERAL = re.compile(rb"(?:[^\\.^$*+?{}\[\]|()]|\\[^\w])*")


class Role(enum.Enum):
    """What a line of a shape does to the runs."""

    OPENS = "an opening line: begins a run, unless the open one goes on"
    GIVES = "a line of the grammar: begins a run where none is open"
    FOLLOWS = "as GIVES, but only in an open run of its dialect that has reached a phase: else it is another system's"
    INSIDE = "says something of the open run, begins none"
    AHEAD = "says something of the open run, else of the next one before a prompt or fence"
    BREAKS = "ends whatever is open: a shell prompt, a fence"


OPENS, GIVES, FOLLOWS, INSIDE, AHEAD = Role.OPENS, Role.GIVES, Role.FOLLOWS, Role.INSIDE, Role.AHEAD
# What a line may say of the end of its run.
ENDS = ("completed", "failed", "killed")


class Shape(NamedTuple):
    """One shape of line, and what such a line says. `parsers.grammar` tells what each field is for."""

    pattern: bytes
    role: Role = Role.GIVES
    action: Callable[[Draft[Any], Event], None] | None = None
    example: str | tuple[str, ...] = ()
    # where it counts
    start: bool = False
    bare: bool = False
    during: tuple[int, ...] = ()
    # whether it begins another run
    phase: int = 0
    once: bool = False
    another: Callable[[Draft[Any], Event], bool] | bool | None = None
    # what it says beside its groups
    says: Mapping[str, str] = MappingProxyType({})
    times_from: str = ""
    times_to: str = ""
    ends: str = ""
    cures: bool = True
    final: bool = False
    last: bool = False
    refuses: str = ""
    # lines that a run prints again and again
    series: bool = False
    counted: bool = False
    apart: Callable[[Lines], bool] | None = None

    def is_sign(self) -> bool:
        """Return whether a line of this shape only shows which system a run is of."""
        return self.bare and self.role is not Role.OPENS and b"(?P<" not in self.pattern


class Dialect(NamedTuple):
    """How one system writes its logs. `parsers.grammar` tells what each field is for."""

    system: str
    signs: tuple[bytes, ...]
    shapes: tuple[Shape, ...]
    repeating: tuple[int, ...] = ()
    stamp: re.Pattern[bytes] | None = None
    moment: bytes = b""
    noise: tuple[tuple[str, str], ...] = ()
    hosts: str = ""
    called: str = ""
    memory: Callable[[], Any] = lambda: None
    begin: Callable[[Draft[Any], Event], None] | None = None
    close: Callable[[Draft[Any]], None] | None = None

    def __eq__(self, other: object) -> bool:
        """Return whether the other one is this one, whatever it says."""
        return self is other

    def __hash__(self) -> int:
        """Return a number of this one."""
        return id(self)


@cache
def literal(pattern: bytes) -> bytes:
    """Return the literal that a shape's pattern begins with, which any match must begin with.

    The search goes into a leading group, so a group that begins a pattern may not hold alternatives.

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


# Patterns of dialects that a person added: nobody has checked how long they can take.
_guarded: set[bytes] = set()
_PATIENCE = 2.0  # seconds for one search


def guard(dialect: Dialect) -> None:
    """Let the patterns of a dialect run under a time limit."""
    _guarded.update(shape.pattern for shape in dialect.shapes)
    compiled.cache_clear()


@cache
def compiled(pattern: bytes) -> re.Pattern[bytes]:
    """Return a shape's pattern compiled; one that no log needs is never compiled."""
    try:
        return cast("re.Pattern[bytes]", _Guarded(pattern)) if pattern in _guarded else re.compile(pattern)
    except re.error as error:
        raise DialectFault(f"{_begin(pattern)!r} is not a regular expression: {error}") from None


class _Guarded:
    """A compiled pattern whose searches end in time, with the methods that the engine uses."""

    def __init__(self, pattern: bytes) -> None:
        import regex

        self._pattern = regex.compile(pattern)
        self.groups, self.groupindex = self._pattern.groups, self._pattern.groupindex

    def match(self, data: bytes, begin: int = 0) -> object:
        return self._timed(self._pattern.match, data, begin)

    def findall(self, data: bytes, begin: int = 0) -> object:
        return self._timed(self._pattern.findall, data, begin)

    def _timed(self, search: Callable[..., object], data: bytes, begin: int) -> object:
        try:
            return search(data, begin, timeout=_PATIENCE)
        except TimeoutError:
            shown = _begin(self._pattern.pattern)
            raise DialectFault(f"the pattern {shown!r} took longer than {_PATIENCE:g} s on this log") from None


def _begin(pattern: bytes) -> str:
    """Return the first characters of a pattern, which a message shows."""
    return pattern[:60].decode("utf-8", "replace")
