"""`python -m parsers PATH...`: the facts table of logs, or of folders of logs; with `--diff`, of two runs.

Exit status: 0 every log was read and yielded a run; 1 something was not understood, said on stderr, one line a log;
2 bad usage.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from parsers import __version__

if TYPE_CHECKING:  # the command's own start-up is kept quick
    from parsers.facts import Reading
    from parsers.writers import Table


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    options = _parser().parse_args(arguments)
    gc.disable()  # nothing here refers to itself, and looking for what does takes a tenth of the time
    try:
        return _run(options)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:  # reading raises none
        print(f"error: {options.output or 'standard output'}: cannot be written ({error.strerror})", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m parsers",
        description="Read raw logs of AI accelerators into a table of facts, each with its line.",
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", help="a log, or a folder that is walked")
    parser.add_argument(
        "--format",
        choices=("csv", "json", "parquet", "table"),
        help="default: the suffix of -o; else table on a terminal, csv elsewhere",
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write there instead of standard output")
    parser.add_argument("--runs", action="store_true", help="one row a run, parameters and metrics as columns")
    parser.add_argument(
        "--explain",
        action="store_true",
        help="say which dialect and why, where runs stand, and which lines were understood",
    )
    parser.add_argument(
        "--diff", action="store_true", help="say what differs between two runs, each PATH a LOG or LOG:RUN"
    )
    parser.add_argument("--jobs", type=_count, default=1, metavar="N", help="read files in N processes (default 1)")
    parser.add_argument("--version", action="version", version=f"testbed-report {__version__}")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no count of processes; a whole number from 1 is")
    return int(text)


def _run(options: argparse.Namespace) -> int:
    from parsers.log import printable
    from parsers.writers import WRITERS, facts_table, runs_table

    form = options.format or _form(options.output)
    if form not in WRITERS:
        print(
            f"error: {options.output}: no format is known by the suffix {form!r}; allowed: {', '.join(WRITERS)}",
            file=sys.stderr,
        )
        return 2
    if options.explain:
        return _explain(options.paths)
    if options.diff:
        return _diff(options.paths, WRITERS[form], options.output)
    silent: list[Reading] = []

    def readings() -> Iterator[Reading]:
        for reading in _readings(list(_files(options.paths)), options.jobs):
            if reading.reason:
                silent.append(reading)
            yield reading

    table = (runs_table if options.runs else facts_table)(readings())
    _write(WRITERS[form], table, options.output)
    for reading in silent:
        print(f"{printable(reading.log)}: {reading.reason}", file=sys.stderr)
    return 1 if silent else 0


def _form(output: Path | None) -> str:
    if output is not None:
        return output.suffix.removeprefix(".").lower()
    return "table" if sys.stdout.isatty() else "csv"


def _files(paths: list[str]) -> Iterator[Path]:
    for path in map(Path, paths):
        yield from _walked(path) if _is_folder(path) else [path]


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # reading it says why
        return False


def _walked(folder: Path) -> list[Path]:
    """Return the files of a folder and those below, by name; a folder that gives none stands for itself."""
    refused: list[Path] = []
    walk = os.walk(folder, onerror=lambda error: refused.append(Path(error.filename)))
    found = [Path(inner, name) for inner, _, names in walk for name in names]
    return sorted([*found, *refused]) or [folder]


def _readings(files: list[Path], jobs: int) -> Iterator[Reading]:
    from parsers.reading import read, readings

    if jobs == 1 or len(files) < 2:
        yield from chain.from_iterable(map(readings, files))
        return
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(min(jobs, len(files))) as pool:
        yield from pool.map(read, files, chunksize=1)


def _write(writer: Callable[[Table, BinaryIO], None], table: Table, output: Path | None) -> None:
    if output is None:
        writer(table, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    part = output.with_name(output.name + ".part")
    try:
        with part.open("wb") as out:
            writer(table, out)
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)


def _explain(paths: list[str]) -> int:
    from parsers.coverage import explain

    status = 0
    for path in _files(paths):
        text, understood = explain(path)
        print(text)
        status |= not understood
    return status


def _diff(names: list[str], writer: Callable[[Table, BinaryIO], None], output: Path | None) -> int:
    from parsers.difference import NoSuchRun, difference, named_run
    from parsers.log import printable

    if len(names) != 2:
        print(f"error: --diff compares two runs, and {len(names)} are named", file=sys.stderr)
        return 2
    try:
        table = difference(*map(named_run, names))
    except NoSuchRun as error:
        print(printable(str(error)), file=sys.stderr)
        return 1
    _write(writer, table, output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
