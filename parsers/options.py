"""The options of the reader's command. `python -m parsers` has all of them; each command of the package has its own."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from . import __version__

_FORMATS = ("csv", "json", "parquet", "table", "markdown")
_PATHS = "a log, a folder that is walked, or - for standard input"
_STATUS = """\
exit status: 0 every log was read and has a run; 1 something was not understood, which standard error names;
2 bad usage; 130 stopped by Ctrl-C, 143 stopped by SIGTERM"""
# What a command says of itself, and its examples.
_ABOUT = {
    "": ("Read raw logs of AI accelerators into a table of facts, each with its line.", ()),
    "read": (
        "Read logs into the table of facts: each value as its log prints it, with the line.",
        ("train.log", "logs/ -o facts.csv", "logs/ -o facts.parquet --jobs 4", "- < train.log", "--systems"),
    ),
    "runs": (
        "Read logs into the table of runs: one row per run, its parameters and metrics as columns.",
        ("logs/", "logs/ -o runs.csv", "logs/ --format markdown"),
    ),
    "explain": (
        "Say how logs were understood: the dialect and why, the runs, and the lines that were not read.",
        ("train.log", "logs/", "- < train.log"),
    ),
    "diff": (
        "Say what differs between two runs: values, lines, ratio and per cent.",
        ("monday.log tuesday.log", "train.log:1 train.log:2", "a.log b.log -o diff.csv"),
    ),
}


def parser(mode: str = "") -> argparse.ArgumentParser:
    """Return the parser of `python -m parsers`, or of one command: `read`, `runs`, `explain` or `diff`."""
    about, examples = _ABOUT[mode]
    made = argparse.ArgumentParser(
        prog=f"testbed-report {mode}" if mode else "python -m parsers",
        description=about,
        epilog="\n".join([_STATUS, *_listed(examples)]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for option in _OPTIONS[mode]:
        option(made)
    made.add_argument("--version", action="version", version=f"testbed-report {__version__}")
    absent = {"runs": mode == "runs", "explain": mode == "explain", "diff": mode == "diff"}
    made.set_defaults(**_ABSENT | (absent if mode else {}))
    return made


def _listed(examples: tuple[str, ...]) -> list[str]:
    return ["", "examples:", *(f"  %(prog)s {example}" for example in examples)] if examples else []


# What an option is where a command does not have it.
_ABSENT: dict[str, object] = {
    "format": None, "output": None, "systems": None, "jobs": 1, "cluster": None
}  # fmt: skip


def _paths(to: argparse.ArgumentParser) -> None:
    to.add_argument("paths", nargs="*", metavar="PATH", help=_PATHS)


def _two_runs(to: argparse.ArgumentParser) -> None:
    to.add_argument("paths", nargs="*", metavar="RUN", help="a log of one run, or LOG:NUMBER; two of them")


def _table(to: argparse.ArgumentParser) -> None:
    to.add_argument(
        "--format", choices=_FORMATS, help="default: the suffix of -o; else table on a terminal, csv elsewhere"
    )
    to.add_argument("-o", "--output", type=Path, metavar="FILE", help="write there instead of standard output")


def _instead(to: argparse.ArgumentParser) -> None:
    modes = to.add_mutually_exclusive_group()
    modes.add_argument("--runs", action="store_true", help="one row per run, parameters and metrics as columns")
    modes.add_argument(
        "--explain",
        action="store_true",
        help="say which dialect and why, where the runs are, and which lines were understood",
    )
    modes.add_argument(
        "--diff",
        action="store_true",
        help="say what differs between two runs, each PATH a LOG or LOG:RUN, with ratio and per cent",
    )
    _systems(modes)
    _cluster(modes)


def _read_instead(to: argparse.ArgumentParser) -> None:
    modes = to.add_mutually_exclusive_group()
    _systems(modes)
    _cluster(modes)


def _systems(to: argparse._MutuallyExclusiveGroup) -> None:
    to.add_argument(
        "--systems",
        nargs="?",
        const="",
        metavar="NAME",
        help="say which systems are known, or how the lines of one are written and what they tell",
    )


def _cluster(to: argparse._MutuallyExclusiveGroup) -> None:
    to.add_argument(
        "--cluster",
        metavar="WHERE",
        help="read on many machines with Dask, N workers, into the folder of -o: the address of a scheduler "
        "(tcp://...), or a file that says how workers are started on Slurm or PBS (README)",
    )


def _dialect(to: argparse.ArgumentParser) -> None:
    to.add_argument(
        "--dialect",
        type=Path,
        action="append",
        default=[],
        metavar="FILE.py",
        help="read with this dialect too; those in ~/.config/testbed-report/dialects are used in any case",
    )


def _jobs(to: argparse.ArgumentParser) -> None:
    to.add_argument("--jobs", type=_count, default=1, metavar="N", help="read files in N processes (default 1)")


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of processes; allowed is a whole number from 1")
    return int(text)


_OPTIONS: dict[str, tuple[Callable[[argparse.ArgumentParser], None], ...]] = {
    "": (_paths, _table, _instead, _dialect, _jobs),
    "read": (_paths, _table, _read_instead, _dialect, _jobs),
    "runs": (_paths, _table, _dialect, _jobs),
    "explain": (_paths, _dialect),
    "diff": (_two_runs, _table, _dialect),
}
