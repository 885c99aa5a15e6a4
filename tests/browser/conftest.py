"""The built site on a local port, and a real browser to look at it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from scripts.screenshots import find_browser, served

CHROMIUM = find_browser()


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
