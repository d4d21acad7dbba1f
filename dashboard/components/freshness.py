"""How old the picture is, and whether the server still answers (assets/freshness.js)."""

from __future__ import annotations

from dashboard.components.base import OwnComponent
from dashboard.text import Text

POLL_EVERY_S = 15
LIVE_PATH = "/live"
REVISION_PATH = "/revision.json"


class Freshness(OwnComponent):
    """Hears of the revision of the data; sets ``revision`` when it is not ``shown``."""

    takes = ("url", "every_s", "live", "shown", "revision", "as_of", "text", "lang")


def freshness(identity: str, _: Text) -> Freshness:
    """Build the line before anything is known."""
    return Freshness(
        id=identity,
        url=REVISION_PATH,
        every_s=POLL_EVERY_S,
        live=LIVE_PATH,
        as_of="",
        text=freshness_words(_),
        lang=_.lang,
    )


def freshness_words(_: Text) -> dict[str, str]:
    """Return every word the line shows."""
    return {
        "checked": _("checked {age} ago"),
        "stale": _("Stale: the server does not answer."),
        "since": _("Last answer {age} ago; what is shown stays."),
        "retry": _("Try again"),
    }
