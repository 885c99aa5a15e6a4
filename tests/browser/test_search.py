"""What a reader types leads to the right page among the first results."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.xdist_group("site")
FOUND = """() => [...new Set([...document.querySelectorAll(".md-search-result__link")]
  .map((link) => new URL(link.href).pathname.replace("/below/report/", "")))]"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page whose search index is loaded."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(90_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("words", "target", "within"),
    [
        ("throughput", "sambanova/", 1),
        ("batch size 2048", "cerebras/", 1),
        ("why failed", "sambanova/", 4),  # after the failed runs themselves
        ("loss", "cerebras/", 2),
        ("9.58", "graphcore/", 1),
        ("ntasks", "sambanova/", 1),
        ("mask", "claims/", 2),
        ("wall time", "glossary/", 3),
        ("compile", "sambanova/", 2),
        ("efficiency", "sambanova/", 1),
        ("3.76", "", 1),
        ("1.43", "groq/", 1),
    ],
)
def test_the_right_page_is_among_the_first(page: Page, address: str, words: str, target: str, within: int) -> None:
    page.goto(f"{address}method/")
    box = page.get_by_role("textbox", name="Search")
    box.click()
    meta = page.locator(".md-search-result__meta")
    expect(meta).to_have_text("Type to start searching", timeout=30_000)
    box.press_sequentially(words)
    expect(meta).to_contain_text("matching", timeout=30_000)
    page.wait_for_function(f"() => ({FOUND})().slice(0, {within}).includes({target!r})", timeout=10_000)
