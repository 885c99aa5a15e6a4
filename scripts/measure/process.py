"""What one process costs, and the medians of several processes that run in turn.

PYTHONDONTWRITEBYTECODE is not passed on, because with it every start would compile anew. So Python finds compiled code
as it does for a user.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from .. import ROOT

_UNIT = 1 if sys.platform == "darwin" else 1024  # of the system's count of memory, in bytes


class Failed(Exception):
    """A process could not start, or ended with an exit status that it may not have; the message says how."""


class Cost(NamedTuple):
    """Seconds by the clock, user and system seconds of the processor, and the most memory held, in megabytes."""

    wall: float
    user: float
    system: float
    memory: float

    @property
    def cpu(self) -> float:
        """Seconds of the processor, the user's and the system's."""
        return self.user + self.system

    @property
    def peak(self) -> str:
        """The memory as text; the system counts the starting process's own memory too, so less cannot be told."""
        own = _own_memory()
        return f"{self.memory:.0f}" if self.memory > own else f"< {own:.0f}"


class Command(NamedTuple):
    """What to run, in which folder, and the exit statuses that are no failure."""

    words: Sequence[str]
    folder: Path = ROOT
    statuses: Sequence[int] = (0,)


def python(*words: str, folder: Path = ROOT, statuses: Sequence[int] = (0,)) -> Command:
    """Return the command that runs this Python with these words."""
    return Command((sys.executable, *words), folder, statuses)


def environment() -> dict[str, str]:
    """Return the environment of every process that is measured."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def run(command: Command) -> Cost:
    """Run a command to its end; return what it cost.

    Raises
    ------
    Failed
        If it cannot be started, or its exit status is none of those allowed.
    """
    try:
        return _run(command)
    except OSError as error:
        raise Failed(f"{error.filename}: {error.strerror}") from None


def _run(command: Command) -> Cost:
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as errors:
        with subprocess.Popen(
            command.words, stdout=subprocess.DEVNULL, stderr=errors, cwd=command.folder, env=environment()
        ) as process:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - begun
        if process.returncode not in command.statuses:
            errors.seek(0)
            raise _failed(process.returncode, errors.read().decode(errors="replace"))
    return Cost(wall, used.ru_utime, used.ru_stime, used.ru_maxrss * _UNIT / 1e6)


def output(command: Command) -> tuple[str, str]:
    """Run a command to its end; return what it writes on standard output and on standard error."""
    done = subprocess.run(
        command.words, capture_output=True, check=False, cwd=command.folder, env=environment(), errors="replace"
    )
    if done.returncode not in command.statuses:
        raise _failed(done.returncode, done.stderr)
    return done.stdout, done.stderr


def _failed(status: int, errors: str) -> Failed:
    last = errors.strip().rpartition("\n")[2]
    return Failed(f"exit status {status}{last and f' ({last})'}")


def warm_up(commands: Iterable[Command]) -> None:
    """Run commands once, so that all code is compiled; one that fails is named when it is measured."""
    for command in commands:
        with suppress(Failed):
            run(command)


def medians(commands: Mapping[str, Command], rounds: int) -> dict[str, Cost]:
    """Return the median cost of each command, run in turn so that what slows the machine slows them all.

    A command that fails is named on standard error and left out.
    """
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name in list(costs):
            try:
                costs[name].append(run(commands[name]))
            except Failed as error:
                print(f"{name} FAILED and is left out: {error}", file=sys.stderr)
                del costs[name]
    return {name: median(each) for name, each in costs.items()}


def median(costs: Sequence[Cost]) -> Cost:
    """Return the median of each time, and the most memory."""
    wall, user, system = (statistics.median(times) for times in list(zip(*costs, strict=True))[:3])
    return Cost(wall, user, system, max(cost.memory for cost in costs))


def _own_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT / 1e6
