"""The built pages in a real browser: no error, no overflow, no outside request, accessible, sortable, searchable."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Literal

import pytest
import regex
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, TimeoutError, expect

from tests.browser.conftest import LINE, LOG, PRINTED, RUN, SHOWN, opened

pytestmark = pytest.mark.xdist_group("site")
expect.set_options(timeout=30_000)  # a busy machine is slow, not wrong
WIDE, NARROW = 1280, 390
WIDTHS = (WIDE, 768, NARROW, 360)
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
# The rule is off unless it is asked for. What holds is not listed, which saves most of the time.
AXE = {"rules": {"label-content-name-mismatch": {"enabled": True}}, "resultTypes": ["violations"]}
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a wide, light browser."""
    context = browser.new_context(viewport={"width": WIDE, "height": 900}, color_scheme="light")
    context.set_default_timeout(90_000)
    yield context.new_page()
    context.close()


def test_no_page_errs_overflows_or_asks_another_host(page: Page, address: str, site: Path) -> None:
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(f"{page.url}: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    page.on(
        "request",
        lambda asked: None if asked.url.startswith((address, "data:")) else wrong.append(f"{page.url}: {asked.url}"),
    )
    for name in opened(site):
        page.goto(f"{address}{name}")
        for width, scheme in product(WIDTHS, SCHEMES):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            fits = f"innerWidth === {width} && matchMedia('(prefers-color-scheme: {scheme})').matches && {FITS}"
            try:  # the browser lays the page out anew in its own time, but mostly it has done so when it is asked
                if not page.evaluate(fits):
                    page.wait_for_function(fits, timeout=3000)
            except TimeoutError:
                wrong.append(f"{page.url}: wider than the window at {width}, {scheme}")
    assert wrong == []


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (NARROW, "dark")])
def test_axe_finds_no_violation(browser: Browser, address: str, site: Path, width: int, scheme: Scheme) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    found = {}
    for name in opened(site):
        page.goto(f"{address}{name}")
        expect(page.locator(".md-search[aria-label]")).to_have_count(1)
        for violation in Axe().run(page, options=AXE).response["violations"]:
            found[name, violation["id"]] = [node["html"] for node in violation["nodes"]]
    context.close()
    assert found == {}


def test_a_heading_sorts_its_table_by_the_keyboard(page: Page, made_address: str) -> None:
    page.goto(f"{made_address}sambanova/")
    heading = page.get_by_role("columnheader").filter(has_text="samples/s").first
    column = heading.evaluate("cell => cell.cellIndex")
    cells = heading.locator("xpath=ancestor::table").locator(f"tbody td:nth-child({column + 1})")
    before = cells.all_inner_texts()
    assert before != sorted(before)
    heading.get_by_role("button").press("Enter")
    expect(heading).to_have_attribute("aria-sort", "ascending")
    assert cells.all_inner_texts() == sorted(before)
    heading.get_by_role("button").press("Space")
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert cells.all_inner_texts() == sorted(before, reverse=True)


def _search(page: Page, words: str) -> Locator:
    """Type into the search as soon as its index is there; return the links that it finds."""
    box = page.get_by_role("textbox", name="Search")
    box.click()
    expect(page.locator(".md-search-result__meta")).to_have_text("Type to start searching")
    box.press_sequentially(words)  # the theme listens to keys
    results = page.locator(".md-search-result__link")
    expect(results.first).to_be_visible()
    return results


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("weak scaling", "glossary/"),
        ("Cerebras batch size", "cerebras/"),
        ("sambanova-run-ntasks16-1", "runs/sambanova-run-ntasks16-1/"),
    ],
)
def test_the_search_finds_a_metric_a_system_and_a_run(page: Page, made_address: str, words: str, target: str) -> None:
    page.goto(made_address)
    _search(page, words)
    # The first links are shown while the rest of the words is still being typed.
    expect(page.locator(f'.md-search-result__link[href*="/{target}"]').first).to_be_visible()


def test_a_number_of_the_home_page_leads_to_its_fact_and_line(page: Page, made_address: str) -> None:
    page.goto(made_address)
    page.get_by_role("link", name=SHOWN, exact=True).click()
    expect(page).to_have_url(f"{made_address}{RUN}#throughput")
    row = page.locator("tr:has(:target)")
    expect(row).to_contain_text(PRINTED)
    expect(row.locator("mark")).to_have_text(PRINTED)
    expect(row.get_by_role("link")).to_have_count(1)
    assert (row.get_by_role("link", name=LINE).get_attribute("href") or "").endswith(f"{LOG}#L{LINE}")


def test_a_fact_can_be_copied_as_a_citation(browser: Browser, made_address: str) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    run = f"{made_address}{RUN}"
    page.goto(run)
    button = page.get_by_role("button", name="cite throughput", exact=True)
    button.press("Enter")
    expect(button).to_have_text("copied")
    value, named, log, sums, original, here, cited = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert value == f"throughput = {PRINTED} samples/s"
    assert named == "SambaNova · 32 tasks · failed its check · run 1 of 2 (run sambanova-run-ntasks16-2)"
    assert log == f"line {LINE} of {LOG}: training_samples_per_second': {PRINTED}"
    assert regex.fullmatch(r"sha256 [0-9a-f]{64}, swh:1:cnt:[0-9a-f]{40}", sums)
    assert original == f"https://example.org/blob/1/{LOG}#L{LINE}"
    assert regex.fullmatch(regex.escape(f"{run}#throughput") + r" \(\d{4}-\d\d-\d\d\)", here)
    assert regex.fullmatch(r"Testbed Report contributors: Testbed Report, version [\d.]+\. The data: CC0 1\.0\.", cited)
    context.close()


def test_paper_shows_light_figures_and_no_navigation(browser: Browser, made_address: str) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(f"{made_address}sambanova/")
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("img[src$='throughput.svg#wide-light']")).to_be_visible()
    expect(page.locator("img[src$='throughput-dark.svg#wide-dark']")).to_be_hidden()
    expect(page.locator(".md-tabs")).to_be_hidden()
    context.close()


def test_the_home_page_and_the_figures_are_light(page: Page, address: str, site: Path) -> None:
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url.partition("#")[0].partition("?")[0]))
    page.goto(address)
    _search(page, "throughput")
    files = [site / (url.removeprefix(address) or "index.html") for url in asked if url.startswith(address)]
    assert any(path.name == "search_index.json" for path in files)
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) <= 200_000
    assert all(path.stat().st_size <= 30_000 for path in site.rglob("figures/*.svg"))
