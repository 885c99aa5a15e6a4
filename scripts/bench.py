"""`python -m scripts.bench [LOG...]`: how fast logs are read, start-up included, and how fast the pages are built.

Whole processes are timed, several rounds each, and the medians printed; the logs default to the originals in raw_logs/.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from scripts import catalog
from scripts.catalog import RAW_LOGS

ROUNDS = 7
REPEATED_BYTES = 200_000_000


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.bench", description=__doc__)
    parser.add_argument("logs", nargs="*", type=Path, metavar="LOG", help="logs to read")
    logs = parser.parse_args(arguments).logs or [entry.original(RAW_LOGS) for entry in catalog.load()]
    missing = [log for log in logs if not log.is_file()]
    if missing:
        print(f"error: {missing[0]}: no such file; `make logs` fetches the originals", file=sys.stderr)
        return 1
    size = sum(log.stat().st_size for log in logs)
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "facts.csv"
        names = list(map(str, logs))
        _say("bare interpreter", _median([sys.executable, "-c", "pass"]))
        _say("parsers --version", _median([sys.executable, "-m", "parsers", "--version"]))
        _say(f"parsers, {len(logs)} logs, {size / 1e6:.2f} MB", _median([*_PARSERS, str(out), *names]))
        folder, repeated = _repeat(logs, Path(scratch) / "repeated", size)
        taken = _median([*_PARSERS, str(out), str(folder)], rounds=1)
        _say(f"parsers, the same repeated to {repeated / 1e6:.0f} MB", taken, f"{repeated / 1e6 / taken:.1f} MB/s")
    _say("build, nothing changed", _median([sys.executable, "-m", "scripts.build"], rounds=3))
    return 0


_PARSERS = (sys.executable, "-m", "parsers", "--format", "csv", "-o")


def _median(command: Sequence[str], rounds: int = ROUNDS) -> float:
    """Return the median of a command's wall time in seconds."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def _repeat(logs: Sequence[Path], folder: Path, size: int) -> tuple[Path, int]:
    """Fill a folder with copies of the logs, up to about `REPEATED_BYTES`; return it and its bytes."""
    folder.mkdir()
    copies = max(1, REPEATED_BYTES // size)
    for copy in range(copies):
        for log in logs:
            shutil.copyfile(log, folder / f"{copy}-{log.name}")
    return folder, copies * size


def _say(what: str, seconds: float, rate: str = "") -> None:
    print(f"{what:50}{seconds * 1000:10.0f} ms  {rate}".rstrip(), flush=True)


if __name__ == "__main__":
    sys.exit(main())
