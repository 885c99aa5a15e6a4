"""Ctrl-C and the request to end (SIGTERM): every command prints `stopped` and exits with status 130 or 143.

The packages call `handle_signals` when Python starts one of their modules as a command. So signals are handled while
its imports run too. The first signal raises `SystemExit`, so `finally` and `with` blocks clean up.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType, TracebackType

ENDING = (signal.SIGINT, signal.SIGTERM)
_CLEANING_TIME = 1.0  # seconds for cleaning up; a signal that comes later ends the process at once
_RETRY_AFTER = 0.01  # seconds


class Killed(Exception):
    """A process that worked was killed from outside, or could not be started."""


class _Stop:
    """The handler of both signals: only the first one interrupts, so that no signal interrupts the cleaning up."""

    def __init__(self) -> None:
        self.number = 0
        self._since = 0.0

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        if not self.number:
            self.number, self._since = number, time.monotonic()
            atexit.register(_print_stopped)
            raise SystemExit(128 + number)
        if time.monotonic() - self._since > _CLEANING_TIME:
            os._exit(128 + number)

    def again(self) -> None:
        """Raise once more, because Python has ignored the exception of the first signal."""
        import threading

        number, self.number = self.number, 0
        atexit.unregister(_print_stopped)
        timer = threading.Timer(_RETRY_AFTER, os.kill, (os.getpid(), number))
        timer.daemon = True
        with suppress(RuntimeError):  # no thread can start when Python is ending anyway
            timer.start()


_stop = _Stop()


def _print_stopped() -> None:
    if hasattr(signal, "pthread_sigmask"):  # Python takes the handlers away before it ends
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    with suppress(OSError):
        os.write(2, b"stopped\n")


def is_starting(package: str) -> bool:
    """Return whether Python is about to run a module of this package as a command (`python -m`)."""
    if sys.argv[:1] != ["-m"]:  # Python's own mark while it looks for the module
        return False
    return any(f"{word.removeprefix('-m')}.".startswith(f"{package}.") for word in sys.orig_argv)


def handle_signals() -> None:
    """Let the first Ctrl-C or SIGTERM end this process cleanly; a signal that was ignored stays ignored."""
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)
    sys.unraisablehook = _after_ignored
    sys.excepthook = _after_uncaught


@contextmanager
def signals_held() -> Iterator[None]:
    """Hold back signals while the block runs; they arrive afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def release_signals() -> None:
    """Let signals interrupt a process that was started while they were held."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)


def discard_standard_output() -> None:
    """Discard what is not yet written, because Python would try to write it again when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _after_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Handle an exception that has replaced ours: Python may turn it into a `SyntaxError`, for example."""
    if kind is BrokenPipeError and not _stop.number:  # the reader of our output has ended, as `head` does
        discard_standard_output()
        return
    if not _stop.number:
        sys.__excepthook__(kind, error, trace)
        return
    _print_stopped()
    os._exit(128 + _stop.number)


def _after_ignored(ignored: sys.UnraisableHookArgs) -> None:
    """Handle an exception that Python cannot raise but only prints, in a finalizer for example."""
    if isinstance(ignored.exc_value, SystemExit) and _stop.number:
        _stop.again()
    else:
        sys.__unraisablehook__(ignored)
