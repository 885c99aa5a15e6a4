"""`python -m scripts.rerun SYSTEM [OPTION...]`: run a system's experiments again, and say what has changed.

The options go to scripts/run/SYSTEM.sh. New logs lie in rerun/SYSTEM/logs, which git ignores, and a report of them in
rerun/SYSTEM/report; each new run is set beside the last one of the same parameters. Nothing enters the site by itself.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts import ROOT, catalog
from scripts.catalog import RAW_LOGS, BrokenCatalog
from scripts.logs import MissingLog, load_log
from scripts.reader import Fact, Run, read, release_signals, signals_held, term
from scripts.report.__main__ import main as report
from scripts.report.results import collect

RUN = ROOT / "scripts/run"
# What a program's own check asks for is no setting of the experiment.
_NO_SETTINGS = ("token_throughput_min", "token_throughput_max")


@dataclass(frozen=True)
class Result:
    """A run under a name, with what was set: by its log, else by what a person declares of it."""

    name: str
    run: Run
    settings: dict[str, str]


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return the script's exit status, or 1 where nothing can be compared."""
    parser = argparse.ArgumentParser(prog="python -m scripts.rerun", description=__doc__)
    parser.add_argument("system", choices=systems())
    parser.add_argument("options", nargs=argparse.REMAINDER, help="options of the system's script; --help lists them")
    said = parser.parse_args(arguments)
    folder = ROOT / "rerun" / said.system
    logs, before = folder / "logs", _logs(folder / "logs")
    status = _call([str(RUN / f"{said.system}.sh"), "--out", str(logs), *said.options])
    new = [log for log in _logs(logs) if log not in before]
    if not new:
        return status
    try:
        print("\n".join(compared(_own(new), [*_of_catalog(), *_own(before)])))
    except (BrokenCatalog, MissingLog) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    built = report(["--", str(logs), str(folder / "report")])
    print("\nTo have these logs in the site:")
    print(f"  {_near(Path(sys.executable))} -m scripts.add_log {' '.join(map(_near, new))} && make build")
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


def _own(logs: Iterable[Path]) -> list[Result]:
    return [
        Result(log.stem, run, {fact.name: fact.value for fact in _parameters(run)})
        for log in logs
        for run in read(log).runs
    ]


def _of_catalog() -> list[Result]:
    results = collect(load_log(entry, RAW_LOGS) for entry in catalog.load(RAW_LOGS))
    found = []
    for run in results.runs:
        declared = {item.name: item.value for item in run.declared if term(item.name).kind == "parameter"}
        logged = {fact.name: fact.value for fact in _parameters(run.run)}
        found.append(Result(run.id, run.run, declared | logged))
    return found


def _parameters(run: Run) -> Iterator[Fact]:
    return (fact for fact in run.facts if fact.kind == "parameter" and fact.name not in _NO_SETTINGS)


def compared(new: list[Result], before: list[Result]) -> list[str]:
    """Return what is to be said of new runs: each beside the last one before it that had the same settings."""
    said: list[str] = []
    for result in new:
        said += ["", f"{result.name}: {_word(result.run, 'outcome')}"]
        alike = [other for other in before if comparable(result, other)]
        if not alike:
            said.append("  new: no run before it had the same parameters")
        else:
            said.append(f"  beside {alike[-1].name}" + (f", the last of {len(alike)}" if len(alike) > 1 else ""))
            said += changes(alike[-1].run, result.run)
        before = [*before, result]
    return said


def comparable(one: Result, other: Result) -> bool:
    """Return whether two runs did the same with the same settings, as far as both say what they did."""
    words = ("system", "workload", "stage", "experiment")
    pairs = [(_word(one.run, word), _word(other.run, word)) for word in words]
    shared = one.settings.keys() & other.settings.keys()
    same = all(_number(one.settings[name]) == _number(other.settings[name]) for name in shared)
    return bool(shared) and same and all(a == b for a, b in pairs if a and b)


def changes(old: Run, new: Run) -> list[str]:
    """Return a line for each figure that both runs have: the old one, the new one, their ratio."""
    lines = []
    for fact in new.facts:
        was = old.fact(fact.name, fact.device)
        if fact.kind != "metric" or was is None:
            continue
        name = f"{fact.name} {fact.device}".strip()
        line = f"  {name:28} {was.value} -> {fact.value} {fact.unit}".rstrip()
        lines.append(line + _ratio(_number(was.value), _number(fact.value)))
    return lines or ["  no figure that both have"]


def _ratio(old: float | str, new: float | str) -> str:
    if isinstance(old, float) and isinstance(new, float) and old:
        return f" (x {new / old:.3g})"
    return ""


def _word(run: Run, name: str) -> str:
    fact = run.fact(name)
    return fact.value if fact else ""


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _near(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


if __name__ == "__main__":
    sys.exit(main())
