"""gridboard user: accounts, by whoever may log in to the database as its administrator."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Annotated, Literal

import typer
from sqlalchemy import Connection

from dashboard.commands.database import answering, state
from dashboard.commands.serve import own_address
from dashboard.people import accounts
from dashboard.people.account import Account, By, normal_login
from dashboard.people.invitations import HOURS, invite, link
from dashboard.people.invitations import reset as reset_account
from dashboard.people.sessions import end_session, read_sessions
from dashboard.server.pseudonyms import Pseudonyms
from dashboard.settings import DashboardSettings
from etl.commands.options import author
from etl.console import say, show_rows
from geo.database import administering, engine_for
from geo.errors import NotFoundError
from geo.schema import check_schema_version
from geo.settings import DatabaseSettings, read_settings

Role = Literal["wall", "leader", "planner", "approver", "operator", "admin"]
Login = Annotated[str, typer.Argument(help="What the person types to log in.")]

app = typer.Typer(help="Accounts: who may log in, as what, and where.", no_args_is_help=True)


@app.command()
def add(
    login: Login,
    role: Annotated[Role, typer.Option(help="What the account may do.")],
    scope: Annotated[
        list[str], typer.Option(help="Code of the area it may see; again for several.")
    ],
    name: Annotated[str, typer.Option(help="Name of the person; by default the login.")] = "",
) -> None:
    """Make an account, and print a link with which its owner sets a password, once."""
    with people() as connection:
        scopes = accounts.find_scopes(connection, scope)
        account = accounts.add_account(connection, login, name or login, role, scopes, by())
        token = invite(connection, account, by())
    say(f"{account.login} is {role} of {areas(account)}")
    say_link(token)


@app.command("list")
def list_accounts() -> None:
    """Show all accounts."""
    with people() as connection:
        found = accounts.read_accounts(connection)
    if not found:
        say("There are no accounts: gridboard user add")
        return
    heads = ("login", "name", "role", "areas", "last seen (UTC)", "")
    show_rows(heads, [_row(account) for account in found])


@app.command()
def disable(login: Login) -> None:
    """Shut an account out; its sessions are over at once."""
    with people() as connection:
        accounts.disable(connection, _read(connection, login), by())
    say(f"{login} is disabled")


@app.command()
def enable(login: Login) -> None:
    """Let an account in again."""
    with people() as connection:
        accounts.enable(connection, _read(connection, login), by())
    say(f"{login} is enabled")


@app.command()
def reset(login: Login) -> None:
    """Take an account its password and its sessions, and print a link to set another."""
    with people() as connection:
        token = reset_account(connection, _read(connection, login), by())
    say(f"{login} has no password any more")
    say_link(token)


@app.command()
def sessions(
    login: Annotated[str | None, typer.Argument(help="Whose; by default everybody's.")] = None,
    end: Annotated[bool, typer.Option("--end", help="End them all.")] = False,
) -> None:
    """Show the sessions that are open, or end them."""
    with people() as connection:
        account_id = _read(connection, login).account_id if login else None
        found = read_sessions(connection, account_id)
        ended = _end_all(connection, account_id) if end else 0
    if end or not found:
        say(f"{ended} sessions ended" if end else "No session is open")
        return
    heads = ("login", "area", "came in (UTC)", "last seen (UTC)", "by", "from", "browser")
    rows = [
        (
            each.login,
            each.scope.key,
            moment(each.created_at),
            moment(each.seen_at),
            each.via,
            each.address or "",
            (each.browser or "")[:40],
        )
        for each in found
    ]
    show_rows(heads, rows)


@app.command()
def logged(login: Login) -> None:
    """Print what the log calls an account, to find in it what that account asked for."""
    say(Pseudonyms(state().folder)(normal_login(login)))


@contextmanager
def people() -> Iterator[Connection]:
    """A transaction of the owner's, on a schema that this code knows."""
    engine = engine_for(read_settings(DatabaseSettings), "admin")
    try:
        with answering():
            check_schema_version(engine)
        with administering(engine) as connection:
            yield connection
    finally:
        engine.dispose()


def by(scope_code: str = "") -> By:
    """Who runs the command; no account can be called so, since logins hold no blanks."""
    return By(author(), scope_code=scope_code)


def say_link(token: str) -> None:
    """Print a one-time link."""
    settings = read_settings(DashboardSettings)
    site = settings.public_url or own_address(settings)
    say(f"To set a password, once, within {HOURS} hours:")
    say(link(token, site))


def areas(account: Account) -> str:
    """The areas of an account, such as ``county-620102``."""
    return ", ".join(scope.key for scope in account.scopes)


def moment(at: datetime | None) -> str:
    """A moment to the minute."""
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


def _end_all(connection: Connection, account_id: int | None) -> int:
    """End the open sessions of an account, or of all, however many are read at a time."""
    ended = 0
    while found := read_sessions(connection, account_id):
        for session in found:
            # One that has ended by itself meanwhile is no reason to keep the others.
            with suppress(NotFoundError):
                end_session(connection, session.session_id, by(session.scope.code))
                ended += 1
    return ended


def _row(account: Account) -> Sequence[str]:
    seen = moment(account.seen_at)
    return account.login, account.name, account.role, areas(account), seen, _state(account)


def _state(account: Account) -> str:
    """Whether and how an account can log in."""
    ways = {
        "disabled": account.disabled_at is not None,
        "demo": account.is_demo,
        "OpenID Connect": account.subject is not None,
        f"invited until {moment(account.invited_until)}": account.invited_until is not None,
        "no password": not account.has_password,
    }
    return next((way for way, applies in ways.items() if applies), "")


def _read(connection: Connection, login: str) -> Account:
    try:
        return accounts.read_account(connection, normal_login(login))
    except NotFoundError:
        raise NotFoundError(f"there is no account {login}: see gridboard user list") from None
