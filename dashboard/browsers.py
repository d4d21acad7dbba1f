"""What a browser is, from what it says it is, for people who look for a session they know."""

from __future__ import annotations

import re

# In this order: most browsers also name those they descend from.
_BROWSERS = (
    ("Edge", r"Edg\w*/(\d*)"),
    ("Opera", r"OPR/(\d*)"),
    ("WeChat", r"MicroMessenger/?(\d*)"),
    ("QQ", r"QQBrowser/?(\d*)"),
    ("Firefox", r"Firefox/(\d*)"),
    ("Chrome", r"Chrome/(\d*)"),
    ("Safari", r"(?:Version/(\d+).*)?Safari/"),
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


def browser_name(said: str | None, *, version: bool = False) -> str | None:
    """Name the browser and its system, such as ``Firefox · Windows``.

    Args:
        said: its User-Agent header.
        version: whether the browser's main version is told too, as ``Firefox 145 · Windows``.

    Returns:
        The names as far as they are known; the beginning of ``said`` where none is;
        ``None`` if it says nothing.
    """
    if not said or not said.strip():
        return None
    system = next((name for part, name in _SYSTEMS if part in said), None)
    return " · ".join(filter(None, (_product(said, version), system))) or said.strip()[:_MAX_OTHER]


def _product(said: str, version: bool) -> str | None:
    found = ((name, re.search(pattern, said)) for name, pattern in _BROWSERS)
    name, match = next(((name, match) for name, match in found if match), (None, None))
    number = match[1] if match and version else None
    return f"{name} {number}" if number else name
