"""`python -m scripts.scale [PART...]`: how builds, the open browser, processes and reports do as there is more to do.

Parts: `build` (nothing changed; cold; a further figure), `serve` (from a changed log to the open browser), `jobs` (one
process against two), `report` (another folder's report at 10, 100 and 1,000 runs). All is measured in a copy of the
project in a temporary folder, with logs made by repeating those of a folder, the tests' cases if none is given.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from parsers.reading import read
from scripts import ROOT

ROUNDS = 10
PORT = 8765
CASES = ROOT / "tests" / "parsers" / "cases"
_NOISE = b"a line that says nothing of any run\n"
_LOG = (
    "srun: job 701 queued and waiting for resources\nsrun: job 701 has been allocated resources\n{noise}"
    "Epochs: 100%|##########| 4/4 [00:40<00:00, 10.25s/it]\nAccuracy on test set: {accuracy}%\n"
)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.scale", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", choices=[*PARTS, []], help="default: all of them")
    parser.add_argument("--megabytes", type=int, default=200, help="how much the part jobs reads (default 200)")
    parser.add_argument("--from", dest="source", type=Path, default=CASES, metavar="FOLDER", help="logs to repeat")
    options = parser.parse_args(arguments)
    if not _logs_with_runs(options.source):
        print(f"error: {options.source}: no file in it holds a run", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        project = _copy(Path(scratch) / "project")
        for part in options.parts or PARTS:
            PARTS[part](project, options.source.resolve(), options.megabytes * 1_000_000)
    return 0


def _logs_with_runs(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and read(path).runs]


def _copy(project: Path) -> Path:
    """Copy what the repository holds."""
    for name in subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True).split("\0"):
        if name and (ROOT / name).is_file():
            (project / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, project / name)
    return project


def _say(what: str, value: str) -> None:
    print(f"{what:60}{value:>30}", flush=True)


def _run(project: Path, *words: str) -> tuple[float, float, float]:
    """Run a module in the project; return its wall time, its CPU time and its peak memory in MB."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        command = [sys.executable, "-m", *words]
        with subprocess.Popen(command, cwd=project, stdout=subprocess.DEVNULL, stderr=said) as process:
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - begun
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"{' '.join(words)}: {said.read()}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000


def build(project: Path, _source: Path, _size: int) -> None:
    """Measure builds of the repository's own data set."""
    shutil.rmtree(project / ".cache", ignore_errors=True)
    _run(project, "scripts.build")  # compiles the code
    cold, warm = [], []
    for _ in range(5):
        shutil.rmtree(project / ".cache")
        cold.append(_run(project, "scripts.build"))
        warm.append(_run(project, "scripts.build"))
    figures = len(list((project / "docs" / "figures").glob("*.svg"))) // 2
    for what, times in ((f"build, nothing remembered, {figures} figures", cold), ("build, nothing changed", warm)):
        wall, cpu = (statistics.median(each[place] for each in times) for place in (0, 1))
        _say(what, f"{wall:.2f} s, {cpu:.2f} s CPU")


def serve(project: Path, _source: Path, _size: int) -> None:
    """Measure how long a changed log of 1 MB takes to be seen in the open browser, and a changed sentence."""
    from playwright.sync_api import sync_playwright

    _change(project, "90.00")
    with _served(project), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        _open(lambda: page.goto(f"http://127.0.0.1:{PORT}/runs/own-big-1/"))
        times = []
        for count in range(ROUNDS):
            accuracy = f"9{count}.5{count}"
            begun = time.perf_counter()
            _change(project, accuracy)
            page.get_by_role("link", name=accuracy, exact=True).first.wait_for(timeout=60_000)
            times.append(time.perf_counter() - begun)
        browser.close()
    _say(f"a changed log of 1 MB, seen in the open browser, median of {ROUNDS}", f"{statistics.median(times):.2f} s")
    _say("the same, quickest and slowest", f"{min(times):.2f} s, {max(times):.2f} s")


def _change(project: Path, accuracy: str) -> None:
    """Put a log of 1 MB into the catalog, or another one in its place."""
    noise = (_NOISE * (1_000_000 // len(_NOISE))).decode()
    text = _LOG.format(noise=noise, accuracy=accuracy).encode()
    catalog = project / "raw_logs" / "catalog.toml"
    kept = catalog.read_text().split('\n[[log]]\npath = "own/big.log"')[0]
    entry = (
        f'\n[[log]]\npath = "own/big.log"\nsystem = "Graphcore"\nsha256 = "{hashlib.sha256(text).hexdigest()}"\n'
        f'size = {len(text)}\nurl = "https://example.org/big.log"\nauthor = "nobody"\nnote = ""\n'
    )
    (project / "raw_logs" / "own").mkdir(exist_ok=True)
    (project / "raw_logs" / "own" / "big.log").write_bytes(text)
    catalog.write_text(kept + entry)


@contextmanager
def _served(project: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "scripts.serve", "--port", str(PORT)]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.terminate()


def _open(load: Callable[[], object]) -> None:
    from playwright.sync_api import Error

    for _ in range(1000):
        try:
            load()
            return
        except Error:  # not served yet
            time.sleep(0.25)
    raise RuntimeError(f"nothing is served on port {PORT}")


def jobs(project: Path, source: Path, size: int) -> None:
    """Measure reading in one process and in two, in turn."""
    logs = project.parent / "logs"
    held = _repeat(source, logs, size)
    times: dict[str, list[tuple[float, float, float]]] = {"1": [], "2": []}
    for _ in range(3):
        for count, found in times.items():
            out = str(project.parent / f"{count}.parquet")
            found.append(_run(project, "parsers", str(logs), "-o", out, "--jobs", count))
    same = (project.parent / "1.parquet").read_bytes() == (project.parent / "2.parquet").read_bytes()
    one, two = (statistics.median(wall for wall, _, _ in found) for found in times.values())
    cpu = [statistics.median(cpu for _, cpu, _ in found) for found in times.values()]
    _say(f"{held / 1e6:.0f} MB to Parquet in one process", f"{one:.1f} s, {cpu[0]:.1f} s CPU")
    _say("in two, " + ("the same bytes" if same else "OTHER BYTES"), f"{two:.1f} s, {cpu[1]:.1f} s CPU")
    _say(f"times as fast, on {os.cpu_count()} cores (load {os.getloadavg()[0]:.1f})", f"{one / two:.2f}")
    _say("peak memory of a process", f"{max(each[2] for found in times.values() for each in found):.0f} MB")
    shutil.rmtree(logs)


def _repeat(source: Path, folder: Path, size: int) -> int:
    """Fill a folder with logs again and again, the small ones in noise as real logs are; return the bytes."""
    folder.mkdir()
    logs = [path.read_bytes() for path in _logs_with_runs(source)]
    held = count = 0
    while held < size:
        data = logs[count % len(logs)]
        data += _NOISE * (5000 if len(data) < 10_000 else 0)
        (folder / f"{count:06}.log").write_bytes(data)
        held, count = held + len(data), count + 1
    return held


def report(project: Path, source: Path, _size: int) -> None:
    """Measure the report on another folder of 10, 100 and 1,000 logs."""
    for count in (10, 100, 1000):
        logs, out = project.parent / f"logs-{count}", project.parent / f"out-{count}"
        _different(source, logs, count)
        times = [_run(project, "scripts.report", str(logs), str(out)) for _ in range(2)]
        runs = len((out / "pages" / "data" / "runs.csv").read_text().splitlines()) - 1
        pages = sorted((out / "pages").rglob("*.md"), key=lambda path: path.stat().st_size)
        _say(f"report on {count} logs, {runs} runs", f"{times[0][0]:.1f} s, {times[0][1]:.1f} s CPU")
        _say("  once more, from the cache", f"{times[1][0]:.1f} s, {times[1][1]:.1f} s CPU")
        _say("  peak memory", f"{times[0][2]:.0f} MB")
        _say(f"  largest page, {pages[-1].relative_to(out / 'pages')}", f"{pages[-1].stat().st_size / 1000:.0f} kB")
        _say("  all files", f"{sum(path.stat().st_size for path in out.rglob('*.*')) / 1e6:.1f} MB")


def _different(source: Path, folder: Path, count: int) -> None:
    """Fill a folder with logs of which no two are the same, for the same is read only once."""
    folder.mkdir()
    logs = _logs_with_runs(source)
    for place in range(count):
        log = logs[place % len(logs)]
        (folder / f"{place:05}.log").write_bytes(log.read_bytes() + b"\ncopy %d\n" % place)


PARTS: dict[str, Callable[[Path, Path, int], None]] = {"build": build, "serve": serve, "jobs": jobs, "report": report}

if __name__ == "__main__":
    sys.exit(main())
