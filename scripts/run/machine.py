"""What the programs for the reader's own machine share: its description, and how their lines begin."""

from __future__ import annotations

import argparse
import platform
import sys
from pathlib import Path
from typing import Any, Callable

MARK = "testbed-cpu:"


class Problem(Exception):
    """A program cannot start; one sentence says why and what to do."""


def say(line: str, mark: str = MARK) -> None:
    """Print a line that the parser of these programs' logs reads."""
    print(mark, line, flush=True)


def introduce(workload: str, stage: str, software: dict[str, str], threads: int) -> None:
    """Print the opening lines: what is run, on which processor, with which software."""
    say(f"workload {workload}, stage {stage}")
    say(f"processor {processor()}")
    say(f"software {', '.join(f'{name} {version}' for name, version in software.items())}")
    say(f"threads {threads}")


def processor(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """Return the processor's model: from a file on Linux, else from the platform module."""
    try:
        lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    models = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(models, "") or platform.processor() or platform.machine() or "unknown"


def imported(*names: str) -> list[Any]:
    """Return the modules of these names.

    Raises
    ------
    Problem
        If one is not installed, or its own import fails; the message says how to install it.
    """
    import importlib

    modules: list[Any] = []
    for name in names:
        try:
            modules.append(importlib.import_module(name))
        except Exception as error:  # a damaged or misfitting package fails with anything
            raise Problem(f"the Python package {name!r} cannot be imported by {sys.executable} ({error})") from None
    return modules


def whole(least: int = 1, most: int = 10**9) -> Callable[[str], int]:
    """Return what reads an option's value as a whole number within bounds, for argparse."""

    def read(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
        return int(text)

    return read


def run(program: Callable[[], None]) -> int:
    """Run a program; return its exit status: 0, or 2 where a problem kept it from starting."""
    try:
        program()
    except Problem as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    return 0
