"""How long a changed log takes to be seen in the open browser, while the site is served."""

from __future__ import annotations

import hashlib
import importlib.util
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..screenshots import find_browser
from .process import Failed, environment, python
from .setting import Setting
from .table import print_table

_NOISE = "a line that says nothing of any run\n"
_LOG = (
    "srun: job 701 queued and waiting for resources\nsrun: job 701 has been allocated resources\n{noise}"
    "Epochs: 100%|##########| 4/4 [00:40<00:00, 10.25s/it]\nAccuracy on test set: {accuracy}%\n"
)
_SIZE = 1_000_000
_FIRST = "90.00"
_PATIENCE = 250  # seconds until the site must be served


def measure(setting: Setting) -> None:
    """Measure a log of 1 MB that changes again and again."""
    browser = find_browser()
    if browser is None or importlib.util.find_spec("playwright") is None:
        print("serve is left out: it needs Chromium and playwright (requirements/dev.txt)", file=sys.stderr)
        return
    _change(setting.project, _FIRST)
    with _served(setting.project) as address:
        times = _times(setting.project, f"{address}runs/own-big-1/", browser, 2 * setting.rounds)
    rows = [("a changed log of 1 MB", *(f"{figure(times):.2f}" for figure in (statistics.median, min, max)))]
    print_table(f"until the open browser shows it, {len(times)} times", ("median s", "least s", "most s"), rows)


def _times(project: Path, address: str, browser: str, rounds: int) -> list[float]:
    from playwright.sync_api import sync_playwright

    times = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page()
        _open(lambda: page.goto(address))
        for count in range(rounds):
            accuracy = f"91.{count:02}"
            begun = time.perf_counter()
            _change(project, accuracy)
            page.get_by_role("link", name=accuracy, exact=True).first.wait_for(timeout=60_000)
            times.append(time.perf_counter() - begun)
        chromium.close()
    return times


def _change(project: Path, accuracy: str) -> None:
    """Put a log into the catalog, or another one in its place."""
    text = _LOG.format(noise=_NOISE * (_SIZE // len(_NOISE)), accuracy=accuracy).encode()
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
def _served(project: Path) -> Iterator[str]:
    """Serve the project's site on a free port while the block runs; give its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = python("-m", "scripts.serve", "--port", str(port), folder=project)
    with subprocess.Popen(
        command.words, cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment()
    ) as process:
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()


def _open(load: Callable[[], object]) -> None:
    from playwright.sync_api import Error

    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        try:
            load()
            return
        except Error:  # not served yet
            time.sleep(0.25)
    raise Failed(f"serve: nothing was served within {_PATIENCE} s")
