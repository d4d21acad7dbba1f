"""Where to go after log-in: a page of ours, never another site."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

START = "/"
MAX_LENGTH = 2000
# Visible ASCII; browsers take a backslash for a slash and drop line breaks and tabs.
_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]*")
_NOWHERE = ("/log-in", "/log-out", "/welcome")


def safe_next(text: str) -> str:
    """Return an own path to go on to, or the start.

    Args:
        text: from an address, by whomever it was made.

    Returns:
        ``text`` if it is a path (with a query string, perhaps) of this site and no door of
        log-in itself; else ``/``.
    """
    if len(text) > MAX_LENGTH or not _PATH.fullmatch(text):
        return START
    try:
        parts = urlsplit(text)
    except ValueError:
        return START
    if parts.scheme or parts.netloc or parts.path.startswith(_NOWHERE):
        return START
    return text
