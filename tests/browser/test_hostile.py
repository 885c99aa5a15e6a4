"""Logs that attack: whatever stands in them or in their names is shown letter by letter and does nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from parsers.reading import parse
from scripts.report.__main__ import main as report
from scripts.screenshots import served
from scripts.store.files import digest
from tests.browser.conftest import PROOF, opened
from tests.scripts.hostile import NAMES, PAYLOADS, hostile_folder, hostile_log

pytestmark = pytest.mark.xdist_group("hostile")
MADE = ", ".join(
    (
        "[class~=harm]",
        "[id=harm]",
        "iframe",
        "img[src=x]",
        "[onclick]",
        "[onerror]",
        "[onload]",
        "a[href^='javascript:']",
        "a[href^='data:text']",
    )
)


@pytest.fixture(scope="module", params=["kept", "named"])
def hostile_site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of hostile logs: one kept whole under a hostile path, or a folder of hostile names."""
    top = tmp_path_factory.mktemp(request.param)
    logs = top / "logs"
    if request.param == "named":
        hostile_folder(logs)
    else:
        _keep(logs, '<img src=x onerror="window.harmed=1">.log', hostile_log())
    assert report([str(logs), str(top / "out")]) == 0
    return top / "out" / "site"


def _keep(folder: Path, name: str, data: bytes) -> None:
    folder.mkdir()
    (folder / name).write_bytes(data)
    quoted = name.replace('"', '\\"')
    (folder / "catalog.toml").write_text(
        f'[[log]]\npath = "{quoted}"\nsystem = "Groq"\nsha256 = "{digest(data)}"\nsize = {len(data)}\nurl = ""\n'
        'author = "<b class=harm>me</b>"\nnote = "<i class=harm>[x](javascript:window.harmed=1)</i>"\nkept = true\n'
    )


@pytest.fixture
def hostile_address(hostile_site: Path) -> Iterator[str]:
    """The address of the hostile site while it is served."""
    with served(hostile_site) as root:
        yield root


def _watched(browser: Browser, address: str, wrong: list[str]) -> Page:
    page = browser.new_page()
    page.on("dialog", lambda dialog: wrong.append(f"{page.url}: dialog {dialog.message}"))
    page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
    page.on("request", lambda asked: None if asked.url.startswith((address, "data:image")) else wrong.append(asked.url))
    return page


def _look(page: Page, wrong: list[str]) -> None:
    if page.evaluate("window.harmed !== undefined"):
        wrong.append(f"{page.url}: a script ran")
    wrong += [f"{page.url}: {made}" for made in page.locator(MADE).evaluate_all("all => all.map(one => one.outerHTML)")]


def _reasons(payloads: Iterable[str]) -> list[str]:
    """Return why the run of each payload failed, as the reader has it: marks of HTML around a log are none of it."""
    runs = [parse(hostile_log([payload]), "").runs[0] for payload in payloads]
    return [reason.value for run in runs if (reason := run.fact("failure_reason"))]


def test_no_script_runs_no_element_is_made_no_other_host_is_asked(
    browser: Browser, hostile_site: Path, hostile_address: str
) -> None:
    wrong: list[str] = []
    page = _watched(browser, hostile_address, wrong)
    shown = ""
    for name in opened(hostile_site):
        page.goto(f"{hostile_address}{name}")
        _look(page, wrong)
        shown += page.locator("body").inner_text()
    assert wrong == []
    # One page of a kept log shows every payload; of the logs with hostile names, each has one on the page of its run.
    whole = (hostile_site / "logs").is_dir()
    expected = PAYLOADS if whole else _reasons(PAYLOADS[: len(NAMES)]) if PROOF else ()
    assert [payload for payload in expected if payload.isprintable() and payload not in shown] == []
    page.close()


def test_the_search_shows_hostile_text_as_text(browser: Browser, hostile_address: str) -> None:
    wrong: list[str] = []
    page = _watched(browser, hostile_address, wrong)
    page.goto(hostile_address)
    box = page.get_by_role("textbox", name="Search")
    box.click()
    expect(page.locator(".md-search-result__meta")).to_have_text("Type to start searching")
    box.press_sequentially("harmed")
    expect(page.locator(".md-search-result__link").first).to_be_visible()
    _look(page, wrong)
    assert wrong == []
    page.close()
