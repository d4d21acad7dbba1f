"""What is said of an answer that failed: in the log, and on a map."""

from __future__ import annotations

import logging

from dashboard.publishing.errors import NotPublishableError
from dashboard.publishing.words import refusal
from dashboard.text import Text
from geo.errors import GridboardError

_log = logging.getLogger(__name__)


def note(error: Exception) -> None:
    """Keep a known error to one line; a surprise comes with its trace."""
    if isinstance(error, GridboardError):
        _log.warning("callback failed: %s", error)
    else:
        _log.error("callback failed", exc_info=error)


def map_problem(error: Exception, _: Text) -> str | dict[str, str]:
    """Say why a map stays as it was; what is not published goes, with the reason."""
    if isinstance(error, NotPublishableError):
        return {"refused": refusal(error.reason, _)}
    return _("The map could not be refreshed.")
