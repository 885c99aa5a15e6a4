"""What a reader types leads to the right page among the first results, whatever logs the site is about."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts.logs.catalog import DOCS
from scripts.report.system import known_systems

pytestmark = pytest.mark.xdist_group("site")
FOUND = """() => [...new Set([...document.querySelectorAll(".md-search-result__link")]
  .map((link) => new URL(link.href).pathname.replace("/below/report/", "")))]"""
_LINK = re.compile(r"\[(?P<text>[^\[\]]*)\]\([^()]*\)")
_HIDDEN = re.compile(r"\A---\n.*?\n---\n|<!--.*?-->|```.*?```", re.DOTALL)
# Fewer digits are in many numbers.
_NUMBER = re.compile(r"(?<![\d.])(?=[\d.]{4})\d+\.\d+\b")


def shown(page: str) -> str:
    """Return what a reader sees of a page: no targets of links, no commands."""
    text = (DOCS / f"{page.strip('/') or 'index'}.md").read_text(encoding="utf-8")
    return _LINK.sub(r"\g<text>", _HIDDEN.sub("", text))


SYSTEMS = [f"{path.stem}/" for name in known_systems() for path in DOCS.glob(f"{name.lower()}.md")]


def having(words: str, *pages: str) -> tuple[str, ...]:
    """Return those of some pages that have some words."""
    return tuple(page for page in pages if words in shown(page).lower())


def with_words(words: str, *pages: str) -> str:
    """Return the first of some pages that has some words; the last one where none has."""
    return [*having(words, *pages), pages[-1]][0]


def runs_of(word: str) -> int:
    """Return how many pages of runs have a word in their title."""
    titles = (shown(f"runs/{path.stem}").strip().partition("\n")[0] for path in (DOCS / "runs").glob("*-*.md"))
    return sum(word in title for title in titles)


def numbers() -> Iterator[tuple[str, str]]:
    """Yield the numbers of the headlines, and the first one of each answer, with the page of each."""
    for headline in re.findall(r'<span class="headline">(.*)</span>', shown("")):
        yield from ((number, "") for number in _NUMBER.findall(headline))
    for system in SYSTEMS:
        answer = shown(system).partition("\n## Answer\n")[2].partition("\n## ")[0]
        yield from ((number, system) for number in _NUMBER.findall(answer)[:1])


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page whose search index is loaded."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(90_000)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("words", "targets", "within"),
    [
        ("throughput", ("sambanova/", "cerebras/"), 1),
        ("batch size 2048", ("cerebras/",), 1),
        # After the failed runs themselves.
        ("why failed", (with_words("✗ failed", *SYSTEMS, "glossary/"),), 1 + runs_of("failed")),
        ("loss", (with_words("loss", "cerebras/", "sambanova/", "glossary/"),), 2),
        ("ntasks", ("sambanova/",), 1),
        # Claims explain a mask; the page of Groq only names it, as those of other systems do.
        ("mask", (with_words("mask", "claims/", "groq/"),), 2 if having("mask", "claims/") else 3),
        ("wall time", ("glossary/",), 3),
        ("compile", ("sambanova/",), 1 + runs_of("compile")),
        ("efficiency", having("efficiency", "sambanova/", "cerebras/") or ("glossary/",), 1),
    ],
)
def test_the_right_page_is_among_the_first(
    page: Page, address: str, words: str, targets: tuple[str, ...], within: int
) -> None:
    search(page, address, words)
    page.wait_for_function(
        f"() => ({FOUND})().slice(0, {within}).some((found) => {list(targets)}.includes(found))", timeout=10_000
    )


_NONE = pytest.param("", "", marks=pytest.mark.skip(reason="no answer has such a number"))


@pytest.mark.parametrize(("number", "target"), list(dict.fromkeys(numbers())) or [_NONE])
def test_a_number_of_an_answer_leads_to_the_answer(page: Page, address: str, number: str, target: str) -> None:
    search(page, address, number)
    page.wait_for_function(f"() => {[*SYSTEMS, '']}.includes(({FOUND})()[0])", timeout=10_000)
    assert target in page.evaluate(FOUND)[:3]


def search(page: Page, address: str, words: str) -> None:
    """Type words into the search of a page."""
    page.goto(f"{address}method/")
    box = page.get_by_role("textbox", name="Search")
    box.click()
    meta = page.locator(".md-search-result__meta")
    expect(meta).to_have_text("Type to start searching", timeout=30_000)
    box.press_sequentially(words)
    expect(meta).to_contain_text("matching", timeout=30_000)
