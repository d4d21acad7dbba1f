"""Every page of the application, and the shell that shows one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dash import Dash, dcc, html
from flask import g, has_request_context

from dashboard import ids
from dashboard.components.page import Page as Leaf
from dashboard.components.people.people_visit import PeopleVisit
from dashboard.desk.desk import Desk
from dashboard.pages import brief, compare, data, people
from dashboard.pages import map as map_page
from dashboard.sections import BRIEF, COMPARE, DATA, MAP, PEOPLE, Section
from dashboard.source import Source
from geo.viewer import Viewer


@dataclass(frozen=True)
class Rooms:
    """Where pages get what they show: each makes what one request needs, for its viewer.

    Attributes:
        sources: figures about areas.
        desks: files, jobs and batches.
        people: accounts, sessions and the audit log, at an address of the admin's page.
    """

    sources: Callable[[], Source]
    desks: Callable[[], Desk]
    people: Callable[[dict[str, str]], PeopleVisit]


@dataclass(frozen=True)
class Page:
    """A page: its section, its frame, and the callbacks that fill it."""

    section: Section
    layout: Callable[[], html.Div]
    register: Callable[[Dash, Rooms], None]


PAGES = (
    Page(MAP, map_page.layout, lambda app, rooms: map_page.register(app, rooms.sources)),
    Page(COMPARE, compare.layout, lambda app, rooms: compare.register(app, rooms.sources)),
    Page(BRIEF, brief.layout, lambda app, rooms: brief.register(app, rooms.sources)),
    Page(DATA, data.layout, lambda app, rooms: data.register(app, rooms.sources, rooms.desks)),
    Page(PEOPLE, people.layout, lambda app, rooms: people.register(app, rooms.people)),
)


def register(app: Dash, rooms: Rooms) -> None:
    """Connect every page; the layout holds those that are open to whoever asks."""
    app.layout = layout
    for page in PAGES:
        page.register(app, rooms)


def layout() -> html.Div:
    """Build the shell; of its pages the browser mounts the one whose address it shows."""
    viewer: Viewer | None = g.get("viewer") if has_request_context() else None
    shown = [page for page in PAGES if viewer is None or page.section.open_to(viewer)]
    return html.Div(
        [dcc.Location(id=ids.LOCATION, refresh=False), *leaves(shown)], className="shell"
    )


def leaves(shown: list[Page]) -> list[Leaf]:
    """Wrap each page in the component that mounts it; the first answers for any address."""
    others = [page.section.path for page in shown[1:]]
    return [
        Leaf(
            page.layout(),
            id=f"{page.section.key}-page",
            path=page.section.path,
            others=others if page is shown[0] else None,
        )
        for page in shown
    ]
