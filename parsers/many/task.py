"""What a worker of a cluster does: read a task's logs and write their facts, one Parquet file per system.

The name of a file depends only on the names of the logs. The file appears only when it is whole. A task is repeated if
its worker was killed or seemed to be; it then writes the same file again. No fact is lost or doubled.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from ..facts import Reading
from .files import Silent, held, noting
from .fingerprint import Code, this_code
from .sources import Source, local_path, read_source

# The code as this process loaded it. The files on the disk can change later.
CODE = this_code()


class NotShared(Exception):
    """A worker does not see the folder of the data set; the message is one sentence."""


class Task(NamedTuple):
    """Logs to read together.

    Attributes
    ----------
    folder
        Where paths of logs start.
    out
        The folder of the data set.
    claim
        A file that the head made in `out`. A worker that sees it writes to the same disk.
    """

    name: str
    files: tuple[Source, ...]
    folder: str
    out: str
    claim: str


class Part(NamedTuple):
    """A file that a task wrote: its path below the data set's folder, and its rows."""

    path: str
    rows: int


class Done(NamedTuple):
    """What a task did: its parts, its runs, the files without a run, and the files not seen by the worker."""

    parts: tuple[Part, ...]
    runs: int
    silent: tuple[Silent, ...]
    unseen: tuple[str, ...]
    size: int
    code: Code
    host: str


def introduce(claim: str) -> tuple[Code, str, bool]:
    """Return the code that this worker runs, its host, and whether it sees the file `claim`."""
    return CODE, socket.gethostname(), Path(claim).is_file()


def work(task: Task) -> Done:
    """Read a task's logs and write their facts, on a worker.

    Raises
    ------
    NotShared
        If the folder of the data set is not the one that the head sees.
    """
    from ..tables.parquet import facts_of

    host = socket.gethostname()
    if not Path(task.out, task.claim).is_file():
        raise NotShared(not_shared(f"the worker on {host}", task.out))
    silent: list[Silent] = []
    placed = [(source.name, str(Path(task.folder, source.name))) for source in task.files]
    readings = list(noting(chain.from_iterable(read_source(name, at) for name, at in placed), silent))
    tables = {system: facts_of(of_system) for system, of_system in _by_system(readings).items()}
    parts = tuple(Part(f"system={system}/part-{task.name}.parquet", table.num_rows) for system, table in tables.items())
    for part, table in zip(parts, tables.values(), strict=True):
        _put(Path(task.out, part.path), table)
    runs = sum(len(reading.runs) for reading in readings)
    return Done(parts, runs, tuple(silent), _unseen(task), held(task.files), CODE, host)


def not_shared(worker: str, out: str) -> str:
    """Return the sentence about a worker that does not see the data set's folder."""
    return f"{out}: {worker} does not see this folder as this machine does; -o must be on a disk that they share"


def _unseen(task: Task) -> tuple[str, ...]:
    places = ((source.name, local_path(source.name)) for source in task.files)
    return tuple(name for name, path in places if path is not None and not os.path.lexists(Path(task.folder, path)))


def _by_system(readings: Iterable[Reading]) -> dict[str, list[Reading]]:
    """Return readings by system, each with the runs of that system alone."""
    divided: dict[str, list[Reading]] = {}
    for reading in readings:
        of_log: dict[str, list[Any]] = {}
        for each in reading.runs:
            system = each.fact("system")
            of_log.setdefault(system.value if system else "unknown", []).append(each)
        for name, runs in of_log.items():
            divided.setdefault(name, []).append(reading._replace(runs=tuple(runs)))
    return dict(sorted(divided.items()))


def _put(path: Path, table: Any) -> None:
    """Write a part under a hidden name until it is whole; readers of the data set ignore that name."""
    from ..tables.parquet import RowGroups

    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{socket.gethostname()}.{os.getpid()}")
    with unfinished.open("wb") as file, RowGroups(file) as groups:
        groups.add(table)
    unfinished.replace(path)
