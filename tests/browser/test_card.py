"""The evidence of a number: the card by mouse, keyboard and finger, link titles, and the row of a number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.conftest import LINE, LOG, PRINTED, PROOF, RUN, SHOWN, opened
from tests.browser.test_pages import AXE

pytestmark = pytest.mark.xdist_group("site")
NUMBERS = ".md-content article a[title][href*='#']:not(.headerlink)"
TO_A_LINE = "[href*='#L']"
THROUGHPUT = f"a[href$='{RUN}#throughput']"
TITLE = f"throughput, 32 tasks, run 1 of 2, line {LINE}"
WORDS = f"training_samples_per_second': {PRINTED}"


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A wide browser."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(90_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of it."""
    return context.new_page()


def card_of(page: Page) -> Locator:
    return page.get_by_role("dialog").and_(page.locator(".fact-card"))


def number_of_home(page: Page, address: str) -> Locator:
    page.goto(address)
    return page.locator(THROUGHPUT).first


def test_the_card_opens_under_the_mouse_and_stays_while_the_mouse_is_in_it(page: Page, made_address: str) -> None:
    number = number_of_home(page, made_address)
    title = number.get_attribute("title")
    assert title == TITLE
    number.hover()
    card = card_of(page)
    expect(card).to_have_attribute("aria-label", title)
    expect(card).to_contain_text(f"throughput {PRINTED} samples/s")
    expect(card).to_contain_text("SambaNova · 32 tasks · failed its check")
    expect(card).to_contain_text(f"line {LINE}: {WORDS}")
    expect(card.locator("mark")).to_have_text(PRINTED)
    expect(number).not_to_have_attribute("title", title)  # the browser's own tooltip would cover the card
    card.get_by_role("link", name="open the log line").hover()
    page.wait_for_timeout(500)
    expect(card).to_be_visible()
    page.mouse.move(5, 5)
    expect(card).to_have_count(0)
    expect(number).to_have_attribute("title", title)


def test_the_card_leads_to_the_line_and_to_all_facts_of_the_run(page: Page, made_address: str) -> None:
    number_of_home(page, made_address).hover()
    line = card_of(page).get_by_role("link", name="open the log line")
    assert (line.get_attribute("href") or "").endswith(f"/{LOG}#L{LINE}")
    card_of(page).get_by_role("link", name="all facts of the run").click()
    expect(page).to_have_url(f"{made_address}{RUN}")


def test_the_keyboard_opens_the_card_reaches_what_is_in_it_and_closes_it(
    context: BrowserContext, made_address: str
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    number = number_of_home(page, made_address)
    # Focus that a script gives counts as the keyboard's where no pointer was used.
    number.focus()
    card = card_of(page)
    expect(card).to_be_visible()
    expect(number).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status").filter(has_text=WORDS)).to_have_count(1)
    page.keyboard.press("Tab")
    button = card.get_by_role("button")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(button).to_have_text("copied")
    assert WORDS in page.evaluate("navigator.clipboard.readText()")
    page.keyboard.press("Tab")
    expect(card.get_by_role("link", name="open the log line")).to_be_focused()
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(number).to_be_focused()
    page.keyboard.press("Tab")  # to the next number, whose card opens
    expect(card).to_have_count(1)
    expect(card).not_to_contain_text(PRINTED)


def test_a_finger_opens_the_card_first_and_follows_the_link_then(browser: Browser, made_address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True)
    page = context.new_page()
    number = number_of_home(page, made_address)
    number.tap()
    card = card_of(page)
    expect(card).to_contain_text(WORDS)
    box = card.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.locator("h1").tap()
    expect(card).to_have_count(0)
    number.tap()
    expect(card).to_be_visible()
    number.tap()
    expect(page).to_have_url(f"{made_address}{RUN}#throughput")
    context.close()


def test_without_script_the_title_says_it_and_the_row_has_the_words(browser: Browser, made_address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    number = number_of_home(page, made_address)
    expect(number).to_have_accessible_description(TITLE)
    number.click()
    row = page.locator("tr:has(:target)")
    expect(row.locator(".evidence")).to_have_text(WORDS)
    expect(row.locator("mark")).to_have_text(PRINTED)
    context.close()


def test_where_nothing_can_be_fetched_the_card_says_what_the_title_says(page: Page, made_address: str) -> None:
    number = number_of_home(page, made_address)
    page.route(f"**/{RUN}", lambda route: route.abort())
    number.hover()
    expect(card_of(page)).to_contain_text(f"throughput {SHOWN}")
    expect(card_of(page).get_by_role("link")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_an_open_card(page: Page, made_address: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    number_of_home(page, made_address).focus()
    expect(card_of(page)).to_be_visible()
    found = Axe().run(page, options=AXE).response["violations"]
    assert [(violation["id"], [node["html"] for node in violation["nodes"]]) for violation in found] == []


def test_a_card_opens_on_the_numbers_of_every_kind_of_page(page: Page, address: str, site: Path) -> None:
    wrong, cards = [], 0
    for name in opened(site):
        page.goto(f"{address}{name}")
        # What is folded is not in sight, and takes no focus.
        page.locator("details").evaluate_all("all => all.forEach(one => (one.open = true))")
        numbers = page.locator(f"{NUMBERS}:not({TO_A_LINE})").all()
        for number in numbers if PROOF or len(numbers) < 3 else [*numbers[:2], numbers[-1]]:
            title = number.get_attribute("title") or ""
            number.focus()
            try:
                expect(card_of(page)).to_have_attribute("aria-label", title, timeout=10_000)
            except AssertionError:
                wrong.append(f"{name}: {title}")
                continue
            cards += 1
            said = card_of(page).locator(".fact-card__value").inner_text()
            if not said.partition(" ")[2] or card_of(page).locator(".fact-card__run").count() != 1:
                wrong.append(f"{name}: {title}: {said}")
            page.keyboard.press("Escape")
    assert wrong == []
    # Without a log there are the numbers of documents and of other people's runs.
    assert cards > (20 if any((site / "runs").glob("*-*")) else 10)


def test_every_number_says_what_it_is_and_of_which_run(page: Page, address: str, site: Path) -> None:
    """Every link to a number has a title of at least two parts; no link leads to its own row."""
    wrong = []
    for name in opened(site):
        page.goto(f"{address}{name}")
        titles = page.locator(NUMBERS).evaluate_all("links => links.map(link => link.title)")
        wrong += [f"{name}: {title}" for title in titles if ", " not in title]
        wrong += page.evaluate(
            """() => [...document.querySelectorAll('.md-content a[href^="#"]:not(.headerlink)')]
                .filter(link => link.closest('tr')?.contains(document.getElementById(link.hash.slice(1))))
                .map(link => location.pathname + link.hash)"""
        )
    assert wrong == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("place", ["throughput", "failure_reason", "weak_scaling_efficiency", "sdk_version"])
def test_the_row_that_a_number_leads_to_is_whole_in_sight_and_wholly_tinted(
    page: Page, made_address: str, width: int, place: str
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{made_address}{RUN}#{place}")
    row = page.locator("tr:has(:target)")
    expect(row).to_be_in_viewport(ratio=0.2 if width == 390 else 0.9)  # a table scrolls sideways in its own box
    head = page.locator(".md-header").bounding_box()
    box = row.bounding_box()
    assert head is not None
    assert box is not None
    assert head["y"] + head["height"] <= box["y"]
    assert box["y"] + box["height"] <= 800
    tints = row.locator("> *").evaluate_all("cells => cells.map(cell => getComputedStyle(cell).backgroundImage)")
    assert len(tints) > 3
    assert "none" not in tints


def test_tables_have_names_captions_and_heads_of_rows(page: Page, made_address: str) -> None:
    page.goto(f"{made_address}sambanova/")
    region = page.get_by_role("region", name="Runs of SambaNova", exact=True)
    expect(region.locator("caption")).to_have_text("Runs of SambaNova")
    expect(region.get_by_role("rowheader")).to_have_count(4)
    expect(region.get_by_role("link", name="facts of the 32-task run, 1 of 2")).to_have_count(1)
    page.goto(f"{made_address}{RUN}")
    expect(page.get_by_role("region", name="What was measured", exact=True)).to_have_count(1)


def test_paper_has_no_card(page: Page, made_address: str) -> None:
    number_of_home(page, made_address).hover()
    expect(card_of(page)).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator(".fact-card")).to_be_hidden()
