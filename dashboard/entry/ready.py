"""The ready accounts of the demo, as the cards of its log-in page."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from dashboard.entry.places import Place, read_places
from dashboard.people.account import Account
from dashboard.people.accounts import read_accounts
from dashboard.roles import role_may, role_name
from dashboard.text import Text
from geo.database import guarding
from geo.viewer import ROLES


@dataclass(frozen=True)
class ReadyAccount:
    """A card: who one becomes by a click, where, and what that person may do."""

    login: str
    role: str
    place: str
    may: list[str]


def ready_accounts(engine: Engine, _: Text) -> list[ReadyAccount]:
    """Describe the demo's accounts, those of the widest areas first.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    with guarding(engine) as connection:
        found = [each for each in read_accounts(connection) if each.is_demo]
    usable = [account for account in found if account.disabled_at is None]
    scopes = list({scope: None for account in usable for scope in account.scopes})
    places = dict(zip(scopes, read_places(engine, scopes), strict=True))
    return [
        _card(account, [places[scope] for scope in account.scopes], _)
        for account in _sorted(usable)
    ]


def _sorted(accounts: list[Account]) -> list[Account]:
    return sorted(accounts, key=lambda each: (each.scopes[0].slot, ROLES.index(each.role)))


def _card(account: Account, places: list[Place], _: Text) -> ReadyAccount:
    named = " · ".join(place.named(_) for place in places)
    return ReadyAccount(account.login, role_name(account.role, _), named, role_may(account.role, _))
