"""Stand-ins for what is private in a log.

A stand-in depends only on the order of appearance, so nobody can undo it. The same thing has the same stand-in in all
logs of one call. A stand-in never counts as private: it is an address reserved for examples, or a name with a number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from ..reader import NotALog, texts
from .find import DOCUMENTATION, DOCUMENTATION_6, FAMILIES, Known, PrivateThing, find, learn, word


class Redacted(NamedTuple):
    """A log with stand-ins: its bytes, how often each kind was replaced, and the stand-in of each thing."""

    data: bytes
    counts: Counter[str]
    stand_ins: Mapping[str, str]

    def of(self, text: str) -> str:
        """Return a piece of the original's text with stand-ins."""
        return word(self.stand_ins).sub(lambda match: self.stand_ins[match[0]], text)


def redact(data: bytes) -> Redacted:
    """Return a log with a stand-in for everything private, line for line; all other bytes are as they were."""
    return redact_all([data])[0]


def redact_all(logs: Sequence[bytes]) -> list[Redacted]:
    """Return logs with stand-ins; a private thing in one log gets the same stand-in in all.

    The names are found in the plain text of each log, without colours or notebook marks. They are replaced in its
    bytes.
    """
    known = learn(part for data in logs for part in read_as(data))
    texts_of_logs = [data.decode("latin-1") for data in logs]
    things_by_log = [find(text, known) for text in texts_of_logs]
    stand_ins = _stand_ins(known, {thing.value: thing.kind for places in things_by_log for thing in places})
    return [_replaced(text, places, stand_ins) for text, places in zip(texts_of_logs, things_by_log, strict=True)]


def _replaced(text: str, things: Sequence[PrivateThing], stand_ins: Mapping[str, str]) -> Redacted:
    parts, at = [], 0
    for thing in things:
        parts += [text[at : thing.start], stand_ins[thing.value]]
        at = thing.end
    counts = Counter(thing.kind for thing in things)
    return Redacted("".join([*parts, text[at:]]).encode("latin-1"), counts, stand_ins)


def left(data: bytes) -> list[tuple[int, str]]:
    """Return the private things in a file's bytes and in the text that is read from it, as lines and kinds."""
    parts = read_as(data)
    known = learn(parts)
    return sorted({(text.count("\n", 0, thing.start) + 1, thing.kind) for text in parts for thing in find(text, known)})


def read_as(data: bytes) -> list[str]:
    """Return the bytes of a file as text, and the texts that the parsers read from it if they differ."""
    try:
        read = [text.data[:] for text in texts(data)]
    except NotALog:
        read = []
    return [part.decode("latin-1") for part in dict.fromkeys([data, *read])]


def _stand_ins(known: Known, kinds: Mapping[str, str]) -> dict[str, str]:
    seen: Counter[str] = Counter()
    by_value: dict[str, str] = {}
    for value, kind in chain(known.things.items(), kinds.items()):
        if value not in by_value:
            family = FAMILIES[kind]
            seen[family] += 1
            by_value[value] = _MAKERS[family](seen[family], value)
    return by_value


def _address(number: int, value: str) -> str:
    """Return an address of the ranges kept for examples; past the last the first comes again."""
    if ":" in value:
        return str(DOCUMENTATION_6[number])
    hosts = [host for net in DOCUMENTATION for host in net.hosts()]
    return str(hosts[(number - 1) % len(hosts)])


# A name with a domain keeps one: a bare word alone on a line could be read as the rest of a value that a line cut.
_DOMAIN = ".example.org"
_MAKERS: dict[str, Callable[[int, str], str]] = {
    "user": lambda number, _: f"user{number}",
    "mail": lambda number, _: f"mail{number}@example.org",
    "address": _address,
    "hardware": lambda number, _: f"00:00:5e:00:53:{number % 256:02x}",
    "host": lambda number, value: f"host{number}{_DOMAIN if '.' in value else ''}",
    "phone": lambda number, _: f"+1 555 01{number % 100:02d}",
    "serial": lambda number, _: f"SERIAL{number}",
    "secret": lambda number, _: f"secret{number}",
}
