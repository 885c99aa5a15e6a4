"""Pages on paper: nothing leaves an A4 page, cards stay whole, and a number names the line of its log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import LINE, RUN, opened

pytestmark = pytest.mark.xdist_group("site")
# An A4 page is 210 mm wide, its margins are 12 mm; a CSS pixel is 1/96 inch.
A4 = round((210 - 2 * 12) / 25.4 * 96)
BEYOND = """() => [...document.querySelectorAll("article :is(td, th, pre, img, li)")]
  .filter((part) => part.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((part) => part.textContent.slice(0, 40))"""


@pytest.fixture
def paper(browser: Browser) -> Iterator[Page]:
    """A page of the width of paper, as it is printed."""
    context = browser.new_context(viewport={"width": A4, "height": 1000})
    page = context.new_page()
    page.emulate_media(media="print")
    yield page
    context.close()


def test_no_cell_leaves_the_paper(paper: Page, address: str, site: Path) -> None:
    wrong = {}
    for name in opened(site):
        paper.goto(f"{address}{name}")
        expect(paper.locator("article").first).to_be_visible()
        if beyond := paper.evaluate(BEYOND):
            wrong[name] = beyond
    assert wrong == {}


def test_a_card_is_not_divided_and_a_page_can_be_printed(paper: Page, made_address: str) -> None:
    paper.goto(made_address)
    card = paper.locator(".grid > .card").first
    expect(card).to_have_css("break-inside", "avoid")
    assert paper.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_a_number_names_its_line(paper: Page, made_address: str) -> None:
    paper.goto(f"{made_address}sambanova/")
    link = paper.locator(f"a[href$='{RUN}#throughput']").first
    expect(link).to_have_attribute("data-line", f"line {LINE}")
    shown = link.evaluate("link => getComputedStyle(link, '::after').content")
    assert shown == '" [" attr(data-line) "]"' or f"line {LINE}" in shown
