"""A log's facts as a file, in place of an original that may not be redistributed."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from pathlib import Path

from ..engine.text import NotALog
from ..facts import Fact, Run, Series, rows
from ..reading import contents
from ..vocabulary import KINDS
from .columns import FACT_NAMES

# No longer than what Python reads as a number.
_LINE, _STEP = re.compile("[1-9][0-9]{0,17}"), re.compile("-?[0-9]{1,4000}")
_TITLE = "The facts of a log, transcribed; the log itself is its author's."


class DamagedTranscription(Exception):
    """A transcription is damaged; the message names the file, the line and what is missing."""


@dataclass(frozen=True, slots=True)
class Transcription:
    """A log's runs, and what the file's head says about the original: sha256, size, url and counts of its lines."""

    log: str
    sha256: str
    size: int
    url: str
    lines: int
    lines_with_facts: int
    lines_of_noise: int
    lines_unknown: int
    runs: tuple[Run, ...] = field(default=())


_HEAD = {
    "log": str,
    "sha256": str,
    "size": int,
    "url": str,
    "lines": int,
    "lines_with_facts": int,
    "lines_of_noise": int,
    "lines_unknown": int,
}


def dump(transcription: Transcription) -> str:
    """Return a transcription as the text of its file."""
    head = [f"# {_TITLE}"]
    head += [f"# {name}: {getattr(transcription, name)}" for name in _HEAD]
    head += [f"# run {run.ordinal}: {run.first_line}-{run.last_line}" for run in transcription.runs]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(FACT_NAMES)
    writer.writerows(rows(transcription.log, transcription.runs))
    return "\n".join(head) + "\n" + out.getvalue()


def load(path: Path) -> Transcription:
    """Return the transcription in the file at `path`.

    Raises
    ------
    DamagedTranscription
        If it is not text, the head lacks an entry, or a row is not of the facts table.
    """
    try:
        text = contents(path).decode().replace("\r\n", "\n").replace("\r", "\n")
    except NotALog as error:
        if not path.exists():
            raise FileNotFoundError(str(path)) from None
        raise DamagedTranscription(f"{path}: {error}") from None
    except UnicodeDecodeError as error:
        raise DamagedTranscription(f"{path}: not UTF-8 ({error.reason} at byte {error.start})") from None
    head, spans, body = _split(path, text)
    strays = [number for number, row in body if row["run"] not in map(str, spans)]
    if strays:
        raise DamagedTranscription(f"{path}:{strays[0]}: a row of a run that the head does not name")
    runs = []
    for ordinal, (first, last) in spans.items():
        mine = [row for _, row in body if row["run"] == str(ordinal)]
        runs.append(Run(ordinal, first, last, tuple(_facts(mine)), tuple(_series(mine))))
    return Transcription(**head, runs=tuple(runs))  # type: ignore[arg-type]


def _split(
    path: Path, text: str
) -> tuple[dict[str, str | int], dict[int, tuple[int, int]], list[tuple[int, dict[str, str]]]]:
    head: dict[str, str | int] = {}
    spans: dict[int, tuple[int, int]] = {}
    lines = text.split("\n")
    count = 0
    for count, line in enumerate(lines):
        if not line.startswith("# "):
            break
        name, _, value = line[2:].partition(": ")
        try:
            if name in _HEAD:
                head[name] = _HEAD[name](value)
            elif name.startswith("run "):
                first, _, last = value.partition("-")
                spans[int(name.removeprefix("run "))] = int(first), int(last)
        except ValueError:
            raise DamagedTranscription(f"{path}:{count + 1}: {value[:60]!r} is not a value of {name}") from None
    missing = [name for name in _HEAD if name not in head]
    if missing:
        raise DamagedTranscription(f"{path}: the head says nothing of {', '.join(missing)}")
    if lines[count] != ",".join(FACT_NAMES):
        raise DamagedTranscription(f"{path}:{count + 1}: the columns are not {', '.join(FACT_NAMES)}")
    table = csv.DictReader(lines[count + 1 :], FACT_NAMES)
    try:
        body = [(count + index, row) for index, row in enumerate(table, 2)]
    except csv.Error as error:
        raise DamagedTranscription(
            f"{path}:{count + 1 + table.line_num}: not a row of the facts table ({error})"
        ) from None
    for number, row in body:
        if not _is_row(row):
            raise DamagedTranscription(f"{path}:{number}: not a row of the facts table")
    return head, spans, body


def _is_row(row: dict[str, str]) -> bool:
    """Return whether a row has exactly the right cells, a known kind, and numbers where they must be."""
    if None in row or None in row.values() or row["kind"] not in KINDS:
        return False
    points = row["kind"] == "series"
    return all(_LINE.fullmatch(row[name]) for name in ("line", "view_line")) and (
        not points or bool(_STEP.fullmatch(row["step"]))
    )


def _facts(body: list[dict[str, str]]) -> list[Fact]:
    return [
        Fact(
            row["kind"],
            row["name"],
            row["value"],
            row["unit"],
            int(row["line"]),
            int(row["view_line"]),
            row["device"],
            row["evidence"],
        )
        for row in body
        if row["kind"] != "series"
    ]


def _series(body: list[dict[str, str]]) -> list[Series]:
    by_name: dict[str, Series] = {}
    for row in body:
        if row["kind"] == "series":
            series = by_name.setdefault(row["name"], Series.empty(row["name"], row["unit"]))
            series.add(int(row["step"]), row["value"], int(row["line"]), int(row["view_line"]))
    return list(by_name.values())
