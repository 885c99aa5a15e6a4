"""Where shapes match in a text: one search finds all their literals, then each pattern is tried at its literal.

The text is taken in windows, so that memory does not grow with it. A window includes the text around its own part, far
enough for any pattern.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence, Set
from functools import cache
from heapq import heapify, heappop, heapreplace
from itertools import compress, count
from operator import itemgetter

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from ..dialects import record, shell
from .breaks import Broken, look_for_breaks
from .events import Event, Lines, at_start
from .fronts import Fronted, Literal, look_for_fronts
from .prefixes import Prefixed, look_for_prefixes
from .shapes import Dialect, Role, Shape, compiled, literal
from .text import Bytes, Unclean

WINDOW = 1 << 20
# What a pattern may look at before and after its literal.
BEFORE, BEHIND = 1 << 13, 1 << 15
_PLACE = itemgetter(0, 1)


def events(data: Bytes, dialects: tuple[Dialect, ...], *, watch: Set[type[Unclean]] = frozenset()) -> Iterator[Event]:
    """Yield where the shapes of the dialects, and of the shell, match in a text, in order.

    Raises
    ------
    Prefixed, Broken
        If a line with a shape's literal has a prefix, or is broken, and `watch` asks for that.
    """
    scanner = _scanner(dialects)
    ends = [0] * len(scanner.shapes)
    begin = 0
    while begin < len(data):
        end = begin + WINDOW if len(data) - begin > WINDOW + BEHIND else len(data)
        base = max(0, begin - BEFORE)
        yield from scanner.scan(data[base : end + BEHIND], base, begin - base, end - base, ends, watch=watch)
        begin = end


@cache
def _scanner(dialects: tuple[Dialect, ...]) -> _Scanner:
    return _Scanner(dialects)


class _Scanner:
    """The shapes of some dialects, and the search for their literals."""

    def __init__(self, dialects: tuple[Dialect, ...]) -> None:
        # The prompts are the first, so that they are known by their place.
        around: list[tuple[Dialect | None, Shape]] = [
            (None, shape) for shape in (*shell.PROMPTS, *shell.FENCES, *shell.ENDINGS, record.LINE)
        ]
        self.shapes = around + [(dialect, shape) for dialect in dialects for shape in dialect.shapes]
        owners: dict[bytes, list[int]] = {}
        for order, (_, shape) in enumerate(self.shapes):
            owners.setdefault(literal(shape.pattern), []).append(order)
        # The search skips fast over text with none of several bytes; a single byte is found as fast by itself.
        literals = sorted(owners, key=lambda sign: len(sign) == 1)
        self._owners = tuple(owners[sign] for sign in literals)
        of_system = [any(self.shapes[order][0] is not None for order in orders) for orders in self._owners]
        self._of_systems = tuple(compress(count(), of_system))
        self._printed = [
            (
                at,
                (
                    literals[at],
                    of_system[at] or self.shapes[orders[0]][1] is record.LINE,
                    all(self.shapes[order][1].start for order in orders),
                ),
            )
            for at, orders in enumerate(self._owners)
            if not all(self.shapes[order][1].role is Role.BREAKS for order in orders)
        ]
        self._single = [(place, sign) for place, sign in enumerate(literals) if len(sign) == 1]
        several = literals[: len(literals) - len(self._single)]
        self._rivals = _rivals(several)
        self._search = BytesAhoCorasick(several, implementation=Implementation.DFA, matchkind=MatchKind.LeftmostFirst)

    def scan(
        self, window: bytes, base: int, begin: int, end: int, ends: list[int], *, watch: Set[type[Unclean]]
    ) -> Iterator[Event]:
        """Yield the matches that begin in window[begin:end]; `ends` keeps where the last one of each shape ended."""
        singles: list[tuple[int, int, Event]] = []
        series: list[Lines] = []
        for order, offsets in self._candidates(window, begin, watch=watch):
            dialect, shape = self.shapes[order]
            if shape.series:
                lines = _lines(window, base, end, offsets, shape, dialect, ends[order] - base)
                if lines is not None:
                    series.append(lines)
                    ends[order] = base + lines.end_of_last()
                continue
            matches = _matches(shape, window, offsets, ends[order] - base)
            begun = [match for match in matches if match.start() < end]
            if begun:
                ends[order] = base + begun[-1].end()
            if order < len(shell.PROMPTS):
                begun = list(filter(shell.is_prompt, begun))
            singles += [(match.start(), order, Event(shape, match, dialect, base)) for match in begun]
        singles.sort(key=_PLACE)
        return _woven([event for _, _, event in singles], [offset for offset, _, _ in singles], series)

    def _candidates(self, window: bytes, begin: int, *, watch: Set[type[Unclean]]) -> Iterator[tuple[int, list[int]]]:
        """Yield each shape whose literal is in the window, with the offsets of the literal."""
        offsets_of: list[list[int]] = [[] for _ in self._owners]
        note = [offsets.append for offsets in offsets_of]
        for index, start, _ in self._search.find_matches_as_indexes(memoryview(window)[begin:] if begin else window):
            note[index](start)
        if begin:
            offsets_of = [[begin + offset for offset in offsets] for offsets in offsets_of]
        self._add_hidden(offsets_of, window)
        for index, sign in self._single:
            offsets_of[index] = _each(sign, window, begin)
        if Prefixed in watch:
            look_for_prefixes(window, offsets_of)
        if Fronted in watch:
            look_for_fronts(
                window, begin, [Literal(offsets_of[at], *what) for at, what in self._printed if offsets_of[at]]
            )
        if Broken in watch:
            of_systems = [offsets_of[index] for index in self._of_systems if offsets_of[index]]
            look_for_breaks(window, of_systems) if of_systems else None
        for offsets, owners in zip(offsets_of, self._owners, strict=True):
            if offsets:
                yield from ((order, offsets) for order in owners)

    def _add_hidden(self, offsets_of: list[list[int]], window: bytes) -> None:
        """Add the literals that begin within another one, which the search skips."""
        hidden = [
            (index, offset + step)
            for outer, step, index, sign in self._rivals
            for offset in offsets_of[outer]
            if window.startswith(sign, offset + step)
        ]
        for index, offset in hidden:
            offsets_of[index].append(offset)
        for index in {index for index, _ in hidden}:
            offsets_of[index].sort()


def _rivals(literals: Sequence[bytes]) -> list[tuple[int, int, int, bytes]]:
    """Return (place, step, other's place, other) where a literal may hold the begin of another so many bytes on."""
    # By their first byte, with which a literal may end, and by their first two.
    beginning: dict[bytes, list[int]] = {}
    for place, sign in enumerate(literals):
        for length in (1, 2):
            beginning.setdefault(sign[:length], []).append(place)
    return [
        (place, step, other, literals[other])
        for place, sign in enumerate(literals)
        for step in range(len(sign))
        for other in beginning.get(sign[step : step + 2], ())
        if (other != place or step)
        and (sign.startswith(literals[other], step) or literals[other].startswith(sign[step:]))
    ]


def _each(sign: bytes, window: bytes, begin: int) -> list[int]:
    """Return where a byte is."""
    offsets: list[int] = []
    while (begin := window.find(sign, begin)) >= 0:
        offsets.append(begin)
        begin += 1
    return offsets


def _matches(shape: Shape, window: bytes, offsets: Sequence[int], free: int) -> list[re.Match[bytes]]:
    """Return where the pattern matches at the offsets of its literal, none within the match before."""
    match_at, matches = compiled(shape.pattern).match, []
    for offset in offsets:
        if offset >= free:
            match = match_at(window, offset)
            if match is not None and (not shape.start or at_start(window, offset)):
                matches.append(match)
                free = match.end()
    return matches


def _lines(
    window: bytes, base: int, end: int, offsets: list[int], shape: Shape, dialect: Dialect | None, free: int
) -> Lines | None:
    """Return the lines of a series shape that begin before `end`, as columns."""
    pattern = compiled(shape.pattern)
    groups = pattern.findall(window, max(free, offsets[0]))
    if pattern.groups == 1:
        groups = [(text,) for text in groups]
    astray = shape.start and not all(at_start(window, offset) for offset in offsets)
    if astray or len(groups) != len(offsets):  # the literal is there, but no line of the shape
        matched = _matches(shape, window, offsets, free)
        offsets, groups = [match.start() for match in matched], [match.groups(b"") for match in matched]
    count = bisect_left(offsets, end)
    if count == 0:
        return None
    columns = zip(pattern.groupindex, zip(*groups[:count], strict=True), strict=True)
    first = pattern.match(window, offsets[0])
    assert first is not None, "it matched there before"
    return Lines(Event(shape, first, dialect, base), offsets[:count], dict(columns))


def _woven(singles: list[Event], offsets: list[int], series: list[Lines]) -> Iterator[Event]:
    """Yield single events and series lines in the order of their offsets; lines with no event between them are one."""
    taken = [0] * (len(series) + 1)
    columns = [offsets, *(lines.offsets for lines in series)]
    heads = [(column[0], source) for source, column in enumerate(columns) if column]
    heapify(heads)
    while heads:
        _, source = heads[0]
        begin, column = taken[source], columns[source]
        following = min(heads[1:3], default=(column[-1] + 1, 0))[0]
        end = taken[source] = max(begin + 1, bisect_left(column, following, begin))
        if source == 0:
            yield from singles[begin:end]
        else:
            yield series[source - 1].part(begin, end)
        if end < len(column):
            heapreplace(heads, (column[end], source))
        else:
            heappop(heads)
