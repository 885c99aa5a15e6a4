"""How much of a file was understood: which lines gave facts, which are known noise, and what the rest looks like."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from .consistency import checks, summary
from .engine.detection import detect
from .engine.lines import decode, printable
from .engine.text import NotALog, Text, texts
from .facts import Reading, Run
from .noise import noise
from .reading import files, parse_texts

_DIGITS = re.compile(r"\d+")
_LONGEST_SHAPE = 100
# Of a longer line this much is looked at: what kind it is shows at its beginning.
_LOOKED_AT = 4096


@dataclass(slots=True)
class Coverage:
    """Lines of a file: in all, giving facts, known noise, not understood; the kinds of noise and of unknown shapes.

    `firsts` has the first line of each unknown shape.
    """

    lines: int = 0
    facts: int = 0
    noise: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    firsts: dict[str, str] = field(default_factory=dict)

    @property
    def known_noise(self) -> int:
        """Lines that are known to say nothing of a run."""
        return self.noise.total()

    @property
    def not_understood(self) -> int:
        """Lines that are neither."""
        return self.unknown.total()


def parse_covered(data: bytes, name: str = "") -> tuple[Reading, Coverage]:
    """Return what the bytes of a file hold, and how much of it was understood; of no log, there are no lines."""
    result = Coverage()
    try:
        parts = texts(data)
    except NotALog as error:
        return Reading(name, (), reason=str(error)), result
    reading, understood = parse_texts(parts, name)
    for text, offsets in understood:
        _add(result, text, offsets)
    return reading, result


def _add(result: Coverage, text: Text, matched: list[int]) -> None:
    dialects = tuple(dialect for dialect, _ in detect(text.data))
    lines = text.data[:].split(b"\n")
    if not lines[-1]:
        lines.pop()
    ends = list(accumulate(len(line) + 1 for line in lines))
    read_lines = {bisect_right(ends, offset) for offset in matched}
    for number, line in enumerate(lines):
        result.lines += 1
        if number in read_lines:
            result.facts += 1
            continue
        shown = decode(line.rstrip(b"\r").rpartition(b"\r")[2][:_LOOKED_AT])
        kind = noise(shown, dialects)
        if kind:
            result.noise[kind] += 1
        else:
            shape = _shape(shown)
            result.unknown[shape] += 1
            result.firsts.setdefault(shape, shown)


def _shape(line: str) -> str:
    """Return a line with its numbers taken out, so that lines of one shape count together."""
    return _DIGITS.sub("0", line.strip())[:_LONGEST_SHAPE]


def explain(path: Path, most: int = 8) -> tuple[str, bool]:
    """Return what was understood of the file at `path` as text, and whether it held a run; of an archive, each file."""
    try:
        told = [_explained(*file, most) for file in files(path, str(path))]
    except NotALog as error:
        return f"{printable(str(path))}\n  no runs  {error}", False
    return "\n".join(text for text, _ in told), all(understood for _, understood in told)


def _explained(name: str, data: bytes, reason: str, most: int) -> tuple[str, bool]:
    reading, found = (Reading(name, (), reason=reason), Coverage()) if reason else parse_covered(data, name)
    said = [printable(name)]
    said += [f"  dialect  {system}, for it says {sign!r}" for system, sign in reading.dialects]
    said += [f"  prefix   {count:6} lines begin as {shown}" for shown, count in reading.prefixes]
    said += [f"  note     {note}" for note in reading.notes]
    if reading.reason:
        said.append(f"  no runs  {reading.reason}")
    said += [_run_line(run) for run in reading.runs]
    if found.lines:
        said += _shares(found, most)
    return "\n".join(said), bool(reading.runs)


def _run_line(run: Run) -> str:
    words = [run.fact(name) for name in ("system", "workload", "stage", "outcome")]
    named = " ".join(printable(fact.value) for fact in words if fact is not None)
    points = sum(len(series.steps) for series in run.series)
    lines = f"lines {run.first_line}-{run.last_line}"
    told = f"  run {run.ordinal}    {lines}: {named}; {len(run.facts)} facts, {points} points"
    tried = checks(run)
    broken = [f"\n           {check.sentence()}" for check in tried if not check.holds]
    agree = f"; arithmetic: {summary(run)}" if tried and not broken else ""
    return "".join([told, agree, *broken])


def _shares(found: Coverage, most: int) -> list[str]:
    of_lines = ", ".join(
        f"{count} ({count / found.lines:.1%}) {said}"
        for count, said in (
            (found.facts, "gave facts"),
            (found.known_noise, "are known noise"),
            (found.not_understood, "were not understood"),
        )
    )
    said = [f"  lines    {found.lines}: {of_lines}"]
    said += [f"  noise    {count:6} {kind}" for kind, count in found.noise.most_common()]
    said += [f"  unknown  {count:6} {printable(shape)}" for shape, count in found.unknown.most_common(most)]
    return said
