"""Work divided between processes of this machine, none of which outlives it.

Each worker has a pipe of its own. On it the worker receives a task and sends the result, in turn. A task goes only to a
worker whose last result has arrived. So the two never wait for each other to read. They share no thread, lock or queue.
So a killed process cannot make the others wait for ever.
"""

from __future__ import annotations

import gc
import multiprocessing
import platform
import signal
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from itertools import chain, islice
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkContext, SpawnContext
from typing import Generic, TypeVar

from ..stopping import ENDING, Killed, release_signals, signals_held

# How many results per process may wait for an earlier one; without a limit, results would pile up behind a slow task.
_AHEAD = 4
# A killed process is gone within milliseconds, unless the system itself holds it (a dead network disk).
_GONE_WITHIN = 1.0  # seconds
# A forked process has all imports at once; elsewhere than on Linux, libraries of the system may not survive a fork.
_CONTEXT: ForkContext | SpawnContext = (
    multiprocessing.get_context("fork") if platform.system() == "Linux" else multiprocessing.get_context("spawn")
)


_Task = TypeVar("_Task")
_Done = TypeVar("_Done")


def in_processes(work: Callable[[_Task], _Done], todo: Iterable[_Task], jobs: int) -> Generator[_Done, None, None]:
    """Yield the result of `work` for each task, in their order, from `jobs` processes.

    The processes end with the last result, and when an exception is raised here. A caller that may leave the iterator
    before its end must close it (`contextlib.closing`).

    Raises
    ------
    Killed
        If a process was killed, or could not be started.
    """
    tasks = iter(todo)
    first = list(islice(tasks, jobs))
    workers: list[_Worker[_Task, _Done]] = []
    try:
        with signals_held():
            workers.extend(_Worker(work) for _ in first)
        yield from _in_order(workers, chain(first, tasks))
    finally:
        with signals_held():
            _end(workers)


class _Worker(Generic[_Task, _Done]):
    """A process that works on one task at a time, as the first process sees it."""

    def __init__(self, work: Callable[[_Task], _Done]) -> None:
        self.pipe, its_end = _CONTEXT.Pipe()
        self.process = _CONTEXT.Process(target=_serve, args=(work, its_end), daemon=True)
        try:
            self.process.start()
        except OSError as error:
            raise Killed(f"a process could not be started ({error.strerror});") from None
        its_end.close()  # its end of the pipe must close with it, not stay open in later processes

    def send(self, task: _Task) -> None:
        try:
            self.pipe.send(task)
        except OSError:
            raise _killed() from None

    def outcome(self) -> tuple[_Done, Exception | None]:
        try:
            outcome: tuple[_Done, Exception | None] = self.pipe.recv()
        except (EOFError, OSError):
            raise _killed() from None
        return outcome


def _killed() -> Killed:
    return Killed("a process was killed: too little memory?")


def _in_order(workers: Sequence[_Worker[_Task, _Done]], tasks: Iterable[_Task]) -> Iterator[_Done]:
    numbered = enumerate(tasks)
    working: dict[int, _Worker[_Task, _Done]] = {}  # by the number of the task
    arrived: dict[int, tuple[_Done, Exception | None]] = {}
    turn = 0
    while True:
        for number in _ready(working, blocking=turn not in arrived):
            arrived[number] = working.pop(number).outcome()
        room = len(workers) * _AHEAD - len(working) - len(arrived)
        idle = [worker for worker in workers if worker not in working.values()]
        for worker, (number, task) in zip(idle[:room], numbered, strict=False):
            worker.send(task)
            working[number] = worker
        if turn in arrived:
            done, failure = arrived.pop(turn)
            if failure is not None:
                raise failure
            yield done
            turn += 1
        elif not working:
            return


def _ready(working: dict[int, _Worker[_Task, _Done]], *, blocking: bool) -> list[int]:
    """Return the tasks whose results can be received, or whose worker is gone; wait for one of them if `blocking`."""
    if not working:
        return []
    ready = wait([worker.pipe for worker in working.values()], None if blocking else 0)
    return [number for number, worker in working.items() if worker.pipe in ready]


def _serve(work: Callable[[_Task], _Done], pipe: Connection) -> None:
    """Work on one task after another, until the first process has gone or kills this one."""
    _begin()
    while True:
        try:
            task = pipe.recv()
        except (EOFError, OSError):
            return
        outcome = _outcome(work, task)
        try:
            pipe.send(outcome)
        except OSError:
            return


def _begin() -> None:
    for number in ENDING:  # an interrupted worker prints nothing; the first process does
        signal.signal(number, signal.SIG_DFL)
    release_signals()
    gc.disable()


def _outcome(work: Callable[[_Task], _Done], task: _Task) -> tuple[_Done | None, Exception | None]:
    try:
        return work(task), None
    except Exception as error:
        import traceback

        error.add_note(traceback.format_exc())
        return None, error


def _end(workers: Sequence[_Worker[_Task, _Done]]) -> None:
    for worker in workers:
        worker.process.kill()
    for worker in workers:
        worker.process.join(_GONE_WITHIN)
        worker.pipe.close()
