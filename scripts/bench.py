"""`python -m scripts.bench`: how fast logs are read beside other ways to read them, and how long start-up takes.

Whole processes are run in turn, several rounds of all of them, and the medians of their user CPU time printed: that
hangs least on what else the machine does. The logs are repeated to the size asked for.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from scripts import ROOT, catalog
from scripts.catalog import RAW_LOGS
from scripts.contestants import PATTERNS

PARSERS = (sys.executable, "-m", "parsers", "--format", "csv")
PLACES = (
    ("logs of the course", ROOT.parent / "shared" / "logs" / "files"),
    ("the original logs", RAW_LOGS),
    ("our own test cases, which are small", ROOT / "tests" / "parsers" / "cases"),
)


class Cost(NamedTuple):
    """What one process took: user CPU seconds, and the most memory it held, in megabytes."""

    seconds: float
    memory: float


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.bench", description=__doc__)
    parser.add_argument("--size", type=int, default=250, metavar="MB", help="repeat the logs to so much (default 250)")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="take the medians of N rounds (default 3)")
    parser.add_argument("--against", metavar="COMMIT", help="compare with the parsers of an older commit, nothing else")
    options = parser.parse_args(arguments)
    if options.against and not _is_commit(options.against):
        print(f"error: {options.against}: no commit of this repository", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        what, logs = _logs()
        folder, one = Path(scratch) / "many", Path(scratch) / "one.log"
        size = _repeat(logs, folder, one, options.size * 1_000_000)
        print(f"{len(list(folder.iterdir()))} files and one file of {size / 1e6:.0f} MB each: {what}, repeated")
        if options.against:
            return _against(options.against, Path(scratch) / "older", folder, one, size, options.rounds)
        _start_up(min(logs, key=lambda log: abs(log.stat().st_size - 10_000)), options.rounds)
        _compare("many files", _contestants(folder), size, options.rounds)
        _compare("one file", {"ours": (*PARSERS, str(one)), **_tools(one)}, size, options.rounds)
    return 0


def _logs() -> tuple[str, list[Path]]:
    """Return the logs that are at hand, and what they are."""
    originals = {entry.original(RAW_LOGS) for entry in catalog.load()}
    for what, place in PLACES:
        logs = sorted(path for path in place.rglob("*") if path.is_file() and path.suffix != ".csv")
        if place == RAW_LOGS:
            logs = [log for log in logs if log in originals]
        if logs:
            return what, logs
    raise SystemExit("error: no log is at hand, not even a test case")


def _repeat(logs: Sequence[Path], folder: Path, one: Path, size: int) -> int:
    """Fill a folder with copies of the logs, and a file with the same bytes; return how many."""
    folder.mkdir()
    written = copy = 0
    with one.open("wb") as whole:
        while written < size:
            for place, log in enumerate(logs):
                shutil.copyfile(log, folder / f"{copy}-{place}-{log.name}")
                written += whole.write(log.read_bytes())
            copy += 1
    return written


def _contestants(folder: Path) -> dict[str, Sequence[str]]:
    script = (sys.executable, "-m", "scripts.contestants")
    found: dict[str, Sequence[str]] = {"ours": (*PARSERS, str(folder))}
    found["plain script, series only"] = (*script, "plain", str(folder))
    if importlib.util.find_spec("reframe"):
        found["ReFrame extractall, series only"] = (*script, "reframe", str(folder))
    else:
        print("ReFrame is left out: it is not installed (requirements/bench.txt)")
    found["pandas str.extract, series only"] = (*script, "pandas", str(folder))
    return found | _tools(folder)


def _tools(place: Path) -> dict[str, Sequence[str]]:
    files = sorted(map(str, place.iterdir())) if place.is_dir() else [str(place)]
    patterns = [part for pattern in PATTERNS for part in ("-e", pattern)]
    found: dict[str, Sequence[str]] = {"cat": ("cat", *files)}
    if shutil.which("rg"):
        found["rg -o, series only"] = ("rg", "-o", "-a", "-n", "-j1", *patterns, *files)
    else:
        print("rg is left out: it is not installed (Debian: apt install ripgrep)")
    return found


def _start_up(small: Path, rounds: int) -> None:
    size = f"a log of {small.stat().st_size / 1000:.0f} kB to CSV"
    commands = {
        "bare interpreter": (sys.executable, "-c", "pass"),
        "parsers --version": (sys.executable, "-m", "parsers", "--version"),
        size: (*PARSERS, str(small)),
        "build, nothing changed": (sys.executable, "-m", "scripts.build"),
    }
    costs = _costs(commands, rounds)
    bare = costs["bare interpreter"].seconds
    print(f"\n{'start-up':34}{'user ms':>9}{'over bare':>11}")
    for name, cost in costs.items():
        print(f"{name:34}{cost.seconds * 1000:9.0f}{(cost.seconds - bare) * 1000:11.0f}")


def _compare(title: str, commands: Mapping[str, Sequence[str]], size: int, rounds: int) -> None:
    costs = _costs(commands, rounds)
    ours = costs["ours"].seconds
    print(f"\n{title:34}{'user s':>9}{'MB/s':>8}{'ours is':>11}{'peak MB':>9}")
    for name, cost in costs.items():
        ratio = f"{cost.seconds / ours:.2f} x" if cost.seconds else ""
        rate = f"{size / 1e6 / cost.seconds:.0f}" if cost.seconds else ""
        print(f"{name:34}{cost.seconds:9.2f}{rate:>8}{ratio:>11}{cost.memory:9.0f}")


def _against(commit: str, older: Path, folder: Path, one: Path, size: int, rounds: int) -> int:
    with _checkout(commit, older):
        for title, place in (("many files", folder), ("one file", one)):
            command = (*PARSERS, str(place))
            _compare(title, {"ours": command, commit: ("env", "-C", str(older), *command)}, size, rounds)
    return 0


def _is_commit(name: str) -> bool:
    """Return whether git knows a commit by that name."""
    command = ["git", "-C", str(ROOT), "rev-parse", "--quiet", "--verify", "--end-of-options", f"{name}^{{commit}}"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@contextmanager
def _checkout(commit: str, place: Path) -> Iterator[None]:
    """Have another commit's files in a folder."""
    git = ("git", "-C", str(ROOT), "worktree")
    subprocess.run([*git, "add", "--quiet", "--detach", str(place), commit], check=True)
    try:
        yield
    finally:
        subprocess.run([*git, "remove", "--force", str(place)], check=True)


def _costs(commands: Mapping[str, Sequence[str]], rounds: int) -> dict[str, Cost]:
    """Return the median cost of each command, run in turn so that what slows the machine slows them all."""
    taken: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            cost, status = _cost(command)
            # Ours ends with 1 where a file is no log, as some in these folders may be.
            if status and not (status == 1 and "parsers" in command):
                print(f"{name} FAILED with exit status {status}: its figures say nothing", file=sys.stderr)
            taken[name].append(cost)
    return {
        name: Cost(statistics.median(cost.seconds for cost in costs), max(cost.memory for cost in costs))
        for name, costs in taken.items()
    }


def _cost(command: Sequence[str]) -> tuple[Cost, int]:
    """Return what a process took, and its exit status."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(used.ru_utime, used.ru_maxrss * unit / 1e6), process.returncode


if __name__ == "__main__":
    sys.exit(main())
