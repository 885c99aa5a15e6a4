"""The built site on a local port, a site of logs of our own beside it, and a real browser to look at them.

What holds for any logs is tried on the site of the repository. What the tool does with a log is tried on our own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from parsers.engine.loading import known
from scripts import ROOT, THEME
from scripts.build import MANIFEST
from scripts.logs.catalog import DOCS
from scripts.report.render import render
from scripts.report.results import Results, collect
from scripts.screenshots import find_browser, served
from tests.scripts import sample

CHROMIUM = find_browser()
# The tests open one page of each kind; with PROOF set (`make proof`), every page.
PROOF = bool(os.environ.get("PROOF"))
SYSTEMS = {dialect.system.lower() for dialect in known()}


# Of one run the number has more digits than a page shows.
PRINTED, SHOWN = "39.51953125", "39.52"
RUN, LOG, LINE = "runs/sambanova-run-ntasks16-2/", "sambanova/run_ntasks16.out", "67"


def made_results() -> Results:
    """Return the runs of the site that is made of our own logs."""
    logs = [*sample.sambanova(float(PRINTED)), sample.graphcore(), sample.cerebras(), sample.groq(), *sample.cpu()]
    return collect(replace(log, entry=replace(log.entry, swhid=f"swh:1:cnt:{log.entry.sha256[:40]}")) for log in logs)


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
def made_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of the repository, were its catalog our own logs."""
    folder = tmp_path_factory.mktemp("made") / "docs"
    generated = set((DOCS / MANIFEST).read_text(encoding="utf-8").splitlines())
    own = [path for path in DOCS.rglob("*") if path.is_file() and path.relative_to(DOCS).as_posix() not in generated]
    pages = {path.relative_to(DOCS).as_posix(): path.read_bytes() for path in own}
    written = {name: text.decode() for name, text in pages.items() if name.endswith(".md")}
    for name, content in (pages | render(made_results(), written, own=True).files).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="session")
def made_address(made_pages: Path) -> Iterator[str]:
    """The address of their site while it is served."""
    site = made_pages.parent / "site"
    settings = {"INHERIT": str(ROOT / "mkdocs.yml"), "docs_dir": str(made_pages), "site_dir": str(site)}
    config = made_pages.parent / "mkdocs.yml"  # JSON is YAML
    config.write_text(json.dumps(settings | {"theme": {"custom_dir": str(THEME)}}), encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", str(config)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment)
    assert built.returncode == 0, built.stderr
    with served(site) as root:
        yield root


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
