"""What a browser is, from what it says it is, for people who look for a session they know."""

from __future__ import annotations

# In this order: most browsers also name those they descend from.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("MicroMessenger", "WeChat"),
    ("QQBrowser", "QQ"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("HarmonyOS", "HarmonyOS"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
_MAX_OTHER = 40


def browser_name(said: str | None) -> str | None:
    """Name the browser and its system, such as ``Firefox · Windows``.

    Args:
        said: its User-Agent header.

    Returns:
        The names as far as they are known; the beginning of ``said`` where none is;
        ``None`` if it says nothing.
    """
    if not said or not said.strip():
        return None
    known = [
        next((name for part, name in names if part in said), None)
        for names in (_BROWSERS, _SYSTEMS)
    ]
    return " · ".join(filter(None, known)) or said.strip()[:_MAX_OTHER]
