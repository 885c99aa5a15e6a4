"""`python -m scripts.screenshots`: the pictures of the README, taken of the built site in a real browser."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import ROOT
from .logs.catalog import DOCS

SITE = ROOT / "site"
PICTURES = {"": "home.png", "cerebras/": "system.png"}


def find_browser() -> str | None:
    """Return the path of Chromium, or of the Chrome that some machines have instead; None where there is neither."""
    return shutil.which("chromium") or shutil.which("google-chrome")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on a free local port while the block runs; give its address."""
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout is not None
        try:
            port = re.search(r" port (\d+) ", server.stdout.readline())
            assert port is not None, "the server says its port first"
            yield f"http://127.0.0.1:{port[1]}/"
        finally:
            server.terminate()


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.screenshots", description=__doc__)
    parser.add_argument("--site", type=Path, default=SITE, metavar="FOLDER", help="the built site")
    parser.add_argument("--out", type=Path, default=DOCS / "assets", metavar="FOLDER", help="where the pictures go")
    options = parser.parse_args(arguments)
    chromium = find_browser()
    if chromium is None:
        print("error: chromium is not installed (Debian, Ubuntu: apt install chromium)", file=sys.stderr)
        return 1
    if not (options.site / "index.html").is_file():
        print(f"error: {options.site}: no built site; `make site` builds it", file=sys.stderr)
        return 1
    take(options.site, options.out, chromium)
    return 0


def take(site: Path, out: Path, chromium: str) -> None:
    """Write the pictures of a built site into a folder."""
    from playwright.sync_api import sync_playwright

    with served(site) as address, sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium, args=sandbox)
        page = browser.new_page(viewport={"width": 1280, "height": 1000}, color_scheme="light", reduced_motion="reduce")
        for name, picture in PICTURES.items():
            page.goto(f"{address}{name}")
            page.wait_for_timeout(500)  # the theme fades its tabs in
            page.screenshot(path=out / picture)
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
