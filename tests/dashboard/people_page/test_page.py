"""The callbacks of the admin's page: what they draw, and what they leave when they fail."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard import ids
from dashboard.pages import people
from dashboard.people.account import Account
from dashboard.roster.roster import Roster
from geo.errors import DatabaseUnavailableError
from tests.areas import PROVINCE
from tests.dashboard.people_page.conftest import Clients, Make

SIDE = [
    (ids.PEOPLE_PAGES, "children"), (ids.PEOPLE_SWITCHES, "children"),
    (ids.PEOPLE_SIDE, "children"), (ids.PEOPLE_WATCH, "text"), (ids.PEOPLE_WATCH, "lang"),
]  # fmt: skip
WORK = [
    (ids.PEOPLE_NOTICE, "children"), (ids.PEOPLE_HEAD, "children"),
    (ids.PEOPLE_FIND, "fields"), (ids.PEOPLE_WORK, "children"),
]  # fmt: skip


def draw(client: FlaskClient, outputs: list[tuple[str, str]], search: str = "?lang=en") -> Any:
    """Call back as the browser does."""
    place = {"pathname": "/people", "search": search}
    body = {
        "output": f"..{'...'.join(f'{each}.{name}' for each, name in outputs)}..",
        "outputs": [{"id": each, "property": name} for each, name in outputs],
        "inputs": [
            {"id": ids.PEOPLE_PAGE, "property": "address", "value": place},
            {"id": ids.PEOPLE_WATCH, "property": "mark", "value": None},
        ],
        "changedPropIds": [f"{ids.PEOPLE_PAGE}.address"],
    }
    answer = client.post("/_dash-update-component", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json["response"]


def test_both_halves_are_drawn(clients: Clients, admin: Account) -> None:
    client = clients(admin)
    side = draw(client, SIDE)
    assert "Add an account" in json.dumps(side[ids.PEOPLE_SIDE])
    assert side[ids.PEOPLE_WATCH]["lang"] == "en"
    work = draw(client, WORK)
    assert work[ids.PEOPLE_NOTICE] == {"children": []}
    assert work[ids.PEOPLE_FIND]["fields"][0]["name"] == "q"
    assert admin.login in json.dumps(work[ids.PEOPLE_WORK])


def test_a_failure_leaves_what_is_shown_and_says_so(
    clients: Clients, admin: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_given: object) -> None:
        raise DatabaseUnavailableError("secret host is away")

    monkeypatch.setattr(Roster, "accounts", gone)
    monkeypatch.setattr(Roster, "tallies", gone)
    client = clients(admin)
    work = draw(client, WORK)
    assert work.keys() == {ids.PEOPLE_NOTICE}, "everything else stays"
    said = json.dumps(work)
    assert "The accounts are unavailable at the moment." in said
    assert "data-retry" in said
    assert "secret" not in said
    assert draw(client, SIDE) == {}


def test_others_get_words_of_failure_at_most(make: Make, clients: Clients, admin: Account) -> None:
    client = clients(make(f"operator@province:{PROVINCE}", "li"))
    assert draw(client, WORK).keys() == {ids.PEOPLE_NOTICE}
    assert admin.login not in json.dumps(draw(client, WORK))
    assert draw(client, SIDE) == {}


def test_the_frame_knows_nobody() -> None:
    assert "skeleton" in json.dumps(people.layout().to_plotly_json(), default=str)
