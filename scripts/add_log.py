"""`python -m scripts.add_log PATH...`: add logs of your own to raw_logs/, with stand-ins for private things.

A path is a log, or a folder or an archive of logs; `archive.zip!run.log` is one file of an archive. Files of a folder
or archive that contain no run are named and skipped. The command first shows what is in the logs: dialect, runs,
outcomes, and how much of each kind is private. A private thing in one log is replaced in all of them. The copy gives
the same facts on the same lines; the command checks that before it writes. With --dry-run it writes nothing and shows
every line that would change. It only reads the files that you give, and never overwrites another log.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from .logs.addition import Addition, NoRun, NotSource, Refused, Source, add, additions, read_sources
from .logs.author import DECLARED
from .logs.catalog import RAW_LOGS, BrokenCatalog
from .logs.folder import walked
from .logs.load import MissingLog
from .logs.names import names_in
from .logs.own_log import keep_whole, owned
from .options import command, counted
from .options import parser as command_parser
from .reader import decode, printable
from .store.structured import Broken


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    options = _parser().parse_args(arguments)
    wrong = _wrong_options(options)
    if wrong:
        print(f"error: {wrong}", file=sys.stderr)
        return 2
    results = [_read(path) for path in options.paths]
    sources = [source for of_path, _ in results for source in of_path]
    if options.name and len(sources) > 1:
        print("error: --name goes with one log; name one file of the archive: ARCHIVE!FILE", file=sys.stderr)
        return 2
    made = additions(sources, options.name)
    taken = [_take(addition, reason, options) for addition, reason in made]
    if not options.replace_transcription:
        _warn_of_names([addition for addition, reason in made if not reason], options.author)
    if not options.dry_run:
        _ask(options.logs)
    return 0 if all(taken) and all(readable for _, readable in results) else 1


def take(paths: Sequence[Path], folder: Path, author: str = "") -> bool:
    """Add logs to a folder of logs, as the command does; return whether none is refused or unreadable."""
    return main(["--logs", str(folder), f"--author={author}", "--", *map(str, paths)]) == 0


def _parser() -> argparse.ArgumentParser:
    parser = command_parser("add_log", __doc__, "--dry-run monday.log", "logs/", "--author me monday.log")
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a log, or a folder or an archive of logs")
    parser.add_argument("--dry-run", action="store_true", help="write nothing, show what would change")
    parser.add_argument("--name", default="", help="the copy's file name, if not the file's own")
    parser.add_argument("--author", default="", help="your public handle, for the catalog")
    parser.add_argument("--note", default="", help="a sentence for the log's page")
    parser.add_argument(
        "--replace-transcription",
        action="store_true",
        help="the log is the original of one in the catalog, and yours: keep it whole instead of its transcription",
    )
    parser.add_argument("--logs", type=Path, default=RAW_LOGS, metavar="FOLDER", help="the folder of catalog.toml")
    return parser


def _wrong_options(options: argparse.Namespace) -> str:
    """Return what is wrong with the options; an empty text where nothing is."""
    if options.name and (len(options.paths) > 1 or options.paths[0].is_dir()):
        return "--name goes with one file; call the command once for each file"
    if options.replace_transcription and (options.name or options.author or options.note):
        return "--replace-transcription keeps the name, author and note of the catalog; leave the other options out"
    return ""


def _read(path: Path) -> tuple[list[Source], bool]:
    """Return the logs at a path, and whether all were read; name the others on standard error."""
    if not path.is_dir():
        return _read_file(path, in_folder=False)
    results = [_read_file(file, in_folder=True) for file in walked(path)]
    sources = [source for of_file, _ in results for source in of_file]
    if not sources:
        print(f"error: {printable(str(path))}: no file in it holds a run", file=sys.stderr)
    return sources, bool(sources) and all(readable for _, readable in results)


def _read_file(file: Path, *, in_folder: bool) -> tuple[list[Source], bool]:
    """Return the logs of a file, which may be an archive, and whether it was read."""
    try:
        results = read_sources(file)
    except NoRun as error:
        results = [NotSource(file, str(error))]
    except (Refused, OSError) as error:
        _say(file, error)
        return [], False
    sources = [each for each in results if isinstance(each, Source)]
    skipped = bool(sources) or in_folder
    for each in results:
        if isinstance(each, NotSource):
            print(f"{'skipped' if skipped else 'error'}: {printable(str(each.file))}: {each.reason}", file=sys.stderr)
    return sources, skipped


def _take(addition: Addition, reason: str, options: argparse.Namespace) -> bool:
    """Add a log, or show what would be added; return whether it is accepted."""
    try:
        if reason:
            raise Refused(reason)
        if options.replace_transcription:
            addition = owned(addition, options.logs)
        print(_summary(addition))
        if options.dry_run:
            print("\n".join(_diff(addition)))
        elif options.replace_transcription:
            print(keep_whole(addition, options.logs))
        else:
            print(add(addition, options.logs, options.author, options.note))
    except (Refused, BrokenCatalog, OSError) as error:
        _say(addition.source.file, error)
        return False
    return True


def _warn_of_names(added: Sequence[Addition], handle: str) -> None:
    """Say on standard error which words of the logs' new names may be the name of their owner."""
    names_of = {addition.path: names_in(addition.path, handle, addition.source.place) for addition in added}
    paths = [path for path, names in names_of.items() if names]
    if not paths:
        return
    words = ", ".join(dict.fromkeys(repr(name) for path in paths for name in names_of[path]))
    which = paths[0] if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} more"
    print(
        f"warning: {which}: the name of the log has {words}. That may be your name, and becomes a public address. "
        f"Rename the file first, or use `{command('add_log')} --name NAME FILE`.",
        file=sys.stderr,
    )


def _ask(folder: Path) -> None:
    """Add the questions about new logs to the file that asks them, if the folder is of a site that has one."""
    if not (folder / DECLARED).exists():
        return
    from .report.questions import ask  # it takes a second to load

    try:
        new = ask(folder)
    except (Broken, MissingLog, OSError) as error:
        print(f"warning: {printable(str(folder / DECLARED))}: no question was added ({error})", file=sys.stderr)
        return
    if new:
        print(f"{printable(str(folder / DECLARED))}: {counted(new, 'new question')}; answer what you know")


def _say(file: Path, error: Exception) -> None:
    """Say on standard error why a file is not added."""
    if isinstance(error, OSError):
        where = printable(str(error.filename or file))
        print(f"error: {where}: cannot be read or written ({error.strerror})", file=sys.stderr)
    else:
        print(f"error: {printable(str(file))}: {error}", file=sys.stderr)


def _summary(addition: Addition) -> str:
    reading, counts = addition.source.reading, addition.redacted.counts
    signs = ", ".join(f"{system} ({printable(sign)!r} stands in it)" for system, sign in reading.dialects)
    ends = ", ".join(
        f"lines {run.first_line}-{run.last_line} {fact.value if (fact := run.fact('outcome')) else 'unknown'}"
        for run in reading.runs
    )
    private = ", ".join(f"{kind} {count}" for kind, count in counts.most_common()) or "nothing found"
    rows = (
        ("dialect", signs),
        ("runs", f"{len(reading.runs)}: {ends}"),
        ("private", private),
        ("goes to", addition.path),
    )
    return "\n".join([printable(str(addition.source.file)), *(f"  {name:9}{value}" for name, value in rows)])


def _diff(addition: Addition) -> Iterator[str]:
    """Give each line that changes, before and after, with its number."""
    pairs = zip(addition.source.opened.split(b"\n"), addition.redacted.data.split(b"\n"), strict=True)
    for number, (old, new) in enumerate(pairs, 1):
        if old != new:
            yield f"@@ {number} @@\n-{printable(decode(old))}\n+{printable(decode(new))}"


if __name__ == "__main__":
    sys.exit(main())
