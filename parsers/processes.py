"""Work divided between processes of this machine, none of which outlives it."""

from __future__ import annotations

import gc
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

# So many tasks a process wait for their turn to be used; without a limit the fast would pile up behind the slow.
_AHEAD = 4


class Killed(Exception):
    """A process that worked was killed from outside."""


_Task = TypeVar("_Task")
_Done = TypeVar("_Done")


def in_processes(work: Callable[[_Task], _Done], todo: Iterable[_Task], jobs: int) -> Iterator[_Done]:
    """Yield what `work` makes of each task, in their order, in as many processes.

    Raises
    ------
    Killed
        If one of the processes was.
    """
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    waiting = iter(todo)
    pool = ProcessPoolExecutor(jobs, initializer=_begin)
    ahead: deque[Future[_Done]] = deque(pool.submit(work, task) for task in islice(waiting, jobs * _AHEAD))
    try:
        while ahead:
            try:
                done = ahead.popleft().result()
                ahead.extend(pool.submit(work, task) for task in islice(waiting, 1))
            except BrokenProcessPool:
                raise Killed("a process was killed: too little memory?") from None
            yield done
    except BaseException:
        _end_children()
        raise
    finally:
        pool.shutdown(cancel_futures=True)  # a pool that is left to the interpreter's end may trip over its own pipes


def _end_children() -> None:
    import multiprocessing

    for child in multiprocessing.active_children():
        child.terminate()


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # an interrupted process of ours says nothing; the first one does
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.disable()


@contextmanager
def ended_with_children() -> Iterator[None]:
    """Let no process outlive what is done inside, whether it ends by an error, Ctrl-C or a request to end."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except BaseException:
        _end_children()
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
