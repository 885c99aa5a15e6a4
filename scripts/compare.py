"""`python -m scripts.compare RUN RUN...`: a page of chosen runs side by side, each beside the first.

RUN is the id of a run of the site, a log of one run, or LOG:NUMBER. The page is Markdown. It has the values, their
ratio, and the difference in per cent. It names the first setting that differs, with its line in each log. It also says
whether a difference is larger than the scatter of the known runs with the same settings. The known runs are those of
the catalog and of raw_logs/others.facts.csv.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from .build import unread, unwritten
from .logs import catalog
from .logs.folder import load_folder
from .logs.load import LoadedLog, MissingLog, load_log
from .others import load_others
from .reader import NoSuchRun, log_and_number, named_run, printable
from .report.cohort import Cohort
from .report.results import ReportRun, Results, collect
from .report.side_by_side import pairs
from .report.side_by_side_page import Places, page
from .store.cache import Cache
from .store.files import write
from .store.structured import Broken


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if len(set(options.runs)) < max(2, len(options.runs)):
        parser.error("name two different runs at least; the others are compared with the first")
    try:
        text = compared(options.runs, options.output.parent if options.output else Path())
    except (Broken, MissingLog, NoSuchRun) as error:
        print(f"error: {printable(str(error))}", file=sys.stderr)
        return 1
    except OSError as error:
        return unread(error)
    if options.output is None:
        print(text, end="")
        return 0
    try:
        write(options.output, text.encode("utf-8", "surrogateescape"))
    except OSError as error:
        return unwritten(error, options.output)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.compare", description=__doc__)
    parser.add_argument("runs", nargs="+", metavar="RUN", help="the id of a run of the site, LOG, or LOG:NUMBER")
    parser.add_argument("-o", "--output", type=Path, metavar="PAGE.md", help="write there, not to standard output")
    return parser


def compared(names: Sequence[str], folder: Path) -> str:
    """Return the page of named runs, as it is written for a folder.

    Raises
    ------
    NoSuchRun
        If a name is neither a run of the site nor one run of a log.
    Broken, MissingLog
        If the catalog or what it lists cannot be used.
    """
    site = collect(load_log(entry, cache=Cache()) for entry in catalog.load())
    of_site = {run.id: run for run in site.runs}
    named = named_logs((name for name in names if name not in of_site), site)
    own = {path: log for path, log in named.items() if log not in site.logs}
    cohort = Cohort(collect([*site.logs, *own.values()]), collect(load_others()))
    runs = [of_site.get(name) or _chosen(name, named, cohort.own) for name in names]
    return page(runs, pairs(runs, cohort), Places(folder, {path: Path(path) for path in own}))


def named_logs(names: Iterable[str], site: Results) -> dict[str, LoadedLog]:
    """Return the logs of named runs by path; the original of a log of the site gives that log.

    Raises
    ------
    NoSuchRun
        If a name is not one run of a log.
    """
    of_site = {log.entry.sha256: log for log in site.logs}
    logs: dict[str, LoadedLog] = {}
    for name in names:
        named_run(name)
        path, _ = log_and_number(name)
        if path not in logs:
            (log,) = load_folder(Path(path))
            logs[path] = of_site.get(log.entry.sha256) or outside(log, path)
    return logs


def outside(log: LoadedLog, path: str) -> LoadedLog:
    """Return a log that is not on the site, with its path as its name and its own slug."""
    return replace(log, entry=replace(log.entry, path=path, slug=f"./{path}"))


def _chosen(name: str, logs: Mapping[str, LoadedLog], results: Results) -> ReportRun:
    """Return the run of a log that a name names."""
    path, number = log_and_number(name)
    entry = logs[path].entry
    return next(run for run in results.runs if run.id == entry.run_id(int(number or 1)))


if __name__ == "__main__":
    sys.exit(main())
