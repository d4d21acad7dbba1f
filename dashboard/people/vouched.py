"""People an OpenID provider vouches for: their accounts follow its claims at every log-in."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sqlalchemy import Connection, Engine

from dashboard.oidc.problems import OidcError
from dashboard.people.account import Account, By, Scope
from dashboard.people.accounts import MAX_SCOPES, change_account, note, read_account
from dashboard.people.claims import Vouched
from dashboard.people.sessions import end_sessions
from dashboard.people.statements import run
from dashboard.province import province_viewer
from geo.database import transaction
from geo.errors import NotFoundError

PROVIDER = "OpenID Connect"
"""Who made or changed such an account, in the audit log; no login has capitals or blanks."""

_log = logging.getLogger(__name__)


def scopes_in_force(engine: Engine, codes: Sequence[str]) -> tuple[Scope, ...]:
    """The scopes that area codes name, in the order given, without those no area has.

    Raises:
        OidcError: none of them is the code of an area from province to township.
    """
    try:
        everything = province_viewer(engine)
    except NotFoundError as error:
        raise OidcError("oidc_unknown", str(error)) from error
    with transaction(engine, everything) as connection:
        rows = run(connection, "find_scopes", {"codes": list(codes)})
        found = {row.code: row.level for row in rows}
    unknown = [code for code in codes if code not in found]
    if unknown:
        _log.warning("%d of %d areas of a claim are not in force", len(unknown), len(codes))
    scopes = tuple(Scope(found[code], code) for code in codes if code in found)[:MAX_SCOPES]
    if not scopes:
        raise OidcError("oidc_unknown", "no area has a code that the claims name")
    return scopes


def welcome(connection: Connection, vouched: Vouched, scopes: Sequence[Scope], by: By) -> Account:
    """Bring the account of a subject up to date with its claims, or make it.

    Args:
        connection: as the gate.
        vouched: what the provider says.
        scopes: what its area codes name.
        by: where the log-in comes from; its login is that of ``PROVIDER``.

    Raises:
        OidcError: the login is that of an account which the provider does not vouch for, or the
            account is disabled.
    """
    account = account_of(connection, vouched.subject) or _made(connection, vouched, scopes, by)
    if account.disabled_at is not None:
        raise OidcError("oidc_disabled", "the account is disabled")
    wanted = (vouched.name, vouched.role, tuple(scopes))
    if (account.name, account.role, account.scopes) != wanted:
        name, role, among = wanted
        account = change_account(connection, account, by, name=name, role=role, scopes=among)
    return account


def turn_away(connection: Connection, subject: str, by: By) -> int:
    """End the sessions of somebody whose claims give no access any more; how many there were."""
    account = account_of(connection, subject)
    return 0 if account is None else end_sessions(connection, account.account_id, by)


def account_of(connection: Connection, subject: str) -> Account | None:
    """The account of a subject, locked until the transaction ends."""
    found = run(connection, "account_of_subject", {"subject": subject}).scalar()
    return None if found is None else read_account(connection, int(found))


def _made(connection: Connection, vouched: Vouched, scopes: Sequence[Scope], by: By) -> Account:
    values = {
        "login": vouched.login,
        "name": vouched.name,
        "role": vouched.role,
        "slots": [scope.slot for scope in scopes],
        "codes": [scope.code for scope in scopes],
        "subject": vouched.subject,
        "created_by": PROVIDER,
    }
    made = run(connection, "insert_vouched_account", values).scalar()
    account = account_of(connection, vouched.subject)
    if account is None:
        raise OidcError("oidc_taken", "another account has the login already")
    # Not made: the same person came twice at the same time, and the other request was first.
    if made is not None:
        keys = [scope.key for scope in scopes]
        detail = {"name": account.name, "role": account.role, "scopes": keys}
        note(connection, by, account, "account_added", **detail)
    return account
