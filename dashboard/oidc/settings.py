"""Settings of the log-in by an OpenID Connect provider; each field is GRIDBOARD_<NAME>."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from dashboard.public_url import is_secure
from geo.settings import FileBackedSettings

Role = Literal["wall", "leader", "planner", "approver", "operator", "admin"]


class OidcSettings(FileBackedSettings):
    """Which provider vouches for people, and what its claims make of them.

    Attributes:
        oidc_issuer: the provider, exactly as it names itself; without it there is none.
        oidc_client_id: what the provider knows this server as.
        oidc_client_secret: proves to the provider that it is this server.
        oidc_label: words on the button of the log-in page; by default the page's own.
        oidc_request: the OAuth scopes to ask for.
        oidc_login_claim, oidc_name_claim: claims that hold login name and name. Here and
            below ``a.b`` is the claim of that name or else ``b`` within ``a``.
        oidc_role_claim: claim whose values decide on the role.
        oidc_roles: the role each value gives; the first one somebody has counts.
        oidc_area_claim: claim whose values decide on the scopes.
        oidc_areas: the area codes each value gives; empty: the values are codes themselves.
    """

    model_config = SettingsConfigDict(
        env_prefix="GRIDBOARD_", extra="ignore", frozen=True, env_ignore_empty=True
    )

    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: SecretStr | None = None
    oidc_label: str = ""
    oidc_request: str = "openid profile"
    oidc_login_claim: str = "preferred_username"
    oidc_name_claim: str = "name"
    oidc_role_claim: str = "roles"
    oidc_roles: dict[str, Role] = Field(default_factory=dict)
    oidc_area_claim: str = "areas"
    oidc_areas: dict[str, list[str]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fit(self) -> Self:
        if self.oidc_issuer is None:
            if self.oidc_client_id or self.oidc_client_secret or self.oidc_roles:
                raise ValueError("GRIDBOARD_OIDC_* is set without a GRIDBOARD_OIDC_ISSUER")
            return self
        if not is_secure(self.oidc_issuer):
            raise ValueError("GRIDBOARD_OIDC_ISSUER: expected https://…")
        if not self.oidc_client_id or not self.oidc_roles:
            raise ValueError(
                "GRIDBOARD_OIDC_ISSUER is set: set GRIDBOARD_OIDC_CLIENT_ID and"
                " GRIDBOARD_OIDC_ROLES as well"
            )
        if "openid" not in self.oidc_request.split():
            raise ValueError("GRIDBOARD_OIDC_REQUEST: expected openid among the scopes")
        return self
