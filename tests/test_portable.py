"""The pages elsewhere: under a project's address, and as Markdown on a code host."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import regex

from scripts import ROOT
from scripts.logs.catalog import DOCS

ADDRESS = "https://example.org/below/report/"
_FENCED = regex.compile(r"^ *(```+|~~~+).*?^ *\1 *$", regex.MULTILINE | regex.DOTALL)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as it is built for an address."""
    folder = tmp_path_factory.mktemp("published") / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1", "SITE_URL": ADDRESS}
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, env=environment)
    return folder


def test_the_page_404_finds_its_style_from_any_address(published: Path) -> None:
    text = (published / "404.html").read_text()
    styles = regex.findall(r'<link rel="stylesheet" href="([^"]+)"', text)
    assert styles
    assert all(style.startswith("/below/report/") for style in styles)
    assert all((published / style.removeprefix("/below/report/")).is_file() for style in styles)


def test_a_page_has_its_address_description_and_picture(published: Path) -> None:
    text = (published / "sambanova" / "index.html").read_text()
    assert f'<link rel="canonical" href="{ADDRESS}sambanova/">' in text
    assert f'<meta property="og:image" content="{ADDRESS}assets/home.png">' in text
    assert (published / "assets" / "home.png").is_file()
    assert f"<loc>{ADDRESS}sambanova/</loc>" in (published / "sitemap.xml").read_text()
    pages = [path for path in published.rglob("index.html") if "logs" not in path.parts]
    described = [regex.search(r'<meta name="description" content="([^"]*)"', page.read_text()) for page in pages]
    assert all(described)
    assert len({found[1] for found in described if found}) > 0.9 * len(pages)


def test_markdown_reads_well_on_a_code_host() -> None:
    wrong = []
    for path in sorted(DOCS.rglob("*.md")):
        text = _FENCED.sub("", path.read_text(encoding="utf-8"))
        wrong += [f"{path.name}: {line}" for line in text.splitlines() if regex.match(r" *(?:!!!|\?\?\?|--8<--)", line)]
        shown = regex.sub(r"<details.*?</details>", "", text, flags=regex.DOTALL)
        figures = regex.findall(r"!\[[^\]]*\]\((?:\.\./)*figures/([^)#]+)", shown)
        wrong += [f"{path.name}: {name} is shown twice" for name in {n for n in figures if figures.count(n) > 1}]
        wrong += [f"{path.name}: {name}" for name in figures if regex.search(r"-(?:dark|narrow)\.", name)]
        wrong += [f"{path.name}: {found}" for found in regex.findall(r"\{loading=[^}]*\}", shown)]
    assert wrong == []
