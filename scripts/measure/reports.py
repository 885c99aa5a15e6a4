"""Reports on 10, 100 and 1,000 logs of others: time, memory, files."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from .logs import cases, fill, repeated
from .process import Cost, python, run
from .setting import Setting
from .table import print_table

COUNTS = (10, 100, 1000)
_HEADINGS = ("runs", "wall s", "CPU s", "once more, s", "peak MB", "files MB", "largest page kB")


def measure(setting: Setting, counts: tuple[int, ...] = COUNTS) -> None:
    """Measure a report on each number of logs, then once more with all known."""
    logs = setting.logs if setting.own_logs else cases()
    rows = []
    for count in counts:
        filled = fill(setting.scratch / f"logs-{count}", islice(repeated(logs.paths), count))
        out = setting.scratch / f"out-{count}"
        command = python("-m", "scripts.report", str(filled.folder), str(out), folder=setting.project)
        rows.append(_row(f"{count:,} logs", out, run(command), run(command)))
    print_table(f"report on {logs.title}", _HEADINGS, rows)


def _row(name: str, out: Path, first: Cost, again: Cost) -> tuple[str, ...]:
    runs = len((out / "pages" / "data" / "runs.csv").read_text().splitlines()) - 1
    largest = max(path.stat().st_size for path in (out / "pages").rglob("*.md"))
    files = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    times = (f"{first.wall:.1f}", f"{first.cpu:.1f}", f"{again.wall:.1f}")
    return (name, str(runs), *times, first.peak, f"{files / 1e6:.1f}", f"{largest / 1000:.0f}")
