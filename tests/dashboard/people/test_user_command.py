"""The commands as an administrator types them, against a real database."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from dashboard.commands import user
from dashboard.people import entering
from dashboard.people.accounts import read_account
from dashboard.people.limits import SessionLimits
from dashboard.people.sessions import Sessions
from geo.database import administering
from geo.errors import GridboardError
from geo.settings import DatabaseSettings
from tests.areas import COUNTY, PROVINCE
from tests.dashboard.people.conftest import PASSWORD, From

Command = Callable[..., str]

MANY_SESSIONS = """
    INSERT INTO session (token_sha256, account_id, scope_slot, scope_code, via, expires_at)
    SELECT sha256(number::text::bytea), account_id, 2, :code, 'password', now() + interval '1 hour'
    FROM account, generate_series(1, 1001) AS number
    WHERE login = 'li'
"""


@pytest.fixture
def command(
    town: DatabaseSettings, owner: Engine, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Command]:
    """Run ``gridboard user …``; what it says, or the error it ends with."""
    url = town.url("admin").render_as_string(hide_password=False)
    monkeypatch.setenv("GRIDBOARD_DATABASE_URL", url)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*words: str) -> str:
        done = CliRunner().invoke(user.app, list(words))
        if isinstance(done.exception, GridboardError):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.output

    return run


def token_in(said: str) -> str:
    return said.rpartition("/welcome#")[2].strip()


def comes_in(gate: Engine, said: str) -> str:
    limits = SessionLimits()
    return entering.redeem(gate, token_in(said), PASSWORD, From(), limits).token


def test_the_first_admin_is_made_with_a_link(command: Command, gate: Engine) -> None:
    said = command("add", "Boss", "--role", "admin", "--scope", PROVINCE)
    assert "boss is admin of province-" in said
    session = Sessions(gate).find(comes_in(gate, said))
    assert session is not None
    assert (session.login, session.role, session.scope.key) == (
        "boss",
        "admin",
        f"province-{PROVINCE}",
    )
    with pytest.raises(GridboardError, match="used"):
        comes_in(gate, said)


def test_the_link_leads_to_where_people_find_the_site(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIDBOARD_PUBLIC_URL", "https://maps.example.org")
    said = command("add", "boss", "--role", "admin", "--scope", PROVINCE)
    assert "https://maps.example.org/welcome#" in said


def test_several_areas_and_their_levels_are_looked_up(command: Command) -> None:
    said = command("add", "li", "--role", "leader", "--scope", COUNTY, "--scope", PROVINCE)
    assert f"li is leader of county-{COUNTY}, province-{PROVINCE}" in said
    listed = command("list")
    assert "invited until" in listed
    assert f"county-{COUNTY}, province-{PROVINCE}" in listed


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("add", "li", "--role", "leader", "--scope", "nowhere"), "no such area: nowhere"),
        (("add", "a b", "--role", "leader", "--scope", PROVINCE), "cannot be a login"),
        (("disable", "nobody"), "there is no account nobody"),
        (("reset", "nobody"), "there is no account nobody"),
        (("sessions", "nobody"), "there is no account nobody"),
    ],
)
def test_what_cannot_be_is_said(command: Command, words: tuple[str, ...], complaint: str) -> None:
    with pytest.raises(GridboardError, match=complaint):
        command(*words)


def test_a_login_is_taken_once(command: Command) -> None:
    command("add", "li", "--role", "leader", "--scope", PROVINCE)
    with pytest.raises(GridboardError, match="taken"):
        command("add", "LI", "--role", "admin", "--scope", PROVINCE)


def test_disable_reset_and_end_work_at_the_next_request(
    command: Command, gate: Engine, owner: Engine
) -> None:
    token = comes_in(gate, command("add", "li", "--role", "leader", "--scope", COUNTY))
    assert f"county-{COUNTY}" in command("sessions", "li")
    assert "1 sessions ended" in command("sessions", "li", "--end")
    assert Sessions(gate).find(token) is None

    token = comes_in(gate, command("reset", "li"))
    assert Sessions(gate).find(token)
    command("disable", "li")
    assert Sessions(gate).find(token) is None
    assert "disabled" in command("list")
    command("enable", "li")
    with administering(owner) as connection:
        assert read_account(connection, "li").disabled_at is None


def test_all_sessions_end_however_many_there_are(command: Command, owner: Engine) -> None:
    command("add", "li", "--role", "leader", "--scope", COUNTY)
    with administering(owner) as connection:
        connection.execute(text(MANY_SESSIONS), {"code": COUNTY})
    assert "1001 sessions ended" in command("sessions", "--end")
    assert "No session is open" in command("sessions")


def test_what_the_commands_did_is_in_the_accounts_scope(
    command: Command, owner: Engine, audit: Callable
) -> None:
    command("add", "li", "--role", "leader", "--scope", COUNTY)
    command("reset", "li")
    command("disable", "li")
    command("enable", "li")
    lines = audit()
    assert [line[1] for line in lines] == [
        "account_added", "account_reset", "account_disabled", "account_enabled",
    ]  # fmt: skip
    assert {line[2] for line in lines} == {COUNTY}
    assert {line[3]["login"] for line in lines} == {"li"}
    assert all(line[0].endswith("(command line)") for line in lines)


def test_no_command_asks_for_or_shows_a_password(command: Command, owner: Engine) -> None:
    said = command("add", "li", "--role", "leader", "--scope", COUNTY)
    with owner.connect() as connection:
        kept = connection.execute(text("SELECT token_sha256 FROM invitation")).scalar_one()
        assert connection.execute(text("SELECT count(*) FROM credential")).scalar_one() == 0
    assert token_in(said).encode() not in bytes(kept)
