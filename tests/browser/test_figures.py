"""Figures on every screen: one drawing is shown, its letters can be read, and no label lies on another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts.logs.catalog import DOCS
from tests.browser.conftest import SYSTEMS, opened

pytestmark = pytest.mark.xdist_group("site")
SHOWN = """() => [...document.querySelectorAll(".figure")].map((figure) =>
  [...figure.querySelectorAll("img")].filter((image) => image.checkVisibility() && image.getBoundingClientRect().width)
    .map((image) => image.getAttribute("src").replace(/.*#/, "")))"""
# Of each drawing that is shown: its width in the page over its own, and its smallest letters.
LETTERS = """async () => {
  const sizes = [];
  for (const image of document.querySelectorAll(".figure img")) {
    const width = image.getBoundingClientRect().width;
    if (!width || !image.checkVisibility()) continue;
    const text = await (await fetch(image.src)).text();
    const own = Number(text.match(/viewBox="0 0 ([\\d.]+)/)[1]);
    const letters = [...text.matchAll(/font(?:-size)?: (?:\\w+ )?([\\d.]+)px/g)].map((size) => Number(size[1]));
    sizes.push([image.src.replace(/.*\\//, ""), (width / own) * Math.min(...letters)]);
  }
  return sizes;
}"""
OVERLAPS = """() => {
  const drawing = document.documentElement.viewBox.baseVal, wrong = [];
  const texts = [...document.querySelectorAll("text")];
  const boxes = texts.map((text) => text.getBoundingClientRect());
  const scale = document.documentElement.getBoundingClientRect().width / drawing.width;
  const bounds = document.documentElement.getBoundingClientRect();
  boxes.forEach((box, one) => {
    if (box.left < bounds.left - 1 || box.right > bounds.right + 1) wrong.push(`${texts[one].textContent} is cut`);
    boxes.slice(one + 1).forEach((other, place) => {
      const wide = Math.min(box.right, other.right) - Math.max(box.left, other.left);
      const tall = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
      if (wide > 2 * scale && tall > 4 * scale)
        wrong.push(`${texts[one].textContent} on ${texts[one + 1 + place].textContent}`);
    });
  });
  return wrong;
}"""


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page of a phone."""
    context = browser.new_context(viewport={"width": 360, "height": 800})
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("width", "scheme", "script", "drawing"),
    [
        (360, "light", True, "narrow-light"),
        (390, "dark", True, "narrow-dark"),
        (768, "dark", True, "wide-dark"),
        (1280, "light", True, "wide-light"),
        (360, "light", False, "narrow-light"),
    ],
)
def test_one_drawing_is_shown(
    browser: Browser, made_address: str, width: int, scheme: str, script: bool, drawing: str
) -> None:
    look = {"color_scheme": scheme, "java_script_enabled": script, "viewport": {"width": width, "height": 900}}
    context = browser.new_context(**look)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{made_address}sambanova/")
    shown = page.locator(f".figure img[src$='#{drawing}']").filter(visible=True)
    expect(shown).to_have_count(3)
    expect(page.locator(".figure img").filter(visible=True)).to_have_count(3)
    context.close()


def test_drawings_follow_the_switch_of_colours_and_the_others_are_not_loaded(phone: Page, made_address: str) -> None:
    asked: list[str] = []
    phone.on("request", lambda request: asked.append(request.url) if "/figures/" in request.url else None)
    phone.emulate_media(color_scheme="light")
    phone.goto(f"{made_address}groq/")
    expect(phone.locator("img[src$='narrow-light']").filter(visible=True)).to_have_count(1)
    phone.locator("img[src$='narrow-light']").first.scroll_into_view_if_needed()
    assert not [url for url in asked if "dark" in url]
    phone.evaluate("document.body.setAttribute('data-md-color-scheme', 'slate')")
    assert phone.evaluate(SHOWN) == [["narrow-dark"]]


@pytest.mark.parametrize("name", ["", "sambanova/", "graphcore/", "cerebras/", "groq/"])
def test_letters_have_eleven_pixels_on_a_phone(phone: Page, made_address: str, name: str) -> None:
    phone.goto(f"{made_address}{name}")
    sizes = phone.evaluate(LETTERS)
    assert sizes
    assert [(drawing, size) for drawing, size in sizes if size < 11] == []


def test_letters_of_the_repositorys_figures_have_eleven_pixels_on_a_phone(
    phone: Page, address: str, site: Path
) -> None:
    small: dict[str, float] = {}
    for name in {*opened(site), *(f"{system}/" for system in SYSTEMS if (site / system).is_dir())}:
        phone.goto(f"{address}{name}")
        small |= {drawing: size for drawing, size in phone.evaluate(LETTERS) if size < 11}
    assert small == {}


def test_no_label_lies_on_another_or_leaves_its_figure(phone: Page) -> None:
    drawings = [path for path in sorted(Path(DOCS, "figures").glob("*.svg")) if "dark" not in path.name]
    kinds = [path for path in drawings if not path.name.startswith("loss-cpu")]
    wrong = {}
    phone.set_viewport_size({"width": 1000, "height": 900})
    for path in kinds:
        phone.goto(path.as_uri())
        if found := phone.evaluate(OVERLAPS):
            wrong[path.name] = found
    assert wrong == {}


def test_a_figure_is_saved_as_png(browser: Browser, made_address: str) -> None:
    context = browser.new_context(accept_downloads=True)
    page = context.new_page()
    page.goto(f"{made_address}groq/")
    with page.expect_download() as saved:
        page.get_by_role("link", name="PNG").first.click()
    assert saved.value.suggested_filename == "groq-latency.png"
    assert Path(saved.value.path()).read_bytes().startswith(b"\x89PNG")
    context.close()
