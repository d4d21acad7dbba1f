"""The OpenID Connect provider: where to send people, and what it says of those who come back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from requests import RequestException

from dashboard.oidc.flow import Flow
from dashboard.oidc.id_token import SAFE_ALGORITHMS, Expected, read_id_token, signing_keys
from dashboard.oidc.kept import Kept
from dashboard.oidc.problems import OidcError
from dashboard.oidc.settings import OidcSettings
from dashboard.public_url import is_secure

DISCOVERY = "/.well-known/openid-configuration"
CONFIGURATION_LIFE_S = 3600.0
KEYS_PAUSE_S = 60.0
"""Between two looks at the keys for one we do not know: whoever sends such tokens costs little."""

TIMEOUT_S = (3.05, 5)
AT_ONCE = 2
AND_WAITING = 2
WAIT_S = 1.0
"""Log-ins in this process that may wait for the provider, and for those: they hold places in
which the map is drawn, and strangers can begin them."""


@dataclass(frozen=True)
class Configuration:
    """What a provider publishes of itself, as far as it is needed."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    algorithms: tuple[str, ...]
    client_authentication: str
    names_issuer: bool


class Provider:
    """Asks the provider; its configuration and keys are kept for a while.

    Args:
        settings: with an issuer.
        back: the address of ours that the provider sends people back to.
        clock_s: seconds that only grow.
    """

    def __init__(
        self, settings: OidcSettings, back: str, clock_s: Callable[[], float] = time.monotonic
    ) -> None:
        self.issuer = settings.oidc_issuer or ""
        self._settings = settings
        self._back = back
        self._line = threading.BoundedSemaphore(AT_ONCE + AND_WAITING)
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._configuration = Kept(self._ask_configuration, CONFIGURATION_LIFE_S, clock_s)
        self._keys = Kept(self._ask_keys, CONFIGURATION_LIFE_S, clock_s)

    def address(self, flow: Flow) -> str:
        """Where to send a person to log in.

        Raises:
            OidcError: the provider does not answer.
        """
        configuration = self._configuration.get()
        with self._client(configuration) as client:
            address, _ = client.create_authorization_url(
                configuration.authorization_endpoint,
                state=flow.state,
                nonce=flow.nonce,
                code_verifier=flow.verifier,
            )
        return str(address)

    def claims(self, flow: Flow, answer: Mapping[str, str]) -> dict[str, Any]:
        """Have the provider say who came back.

        Args:
            flow: the log-in whose state the answer carries.
            answer: the parameters the person came back with.

        Raises:
            OidcError: the provider refused, does not answer, or its token cannot be trusted.
        """
        configuration = self._configuration.get()
        named = answer.get("iss")
        if named not in (None, self.issuer) or (configuration.names_issuer and named is None):
            raise OidcError("oidc_invalid", "the answer comes from another issuer")
        if "error" in answer or not answer.get("code"):
            raise OidcError("oidc_refused", f"the provider refused: {_word(answer.get('error'))}")
        with self._turn():
            token = self._fetch(configuration, flow, answer["code"])
            return self._read(token, configuration, flow)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._line.acquire(blocking=False):
            raise OidcError("oidc_away", "too many log-ins wait for the provider")
        try:
            if not self._turns.acquire(timeout=WAIT_S):
                raise OidcError("oidc_away", "the provider takes long over other log-ins")
            try:
                yield
            finally:
                self._turns.release()
        finally:
            self._line.release()

    def _ask_configuration(self) -> Configuration:
        published = self._get(self.issuer.rstrip("/") + DISCOVERY)
        return read_configuration(published, self._settings)

    def _ask_keys(self) -> KeySet:
        return signing_keys(self._get(self._configuration.get().jwks_uri))

    def _fetch(self, configuration: Configuration, flow: Flow, code: str) -> dict[str, Any]:
        try:
            with self._client(configuration) as client:
                token = client.fetch_token(
                    configuration.token_endpoint,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=flow.verifier,
                    redirect_uri=self._back,
                    allow_redirects=False,
                )
        except AuthlibBaseError as error:
            raise OidcError(
                "oidc_refused", f"the provider gave no token: {_word(error.error)}"
            ) from error
        except (RequestException, ValueError) as error:
            raise OidcError("oidc_away", _why(error)) from error
        if not isinstance(token.get("id_token"), str):
            raise OidcError("oidc_invalid", "the provider gave no ID token")
        return dict(token)

    def _read(
        self, token: Mapping[str, Any], configuration: Configuration, flow: Flow
    ) -> dict[str, Any]:
        expected = Expected(self.issuer, self._settings.oidc_client_id or "", flow.nonce)
        try:
            try:
                keys = self._keys.get()
                return read_id_token(token, keys, configuration.algorithms, expected)
            except InvalidKeyIdError:
                # The provider may have changed its keys since.
                keys = self._keys.get(younger_than_s=KEYS_PAUSE_S)
                return read_id_token(token, keys, configuration.algorithms, expected)
        except (JoseError, ValueError, TypeError) as error:
            raise OidcError("oidc_invalid", f"the ID token is not valid: {_why(error)}") from error

    def _get(self, address: str) -> object:
        try:
            with OAuth2Session(default_timeout=TIMEOUT_S) as client:
                answer = client.get(address, withhold_token=True, allow_redirects=False)
                answer.raise_for_status()
                return answer.json()
        except (RequestException, ValueError) as error:
            raise OidcError("oidc_away", _why(error)) from error

    def _client(self, configuration: Configuration) -> OAuth2Session:
        secret = self._settings.oidc_client_secret
        return OAuth2Session(
            self._settings.oidc_client_id,
            secret.get_secret_value() if secret else None,
            token_endpoint_auth_method=configuration.client_authentication,
            scope=self._settings.oidc_request,
            redirect_uri=self._back,
            code_challenge_method="S256",
            default_timeout=TIMEOUT_S,
        )


def read_configuration(published: object, settings: OidcSettings) -> Configuration:
    """Read what a provider publishes of itself.

    Raises:
        OidcError: it is somebody else's, incomplete, or names addresses that could be read on
            the way.
    """
    told: Mapping[str, Any] = published if isinstance(published, Mapping) else {}
    if told.get("issuer") != settings.oidc_issuer:
        raise OidcError(
            "oidc_away", "the provider calls itself by another name than GRIDBOARD_OIDC_ISSUER"
        )
    signs = told.get("id_token_signing_alg_values_supported") or ["RS256"]
    algorithms = tuple(name for name in SAFE_ALGORITHMS if name in signs)
    if not algorithms:
        raise OidcError("oidc_away", f"the provider signs by none of {', '.join(SAFE_ALGORITHMS)}")
    return Configuration(
        authorization_endpoint=_address(told, "authorization_endpoint"),
        token_endpoint=_address(told, "token_endpoint"),
        jwks_uri=_address(told, "jwks_uri"),
        algorithms=algorithms,
        client_authentication=_client_authentication(told, settings),
        names_issuer=told.get("authorization_response_iss_parameter_supported") is True,
    )


def _client_authentication(told: Mapping[str, Any], settings: OidcSettings) -> str:
    """How the client secret is shown: in a header unless the provider wants it in the form."""
    if settings.oidc_client_secret is None:
        return "none"
    ways = told.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"


def _address(told: Mapping[str, Any], name: str) -> str:
    address = told.get(name)
    if not isinstance(address, str) or not urlsplit(address).hostname or not is_secure(address):
        raise OidcError("oidc_away", f"the provider's {name} is no https address")
    return address


def _word(text: object) -> str:
    """A word from outside, fit for one line of the log."""
    return repr(text)[:100]


def _why(error: Exception) -> str:
    """The kind of an error; its text may hold an address with a code or the token itself."""
    return type(error).__name__
