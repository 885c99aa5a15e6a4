"""The list of runs as an explorer: filters by the keyboard, in the address, over several pages, and without script."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts.logs.catalog import DOCS
from scripts.screenshots import served
from tests.browser.conftest import made_results

pytestmark = pytest.mark.xdist_group("site")
ROWS = ".runs tbody tr"
RUNS = made_results().runs
FAILED = sum(run.word("outcome") == "failed" for run in RUNS)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a wide browser."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def test_a_filter_is_set_by_the_keyboard_and_kept_in_the_address(page: Page, made_address: str) -> None:
    page.goto(f"{made_address}runs/")
    page.get_by_label("outcome").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(f"{made_address}runs/?outcome=failed")
    expect(page.locator("output")).to_have_text(f"{FAILED} of {len(RUNS)} runs.")
    expect(page.locator(ROWS).filter(visible=True)).to_have_count(FAILED)
    page.reload()
    expect(page.get_by_label("outcome")).to_have_value("failed")
    expect(page.locator(ROWS).filter(visible=True)).to_have_count(FAILED)


def test_runs_of_the_own_machine_unfold_when_they_are_asked_for(page: Page, made_address: str) -> None:
    page.goto(f"{made_address}runs/")
    expect(page.locator("details.own")).not_to_have_attribute("open", "")
    page.goto(f"{made_address}runs/?system=CPU")
    expect(page.locator(ROWS).filter(visible=True)).to_have_count(sum(run.system == "CPU" for run in RUNS))


def test_setting_and_main_result_are_in_view(page: Page, made_address: str) -> None:
    page.goto(f"{made_address}runs/")
    row = page.locator(ROWS).filter(has_text="tasks 16")
    for place in (0, 1, 2):
        box = row.locator("td").nth(place).bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 1280


def test_without_script_every_run_is_there(browser: Browser, made_address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{made_address}runs/?outcome=failed")
    expect(page.locator(".filters")).to_have_count(0)
    assert page.locator(ROWS).count() == len(RUNS)
    page.locator("details.own summary").click()
    expect(page.locator(ROWS).filter(visible=True)).to_have_count(len(RUNS))
    context.close()


def test_a_filter_spans_all_pages_of_the_list(page: Page, tmp_path: Path) -> None:
    shutil.copy(DOCS / "assets" / "explorer.js", tmp_path)
    for number, outcomes in enumerate((["failed", "completed"], ["completed"], ["failed"]), 1):
        folder = tmp_path / "runs" / ("" if number == 1 else f"index{number}")
        folder.mkdir(parents=True)
        (folder / "index.html").write_text(_list(number, outcomes))
    with served(tmp_path) as root:
        for start, link in (("runs/", "runs/run-3/"), ("runs/index2/", "runs/run-1/")):
            page.goto(f"{root}{start}?outcome=failed")
            expect(page.locator("output")).to_have_text("2 of 4 runs.")
            assert f"{root}{link}" in page.locator("tbody a").evaluate_all("links => links.map((link) => link.href)")


def _list(number: int, outcomes: list[str]) -> str:
    up = "" if number == 1 else "../"
    others = " ".join(name for place, name in enumerate(("index.md", "index2.md", "index3.md"), 1) if place != number)
    rows = "".join(
        f'<tr><td><a href="{up}run-{number}/">Groq</a></td><td></td><td><a href="#">{outcome}</a></td></tr>'
        for outcome in outcomes
    )
    return (
        f'<div class="runs" data-systems="Groq" data-outcomes="completed,failed" data-page="{number}" '
        f'data-others="{others}"><table><tbody>{rows}</tbody></table></div>'
        f'<script src="/explorer.js"></script>'
    )
