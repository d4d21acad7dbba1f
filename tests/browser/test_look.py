"""Sizes, themes, languages, and what those see who do not use a mouse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dashboard.theme import tokens
from tests.areas import CITY, PROVINCE
from tests.browser.conftest import Visit
from tests.browser.looking import photograph_map, until, wait_for_other_map

pytestmark = pytest.mark.browser

SIZES = [
    (1366, 768),
    (1440, 900),
    (1920, 1080),
    (3840, 2160),
    (1024, 768),
    (820, 1180),
    (390, 844),
]
_LENGTHEN = """for (const name of
  document.querySelectorAll("#breadcrumb li, #kpi h1, #ranking td:nth-child(2) a"))
  name.textContent = "长名".repeat(150)"""
_HEIGHT_REM = """document.querySelector("#kpi h1").offsetHeight /
  parseFloat(getComputedStyle(document.documentElement).fontSize)"""
PARTS = ("#breadcrumb", "#search", "#menu-period", ".map-canvas", "#kpi", "#ranking", ".legend")


@pytest.mark.parametrize(("width", "height"), SIZES, ids=lambda size: str(size))
def test_every_part_has_its_place_at_every_size(
    visit: Visit, shots: Path, width: int, height: int
) -> None:
    visitor = visit(width, height)
    page = visitor.go(f"/map/{CITY}?period=all")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    page.screenshot(path=shots / f"{width}x{height}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for part in PARTS:
        box = page.locator(part).bounding_box()
        assert box, part
        assert box["width"] > 20, part
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= width + 1, part
    scrolls = page.evaluate("document.documentElement.scrollHeight > innerHeight + 1")
    assert scrolls == (width < 700)
    # Names as long as may be are cut where they stand.
    page.evaluate(_LENGTHEN)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(_HEIGHT_REM) < 3


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 2160)])
def test_a_wall_is_a_desk_enlarged(visit: Visit, width: int, height: int) -> None:
    page = visit(width, height).go(f"/map/{CITY}?period=all")
    size = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    assert size == pytest.approx(16 * width / 1920, abs=0.2)
    page.wait_for_selector(".xtick text")
    # A chart is drawn in the size of its place once that is known.
    tick = "parseFloat(document.querySelector('.xtick text').style.fontSize)"
    until(page, f"Math.abs({tick} - {12 * width / 1920}) <= 0.2")


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_theme_follows_the_address_not_the_system(visit: Visit, theme: str) -> None:
    other = "light" if theme == "dark" else "dark"
    visitor = visit(color_scheme=other)
    page = visitor.go(f"/map/{CITY}?theme={theme}")
    assert page.get_attribute("html", "data-theme") == theme
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    red, green, blue = (int(tokens(theme)["background"][i : i + 2], 16) for i in (1, 3, 5))
    assert colour == f"rgb({red}, {green}, {blue})"


def test_switching_theme_repaints_the_map(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{CITY}?period=all")
    before = photograph_map(page)
    page.click("#switches .button >> nth=0")
    until(page, "document.documentElement.dataset.theme === 'light'")
    wait_for_other_map(page, before)
    assert "theme=light" in page.url


def test_english_is_complete(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{CITY}?lang=en&period=all")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    assert page.get_attribute("html", "lang") == "en"
    for menu in ("#menu-period", "#menu-category", "#menu-status"):
        page.click(menu)
        page.wait_for_selector(f"{menu}-panel")
        assert page.inner_text(f"{menu}-panel")
        assert re.findall(r"[一-鿿]+", page.inner_text("body")) == ["中文"]
    labels = page.eval_on_selector_all(
        "[aria-label], [title]", "all => all.map((e) => `${e.ariaLabel} ${e.title}`).join()"
    )
    assert re.findall(r"[一-鿿]+", labels) == []


def test_chinese_comes_first(visit: Visit) -> None:
    page = visit().go(f"/map/{CITY}")
    assert page.get_attribute("html", "lang") == "zh-CN"
    page.wait_for_selector("#ranking[aria-label*='下级区域排名']", state="attached")


def test_every_control_has_a_name(visit: Visit) -> None:
    page = visit().go(f"/map/{PROVINCE}?period=all")
    nameless = page.eval_on_selector_all(
        "a[href], button, input:not([aria-hidden])",
        "all => all.filter((e) => !(e.ariaLabel || e.textContent.trim()"
        " || e.labels?.length)).map((e) => e.outerHTML)",
    )
    assert nameless == []


def test_the_keyboard_reaches_everything_and_shows_where_it_is(visit: Visit) -> None:
    page = visit().go(f"/map/{CITY}?period=all")
    seen: set[str] = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        part = page.evaluate(
            "document.activeElement.closest('[id]:not(#_dash-app-content, #react-entry-point)')?.id"
        )
        seen.add(part)
    assert {"search", "menu-period", "menu-category", "control", "ranking"} <= seen
    page.focus("#ranking tbody a >> nth=0")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement.closest('tr')).outlineStyle")
    assert outline == "solid"
    assert page.locator(".maplibregl-canvas").get_attribute("tabindex") == "0"


def test_reduced_motion_is_respected(visit: Visit) -> None:
    visitor = visit(reduced_motion="reduce")
    page = visitor.go(f"/map/{CITY}")
    animations = page.evaluate("document.getAnimations().length")
    assert animations == 0


def test_a_menu_closes_by_escape_and_by_a_press_elsewhere(visit: Visit) -> None:
    page = visit().go(f"/map/{CITY}")
    panel = page.locator("#menu-period-panel")
    page.click("#menu-period")
    panel.wait_for(state="visible")
    page.keyboard.press("Escape")
    panel.wait_for(state="hidden")
    until(page, "document.activeElement.id === 'menu-period'")
    page.click("#menu-period")
    panel.wait_for(state="visible")
    page.mouse.click(500, 400)
    panel.wait_for(state="hidden")
