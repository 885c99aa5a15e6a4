"""`python -m scripts.rerun SYSTEM [OPTION...]`: run a system's experiments again, and show what has changed.

The options go to scripts/run/SYSTEM.sh. New logs are in rerun/SYSTEM/logs, which git ignores, and a report of them in
rerun/SYSTEM/report. Each new run is set beside the run that it repeats: the last one with the same parameters. The page
rerun/SYSTEM/side-by-side.md has every number with its line. Nothing enters the site by itself.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from . import ROOT
from .compare import outside
from .logs import catalog
from .logs.catalog import RAW_LOGS, BrokenCatalog
from .logs.folder import load_folder
from .logs.load import LoadedLog, MissingLog, load_log
from .options import command, made_by
from .options import parser as command_parser
from .others import load_others
from .reader import release_signals, signals_held, term
from .report.__main__ import main as report
from .report.cohort import Cohort
from .report.results import ReportRun, collect
from .report.side_by_side import Pair, pair
from .report.side_by_side_page import Places, lines, name_of, page
from .store.files import write
from .store.structured import Broken

RUN = Path(__file__).resolve().parent / "run"
PAGE = "side-by-side.md"
# The bounds of a program's own check are not a setting of the experiment.
_NO_SETTINGS = ("token_throughput_min", "token_throughput_max")


class Repeat(NamedTuple):
    """A new run, and the runs before it with the same parameters."""

    run: ReportRun
    alike: Sequence[ReportRun]


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return the script's exit status, or 1 where nothing can be compared."""
    parser = command_parser("rerun", __doc__, "cpu --dry-run", "graphcore --learning-rate 0.05 0.5 --repeat 3")
    parser.add_argument("system", choices=systems())
    parser.add_argument("options", nargs=argparse.REMAINDER, help="options of the system's script; --help lists them")
    options = parser.parse_args(arguments)
    folder = ROOT / "rerun" / options.system
    logs, before = folder / "logs", _logs(folder / "logs")
    status = _call([str(RUN / f"{options.system}.sh"), "--out", str(logs), *options.options])
    new = [log for log in _logs(logs) if log not in before]
    if not new:
        return status
    try:
        site = [load_log(entry, RAW_LOGS) for entry in catalog.load(RAW_LOGS)]
        _set_beside(_own(new), [*site, *_own(before)], folder / PAGE)
    except (Broken, MissingLog) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    built = report(["--", str(logs), str(folder / "report")])
    print("\nTo have these logs in the site:")
    add = command("add_log").replace("python", _near(Path(sys.executable)), 1)
    print(f"  {add} {' '.join(map(_near, new))} && {made_by('build', 'build')}")
    return status or built


def systems() -> list[str]:
    """Return the systems that have a script."""
    scripts = (path for path in RUN.glob("*.sh") if os.access(path, os.X_OK))
    return sorted(path.stem for path in scripts if not path.stem.endswith("_job"))


def _logs(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.log"), key=lambda log: (log.stat().st_mtime_ns, log.name))


def _call(command: list[str]) -> int:
    """Run a command and return its exit status; if this process is stopped, wait until the command has ended too."""
    process = None
    try:
        with signals_held():  # a script that has begun must be known here, to be stopped
            process = subprocess.Popen(command, preexec_fn=release_signals)
        return process.wait()
    except SystemExit as stop:
        if process is not None:
            if stop.code == 128 + signal.SIGTERM:  # Ctrl-C reaches the script too
                process.terminate()
            process.wait()  # it writes the last line of its log
        raise


def _own(logs: Iterable[Path]) -> list[LoadedLog]:
    """Return the logs of this folder that hold a run, under their paths."""
    own = []
    for path in logs:
        try:
            own += [outside(log, _near(path)) for log in load_folder(path)]
        except BrokenCatalog:
            continue  # standard error says why
    return own


def _set_beside(new: Sequence[LoadedLog], before: Sequence[LoadedLog], path: Path) -> None:
    """Print each new run beside the one that it repeats, and write the page of them."""
    results = collect([*before, *new])
    of_new = {run.id for run in collect(new).runs}
    cohort = Cohort(results, collect(load_others()))
    repeated = repeats(
        [run for run in results.runs if run.id in of_new], [run for run in results.runs if run.id not in of_new]
    )
    pairs = {each.run.id: pair(each.alike[-1], each.run, cohort, of_new) for each in repeated if each.alike}
    for each in repeated:
        print("\n".join(report_lines(each, pairs.get(each.run.id))))
    if pairs:
        shown = {run.id: run for both in pairs.values() for run in (both.old, both.new)}
        own = {log.entry.path: ROOT / log.entry.path for log in results.logs if log.entry.slug.startswith("./")}
        write(path, page(list(shown.values()), pairs.values(), Places(path.parent, own)).encode())
        print(f"\nSide by side, with the lines: {_near(path)}")


def repeats(new: Sequence[ReportRun], before: Sequence[ReportRun]) -> list[Repeat]:
    """Return each new run with those that it repeats: runs before, or else earlier new ones."""
    repeated = []
    for index, run in enumerate(new):
        alike = [[other for other in runs if comparable(run, other)] for runs in (before, new[:index])]
        repeated.append(Repeat(run, alike[0] or alike[1]))
    return repeated


def report_lines(repeat: Repeat, beside: Pair | None) -> list[str]:
    """Return a terminal's text about a new run beside the last one that it repeats."""
    head = ["", f"{name_of(repeat.run)}: {repeat.run.word('outcome')}"]
    if beside is None:
        return [*head, "  new: no run before it had the same parameters"]
    count = len(repeat.alike)
    last = f"  beside {name_of(beside.old)}" + (f", the last of {count}" if count > 1 else "")
    return [*head, last, *lines(beside)]


def settings(run: ReportRun) -> dict[str, str]:
    """Return the settings of a run: from its log, else as a person declares them."""
    declared = {item.name: item.value for item in run.declared if term(item.name).kind == "parameter"}
    return declared | dict(_parameters(run))


def _parameters(run: ReportRun) -> Iterator[tuple[str, str]]:
    facts = (fact for fact in run.run.facts if fact.kind == "parameter" and fact.name not in _NO_SETTINGS)
    return ((fact.name, fact.value) for fact in facts)


def comparable(one: ReportRun, other: ReportRun) -> bool:
    """Return whether two runs did the same with the same settings, as far as both state it."""
    words = ("system", "workload", "stage", "experiment", "hardware")
    pairs = [(one.word(word), other.word(word)) for word in words]
    of_one, of_other = settings(one), settings(other)
    shared = of_one.keys() & of_other.keys()
    same = all(_number(of_one[name]) == _number(of_other[name]) for name in shared)
    return bool(shared) and same and all(a == b for a, b in pairs if a and b)


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _near(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


if __name__ == "__main__":
    sys.exit(main())
