"""From claims that can be trusted to a session, with its line of the audit log."""

from __future__ import annotations

from sqlalchemy import Engine

from dashboard.oidc.problems import OidcError
from dashboard.oidc.settings import OidcSettings
from dashboard.people.account import By
from dashboard.people.claims import Claims, read_claims, subject_of
from dashboard.people.entering import Entered, let_in
from dashboard.people.limits import SessionLimits
from dashboard.people.vouched import PROVIDER, scopes_in_force, turn_away, welcome
from dashboard.server.origin import Origin
from geo.audit import Deed, record
from geo.database import guarding


def enter(
    engine: Engine, claims: Claims, settings: OidcSettings, origin: Origin, limits: SessionLimits
) -> Entered:
    """Open a session for whoever the claims are about, with the account they have made.

    Raises:
        OidcError: the claims give no access, or the account may not be entered. What sessions
            the person still had are over then; the audit log has a line on it.
        DatabaseUnavailableError: the database does not answer.
    """
    try:
        vouched = read_claims(claims, settings)
        scopes = scopes_in_force(engine, vouched.codes)
        with guarding(engine) as connection:
            account = welcome(connection, vouched, scopes, _by(origin))
            return let_in(connection, account, "oidc", origin, limits)
    except OidcError as error:
        _refuse(engine, subject_of(settings.oidc_issuer or "", claims), error, origin)
        raise


def _refuse(engine: Engine, subject: str, error: OidcError, origin: Origin) -> None:
    """Note a failure; nobody keeps a session whom the provider no longer gives access."""
    with guarding(engine) as connection:
        ended = turn_away(connection, subject, _by(origin))
        detail = {"via": "oidc", "reason": str(error), "subject": subject, "sessions": ended}
        record(
            connection,
            Deed("", "", "log_in_failed", None, origin.address, origin.request_id, detail),
        )


def _by(origin: Origin) -> By:
    return By(PROVIDER, None, "", origin.address, origin.request_id)
