"""Answers that are held back until a test lets them go."""

from __future__ import annotations

from contextlib import suppress

from playwright.sync_api import Error, Page, Route

from tests.browser.looking import once


class Held:
    """Answers of a page that wait; those asked for later than ``let_go`` do not.

    Attributes:
        routes: what waits, in the order it was asked for.
    """

    def __init__(self, page: Page, address: str) -> None:
        """Hold back from now on what is asked for at an address, a pattern."""
        self.page = page
        self.routes: list[Route] = []
        self._passing = False
        page.route(address, self._take)

    def _take(self, route: Route) -> None:
        if self._passing:
            route.continue_()
        else:
            self.routes.append(route)

    def wait(self, count: int = 1) -> None:
        """Wait until so many answers are held back."""
        once(self.page, lambda: len(self.routes) >= count)

    def answer(self, body: bytes) -> None:
        """Answer what waits with a body."""
        for route in self.routes:
            with suppress(Error):
                route.fulfill(body=body)
        self.routes.clear()

    def let_go(self) -> None:
        """Let what waits go its way, and all that is asked for from now on."""
        self._passing = True
        for route in self.routes:
            # The page may not want it any more.
            with suppress(Error):
                route.continue_()
        self.routes.clear()
