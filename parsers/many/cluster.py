"""Logs read on many machines by Dask, into a Parquet data set that is partitioned by system.

This is the head's side; `parsers.many.task` is the workers'. `_facts.json` says `"complete": true` only when three
things are true. The head found every part on its own disk. It counted the rows of each. It knows that every worker ran
the same code as the head.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import time
import warnings
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from .. import __version__
from ..archives import BETWEEN
from .files import Silent, followed, held, tasks
from .fingerprint import Code
from .sources import NEEDED, Source, is_address, local_path
from .task import CODE, Done, NotShared, Part, Task, introduce, not_shared, work

MARK = "_facts.json"  # readers of data sets ignore names that begin with an underscore
_TASK_BYTES = 64 << 20
_ANSWER_WITHIN = 30  # seconds until a scheduler must have answered, and have a worker
_SEEN_WITHIN = 60  # seconds until a part must be seen here: a network disk may show an older folder for that long
_START = 'start it in the project\'s folder with `.venv/bin/python -m dask` (README, "Many logs")'


class Failed(Exception):
    """The logs could not be read on the cluster; the message says what is wrong."""


def run(files: Sequence[Source], cluster: str, jobs: int, out: Path) -> list[Silent]:
    """Read files on a cluster into the data set at `out`; return what `files.write` does.

    Parameters
    ----------
    cluster
        The address of a running scheduler (`tcp://…`), or a file of Dask's configuration that says how workers are
        started on Slurm or PBS.
    jobs
        How many workers to start, if none is running yet.

    Raises
    ------
    Failed
        If there is no such cluster, it cannot read the logs, or `out` holds something else. If the scheduler or the
        workers are refused, a complete data set stays as it is.
    """
    _check_folder(out)
    with _connected(cluster, jobs) as client, _claimed(out) as claim:
        _check_workers(client, out, claim)
        _mark(out, complete=False)
        results = _results(client, planned(files, out, claim))
        done = list(followed(results, held(files), lambda result: result.size))
    _settle(out, done)
    of_file: dict[str, list[Silent]] = {}
    names = {source.name for source in files}
    for silent in chain.from_iterable(result.silent for result in done):
        of_file.setdefault(_file_of(silent.log, names), []).append(silent)
    return [silent for source in files for silent in of_file.get(source.name, ())]


def _file_of(log: str, files: Set[str]) -> str:
    """Return the file that holds a log: itself, or the archive."""
    ends = [len(log), *(index for index, sign in enumerate(log) if sign == BETWEEN)]
    return next(log[:end] for end in ends if log[:end] in files)


def planned(files: Sequence[Source], out: Path, claim: str) -> list[Task]:
    """Return the tasks: neighbouring files together, each task named by the names of its files."""
    here, there = str(Path.cwd()), str(out.resolve())
    together = tasks(files, _TASK_BYTES)
    return [Task(_digest(source.name for source in group), group, here, there, claim) for group in together]


def _digest(names: Iterable[str]) -> str:
    return hashlib.sha256("\0".join(names).encode("utf-8", "surrogateescape")).hexdigest()[:20]


def _check_folder(out: Path) -> None:
    """Raise Failed where the folder is not free for a data set; write nothing."""
    try:
        taken = out.exists() and any(out.iterdir()) and not (out / MARK).is_file()
    except OSError as error:
        raise Failed(f"{out}: cannot be written ({error.strerror})") from None
    if taken:
        raise Failed(f"{out}: holds something else; a data set needs a folder of its own")


@contextmanager
def _claimed(out: Path) -> Iterator[str]:
    """Keep a file with a new name in the folder, by which workers know the disk; older ones are removed."""
    claim = out / f".run-{os.urandom(8).hex()}"
    try:
        out.mkdir(parents=True, exist_ok=True)
        for path in out.glob(".run-*"):
            path.unlink(missing_ok=True)
        claim.touch()
    except OSError as error:
        raise Failed(f"{out}: cannot be written ({error.strerror})") from None
    try:
        yield claim.name
    finally:
        claim.unlink(missing_ok=True)


def _mark(out: Path, **said: object) -> None:
    unfinished = out / f"{MARK}.part"
    unfinished.write_text(json.dumps({"version": __version__, **said}, indent=2) + "\n", encoding="utf-8")
    unfinished.replace(out / MARK)


def _check_workers(client: Any, out: Path, claim: str) -> None:
    """Raise Failed unless the scheduler and every worker that is there now run this code and see the folder."""
    folder = out.resolve()
    for address, version in client.run(platform.python_version).items():
        _check_python(f"the worker {address}", str(version).rpartition(".")[0])
    answers = client.run(introduce, str(folder / claim), on_error="return")
    for address, answer in sorted(answers.items()):
        if isinstance(answer, Exception):
            raise Failed(_without_code(f"the worker {address}", answer))
        code, host, sees = answer
        _check_code(f"the worker {address} on {host}", code)
        if not sees:
            raise Failed(not_shared(f"the worker {address} on {host}", str(folder)))
    try:
        code, host, _ = client.run_on_scheduler(introduce, str(folder / claim))
    except Exception as error:  # an import of other code can raise anything
        raise Failed(_without_code("the scheduler", error)) from None
    _check_code(f"the scheduler on {host}", code)


def _without_code(who: str, error: Exception) -> str:
    """Return the sentence about a process that cannot import this code."""
    text = _first_line(error)
    if "No module named 'parsers'" in text.replace('"', "'").replace("\\", ""):
        return f"{who} has no module 'parsers': {_START}"
    return f"{who} runs another version of this project, or lacks a package ({text}): {_START}"


def _check_python(who: str, python: str) -> None:
    if python != CODE.python:
        raise Failed(f"{who} runs Python {python}, and this machine {CODE.python}: start both with the same")


def _check_code(who: str, code: Code) -> None:
    _check_python(who, code.python)
    if code.version != CODE.version:
        raise Failed(f"{who} runs version {code.version} of this project, and this machine {CODE.version}: {_START}")
    if code != CODE:
        raise Failed(f"{who} runs other code of parsers/ than this machine: restart it with the same files")


def _check_done(done: Done) -> None:
    """Raise Failed if a worker that joined late ran other code, or does not see a log that is here."""
    who = f"the worker on {done.host}"
    _check_code(who, done.code)
    for name in done.unseen:
        path = local_path(name)
        if path is not None and path.exists():
            raise Failed(f"{name}: {who} does not see this log; logs must be on a disk that all workers share")


def _settle(out: Path, done: Sequence[Done]) -> None:
    """Count every part, remove earlier data and leftovers of killed workers, then mark the data set as complete."""
    parts = [part for result in done for part in result.parts]
    for part in parts:
        _check_part(out, part)
    wanted = {part.path for part in parts}
    for path in out.glob("system=*/*part-*"):
        if path.relative_to(out).as_posix() not in wanted:
            path.unlink()
    runs, rows = sum(result.runs for result in done), sum(part.rows for part in parts)
    _mark(out, complete=True, parts=len(wanted), runs=runs, facts=rows)


def _check_part(out: Path, part: Part) -> None:
    """Raise Failed unless the part is on this machine's disk with the rows that the worker wrote."""
    until = time.monotonic() + _SEEN_WITHIN
    while (rows := _rows(out / part.path)) != part.rows:
        if time.monotonic() > until:
            counted = "is not here" if rows is None else f"has {rows} rows here"
            raise Failed(f"{out / part.path}: {counted}, and a worker wrote {part.rows} rows; read the logs again")
        time.sleep(0.5)


def _rows(path: Path) -> int | None:
    """Return the rows that a Parquet file says it holds, or None where there is no whole file."""
    from pyarrow import ArrowException, parquet

    try:
        return int(parquet.read_metadata(path).num_rows)
    except (OSError, ArrowException):
        return None


def _results(client: Any, todo: Sequence[Task]) -> Iterator[Done]:
    from distributed import as_completed

    named = {client.submit(work, task, key=f"read-{task.name}", pure=False): task for task in todo}
    for future in as_completed(named):
        done = _result(future, named[future])
        _check_done(done)
        yield done
        future.release()


def _result(future: Any, task: Task) -> Done:
    from concurrent.futures import CancelledError

    from distributed import KilledWorker
    from distributed.comm import CommClosedError

    logs = f"{task.files[0].name} (the first of {len(task.files)} logs)"
    try:
        result: Done = future.result()
    except KilledWorker:
        raise Failed(f"{logs}: every worker that read it was killed; does it need more memory?") from None
    except NotShared as error:
        raise Failed(str(error)) from None
    except ImportError as error:
        raise Failed(_without_code("a worker", error)) from None
    except (CancelledError, CommClosedError):
        raise Failed(f"{logs}: the connection to the scheduler was lost; start it and read the logs again") from None
    except OSError as error:
        raise Failed(f"a worker could not write: {error}") from None
    except Exception as error:  # other code on a worker can raise anything
        raise Failed(f"{logs}: a worker failed ({type(error).__name__}: {_first_line(error)})") from None
    return result


@contextmanager
def _connected(cluster: str, jobs: int) -> Iterator[Any]:
    try:
        import dask

        # Dask's own lines about every worker that comes or goes are not for the reader of our messages.
        dask.config.set({"logging.distributed": "critical"})
        import dask_jobqueue  # noqa: F401 - needed below; its absence is reported here
        from distributed import Client
    except ImportError:
        raise Failed(f"--cluster needs Dask, which is not installed ({NEEDED})") from None
    with warnings.catch_warnings():
        # Dask warns in a table about other versions on workers; what matters here is checked and said in a sentence.
        warnings.filterwarnings("ignore", message=r"(?s)\s*Mismatched versions found")
        if is_address(cluster):
            with _client(Client, cluster) as client:
                yield client
        else:
            with _started(Path(cluster), jobs) as started, Client(started) as client:
                yield client


@contextmanager
def _client(connect: Any, address: str) -> Iterator[Any]:
    try:
        client = connect(address, timeout=_ANSWER_WITHIN)
    except (OSError, ValueError) as error:
        raise Failed(f"{address}: no scheduler answers ({_first_line(error)})") from None
    with client:
        try:
            client.wait_for_workers(1, timeout=_ANSWER_WITHIN)
        except TimeoutError:
            raise Failed(f"{address}: the scheduler has no worker after {_ANSWER_WITHIN} s; {_START}") from None
        yield client


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


@contextmanager
def _started(path: Path, jobs: int) -> Iterator[Any]:
    """Start workers as jobs, as the file of dask-jobqueue's configuration says, and keep that many alive."""
    import dask
    import dask_jobqueue

    kinds = {"slurm": dask_jobqueue.SLURMCluster, "pbs": dask_jobqueue.PBSCluster}
    if not path.is_file():
        raise Failed(f"{path}: no such file; --cluster takes the address of a scheduler, or a file of configuration")
    try:
        (configuration,) = dask.config.collect_yaml([str(path)])
        (kind,) = configuration["jobqueue"]
        start = kinds[kind]
    except (KeyError, TypeError, ValueError, OSError):
        raise Failed(f"{path}: must hold `jobqueue:` with just one of {', '.join(kinds)} below it") from None
    with dask.config.set(dask.config.merge(dask.config.config, configuration)):
        try:
            cluster = start(n_workers=1)  # the first one here, because a later one fails without a message
        except (RuntimeError, ValueError, TypeError, OSError) as error:
            raise Failed(f"{path}: no worker could be started ({error})") from None
        with cluster:
            cluster.adapt(minimum_jobs=jobs, maximum_jobs=jobs)
            yield cluster
