"""Pages on paper: light and whole, with the map as a picture, and gone when it has been printed."""

from __future__ import annotations

import pypdfium2
import pytest
from PIL.Image import Image
from playwright.sync_api import Page

from dashboard.theme import tokens
from tests.areas import CITY, COUNTY, PROVINCE
from tests.browser.conftest import READY, WAIT_MS, Visit
from tests.browser.looking import photograph_map, until

PIXELS_PER_POINT = 2
LEFT = """
() => [
  document.documentElement.dataset.theme,
  document.querySelectorAll(".map-sheet").length,
  document.querySelectorAll(".main-svg[viewBox]").length,
  document.querySelectorAll("[style*='aspect-ratio']").length,
  [...document.querySelectorAll("[data-typed]")]
    .filter((link) => link.textContent !== link.getAttribute("href")).length,
]
"""


class Paper:
    """What Chromium prints of a page."""

    def __init__(self, page: Page, **sheet: object) -> None:
        """Print a page."""
        options = {"format": "A4"} | sheet
        self.document = pypdfium2.PdfDocument(page.pdf(**options))  # type: ignore[arg-type]
        self.pages = list(self.document)
        self.texts = [each.get_textpage().get_text_bounded() for each in self.pages]
        self.text = " ".join(" ".join(self.texts).split())

    def drawn(self, number: int = 0) -> Image:
        """Draw one of its pages."""
        image: Image = self.pages[number].render(scale=PIXELS_PER_POINT).to_pil().convert("RGB")
        return image

    def pictures(self) -> list[Image]:
        """Draw what the pictures of the first page cover."""
        page, whole = self.pages[0], self.drawn()
        height = page.get_height()
        found = []
        for each in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=12):
            left, bottom, right, top = each.get_bounds()
            box = (left, height - top, right, height - bottom)
            found.append(whole.crop(tuple(round(PIXELS_PER_POINT * edge) for edge in box)))
        return found


def ready(page: Page) -> Page:
    """Wait for the chart, which comes after the map."""
    page.wait_for_selector(".trend .main-svg", state="attached", timeout=WAIT_MS)
    return page


def shares(image: Image) -> dict[str, float]:
    """Return the share of an image that each colour has which fills some of it."""
    found = image.getcolors(image.width * image.height) or []
    pixels = image.width * image.height
    return {
        "#{:02x}{:02x}{:02x}".format(*colour): n / pixels for n, colour in found if n > pixels / 500
    }


def ramp(theme: str) -> set[str]:
    return {tokens(theme)[f"ramp-{step}"] for step in range(1, 8)}


def test_a_dark_page_prints_light_with_its_map_twice_and_nothing_stays(visit: Visit) -> None:
    page = ready(visit().go(f"/map/{CITY}?period=all&lang=en"))
    names = page.locator("#ranking tbody td:nth-child(2)").all_inner_texts()
    before = photograph_map(page)
    for _ in range(2):
        paper = Paper(page)
        sheet = paper.drawn()
        assert shares(sheet)["#ffffff"] > 0.5
        assert tokens("dark")["background"] not in shares(sheet)
        [picture] = paper.pictures()
        assert ramp("light") & shares(picture).keys()
        assert not ramp("dark") & shares(picture).keys()
        assert shares(picture).keys() & {
            tokens("light")["map-ground"],
            tokens("light")["map-outside"],
        }
        assert names
        assert all(name in paper.text for name in names)
        until(page, "() => !document.querySelector('.map-sheet')")
        assert page.evaluate(LEFT) == ["dark", 0, 0, 0, 0]
        page.wait_for_selector('[data-map-idle="true"]', timeout=WAIT_MS)
        page.wait_for_timeout(500)
        assert photograph_map(page) == before


def test_paper_says_what_the_figures_are_of_and_has_nothing_to_press(visit: Visit) -> None:
    visitor = visit()
    page = ready(visitor.go(f"/map/{COUNTY}?period=all&lang=en&tab=peers"))
    text = Paper(page).text
    brief = page.get_attribute(".paper-brief a", "href")
    assert brief
    for said in (
        "About these figures", f"({COUNTY})", "as of", "Denominators", "people", "km²", "Revision",
        "areas", visitor.site + brief, f"{visitor.site}/map/{COUNTY}", "1 / ",
    ):  # fmt: skip
        assert said in text
    legend = page.locator(".legend p").all_inner_texts()
    assert all(" ".join(line.split()) in text for line in legend)
    for control in ("Heatmap", "Emerging", "Handling", "Over time", "Last 7 days", "Campaigns"):
        assert control not in text


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_a_surface_and_a_lying_sheet(visit: Visit, theme: str) -> None:
    page = ready(visit().go(f"/map/{CITY}?period=all&view=heat&theme={theme}"))
    paper = Paper(page, landscape=True)
    width, height = paper.pages[0].get_size()
    assert width > height
    [picture] = paper.pictures()
    assert shares(picture).keys() & {tokens("light")["map-ground"], tokens("light")["map-land"]}
    assert len(picture.getcolors(picture.width * picture.height) or []) > 200
    assert page.evaluate(LEFT)[0] == theme


def test_tables_go_on_with_their_head_and_two_maps_are_two_pictures(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    page.goto(f"{visitor.site}/compare/{PROVINCE}?period=all&lang=en")
    until(page, f"() => document.querySelectorAll('{READY}').length === 2")
    both = Paper(page).pictures()
    assert len(both) == 2
    assert all(ramp("light") & shares(picture).keys() for picture in both)
    page = ready(visitor.go(f"/map/{COUNTY}?period=all&lang=en&tab=time"))
    page.wait_for_selector(".hours tbody tr", timeout=WAIT_MS)
    day = page.inner_text(".hours thead th:nth-child(2)")
    low = Paper(page, format=None, width="210mm", height="90mm")
    assert sum(day in text for text in low.texts) > 1


def test_a_brief_is_one_sheet_as_ever(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    page.goto(f"{visitor.site}/brief/{CITY}?lang=en")
    page.wait_for_selector(".brief-sheet .brief-tiles", timeout=WAIT_MS)
    paper = Paper(page, prefer_css_page_size=True)
    assert len(paper.pages) == 1
    width, height = paper.pages[0].get_size()
    assert width < height
    assert "1 / 1" not in paper.text
    assert "About these figures" not in paper.text
