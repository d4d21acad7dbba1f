"""A log-in under way: what the browser keeps while its person is at the provider.

Nothing of it is kept on the server, so strangers cannot fill anything. The browser holds one
secret in a cookie that no script reads; state, nonce and PKCE verifier are derived from it, the
time and the page wanted. Whoever brings a code without the cookie, or with another one, fails
three times: here, at the provider, and at the nonce of the token.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass

from dashboard.oidc.problems import OidcError
from dashboard.people.tokens import is_token, new_token

LIFE_S = 600


@dataclass(frozen=True)
class Flow:
    """A log-in that was begun.

    Attributes:
        secret: known to this browser alone.
        begun_at: when, in seconds since 1970.
        wanted: the path of ours to go on to.
    """

    secret: str
    begun_at: int
    wanted: str

    @property
    def state(self) -> str:
        """Comes back from the provider: the answer belongs to this browser's question."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """Comes back inside the token: it was made for this log-in."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """The PKCE verifier: who fetches the token is who asked for the code."""
        return self._derived("verifier")

    def cookie(self) -> str:
        """What the browser keeps."""
        wanted = base64.urlsafe_b64encode(self.wanted.encode()).decode().rstrip("=")
        return f"{self.secret}.{self.begun_at}.{wanted}"

    def _derived(self, purpose: str) -> str:
        message = f"{purpose} {self.begun_at} {self.wanted}".encode()
        digest = hmac.digest(self.secret.encode(), message, hashlib.sha256)
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def begin(wanted: str, now_s: float) -> Flow:
    """Begin a log-in for whoever wants to see a path of ours."""
    return Flow(new_token(), int(now_s), wanted)


def resume(cookie: str | None, state: str, now_s: float) -> Flow:
    """Find the log-in that an answer of the provider belongs to.

    Raises:
        OidcError: the browser has begun none, began it too long ago, or began another one.
    """
    flow = _parsed(cookie or "")
    if flow is None or not 0 <= now_s - flow.begun_at <= LIFE_S:
        raise OidcError("oidc_stale", "the browser has no log-in under way")
    if not hmac.compare_digest(flow.state.encode(), state.encode("utf-8", "replace")):
        raise OidcError("oidc_stale", "the state is not that of the browser's log-in")
    return flow


def _parsed(cookie: str) -> Flow | None:
    secret, _, rest = cookie.partition(".")
    begun_at, _, wanted = rest.partition(".")
    if not is_token(secret) or not (begun_at.isascii() and begun_at.isdigit()):
        return None
    try:
        path = base64.urlsafe_b64decode(wanted + "=" * (-len(wanted) % 4)).decode()
        return Flow(secret, int(begun_at), path)
    except (binascii.Error, ValueError):
        return None
