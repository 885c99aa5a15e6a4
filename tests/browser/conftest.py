"""The built site on a local port, and a real browser to look at it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from parsers.engine.loading import known
from scripts.screenshots import find_browser, served

CHROMIUM = find_browser()
# The tests open one page of each kind; with PROOF set (`make proof`), every page.
PROOF = bool(os.environ.get("PROOF"))
SYSTEMS = {dialect.system.lower() for dialect in known()}


def opened(site: Path) -> list[str]:
    """Return the addresses of the pages to open, relative to the site's."""
    every = sorted(path.relative_to(site).as_posix().removesuffix("index.html") for path in site.rglob("index.html"))
    kinds = {_kind(page): page for page in reversed(every)}
    assert len(every) > len(kinds) > 6
    return every if PROOF else sorted(kinds.values())


def _kind(page: str) -> str:
    """Return what pages made in the same way share: `runs/a/` and `runs/b/` give `runs/*`."""
    folder, name = os.path.split(page.rstrip("/"))
    return "system" if page.rstrip("/") in SYSTEMS else f"{folder}/*" if folder else name


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """The site's address while it is served."""
    with served(site.parent.parent) as root:
        yield f"{root}below/report/"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, as the system has it."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=sandbox)
        yield running
        running.close()
