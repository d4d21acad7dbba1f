"""Response headers that keep the page to itself: no other host, no frame, no guessing of types."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, Response

_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

WITHOUT_PAGE = {
    "Content-Security-Policy": "default-src 'none'",
    **{
        name: _FIXED[name]
        for name in _FIXED
        if not name.startswith(("Permissions", "Cross-Origin-O"))
    },
}
"""The same for what can be no page: in fewer bytes, as tiles are many."""


def register(server: Flask, script_hashes: Sequence[str]) -> None:
    """Set the headers on every response.

    Args:
        server: the Flask application.
        script_hashes: hashes of Dash's own inline scripts, quoted as CSP wants them.
            No other inline script runs.
    """
    policy = content_security_policy(script_hashes)

    @server.after_request
    def _set(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", policy)
        for name, value in _FIXED.items():
            response.headers.setdefault(name, value)
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-cache"
        return response


def content_security_policy(script_hashes: Sequence[str]) -> str:
    """Return the policy: everything from this origin alone.

    Inline styles are allowed because Dash, plotly and maplibre-gl set them; the map's
    worker is started from a blob, and canvases are exported to data: and blob: images.
    """
    directives = {
        "default-src": ["'self'"],
        "script-src": ["'self'", *script_hashes],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())
