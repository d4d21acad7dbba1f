"""An OpenID Connect provider on this machine, strict with its clients; it can be told to lie."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID = "gridboard"
CLIENT_SECRET = "s3cret of the client"  # noqa: S105
LIFE_S = 300

Claims = dict[str, Any]


def new_key() -> RSAKey:
    """A key to sign with, known by a number of its own."""
    return RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"})


KEY = new_key()


@dataclass
class FakeProvider:
    """What the provider says, and what it was asked.

    Attributes:
        address: where it is, and its issuer.
        person: claims about whoever logs in.
        alter: changes the claims of a token before it is signed.
        sign: makes a token of claims; by default with ``key``.
        key, published: what it signs with, and what it says it signs with.
        metadata: laid over what it publishes of itself.
        asked: the paths that were asked for.
        answers: whether it does at all.
    """

    address: str = ""
    person: Claims = field(default_factory=dict)
    alter: Callable[[Claims], object] = lambda _claims: None
    sign: Callable[[FakeProvider, Claims], str] = lambda provider, claims: jwt.encode(
        {"alg": "RS256", "kid": provider.key.kid}, claims, provider.key
    )
    key: RSAKey = field(default_factory=lambda: KEY)
    published: list[RSAKey] = field(default_factory=lambda: [KEY])
    metadata: Claims = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    answers: bool = True
    codes: dict[str, Claims] = field(default_factory=dict)

    def configuration(self) -> Claims:
        """What it publishes of itself."""
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            **self.metadata,
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Send the person, who logs in without a question, back with a code."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, asked: dict[str, str], authorization: str) -> tuple[int, Claims]:
        """Give a token for a code, once, to the client that had it made."""
        expected = base64.b64encode(
            f"{CLIENT_ID}:{CLIENT_SECRET.replace(' ', '+')}".encode()
        ).decode()
        plain = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if authorization not in (f"Basic {expected}", f"Basic {plain}"):
            return 401, {"error": "invalid_client"}
        begun = self.codes.pop(asked.get("code", ""), None)
        challenge = s256(asked.get("code_verifier", ""))
        if (
            begun is None
            or begun.get("code_challenge_method") != "S256"
            or begun.get("code_challenge") != challenge
            or begun["redirect_uri"] != asked.get("redirect_uri")
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.address,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + LIFE_S,
            "nonce": begun["nonce"],
            **self.person,
        }
        self.alter(claims)
        token = self.sign(self, claims)
        return 200, {"access_token": "of no use", "token_type": "Bearer", "id_token": token}


def s256(verifier: str) -> str:
    """The PKCE challenge of a verifier."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def unsigned(_provider: FakeProvider, claims: Claims) -> str:
    """A token of the algorithm ``none``."""
    return f"{_coded({'alg': 'none'})}.{_coded(claims)}."


def signed_with_the_public_key(provider: FakeProvider, claims: Claims) -> str:
    """A token signed by HS256, with the public key for a secret."""
    content = f"{_coded({'alg': 'HS256', 'kid': provider.key.kid})}.{_coded(claims)}"
    public = provider.key.as_pem(private=False)
    signature = hmac.digest(public, content.encode(), "sha256")
    return f"{content}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def _coded(part: Claims) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


@contextmanager
def running_provider() -> Iterator[FakeProvider]:
    """A provider that answers on a free port until the test is over."""
    provider = FakeProvider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    provider.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(provider: FakeProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            provider.asked.append(parts.path)
            if not provider.answers:
                self._send(503, {})
            elif parts.path == "/.well-known/openid-configuration":
                self._send(200, provider.configuration())
            elif parts.path == "/keys":
                keys = [key.as_dict(private=False) for key in provider.published]
                self._send(200, {"keys": keys})
            elif parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(_flat(parts.query)))
                self.end_headers()
            else:
                self._send(404, {})

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            length = int(self.headers["Content-Length"])
            asked = _flat(self.rfile.read(length).decode())
            self._send(*provider.token(asked, self.headers.get("Authorization", "")))

        def _send(self, status: int, answer: Claims) -> None:
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    return Handler


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
