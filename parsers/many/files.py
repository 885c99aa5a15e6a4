"""Many files at once: read in several processes, their tables put together in the order of the files.

One process reads a file from beginning to end, because a run may begin anywhere in it. The bytes written do not depend
on the number of processes. Memory never holds more than the tables of a few tasks.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from importlib.util import find_spec
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeVar

from ..consistency import summary
from ..engine.loading import add, added
from ..facts import Reading, Run
from ..tables.columns import FACT_NAMES
from ..tables.writers import WRITERS, facts_table
from .sources import Source, read_source

# Below this much to read, starting processes costs more than they save.
WORTH_IT = 16 << 20
_TASK_BYTES, _TASK_FILES = 4 << 20, 256
_SHOWN_FROM = 4 << 20
_ROWS_TOGETHER = 4096


_Task = TypeVar("_Task")
_Done = TypeVar("_Done")


class Silent(NamedTuple):
    """A file that gave no run, and why. Or a note about one that did; it does not change the exit status."""

    log: str
    reason: str
    is_note: bool = False


class Piece(NamedTuple):
    """What a task gave: a part of the table in its form, the files without a run, and the bytes read."""

    content: bytes
    silent: tuple[Silent, ...]
    size: int


def tasks(files: Sequence[Source], most_bytes: int | None = None) -> Iterator[tuple[Source, ...]]:
    """Yield neighbouring files together, with enough bytes or enough files for a task."""
    together: list[Source] = []
    size = 0
    for source in files:
        together.append(source)
        size += source.size
        if size >= (most_bytes or _TASK_BYTES) or len(together) == _TASK_FILES:
            yield tuple(together)
            together, size = [], 0
    if together:
        yield tuple(together)


def held(files: Iterable[Source]) -> int:
    """Return the bytes that files hold together."""
    return sum(source.size for source in files)


def readings(files: Sequence[Source], jobs: int, *, series: bool) -> Iterator[Reading]:
    """Yield what each file holds, in the order of the files, with its series or without."""
    work = partial(_knowing, added(), _read if series else _read_without_series)
    if not _many(files, jobs):
        for source in followed(files, held(files), lambda source: source.size):
            yield from work((source,))[0]
        return
    with _in_processes(work, tasks(files), jobs) as done:
        for of_task, _ in followed(done, held(files), lambda task: task[1]):
            yield from of_task


def write(form: str, files: Sequence[Source], jobs: int, out: BinaryIO) -> list[Silent]:
    """Write the facts table of files to `out`; return the files without a run or with unread results."""
    silent: list[Silent] = []
    if not _many(files, jobs):
        here = followed(files, held(files), lambda source: source.size)
        read_here = chain.from_iterable(read_source(source.name) for source in here)
        _write_here(form, noting(read_here, silent), out)
        return silent
    works = ((form, task) for task in tasks(files))
    with _in_processes(partial(_knowing, added(), _piece), works, jobs) as done:
        _JOIN[form](_contents(followed(done, held(files), lambda piece: piece.size), silent), out)
    return silent


def _in_processes(
    work: Callable[[_Task], _Done], todo: Iterable[_Task], jobs: int
) -> closing[Generator[_Done, None, None]]:
    """Give the results of processes, which end with the block."""
    from .processes import in_processes  # a tenth of the time that a small log takes, and one process needs none of it

    return closing(in_processes(work, todo, jobs))


def _many(files: Sequence[Source], jobs: int) -> bool:
    return jobs > 1 and len(files) > 1 and held(files) >= WORTH_IT


def noting(readings: Iterable[Reading], silent: list[Silent]) -> Iterator[Reading]:
    """Yield readings, adding those without a run to `silent`, and the notes about all."""
    for reading in readings:
        silent.extend(said_of(reading))
        yield reading


def said_of(reading: Reading) -> Iterator[Silent]:
    """Yield what standard error says of a reading."""
    if reading.reason:
        yield Silent(reading.log, reading.reason)
    for note in (*reading.notes, *_unread(reading.unread)):
        yield Silent(reading.log, note, is_note=True)


def _unread(count: int) -> Iterator[str]:
    if count == 1:
        yield "1 line looks like a result but was not read; run with --explain to see it"
    elif count:
        yield f"{count} lines look like results but were not read; run with --explain to see them"


def _contents(pieces: Iterable[Piece], silent: list[Silent]) -> Iterator[bytes]:
    for piece in pieces:
        silent.extend(piece.silent)
        yield piece.content


def _knowing(dialects: Sequence[Path], work: Callable[[_Task], _Done], task: _Task) -> _Done:
    """Work on a task in a process that may not know yet the dialects that a person added."""
    add(dialects)
    return work(task)


def _read(task: tuple[Source, ...]) -> tuple[list[Reading], int]:
    return [reading for source in task for reading in read_source(source.name)], held(task)


def _read_without_series(task: tuple[Source, ...]) -> tuple[list[Reading], int]:
    readings, size = _read(task)
    shorn = [reading._replace(runs=tuple(map(_shorn, reading.runs))) for reading in readings]
    return shorn, size


def _shorn(run: Run) -> Run:
    """Return a run without its series, but with whether they agree with its facts."""
    return run._replace(series=(), agreement=summary(run))


def _piece(task: tuple[str, tuple[Source, ...]]) -> Piece:
    """Read a task's files, in a process of its own."""
    form, files = task
    silent: list[Silent] = []
    readings = list(noting(chain.from_iterable(read_source(source.name) for source in files), silent))
    if form == "parquet":
        from ..tables.parquet import facts_of, packed

        return Piece(packed(facts_of(readings)), tuple(silent), held(files))
    out = BytesIO()
    WRITERS[form](facts_table(readings), out)
    return Piece(out.getvalue(), tuple(silent), held(files))


def _write_here(form: str, readings: Iterable[Reading], out: BinaryIO) -> None:
    if form != "parquet":
        WRITERS[form](facts_table(readings), out)
        return
    from ..tables.parquet import RowGroups, facts_of

    with RowGroups(out) as groups:
        for some in _together(readings):
            groups.add(facts_of(some))


def _together(readings: Iterable[Reading]) -> Iterator[list[Reading]]:
    """Yield readings in lists of some thousand facts: each table has a cost of its own."""
    some: list[Reading] = []
    rows = 0
    for reading in readings:
        some.append(reading)
        rows += sum(len(run.facts) + sum(len(series.steps) for series in run.series) for run in reading.runs)
        if rows >= _ROWS_TOGETHER:
            yield some
            some, rows = [], 0
    yield some


def _join_csv(parts: Iterable[bytes], out: BinaryIO) -> None:
    header = ",".join(FACT_NAMES).encode() + b"\n"
    out.write(header)
    for part in parts:
        out.write(part.removeprefix(header))


def _join_json(parts: Iterable[bytes], out: BinaryIO) -> None:
    """Write one array from the tasks' arrays, each of which has one line per row between brackets."""
    before = b"["
    for part in parts:
        if part != b"[]\n":
            out.write(before + part[1:-3])
            before = b","
    out.write(b"[]\n" if before == b"[" else b"\n]\n")


def _join_parquet(parts: Iterable[bytes], out: BinaryIO) -> None:
    from ..tables.parquet import RowGroups, unpacked

    with RowGroups(out) as groups:
        for part in parts:
            groups.add(unpacked(part))


_JOIN: dict[str, Callable[[Iterable[bytes], BinaryIO], None]] = {
    "csv": _join_csv,
    "json": _join_json,
    "parquet": _join_parquet,
}


_Item = TypeVar("_Item")


def followed(items: Iterable[_Item], total: int, size: Callable[[_Item], int]) -> Iterator[_Item]:
    """Yield items; on a terminal, show how many of the `total` bytes are done, the speed, and the time left."""
    if total < _SHOWN_FROM or not sys.stderr.isatty() or find_spec("tqdm") is None:
        yield from items
        return
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # no thread of its own: processes are about to be forked
    with tqdm(total=total, unit="B", unit_scale=True, leave=False) as bar:
        for item in items:
            yield item
            bar.update(size(item))
