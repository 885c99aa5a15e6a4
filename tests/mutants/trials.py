"""The tests that may notice a mutant of the engine: the cases, the tests of its module, other tests of the parsers.

Pytest collects the tests once. Then each mutant is tried in a process of its own, which ends at the first difference.
"""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, partial

import pytest
from tqdm import tqdm

from parsers.coverage import Coverage, parse_covered
from parsers.facts import rows
from tests.mutants.statements import Statement, in_place
from tests.parsers.samples import NAMES, case

PARSERS = "tests/parsers"
TESTS = tuple(f"{PARSERS}/{name}" for name in ("engine", "dialects", "test_coverage.py", "test_hostile.py"))
# Its tests start programs, which read with the engine as it is.
_LEFT_OUT = f"{PARSERS}/engine/test_loading.py"
# What an endless loop may take of the processor, in seconds: in the cases, and in all of a trial; and its bytes.
_PATIENCE, _LONGEST, _MEMORY = 5, 25, 1 << 32


def _read(name: str) -> tuple[object, Coverage]:
    reading, found = parse_covered(case(name))
    return (list(rows("", reading.runs)), reading.dialects, reading.reason), found


@cache
def _expected() -> dict[str, tuple[object, Coverage]]:
    return {name: _read(name) for name in NAMES}


def changed_case(mutant: Statement) -> str:
    """Return the first case that is read otherwise with a mutant, or an empty text."""
    expected = _expected()
    with in_place(mutant), _in_time():
        for name, before in expected.items():
            try:
                if _read(name) != before:
                    return name
            except Exception:
                return name
    return ""


@contextmanager
def _in_time() -> Iterator[None]:
    def stop(_number: int, _frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, _PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def unnoticed(mutants: Sequence[Statement]) -> list[Statement]:
    """Return those mutants that neither a case nor a test notices; print each as it is found.

    Raises
    ------
    RuntimeError
        If a test fails without any mutant.
    """
    trials = _Trials(mutants)
    options = ("-qq", "--no-header", "-p", "no:cacheprovider", "--timeout=0", f"--deselect={_LEFT_OUT}")
    if pytest.main([*options, *TESTS], plugins=[trials]):
        raise RuntimeError("the tests of the parsers do not pass as they are")
    return trials.unnoticed


class _Trials:
    """A plugin of pytest: it runs the collected tests once for each mutant."""

    def __init__(self, mutants: Sequence[Statement]) -> None:
        self.unnoticed: list[Statement] = []
        self._mutants = mutants
        self._tried: dict[int, Statement] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try each mutant, as many at once as there are processors."""
        if os.waitpid(_process(lambda: _a_test_fails(session)), 0)[1]:
            session.testsfailed = 1
            return True
        _expected()
        for mutant in tqdm(self._mutants, disable=None, leave=False):
            if len(self._tried) == len(os.sched_getaffinity(0)):
                self._wait()
            self._tried[_process(partial(_is_noticed, mutant, session))] = mutant
        while self._tried:
            self._wait()
        return True

    def _wait(self) -> None:
        process, status = os.wait()
        mutant = self._tried.pop(process)
        if status == 0:
            self.unnoticed.append(mutant)
            tqdm.write(str(mutant))


def _process(is_noticed: Callable[[], bool]) -> int:
    """Return the number of a new process; its exit status is 0 if nothing is noticed in it."""
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        resource.setrlimit(resource.RLIMIT_CPU, (_LONGEST, _LONGEST))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        status = int(is_noticed())
    finally:
        os._exit(status)


def _is_noticed(mutant: Statement, session: pytest.Session) -> bool:
    if changed_case(mutant):
        return True
    with in_place(mutant):
        return _a_test_fails(session, f"{PARSERS}/engine/test_{mutant.module.rpartition('.')[2]}")


def _a_test_fails(session: pytest.Session, first: str = "") -> bool:
    """Run the tests, those whose names begin so first, until one fails; say nothing."""
    session.config.pluginmanager.unregister(name="terminalreporter")
    items = sorted(session.items, key=lambda item: not item.nodeid.startswith(first))
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return True
    return False
