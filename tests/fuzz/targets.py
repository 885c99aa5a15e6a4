"""What is fuzzed, and what must hold whatever the bytes are."""

from __future__ import annotations

from collections.abc import Callable

from parsers.coverage import parse_covered
from parsers.engine.boundaries import runs
from parsers.engine.loading import known
from parsers.engine.shapes import Dialect, literal
from parsers.engine.text import Text, texts
from parsers.evidence import stands
from parsers.facts import Run, rows
from parsers.reading import parse
from parsers.vocabulary import term

Check = Callable[[bytes], None]


class Broken(AssertionError):
    """A rule that must hold for all bytes does not; the message says which."""


def check_bytes(data: bytes) -> None:
    """Read bytes as a file and hold the result against the rules of every reading."""
    reading = parse(data, "x")
    _hold(bool(reading.runs) != bool(reading.reason), "a file gives runs or a reason")
    _, found = parse_covered(data)
    counted = found.facts + found.known_noise + found.not_understood
    _hold(found.lines == counted, "each line is counted once")
    for run in reading.runs:
        _hold(1 <= run.first_line <= run.last_line <= _last_line(data), "a run stands in its file")


def _last_line(data: bytes) -> int:
    """Return the number of the last line of a file that holds log text."""
    return max(part.places[-1][0] if part.places else part.data[:].count(b"\n") + 1 for part in texts(data))


def check_dialect(dialect: Dialect, data: bytes) -> None:
    """Read bytes as a text of one dialect and hold its facts against the rules of every fact."""
    text = Text(data)
    found = tuple(runs(text, (dialect,)))
    lines = data.split(b"\n")
    for run in found:
        _check_run(run, lines)
    # Cut behind a line: where a fuzzer puts what belongs on several lines on one, its end may tell it anew.
    cut = data.find(b"\n", len(data) * (data[0] if data else 0) // 256) + 1
    _check_prefix(found, tuple(runs(Text(data[:cut]), (dialect,))))


def _check_run(run: Run, lines: list[bytes]) -> None:
    _hold(1 <= run.first_line <= run.last_line <= len(lines), "a run stands in its text")
    for fact in run.facts:
        _hold(term(fact.name).kind == fact.kind, f"{fact.name} is of its kind")
        _hold(1 <= fact.line <= len(lines) and fact.view_line >= fact.line, f"{fact.name} has a line")
        _hold(stands(fact.name, fact.value, lines[fact.line - 1]), f"{fact.name} stands on its line")
    for series in run.series:
        for value, line in zip(series.values, series.lines, strict=True):
            _hold(stands(series.name, value, lines[line - 1]), f"each point of {series.name} stands on its line")


def _check_prefix(whole: tuple[Run, ...], cut: tuple[Run, ...]) -> None:
    known = set(rows("", whole))
    more = [row for row in rows("", cut) if row not in known and not term(str(row[3])).sums_up]
    _hold(not more, f"a prefix gives a subset, without {more[:1]}")


def _hold(holds: bool, rule: str) -> None:
    if not holds:
        raise Broken(rule)


def _of(dialect: Dialect) -> Check:
    return lambda data: check_dialect(dialect, data)


TARGETS: dict[str, Check] = {"bytes": check_bytes} | {dialect.system: _of(dialect) for dialect in known()}


def words(name: str) -> list[bytes]:
    """Return the words that a fuzzer may put together for a target: literals of the shapes, marks and wrappings."""
    from parsers.dialects import shell

    dialects = [dialect for dialect in known() if name in ("bytes", dialect.system)]
    shapes = [
        *shell.PROMPTS,
        *shell.FENCES,
        *shell.ENDINGS,
        *(shape for dialect in dialects for shape in dialect.shapes),
    ]
    around = [
        b"\x1f\x8b",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\x1b[",
        b"^M\n",
        b"\r\n",
        b"5c5\n",
        b"@@ -1 +1 @@",
        b"nbformat",
    ]
    return sorted({*(literal(shape.pattern) for shape in shapes), *(around if name == "bytes" else [b"\r\n"])})
