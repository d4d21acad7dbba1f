"""The address people open, without a path."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def require_origin(url: str) -> str:
    """Return an address as ``scheme://host[:port]``.

    Raises:
        ValueError: it has another scheme than http or https, no host, a user, a port that is no
            number, or anything behind the host.
    """
    expected = "expected scheme and host alone, such as https://map.example.org"
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        raise ValueError(expected) from None
    plain = f"{parts.scheme}://{parts.netloc}"
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.username is not None
        or url.rstrip("/") != plain
        or port == 0
    ):
        raise ValueError(expected)
    return plain


def is_secure(url: str) -> bool:
    """Whether what is sent to an address cannot be read on the way: https, or this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or _is_loopback(parts.hostname or "")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
