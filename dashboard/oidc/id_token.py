"""Is an ID token what it says it is: signature, issuer, audience, times, nonce."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from dashboard.oidc.problems import OidcError

SAFE_ALGORITHMS = (
    *("RS256", "RS384", "RS512"),
    *("PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512"),
)
"""Signatures by a private key. Neither ``none`` nor HS256, which signs with what is public here."""

LEEWAY_S = 60
_KEY_TYPES = ("RSA", "EC")


@dataclass(frozen=True)
class Expected:
    """What a token must name.

    Attributes:
        issuer: the provider.
        client_id: this server, as the provider knows it.
        nonce: of this log-in.
    """

    issuer: str
    client_id: str
    nonce: str


def signing_keys(published: object) -> KeySet:
    """The keys of a provider that can sign tokens.

    Raises:
        OidcError: there is none.
    """
    listed = published.get("keys") if isinstance(published, Mapping) else None
    keys = [
        key
        for key in (listed if isinstance(listed, list) else [])
        if isinstance(key, dict) and key.get("kty") in _KEY_TYPES and key.get("use") != "enc"
    ]
    try:
        return KeySet.import_key_set({"keys": keys})
    except (JoseError, ValueError) as error:
        raise OidcError("oidc_away", f"the provider's keys cannot be used: {error}") from error


def read_id_token(
    token: Mapping[str, Any], keys: KeySet, algorithms: Sequence[str], expected: Expected
) -> dict[str, Any]:
    """Check the ID token of a token response and return its claims.

    Raises:
        JoseError: it is not signed by one of the keys, or not made for this log-in.
    """
    registry = JWSRegistry(algorithms=list(algorithms), strict_check_header=False)
    decoded = jwt.decode(str(token["id_token"]), keys, registry=registry)
    options = {
        "iss": {"essential": True, "value": expected.issuer},
        # One audience; Authlib has several prove by azp that we are the one meant.
        "aud": {"essential": True, "value": expected.client_id},
        "nonce": {"essential": True, "value": expected.nonce},
    }
    parameters = {
        "nonce": expected.nonce,
        "client_id": expected.client_id,
        "access_token": token.get("access_token"),
    }
    claims = CodeIDToken(decoded.claims, decoded.header, options, parameters)
    claims.validate(leeway=LEEWAY_S)
    return dict(claims)
