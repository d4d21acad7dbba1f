"""The session's cookie: for this host alone, out of reach of scripts and other sites."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from dashboard.people.limits import SessionLimits

SECURE_NAME = "__Host-gridboard"
"""Browsers take a cookie of such a name over HTTPS only, from this very host, for all of it."""

PLAIN_NAME = "gridboard"


def cookie_name(secure: bool) -> str:
    """What the cookie is called; over plain HTTP the stricter name cannot be had."""
    return SECURE_NAME if secure else PLAIN_NAME


def set_cookie(
    response: Response, token: str, role: str, limits: SessionLimits, *, secure: bool
) -> None:
    """Give a browser its session.

    Args:
        response: to the log-in.
        token: of the session.
        role: of the account. A wall's cookie outlives its browser, which may start anew after
            a power cut; others' end with theirs.
        limits: how long the session lasts.
        secure: whether the site is served over HTTPS.
    """
    response.set_cookie(
        cookie_name(secure),
        token,
        max_age=limits.wall_s if role == "wall" else None,
        path="/",
        secure=secure,
        httponly=True,
        samesite="Lax",
    )


def clear_cookie(response: Response, *, secure: bool) -> None:
    """Take the session's cookie away again."""
    response.delete_cookie(
        cookie_name(secure), path="/", secure=secure, httponly=True, samesite="Lax"
    )


def token_of(environ: Mapping[str, Any], *, secure: bool) -> str | None:
    """The token a request carries, if it carries exactly one.

    Two cookies of the same name mean that somebody has slipped one in beside the browser's own:
    neither counts.
    """
    header, name = environ.get("HTTP_COOKIE", ""), cookie_name(secure)
    if name not in header:
        return None
    pairs = (part.strip().partition("=") for part in header.split(";"))
    found = {value.strip().strip('"') for key, _, value in pairs if key.strip() == name}
    return found.pop() if len(found) == 1 else None
