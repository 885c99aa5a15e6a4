"""`python -m parsers PATH...`: the facts table of logs, or of folders of logs; with `--diff`, of two runs.

Exit status 0: every log was read and gave a run. 1: some log was not understood; standard error has one line for each.
2: the command was used wrongly. 130: stopped by Ctrl-C. 143: stopped by SIGTERM. A log that gave a run may have lines
that look like results but were not read. Standard error counts them too, but they do not change the exit status.
"""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from . import options as command
from . import stopping
from .extras import missing

if TYPE_CHECKING:  # the command's own start-up is kept quick
    from .many import files as many
    from .many.sources import Source
    from .tables.writers import Table


def main(arguments: list[str] | None = None, mode: str = "") -> int:
    """Run the command, or the one of the package that `mode` names; return its exit status."""
    parser = command.parser(mode)
    options = parser.parse_args(arguments)
    if not options.paths and options.systems is None:
        parser.error("no PATH is given: a log, a folder of logs, or - for standard input")
    gc.disable()  # no object here refers to itself, and the search for such objects takes a tenth of the time
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # else numpy starts threads that wait busily
    try:
        return _run(options)
    except BrokenPipeError:  # the reader of our output has ended, as `head` does
        stopping.discard_standard_output()
        return 1
    except OSError as error:  # reading raises none
        print(f"error: {options.output or 'standard output'}: cannot be written ({_reason(error)})", file=sys.stderr)
        if options.output is None:
            stopping.discard_standard_output()
        return 1
    except ModuleNotFoundError as error:
        print(f"error: {missing(error)}", file=sys.stderr)
        return 2


def _reason(error: OSError) -> str:
    """Return the system's words for an error; a library's error may have only the number."""
    return os.strerror(error.errno) if error.errno else str(error)


def _run(options: argparse.Namespace) -> int:
    from .engine.loading import add, known
    from .engine.templates import DialectFault
    from .many import files as many
    from .many.sources import sources
    from .tables.writers import WRITERS

    try:
        add([*_dialects_of_the_user(), *options.dialect])
        known()
    except DialectFault as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 2
    if options.systems is not None:
        return _say_systems(options.systems)
    misused = _misused(options)
    if misused:
        print(f"error: {misused}", file=sys.stderr)
        return 2
    if options.cluster:
        return _run_on_cluster(options)
    form = options.format or _form(options.output)
    if form not in WRITERS:
        print(
            f"error: {options.output}: there is no format for the suffix {form!r}; allowed: {', '.join(WRITERS)}",
            file=sys.stderr,
        )
        return 2
    if options.explain:
        return _explain(options.paths)
    if form == "parquet":
        import_module(".tables.parquet", __package__)  # a missing package is named before a log is read
    if options.diff:
        return _diff(options.paths, WRITERS[form], options.output)
    files = list(sources(options.paths))
    try:
        with _opened(options.output) as out:
            if options.runs or form in ("table", "markdown"):
                silent = _write_table(form, options.runs, files, options.jobs, out)
            else:
                silent = many.write(form, files, options.jobs, out)
    except stopping.Killed as error:
        print(f"error: {error} use fewer --jobs", file=sys.stderr)
        return 1
    return _say(silent)


def _dialects_of_the_user() -> list[Path]:
    """Return the dialects in the folder of the user's configuration."""
    configuration = Path(os.environ.get("XDG_CONFIG_HOME") or "~/.config").expanduser()
    try:
        return sorted((configuration / "testbed-report" / "dialects").glob("*.py"))
    except OSError:  # a folder of somebody else
        return []


def _say_systems(name: str) -> int:
    from .systems import NoSuchSystem, system_text, systems_text

    try:
        print(system_text(name) if name else systems_text())
    except NoSuchSystem as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def _misused(options: argparse.Namespace) -> str:
    """Return what is wrong with what is asked of --explain or --diff, or nothing."""
    from .many.sources import STANDARD_INPUT, is_address

    if options.cluster and options.dialect:
        return "--cluster reads with the project's own dialects: its workers have no others"
    if options.explain and (options.output or options.format):
        return "--explain gives text on standard output: it takes no -o and no --format"
    addresses = [path for path in options.paths if is_address(path) or (options.diff and path == STANDARD_INPUT)]
    if STANDARD_INPUT in options.paths and options.cluster:
        return "-: --cluster reads files that every worker sees, not standard input"
    if addresses and (options.explain or options.diff):
        return f"{addresses[0]}: {'--explain' if options.explain else '--diff'} reads files of this machine only"
    return ""


def _run_on_cluster(options: argparse.Namespace) -> int:
    from .many import cluster
    from .many.sources import sources

    if options.output is None or options.output.suffix or options.format:
        print("error: --cluster writes a Parquet data set: it takes -o FOLDER and --jobs, no other", file=sys.stderr)
        return 2
    try:
        silent = cluster.run(list(sources(options.paths)), options.cluster, options.jobs, options.output)
    except cluster.Failed as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return _say(silent)


def _say(silent: Sequence[many.Silent]) -> int:
    from .engine.lines import printable

    for log, reason, is_note in silent:
        print(f"{printable(log)}: {'note: ' if is_note else ''}{reason}", file=sys.stderr)
    return 0 if all(file.is_note for file in silent) else 1


def _form(output: Path | None) -> str:
    if output is not None:
        suffix = output.suffix.removeprefix(".").lower()
        return "markdown" if suffix == "md" else suffix
    return "table" if sys.stdout.isatty() else "csv"


def _write_table(form: str, of_runs: bool, files: Sequence[Source], jobs: int, out: BinaryIO) -> list[many.Silent]:
    """Write a table that needs all rows before the first; return what `many.write` does."""
    from .many import files as many
    from .tables.writers import WRITERS, facts_table, runs_table

    readings = list(many.readings(files, jobs, series=not of_runs))
    WRITERS[form]((runs_table if of_runs else facts_table)(readings), out)
    return [silent for reading in readings for silent in many.said_of(reading)]


@contextmanager
def _opened(output: Path | None) -> Iterator[BinaryIO]:
    """Give what to write to: standard output, or a file that is there only when it is whole."""
    if output is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if output.exists() and not output.is_file():  # a pipe or a device takes what comes, and stays what it is
        with output.open("wb") as out:
            yield out
        return
    path = Path(os.path.realpath(output))  # a link stays a link
    from .unfinished import replacing

    with replacing(path) as part, part.open("xb") as out:
        yield out


def _explain(paths: list[str]) -> int:
    from .coverage import explain
    from .many.sources import STANDARD_INPUT, sources, standard_input

    status = 0
    for source in sources(paths):
        if source.name == STANDARD_INPUT:
            with standard_input() as copy:
                text, understood = explain(copy, name=STANDARD_INPUT)
        else:
            text, understood = explain(Path(source.name))
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape") + b"\n")
        status |= not understood
    sys.stdout.buffer.flush()
    return status


def _diff(names: list[str], writer: Callable[[Table, BinaryIO], None], output: Path | None) -> int:
    from .difference import NoSuchRun, difference, named_run
    from .engine.lines import printable

    if len(names) != 2:
        given = "only 1 is" if len(names) == 1 else f"{len(names)} are"
        print(f"error: two runs are compared, and {given} named; name two logs, or LOG:1 LOG:2", file=sys.stderr)
        return 2
    try:
        table = difference(*map(named_run, names))
    except NoSuchRun as error:
        print(printable(str(error)), file=sys.stderr)
        return 1
    with _opened(output) as out:
        writer(table, out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
