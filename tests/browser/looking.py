"""What tests see on the page."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import Page

from tests.browser.conftest import WAIT_MS

Found = TypeVar("Found")
_NUMBER = re.compile(r"[\d,]+")
_ABOVE_THE_MAP = """
visibility => document
  .querySelectorAll(".gridmap > :not(.map-canvas), .maplibregl-control-container")
  .forEach((element) => { element.style.visibility = visibility; })
"""


_FRAMES = """() => new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(done))))"""
_FIRST_NUMBER = """n => document.querySelector('#kpi .kpi-total')
  ?.textContent.match(/[\\d,]+/)?.[0] === n"""


def until(page: Page, expression: str, arg: object = None) -> None:
    """Wait until an expression of the page is true.

    Playwright's own way builds code from text in the page, which our policy forbids.
    """
    end = time.monotonic() + WAIT_MS / 1000
    while not page.evaluate(expression, arg):
        assert time.monotonic() < end, f"never came true: {expression}"
        page.wait_for_timeout(50)


def once(page: Page, found: Callable[[], Found]) -> Found:
    """Wait until something that the test can tell of the page is true, and return it."""
    end = time.monotonic() + WAIT_MS / 1000
    while not (value := found()):
        assert time.monotonic() < end, "it never came true"
        page.wait_for_timeout(50)
    return value


def frames(page: Page) -> None:
    """Wait until what the pointer or an answer changed is drawn, as fast as the machine may be."""
    page.evaluate(_FRAMES)


def total(page: Page) -> int:
    """Read the number of incidents of the area in view."""
    found = _NUMBER.search(page.inner_text("#kpi .kpi-total"))
    assert found
    return int(found[0].replace(",", ""))


def place(page: Page) -> str:
    """Read where we are."""
    return page.inner_text("#breadcrumb [aria-current]")


def wait_for_place(page: Page, name: str) -> None:
    """Wait until the breadcrumb and the map have arrived at an area."""
    until(
        page,
        "name => document.querySelector('#breadcrumb [aria-current]')?.textContent === name"
        " && document.title.startsWith(name)",
        arg=name,
    )
    # The map is told of its scene as the title changes; what it says of that is drawn after.
    frames(page)
    page.wait_for_selector('[data-map-state="ready"][data-map-idle="true"]', timeout=WAIT_MS)


def wait_for_total(page: Page, expected: int) -> None:
    """Wait until the panel shows a number of incidents."""
    until(page, _FIRST_NUMBER, arg=f"{expected:,}")


def photograph_map(page: Page) -> bytes:
    """Photograph what is painted on the map, without legend, buttons and scale above it.

    The lines of header and panel lie on its outermost pixels, which are left out.
    """
    box = page.locator(".map-canvas").bounding_box()
    assert box
    page.evaluate(_ABOVE_THE_MAP, "hidden")
    picture = page.screenshot(
        clip={
            "x": box["x"] + 8,
            "y": box["y"] + 8,
            "width": box["width"] - 16,
            "height": box["height"] - 16,
        }
    )
    page.evaluate(_ABOVE_THE_MAP, "")
    return picture


def wait_for_other_map(page: Page, before: bytes) -> None:
    """Wait until the map is painted otherwise than it was photographed."""
    once(page, lambda: photograph_map(page) != before)


def find_on_map(page: Page, name: str) -> tuple[float, float]:
    """Move the pointer over the map until the card names an area; return where it was."""
    end = time.monotonic() + WAIT_MS / 1000
    while time.monotonic() < end:
        box = page.locator(".map-canvas").bounding_box()
        assert box
        for row in range(1, 8):
            for column in range(4, 12):
                x, y = box["x"] + column * box["width"] / 12, box["y"] + row * box["height"] / 8
                if _named_at(page, x, y) == name:
                    return x, y
    raise AssertionError(f"{name} is nowhere on the map")


def _named_at(page: Page, x: float, y: float) -> str:
    """Move the pointer somewhere and read the name on the card, if there is one."""
    page.mouse.move(x - 3, y)
    page.mouse.move(x, y)
    frames(page)
    until(
        page,
        "!document.querySelector('.card-name')"
        " || document.querySelector('.card-name').textContent !== '…'",
    )
    return "".join(page.locator(".card-name").all_inner_texts())
