"""How much of a file was understood: lines that gave facts, known noise, and the shapes of the rest."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from .consistency import checks, summary
from .engine.detection import detect
from .engine.events import Event
from .engine.lines import decode, printable
from .engine.shapes import Dialect
from .engine.text import NotALog, Text, texts
from .facts import Reading, Run
from .noise import noise
from .reading import files, parse_texts
from .silence import Lacking, looks, seen

_DIGITS = re.compile(r"\d+")
_LONGEST_SHAPE = 100
# A key and its number: `Loss=1.5`, `'final_loss': 8.5`.
_KEY = re.compile(
    rb"(?<![\w/.-])(?P<key>[A-Za-z_][\w/.-]{0,60}+)[\"'*`]{0,3}[ \t]{0,8}[:=][ \t\"'*`]{0,8}(?P<value>[-+]?\.?\d)"
)


@dataclass(slots=True)
class Coverage:
    """Counts of a file's lines: all, with facts, known noise, not understood; kinds of noise and of unknown shapes.

    `firsts` has the first line of each unknown shape, `results` the unknown shapes that look like results. `keys` has
    the keys with a number on lines that gave facts, if no fact has that number. `lacking` has the shapes of lines that
    lack a value which others of their kind have.
    """

    lines: int = 0
    facts: int = 0
    noise: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    firsts: dict[str, str] = field(default_factory=dict)
    results: Counter[str] = field(default_factory=Counter)
    keys: Counter[str] = field(default_factory=Counter)
    lacking: Counter[str] = field(default_factory=Counter)

    @property
    def known_noise(self) -> int:
        """Lines that are known to say nothing about a run."""
        return self.noise.total()

    @property
    def not_understood(self) -> int:
        """Lines that are neither."""
        return self.unknown.total()


def parse_covered(data: bytes, name: str = "") -> tuple[Reading, Coverage]:
    """Return what a file's bytes hold, and how much was understood; other files than logs have no lines."""
    result = Coverage()
    try:
        parts = texts(data)
    except NotALog as error:
        return Reading(name, (), reason=str(error)), result
    reading, understood = parse_texts(parts, name)
    for text, events in understood:
        _add(result, text, events)
    return reading, result


def _add(result: Coverage, text: Text, events: list[Event]) -> None:
    dialects = tuple(dialect for dialect, _ in detect(text.data))
    lines = text.data[:].split(b"\n")
    if not lines[-1]:
        lines.pop()
    ends = list(accumulate(len(line) + 1 for line in lines))
    read_lines = {bisect_right(ends, offset) for event in events for offset in event.offsets_in_text()}
    values = {begin for event in events for begin in event.values_in_text()}
    result.lines += len(lines)
    lacks = Lacking()
    offsets = [event.base + offset for event in events for offset in lacks.offsets(event)]
    result.lacking.update(_shape(decode(seen(lines[bisect_right(ends, offset)]))) for offset in offsets)
    for number, line in enumerate(lines):
        if number in read_lines:
            result.facts += 1
            result.keys.update(_keys_left(line, ends[number] - len(line) - 1, values))
        else:
            _add_unread(result, seen(line), dialects)


def _add_unread(result: Coverage, line: bytes, dialects: tuple[Dialect, ...]) -> None:
    text = decode(line)
    kind = noise(text, dialects)
    if kind:
        result.noise[kind] += 1
        return
    shape = _shape(text)
    result.unknown[shape] += 1
    result.firsts.setdefault(shape, text)
    if looks(line, dialects):
        result.results[shape] += 1


def _keys_left(line: bytes, begin: int, values: set[int]) -> set[str]:
    """Return the keys on a line whose numbers were not read: no value that was read begins there."""
    keys = _KEY.finditer(line)
    return {decode(key["key"]) for key in keys if begin + key.start("value") not in values}


def _shape(line: str) -> str:
    """Return a line with its numbers taken out, so that lines of one shape count together."""
    return _DIGITS.sub("0", line.strip())[:_LONGEST_SHAPE]


def explain(path: Path, most: int = 8, name: str = "") -> tuple[str, bool]:
    """Return as text what was understood of the file (or archive) at `path`, and whether it holds a run.

    `name` is what the file is called, if it is not its path.
    """
    name = name or str(path)
    try:
        texts = [_explained(*file, most) for file in files(path, name)]
    except NotALog as error:
        return f"{printable(name)}\n  no runs  {error}", False
    return "\n".join(text for text, _ in texts), all(understood for _, understood in texts)


def _explained(name: str, data: bytes, reason: str, most: int) -> tuple[str, bool]:
    reading, coverage = (Reading(name, (), reason=reason), Coverage()) if reason else parse_covered(data, name)
    lines = [printable(name)]
    lines += [f"  dialect  {system}, because it says {sign!r}" for system, sign in reading.dialects]
    lines += [f"  prefix   {count:6} lines begin as {shown}" for shown, count in reading.prefixes]
    lines += [f"  note     {note}" for note in reading.notes]
    if reading.reason:
        lines.append(f"  no runs  {reading.reason}")
    lines += [_run_line(run) for run in reading.runs]
    if coverage.lines:
        lines += _shares(coverage, most)
    return "\n".join(lines), bool(reading.runs)


def _run_line(run: Run) -> str:
    words = [run.fact(name) for name in ("system", "workload", "stage", "outcome")]
    named = " ".join(printable(fact.value) for fact in words if fact is not None)
    points = sum(len(series.steps) for series in run.series)
    lines = f"lines {run.first_line}-{run.last_line}"
    line = f"  run {run.ordinal}    {lines}: {named}; {len(run.facts)} facts, {points} points"
    tried = checks(run)
    broken = [f"\n           {check.sentence()}" for check in tried if not check.holds]
    agree = f"; arithmetic: {summary(run)}" if tried and not broken else ""
    return "".join([line, agree, *broken])


def _shares(coverage: Coverage, most: int) -> list[str]:
    of_lines = ", ".join(
        f"{count} ({count / coverage.lines:.1%}) {lines}"
        for count, lines in (
            (coverage.facts, "gave facts"),
            (coverage.known_noise, "are known noise"),
            (coverage.not_understood, "were not understood"),
        )
    )
    lines = [f"  lines    {coverage.lines}: {of_lines}"]
    lines += [f"  noise    {count:6} {kind}" for kind, count in coverage.noise.most_common()]
    lines += _commonest("key", coverage.keys, most, "keys, whose numbers are on lines that gave facts")
    lines += _commonest("result", coverage.results, most, "shapes that look like results")
    lines += _commonest("lacking", coverage.lacking, most, "shapes of lines that lack a value which others have")
    return lines + _commonest("unknown", coverage.unknown - coverage.results, most, "shapes")


def _commonest(label: str, counts: Counter[str], most: int, others: str) -> list[str]:
    """Return the commonest entries, one per line, and a last line that counts the others."""
    rows = [f"  {label:8} {count:6} {printable(words)}" for words, count in counts.most_common(most)]
    more = counts.most_common()[most:]
    lines = sum(count for _, count in more)
    return [*rows, f"  {label:8} {lines:6} in {len(more)} more {others}"] if more else rows
