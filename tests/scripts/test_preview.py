from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Template
from material.plugins.search.plugin import SearchIndex
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.structure.pages import Page
from mkdocs.theme import Theme

from scripts import preview
from scripts.catalog import DOCS

PAGES = ("index.md", "method.md", "constants.md")


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """Some pages of the site, which link to others that are not there."""
    folder = tmp_path / "docs"
    shutil.copytree(DOCS / "assets", folder / "assets")
    for page in PAGES:
        shutil.copy(DOCS / page, folder)
    return folder


def made(docs: Path, site: Path) -> dict[str, bytes]:
    config = load_config(str(preview.CONFIG), docs_dir=str(docs), site_dir=str(site), site_url="http://localhost/")
    config.plugins.on_startup(command="serve", dirty=False)
    build(config, serve_url="http://localhost/")
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


@pytest.mark.filterwarnings("default")
def test_the_site_is_the_same_as_without(docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[str] = []
    filled: list[str] = []
    render, whole = Page.render, Template.render

    def noted(page: Page, config: Any, files: Any) -> None:
        rendered.append(page.file.src_uri)
        render(page, config, files)

    def fill(template: Template, context: dict[str, Any]) -> str:
        filled.append(context["page"].file.src_uri if context.get("page") else "")
        return whole(template, context)

    def unlike(sites: list[dict[str, bytes]]) -> list[str]:
        changing = ("sitemap.xml", "sitemap.xml.gz")  # these hold the day
        return [name for name in sites[0] if name not in changing and sites[0][name] != sites[1].get(name)]

    page = docs / "method.md"
    text = page.read_text()
    page.write_text(text.replace("# Method", "# Another title\n\nA sentence more, to [a constant](constants.md#none)."))
    plain = made(docs, tmp_path / "plain")
    page.write_text(text)
    monkeypatch.setattr(Page, "render", preview._keeping_pages(noted))
    monkeypatch.setattr(Theme, "get_env", preview._keeping_templates(Theme.get_env))
    entries = preview._keeping_entries(SearchIndex.add_entry_from_context)
    monkeypatch.setattr(SearchIndex, "add_entry_from_context", entries)
    monkeypatch.setattr(Template, "render", preview._keeping_whole(fill))
    before = made(docs, tmp_path / "before")
    assert sorted(rendered) == sorted(PAGES)
    assert "method/index.html" in unlike([plain, before])
    rendered.clear()
    filled.clear()
    page.write_text(text.replace("# Method", "# Another title\n\nA sentence more, to [a constant](constants.md#none)."))
    after = made(docs, tmp_path / "after")
    assert rendered == ["method.md"]
    assert (set(after), unlike([plain, after])) == (set(plain), [])
    assert sorted(set(filled) - {""}) == sorted(PAGES)  # the title of one stands on all
    filled.clear()
    page.write_text(page.read_text() + "\nOne more sentence.\n")
    assert unlike([after, made(docs, tmp_path / "again")]) == ["method/index.html", "search/search_index.json"]
    assert set(filled) - {""} == {"method.md"}
