"""The data page's own components, whose scripts are assets/desk*.js."""

from __future__ import annotations

from typing import Any

from dashboard.components.base import OwnComponent
from dashboard.text import Text

NEWS_PATH = "/data/news.json"


class Watch(OwnComponent):
    """Asks for news; sets ``side`` and ``work`` when what they stand for must be drawn anew.

    That is when the news of an address tell another mark than ``side_drawn`` and ``work_drawn``:
    what was drawn, with the address it was drawn for.
    """

    takes = ("url", "text", "lang", "side", "work", "side_drawn", "work_drawn")


class Progress(OwnComponent):
    """How a job gets on, second by second."""

    takes = ("job", "small", "text", "lang")


class Action(OwnComponent):
    """A button that asks for a job, after a question if there is one, and goes to it.

    With ``stay`` it stays where it is.
    """

    takes = ("label", "request", "look", "question", "failed", "stay")


class Intake(OwnComponent):
    """Takes a file by drag, by choice or from the inbox, and begins its job."""

    takes = ("what", "profiles", "like", "limit_mb", "inbox", "text", "lang")


class ProfileEditor(OwnComponent):
    """A profile as a form and as text, with the way on to the dry run."""

    takes = (
        "job", "file", "toml", "fields", "problem", "lacks", "columns", "sources", "unsure",
        "groups",
        "text", "lang",
    )  # fmt: skip


class EditionForm(OwnComponent):
    """From which day an edition holds, whether it is cleaned, and the way on."""

    takes = ("file", "profile", "today", "clean_m", "blocked", "text")


class SiteMap(OwnComponent):
    """The scope's borders and what a file holds; nothing without a ``scene``."""

    takes = ("scene", "theme", "text", "lang")


def watch_words(_: Text) -> dict[str, str]:
    """Return the words of ``Watch``."""
    return {
        "title": _("Data"),
        "away": _("The server does not answer."),
        "stays": _("What is shown may be out of date."),
        "retry": _("Try again"),
    }


def progress_words(_: Text) -> dict[str, str]:
    """Return the words of ``Progress``."""
    return {
        "waiting": _("Waiting for a worker"),
        "working": _("At work"),
        "done": _("Done"),
        "rows": _("rows"),
        "speed": _("Speed"),
        "perSecond": _("rows/s"),
        "elapsed": _("Elapsed"),
        "waitingFor": _("Waiting for"),
        "left": _("Left"),
    }


def site_words(_: Text) -> dict[str, str]:
    """Return the words of ``SiteMap``."""
    return {
        "map": _("Map"),
        "loading": _("Loading the map …"),
        "failed": _("The map could not be refreshed."),
        "zoomIn": _("Zoom in"),
        "zoomOut": _("Zoom out"),
        "fit": _("Whole area"),
    }


def action(
    label: str, request: dict[str, Any], _: Text, *, look: str = "", **properties: Any
) -> Action:
    """Build a button that asks for a job."""
    return Action(
        label=label, request=request, look=look, failed=_("This was refused:"), **properties
    )
