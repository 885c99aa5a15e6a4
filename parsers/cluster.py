"""Logs read on many machines by Dask, into a Parquet data set that is partitioned by system.

A task reads some logs and writes one file a system, whose name hangs on the names of those logs alone, and which takes
its place only when it is whole. So a task that is repeated, because its worker was killed or only seemed to be, writes
the same file again: no fact is lost and none is doubled. `_facts.json` is written last and says that all is there.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from . import __version__
from .facts import Reading
from .many import Silent, followed, held, noting, tasks
from .sources import NEEDED, Source, is_address, read_source

MARK = "_facts.json"  # readers of data sets pass over names that begin so
_TASK_BYTES = 64 << 20
_ANSWER_WITHIN = 30  # seconds until a scheduler must have answered


class Failed(Exception):
    """The logs could not be read on the cluster; the message says what is wrong."""


class Task(NamedTuple):
    """Logs to be read together, where they lie, and where the data set is."""

    name: str
    files: tuple[Source, ...]
    folder: str
    out: str


class Done(NamedTuple):
    """What a task wrote, below the data set's folder, and which files gave no run."""

    parts: tuple[str, ...]
    runs: int
    rows: int
    silent: tuple[Silent, ...]
    size: int


def run(files: Sequence[Source], cluster: str, jobs: int, out: Path) -> list[Silent]:
    """Read files on a cluster into the data set at `out`; return those that gave no run.

    Parameters
    ----------
    cluster
        The address of a running scheduler (`tcp://…`), or a file of Dask's configuration that says how workers are
        started on Slurm or PBS.
    jobs
        How many workers to start, where they are not running yet.

    Raises
    ------
    Failed
        If there is no such cluster, or it cannot read the logs, or `out` holds something else.
    """
    todo = planned(files, out)
    _claim(out)
    with _connected(cluster, jobs) as client:
        done = list(followed(_results(client, todo), held(files), lambda result: result.size))
    _settle(out, done)
    of_file = {log: Silent(log, reason) for result in done for log, reason in result.silent}
    return [of_file[source.name] for source in files if source.name in of_file]


def planned(files: Sequence[Source], out: Path) -> list[Task]:
    """Return the tasks: neighbouring files together, each task named by the names of its files."""
    here, there = str(Path.cwd()), str(out.resolve())
    together = tasks(files, _TASK_BYTES)
    return [Task(_digest(source.name for source in group), group, here, there) for group in together]


def _digest(names: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()[:20]


def work(task: Task) -> Done:
    """Read a task's logs and write their facts, on a worker."""
    from .parquet import facts_of

    silent: list[Silent] = []
    where = ((source.name, str(Path(task.folder, source.name))) for source in task.files)
    found = list(noting(chain.from_iterable(read_source(name, at) for name, at in where), silent))
    parts, rows = [], 0
    for system, readings in _by_system(found).items():
        part = f"system={system}/part-{task.name}.parquet"
        table = facts_of(readings)
        _put(Path(task.out, part), table)
        parts.append(part)
        rows += table.num_rows
    return Done(tuple(parts), sum(len(reading.runs) for reading in found), rows, tuple(silent), held(task.files))


def _by_system(found: Iterable[Reading]) -> dict[str, list[Reading]]:
    """Return readings by system, each with the runs of that system alone."""
    divided: dict[str, list[Reading]] = {}
    for reading in found:
        of_log: dict[str, list[Any]] = {}
        for each in reading.runs:
            system = each.fact("system")
            of_log.setdefault(system.value if system else "unknown", []).append(each)
        for name, runs in of_log.items():
            divided.setdefault(name, []).append(reading._replace(runs=tuple(runs)))
    return dict(sorted(divided.items()))


def _put(path: Path, table: Any) -> None:
    """Write a part; a hidden name of this process' own until it is whole, which readers of the data set pass over."""
    from .parquet import RowGroups

    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{socket.gethostname()}.{os.getpid()}")
    with unfinished.open("wb") as file, RowGroups(file) as groups:
        groups.add(table)
    unfinished.replace(path)


def _claim(out: Path) -> None:
    """Make the folder a data set that is not complete."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()) and not (out / MARK).is_file():
            raise Failed(f"{out}: holds something else; a data set needs a folder of its own")
        _mark(out, complete=False)
    except OSError as error:
        raise Failed(f"{out}: cannot be written ({error.strerror})") from None


def _mark(out: Path, **said: object) -> None:
    unfinished = out / f"{MARK}.part"
    unfinished.write_text(json.dumps({"version": __version__, **said}, indent=2) + "\n", encoding="utf-8")
    unfinished.replace(out / MARK)


def _settle(out: Path, done: Sequence[Done]) -> None:
    """Remove what no task of these wrote, earlier data and what killed workers left; then say that all is there."""
    wanted = {part for result in done for part in result.parts}
    for path in out.glob("system=*/*part-*"):
        if path.relative_to(out).as_posix() not in wanted:
            path.unlink()
    runs, rows = sum(result.runs for result in done), sum(result.rows for result in done)
    _mark(out, complete=True, parts=len(wanted), runs=runs, facts=rows)


def _results(client: Any, todo: Sequence[Task]) -> Iterator[Done]:
    from distributed import KilledWorker, as_completed

    named = {client.submit(work, task, key=f"read-{task.name}", pure=False): task for task in todo}
    for future in as_completed(named):
        task = named[future]
        try:
            yield future.result()
        except KilledWorker:
            raise Failed(
                f"every worker that read {task.files[0].name} (of {len(task.files)}) was killed: too little memory?"
            ) from None
        except ModuleNotFoundError as error:
            raise Failed(f"a worker has no module {error.name!r}: start workers in the project's folder") from None
        except OSError as error:
            raise Failed(f"a worker could not write: {error}") from None
        future.release()


@contextmanager
def _connected(cluster: str, jobs: int) -> Iterator[Any]:
    try:
        import dask

        # What Dask says of every worker that comes or goes is not for the reader of our messages.
        dask.config.set({"logging.distributed": "critical"})
        import dask_jobqueue  # noqa: F401 - needed below, and to be missed here
        from distributed import Client
    except ImportError:
        raise Failed(f"--cluster needs Dask, which is not installed ({NEEDED})") from None
    if not is_address(cluster):
        with _started(Path(cluster), jobs) as started, Client(started) as client:
            yield client
        return
    try:
        client = Client(cluster, timeout=_ANSWER_WITHIN)
    except (OSError, ValueError) as error:
        raise Failed(f"{cluster}: no scheduler answers ({_first_line(error)})") from None
    with client:
        yield client


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


@contextmanager
def _started(path: Path, jobs: int) -> Iterator[Any]:
    """Start workers as jobs, as the file says in the words of dask-jobqueue, and keep that many alive."""
    import dask
    import dask_jobqueue

    kinds = {"slurm": dask_jobqueue.SLURMCluster, "pbs": dask_jobqueue.PBSCluster}
    if not path.is_file():
        raise Failed(f"{path}: no such file; --cluster takes the address of a scheduler, or a file of configuration")
    try:
        (said,) = dask.config.collect_yaml([str(path)])
        (kind,) = said["jobqueue"]
        start = kinds[kind]
    except (KeyError, TypeError, ValueError, OSError):
        raise Failed(f"{path}: must hold `jobqueue:` with just one of {', '.join(kinds)} below it") from None
    with dask.config.set(dask.config.merge(dask.config.config, said)):
        try:
            cluster = start(n_workers=1)  # the first one here, for one started later fails without a word
        except (RuntimeError, ValueError, TypeError, OSError) as error:
            raise Failed(f"{path}: no worker could be started ({error})") from None
        with cluster:
            cluster.adapt(minimum_jobs=jobs, maximum_jobs=jobs)
            yield cluster
