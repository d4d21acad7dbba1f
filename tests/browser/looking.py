"""What tests see on the page."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page

from tests.browser.conftest import WAIT_MS

_NUMBER = re.compile(r"[\d,]+")
_ABOVE_THE_MAP = """
visibility => document
  .querySelectorAll(".gridmap > :not(.map-canvas), .maplibregl-control-container")
  .forEach((element) => { element.style.visibility = visibility; })
"""


def until(page: Page, expression: str, arg: object = None) -> None:
    """Wait until an expression of the page is true.

    Playwright's own way builds code from text in the page, which our policy forbids.
    """
    end = time.monotonic() + WAIT_MS / 1000
    while not page.evaluate(expression, arg):
        assert time.monotonic() < end, f"never came true: {expression}"
        page.wait_for_timeout(50)


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
    page.wait_for_selector('[data-map-state="ready"][data-map-idle="true"]', timeout=WAIT_MS)


def wait_for_total(page: Page, expected: int) -> None:
    """Wait until the panel shows a number of incidents."""
    until(
        page,
        "n => document.querySelector('#kpi .kpi-total')?.textContent.startsWith(n)",
        arg=f"{expected:,}",
    )


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


def find_on_map(page: Page, name: str) -> tuple[float, float]:
    """Move the pointer over the map until the card names an area; return where it was."""
    box = page.locator(".map-canvas").bounding_box()
    assert box
    for row in range(1, 8):
        for column in range(4, 12):
            x, y = box["x"] + column * box["width"] / 12, box["y"] + row * box["height"] / 8
            page.mouse.move(x - 3, y)
            page.mouse.move(x, y)
            page.wait_for_timeout(60)
            if not page.locator(".card").count():
                continue
            until(
                page,
                "!document.querySelector('.card-name')"
                " || document.querySelector('.card-name').textContent !== '…'",
            )
            card = page.locator(".card-name")
            if card.count() and card.inner_text() == name:
                return x, y
    raise AssertionError(f"{name} is nowhere on the map")
