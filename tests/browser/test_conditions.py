"""One page of each kind under other conditions: without script, without motion, by keyboard alone, and as a file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts import offline
from tests.browser.conftest import RUN, SHOWN, made_results, opened

pytestmark = pytest.mark.xdist_group("site")
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
FAILED = sum(run.word("outcome") == "failed" for run in made_results().runs)
NOT_SHOWN = """() => [...document.querySelectorAll(".figure")].filter((figure) =>
  ![...figure.querySelectorAll("img")].some((image) => image.checkVisibility())).length"""
MOVES = """() => document.getAnimations().filter((one) => one.playState === "running").length"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, made_pages: Path) -> Path:
    """The site of our own logs as it is unpacked from the archive."""
    folder = tmp_path_factory.mktemp("offline") / "site"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(offline, "DOCS", made_pages)
        assert offline.build(folder) == ""
    return folder


@pytest.fixture
def watched(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page, and what goes wrong on it."""
    context = browser.new_context(viewport={"width": 390, "height": 900})
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(f"{page.url}: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    page.on("request", lambda asked: wrong.append(asked.url) if asked.url.startswith("http") else None)
    yield page, wrong
    context.close()


def test_without_script_every_page_is_whole(browser: Browser, address: str, site: Path) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 900}, java_script_enabled=False)
    page = context.new_page()
    for name in opened(site):
        page.goto(f"{address}{name}")
        expect(page.locator("h1").first).to_be_visible()
        figures = page.locator(".figure")
        expect(page.locator(".figure img[src$='#narrow-light']")).to_have_count(figures.count())
    context.close()


def test_every_page_opens_from_a_file(watched: tuple[Page, list[str]], files: Path) -> None:
    page, wrong = watched
    kinds = {path.parent: path for path in sorted(files.rglob("*.html")) if path.name != "404.html"}
    for path in [*kinds.values(), files / "index.html", files / "sambanova.html", files / "compare.html"]:
        page.goto(path.as_uri())
        expect(page.locator("h1").first).to_be_visible()
        assert page.evaluate(FITS), path
        assert page.evaluate(NOT_SHOWN) == 0, path
    assert wrong == []


def test_links_and_search_work_from_a_file(watched: tuple[Page, list[str]], files: Path) -> None:
    page, wrong = watched
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto((files / "index.html").as_uri())
    page.get_by_role("link", name=SHOWN, exact=True).click()
    expect(page).to_have_url((files / f"{RUN.strip('/')}.html").as_uri() + "#throughput")
    page.goto((files / "runs" / "index.html").as_uri() + "?outcome=failed")
    expect(page.locator(".runs tbody tr").filter(visible=True)).to_have_count(FAILED)
    box = page.get_by_role("textbox", name="Search")
    box.click()
    box.press_sequentially("ntasks")
    expect(page.locator(".md-search-result__link").first).to_have_attribute("href", re.compile(r".*/sambanova\.html"))
    assert wrong == []


def test_on_a_phone_the_words_of_the_log_stand_under_the_number(browser: Browser, address: str, site: Path) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 900})
    page = context.new_page()
    for name in [name for name in opened(site) if re.match(r"runs/[^/]+-\d+/$", name)]:
        page.goto(f"{address}{name}")
        words = page.locator(".evidence")
        assert words.count() > 0
        for box in [part.bounding_box() for part in words.all()]:
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 360
    context.close()


def test_nothing_moves_where_motion_is_not_wanted(browser: Browser, address: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    for name in ("", "sambanova/", "runs/"):
        page.goto(f"{address}{name}")
        expect(page.locator("h1").first).to_be_visible()
        page.wait_for_function(f"() => ({MOVES})() === 0")
    context.close()


def test_the_keyboard_reaches_the_text_and_every_filter(browser: Browser, made_address: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"{made_address}runs/")
    page.keyboard.press("Tab")
    expect(page.locator(".md-skip")).to_be_focused()
    page.keyboard.press("Enter")
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.closest('label')?.textContent.split(' ')[0] ?? ''"))
    assert {"system", "outcome"} <= set(reached)
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    context.close()
