"""What notices a mutant of the engine: the cases, and as a plugin of pytest (MUTANT names it) any test."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache

from parsers.coverage import Coverage, parse_covered
from parsers.facts import rows
from tests.mutants.statements import Statement, in_place, statements
from tests.parsers.samples import NAMES, case

# What is held in place until the process ends.
_HELD = ExitStack()
PATIENCE = 20  # seconds; an endless loop is noticed too


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

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def pytest_configure() -> None:
    """Put the mutant in place that the environment names, for all of this process."""
    module, _, name = os.environ.get("MUTANT", "").partition("|")
    if module:
        mutant = next(mutant for mutant in statements(module) if str(mutant) == name)
        _HELD.enter_context(in_place(mutant))


def pytest_unconfigure() -> None:
    """Put the function back as it was."""
    _HELD.close()
