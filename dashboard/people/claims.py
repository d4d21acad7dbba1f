"""What the claims of an OpenID provider make of a person here: login, name, role and areas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dashboard.oidc.problems import OidcError
from dashboard.oidc.settings import OidcSettings
from dashboard.people.account import MAX_NAME, clean_name, normal_login
from dashboard.people.errors import AccountError

Claims = Mapping[str, object]


@dataclass(frozen=True)
class Vouched:
    """A person as the provider vouches for it.

    Attributes:
        subject: issuer and subject, the same at every log-in and nobody else's.
        login: in its normal form.
        name: on one line.
        role: one of ``geo.viewer.ROLES``.
        codes: of the areas it may work in, the first one to begin with; perhaps unknown here.
    """

    subject: str
    login: str
    name: str
    role: str
    codes: tuple[str, ...]


def subject_of(issuer: str, claims: Claims) -> str:
    """Issuer and subject as one text; no issuer holds a blank.

    Raises:
        OidcError: there is no subject.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 1 <= len(subject) <= 255 or "\0" in subject:
        raise OidcError("oidc_invalid", "the provider's token names no subject")
    return f"{issuer} {subject}"


def read_claims(claims: Claims, settings: OidcSettings) -> Vouched:
    """Read what the settings say the claims mean.

    Args:
        claims: of a token whose signature, issuer, audience and times were checked.
        settings: which claims count, and what their values give.

    Raises:
        OidcError: a claim is missing, or no value of it gives a role or an area: whoever is
            not named by the settings has no access.
    """
    role = next((settings.oidc_roles[value] for value in _given_roles(claims, settings)), None)
    if role is None:
        raise OidcError(
            "oidc_unknown", f"no value of the claim {settings.oidc_role_claim} gives a role"
        )
    codes = tuple(dict.fromkeys(_given_codes(claims, settings)))
    if not codes:
        raise OidcError(
            "oidc_unknown", f"no value of the claim {settings.oidc_area_claim} gives an area"
        )
    login = _login(claims, settings.oidc_login_claim)
    name = _name(claims, settings.oidc_name_claim) or login
    return Vouched(subject_of(settings.oidc_issuer or "", claims), login, name, role, codes)


def claim_values(claims: Claims, name: str) -> list[str]:
    """The values of a claim: a text or a number is one, a list several; all else is none.

    Args:
        claims: of the token.
        name: of the claim, as it stands; or ``a.b`` for ``b`` within ``a``.
    """
    found = _find(claims, name)
    values = found if isinstance(found, list) else [found]
    return [
        str(value)
        for value in values
        if isinstance(value, (str, int)) and not isinstance(value, bool) and value != ""
    ]


def _given_roles(claims: Claims, settings: OidcSettings) -> Iterator[str]:
    """The values that give a role and the person has, in the order of the settings."""
    values = set(claim_values(claims, settings.oidc_role_claim))
    return (value for value in settings.oidc_roles if value in values)


def _given_codes(claims: Claims, settings: OidcSettings) -> Iterator[str]:
    for value in claim_values(claims, settings.oidc_area_claim):
        yield from settings.oidc_areas.get(value, ()) if settings.oidc_areas else (value,)


def _login(claims: Claims, name: str) -> str:
    values = claim_values(claims, name)
    try:
        return normal_login(values[0] if len(values) == 1 else "")
    except AccountError as error:
        raise OidcError("oidc_unknown", f"the claim {name} holds no login: {error}") from error


def _name(claims: Claims, name: str) -> str | None:
    values = claim_values(claims, name)
    try:
        return clean_name(values[0][:MAX_NAME]) if values else None
    except AccountError:
        # A name is only shown: one that cannot be is no reason to keep somebody out.
        return None


def _find(claims: Claims, name: str) -> object:
    if name in claims:
        return claims[name]
    outer, dot, inner = name.partition(".")
    within = claims.get(outer)
    return _find(within, inner) if dot and isinstance(within, Mapping) else None
