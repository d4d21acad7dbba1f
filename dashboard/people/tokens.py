"""Secrets that a cookie or a one-time link carries; the database holds their digests alone."""

from __future__ import annotations

import hashlib
import re
import secrets

TOKEN_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def new_token() -> str:
    """Thirty-two random bytes as 43 letters of an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def is_token(text: str) -> bool:
    """Whether a text has the form of one; spares the database what cannot be known to it."""
    return _TOKEN.fullmatch(text) is not None


def digest(token: str) -> bytes:
    """What the database knows a token by; no salt is needed where all 256 bits are chance."""
    return hashlib.sha256(token.encode()).digest()
