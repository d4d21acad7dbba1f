"""The address people open, without a path."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

_ORIGIN = re.compile(r"(https?)://([\w.-]+|\[[0-9A-Fa-f:.]+\])(:[1-9][0-9]{0,4})?/?")


def require_origin(url: str) -> str:
    """Return an address as ``scheme://host[:port]``.

    Raises:
        ValueError: it has another scheme than http or https, no host, a user, a port that is no
            number, or anything behind the host.
    """
    if not _ORIGIN.fullmatch(url):
        raise ValueError("expected scheme and host alone, such as https://map.example.org")
    return url.rstrip("/")


def is_secure(url: str) -> bool:
    """Whether what is sent to an address cannot be read on the way: https, or this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or _is_loopback(parts.hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
