"""The site as a browser shows it, opened from disk: scripts, layout, contrast, no requests."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from generator.emit.model import Output
from generator.emit.site import plan_site
from tests.emit.site.test_site import example
from tests.emit.site.vaults import input_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = Path("/usr/bin/chromium")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not CHROMIUM.exists() or importlib.util.find_spec("playwright") is None,
        reason="needs Chromium and playwright",
    ),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("site")
    write(root, plan_site(example())[0])
    return root


def write(folder: Path, outputs: Iterable[Output]) -> None:
    for each in outputs:
        file = folder / each.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(each.content or b"")


class Watched:
    """A page whose console and requests are kept."""

    def __init__(self, browser: Browser, **options: object) -> None:
        self.context = browser.new_context(**options)  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self._asked(request.url))

    def _asked(self, address: str) -> None:
        if not address.startswith(("file:", "data:")):
            self.complaints.append(address)

    def open(self, file: Path) -> Page:
        self.page.goto(file.as_uri())
        self.page.wait_for_load_state("load")
        return self.page


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    view = Watched(browser, viewport={"width": 1280, "height": 900})
    yield view
    view.context.close()
    assert view.complaints == []


PAGES = ("index.html", "Networks.html", "Vision/Filters.html", "-/models/vgg.html", "-/claims.html")


def test_pages_open_without_complaint(watched: Watched, folder: Path) -> None:
    for name in PAGES:
        page = watched.open(folder / name)
        page.wait_for_selector(".tree li")
        assert page.locator("h1").first.is_visible()
        fonts = page.evaluate("document.fonts.ready.then(f => [...f].map(x => x.status))")
        assert "error" not in fonts, name


def test_the_finder_finds_from_the_keyboard(watched: Watched, folder: Path) -> None:
    page = watched.open(folder / "Vision" / "Filters.html")
    page.keyboard.press("/")
    page.wait_for_selector(".finder[open]")
    page.keyboard.type("cnn")
    page.wait_for_selector('.finder li:has-text("also called Networks")')
    page.keyboard.press("Escape")
    page.wait_for_selector(".finder:not([open])", state="attached")
    page.keyboard.press("Control+k")
    page.keyboard.type("vgg")
    page.wait_for_selector('.finder li:has-text("model")')
    page.keyboard.press("ArrowDown")
    chosen = page.locator('.finder li[aria-selected="true"]')
    assert chosen.get_attribute("id") == "nt-found-1"
    assert page.locator(".finder input").get_attribute("aria-activedescendant") == "nt-found-1"
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/vgg.html*")


def test_the_finder_finds_headings_and_words(watched: Watched, folder: Path) -> None:
    page = watched.open(folder / "index.html")
    page.click(".find-button")
    page.keyboard.type("why")
    page.wait_for_selector('.finder li:has-text("in Filters & kernels")')
    page.fill(".finder input", "have 270 param")
    page.wait_for_selector('.finder li:has-text("10 filters of 3x3x3")')
    page.keyboard.press("Enter")
    page.wait_for_url("**/Networks.html")


MISTYPED = {"filtesr": "Filters", "netwroks": "Networks", "depp": "Deep"}


@pytest.mark.parametrize("asked", MISTYPED)
def test_the_finder_forgives_slips(watched: Watched, folder: Path, asked: str) -> None:
    page = watched.open(folder / "index.html")
    page.keyboard.press("/")
    page.wait_for_selector(".finder[open]")
    page.keyboard.type(asked)
    page.wait_for_selector(f'.finder li:has-text("{MISTYPED[asked]}")')


def test_no_letter_is_lost_while_the_finder_opens(watched: Watched, folder: Path) -> None:
    page = watched.open(folder / "index.html")
    page.wait_for_selector(".finder", state="attached")
    assert page.evaluate("document.querySelectorAll('script[src*=names]').length") == 0
    page.keyboard.press("/")
    page.keyboard.type("networks")
    assert page.locator(".finder input").input_value() == "networks"
    page.wait_for_selector('.finder li:has-text("Networks")')


def test_the_finder_shows_a_place_once(watched: Watched, folder: Path) -> None:
    page = watched.open(folder / "index.html")
    page.keyboard.press("/")
    page.wait_for_selector(".finder[open]")
    page.keyboard.type("n")
    page.wait_for_selector(".finder li")
    # "Networks" has two aliases with an n in them, too.
    assert page.locator('.finder li:has-text("Networks"):not(:has-text(" in "))').count() == 1


def test_what_is_too_wide_scrolls_in_its_place(browser: Browser, tmp_path: Path) -> None:
    formula = " + ".join(f"a_{{{each}}}" for each in range(40))
    cells = "|".join(f"column {each}" for each in range(30))
    note = (
        f"- in ${formula}$ a line\n\n$$\n{formula}\n$$\n\n|{cells}|\n|{'-|' * 30}\n\n"
        f"{'unbroken' * 40}\n\n```\n{'code ' * 60}\n```\n"
    )
    write(tmp_path, plan_site(input_of({"A.md": note}))[0])
    view = Watched(browser, viewport={"width": 390, "height": 844})
    page = view.open(tmp_path / "A.html")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for kind in (".wide-math", ".math-block", ".scroll", "pre"):
        assert page.locator(f"{kind}[tabindex='0']").count() == 1, kind
    view.context.close()
    assert view.complaints == []


def test_the_outline_opens_above_the_text_on_a_phone(browser: Browser, folder: Path) -> None:
    view = Watched(browser, viewport={"width": 390, "height": 844})
    page = view.open(folder / "Networks.html")
    page.click("summary:has-text('On this page')")
    page.click(".contents a:has-text('VGG')")
    page.wait_for_url("**/Networks.html#vgg")
    view.context.close()
    assert view.complaints == []


def test_the_theme_is_remembered(watched: Watched, folder: Path) -> None:
    page = watched.open(folder / "Networks.html")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click(".theme-button")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert light != dark
    page = watched.open(folder / "index.html")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    page.click(".theme-button")
    assert page.evaluate("localStorage.length") == 0  # as the system says: nothing to remember
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light


def test_the_tree_opens_and_marks_the_page(watched: Watched, folder: Path) -> None:
    page = watched.open(folder / "Vision" / "Filters.html")
    mark = page.locator('.tree [aria-current="page"]')
    mark.wait_for()
    assert mark.inner_text() == "Filters & kernels"
    page.click('.tree summary:has-text("Deep")')
    page.click('.tree a:has-text("All in Deep")')
    page.wait_for_url("**/Vision/Deep/index.html")


def test_a_large_tree_is_drawn_in_parts(browser: Browser, tmp_path: Path) -> None:
    files = {f"Many/Note {number}.md": "text" for number in range(400)}
    write(tmp_path, plan_site(input_of(files))[0])
    view = Watched(browser, viewport={"width": 1280, "height": 900})
    page = view.open(tmp_path / "Many" / "Note 350.html")
    page.locator('.tree [aria-current="page"]').wait_for()
    assert page.locator(".tree li").count() < 200
    page.click(".tree .more >> nth=0")
    page.wait_for_selector('.tree a:has-text("Note 3")')
    view.context.close()
    assert view.complaints == []


def test_mermaid_is_drawn_from_disk(browser: Browser, tmp_path: Path) -> None:
    note = "```mermaid\ngraph TD\nA[One] --> B[Two]\n```\n\n```mermaid\nno such drawing\n```\n"
    write(tmp_path, plan_site(input_of({"A.md": note}))[0])
    view = Watched(browser)
    page = view.open(tmp_path / "A.html")
    page.wait_for_selector(".nt-mermaid.is-drawn svg")
    assert page.locator(".nt-mermaid svg").count() == 1
    assert page.locator("text=no such drawing").is_visible()
    view.context.close()
    assert not [each for each in view.complaints if "://" in each]


def test_a_phone_has_a_menu_and_no_sideways_scroll(browser: Browser, folder: Path) -> None:
    view = Watched(browser, viewport={"width": 390, "height": 844}, has_touch=True)
    for name in PAGES:
        page = view.open(folder / name)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
    assert not page.locator(".side").is_visible()
    page.click(".menu-button")
    page.wait_for_selector(".tree li", state="visible")
    page.keyboard.press("Escape")
    page.wait_for_selector(".side", state="hidden")
    view.context.close()
    assert view.complaints == []


def test_code_can_be_copied(watched: Watched, folder: Path) -> None:
    page = watched.open(folder / "-" / "models" / "vgg.html")
    button = page.locator(".copy").first
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".copy:has-text('opied')")


def test_reading_needs_no_script(browser: Browser, folder: Path) -> None:
    view = Watched(browser, java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = view.open(folder / "Networks.html")
    assert page.locator("text=10 filters of 3x3x3").is_visible()
    assert page.locator(".areas a").first.is_visible()
    assert not page.locator(".find-button").is_visible()
    view.context.close()


def test_the_skip_link_comes_first(watched: Watched, folder: Path) -> None:
    page = watched.open(folder / "Networks.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "nt-main"


CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  function colour(text) {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  }
  function light(c) {
    const [r, g, b] = c.slice(0, 3).map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  }
  function ground(element) {
    for (let at = element; at; at = at.parentElement) {
      const c = colour(getComputedStyle(at).backgroundColor);
      if (c[3] === 255) return c;
    }
    return [255, 255, 255, 255];
  }
  const poor = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    const style = getComputedStyle(element);
    if (!own || !element.checkVisibility({opacityProperty: true}) || element.closest('svg, .nt-hidden, .skip')) continue;
    const [a, b] = [light(colour(style.color)), light(ground(element))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.7 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5)) poor.push(element.tagName + '.' + element.className + ' ' + ratio.toFixed(2) + ' ' + element.textContent.trim().slice(0, 30));
  }
  return poor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_enough_contrast(browser: Browser, folder: Path, scheme: str) -> None:
    view = Watched(browser, color_scheme=scheme, viewport={"width": 1280, "height": 900})
    for name in (*PAGES, "-/broken.html", "-/diagnostics.html", "-/models/index.html"):
        page = view.open(folder / name)
        page.wait_for_selector(".tree li")
        assert page.evaluate(CONTRAST) == [], name
    view.context.close()
