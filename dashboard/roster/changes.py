"""Changes of accounts and sessions, made as the admin who asks, each with its line of the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from dashboard.errors import BadRequestError, ForbiddenError
from dashboard.people.account import Account, By, clean_name, normal_login
from dashboard.people.accounts import (
    add_account,
    change_account,
    disable,
    enable,
    find_scopes,
    note,
    read_account,
)
from dashboard.people.errors import AccountError, LoginTakenError
from dashboard.people.invitations import invite, reset
from dashboard.people.sessions import end_session, end_sessions
from dashboard.roster.requests import Add, AnyChange, Change, EndSession, OfAccount
from dashboard.sections import PEOPLE, require_role
from dashboard.text import Text
from geo.database import writing
from geo.errors import NotFoundError
from geo.viewer import Viewer


@dataclass(frozen=True)
class Done:
    """What came of a change.

    Attributes:
        account_id: whose account it was; ``None`` for a session's.
        token: of the one-time link that was made.
    """

    account_id: int | None = None
    token: str | None = None


class Changes:
    """Makes changes; the database refuses those outside the admin's scope, as does this.

    Args:
        engine: connections of the application.
        viewer: the admin.
        by: the same, for the log.
        text: the words refusals are said in.

    Raises:
        ForbiddenError: the viewer is no admin.
    """

    def __init__(self, engine: Engine, viewer: Viewer, by: By, text: Text) -> None:
        require_role(viewer, PEOPLE)
        self._engine, self._viewer, self._by, self._text = engine, viewer, by, text

    def make(self, change: AnyChange) -> Done:
        """Make a change, all of it or nothing.

        Raises:
            BadRequestError: it cannot be made, for a reason said in the admin's language.
            ForbiddenError: admins cannot do this to themselves, or not to such an account.
            NotFoundError: account, session or area are not in scope.
        """
        with writing(self._engine, self._viewer) as connection:
            if isinstance(change, Add):
                return self._add(connection, change)
            if isinstance(change, EndSession):
                end_session(connection, change.session, self._by)
                return Done()
            account = self._account(connection, change.account)
            if isinstance(change, Change):
                return self._change(connection, account, change)
            return self._do(connection, account, change)

    def _add(self, connection: Connection, wanted: Add) -> Done:
        _ = self._text
        with self._said(_("This cannot be a login: take letters, digits and . _ - + @.")):
            login = normal_login(wanted.login)
        name = self._name(wanted.name)
        with self._said(_("The login {login} is taken: choose another.", login=login)):
            scopes = find_scopes(connection, wanted.scopes)
            account = add_account(connection, login, name, wanted.role, scopes, self._by)
        return Done(account.account_id, invite(connection, account, self._by))

    def _change(self, connection: Connection, account: Account, wanted: Change) -> Done:
        _ = self._text
        codes = tuple(scope.code for scope in account.scopes)
        role_moves = wanted.role not in (None, account.role)
        scope_moves = wanted.scopes is not None and tuple(wanted.scopes) != codes
        if account.login == self._viewer.login and (role_moves or scope_moves):
            words = _("Your own role and scope are changed by another administrator.")
            raise ForbiddenError(words)
        if account.subject is not None:
            words = _("Name, role and scope come from the identity provider at every log-in.")
            raise ForbiddenError(words)
        if account.is_demo:
            raise ForbiddenError(_("An account of the demo stays as it is."))
        name = self._name(wanted.name) if wanted.name is not None else account.name
        if name == account.name and not role_moves and not scope_moves:
            return Done(account.account_id)
        scopes = find_scopes(connection, wanted.scopes or ()) if scope_moves else None
        with self._said(_("This cannot be changed like that.")):
            change_account(
                connection, account, self._by, name=name, role=wanted.role, scopes=scopes
            )
        return Done(account.account_id)

    def _do(self, connection: Connection, account: Account, wanted: OfAccount) -> Done:
        _ = self._text
        if account.login == self._viewer.login:
            raise ForbiddenError(_("Nobody does this to the own account."))
        shut = account.disabled_at is not None
        if (wanted.kind, shut) in (("disable", True), ("enable", False)):
            # It is so already: nothing happens, and the log says nothing.
            return Done(account.account_id)
        if wanted.kind == "disable":
            disable(connection, account, self._by)
        elif wanted.kind == "enable":
            enable(connection, account, self._by)
        elif wanted.kind == "end_sessions":
            self._end_all(connection, account)
        elif account.subject is not None or account.is_demo:
            raise ForbiddenError(_("This account has no password of its own."))
        else:
            return Done(account.account_id, reset(connection, account, self._by))
        return Done(account.account_id)

    def _end_all(self, connection: Connection, account: Account) -> None:
        ended = end_sessions(connection, account.account_id, self._by)
        note(connection, self._by, account, "session_ended", sessions=ended)

    def _account(self, connection: Connection, account_id: int) -> Account:
        _ = self._text
        try:
            return read_account(connection, account_id)
        except NotFoundError as error:
            raise NotFoundError(_("There is no such account in your scope.")) from error

    def _name(self, text: str) -> str:
        _ = self._text
        with self._said(_("This cannot be a name: take up to 100 characters that can be seen.")):
            return clean_name(text)

    @contextmanager
    def _said(self, words: str) -> Iterator[None]:
        """Say a refusal in the admin's own language."""
        _ = self._text
        try:
            yield
        except (LoginTakenError, AccountError) as error:
            raise BadRequestError(words) from error
        except NotFoundError as error:
            raise NotFoundError(_("One of the areas is not in your scope.")) from error
