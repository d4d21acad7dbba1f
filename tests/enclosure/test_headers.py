"""Every answer, whoever asks for whatever and however it ends, keeps to itself."""

from __future__ import annotations

import logging

import pytest

from tests.enclosure.callbacks import CALLS, name_of, request_of
from tests.enclosure.conftest import Answer, House, play
from tests.enclosure.recipes import GZIP, ROUTES, Ask, Recipe

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
BROKEN = [
    Ask("/nowhere", status=404),
    Ask("/map", "DELETE", status=405),
    Ask("/data/jobs", "POST", data=b"{", status=400),
    Ask("/index/other/1/5/1.bin", status=404),
]


def asked(recipe: Recipe) -> list[str | None]:
    return [None, *recipe.roles[-1:]]


def assert_kept(answer: Answer) -> None:
    headers = dict(answer.headers)
    assert headers | EVERYWHERE == headers
    directives = dict(
        part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";")
    )
    assert directives["default-src"] in ("'self'", "'none'")
    allowed = directives.get("script-src", directives["default-src"]).split()
    assert all(word in ("'self'", "'none'") or word.startswith("'sha256-") for word in allowed)
    hosts = {word for words in directives.values() for word in words.split()}
    assert not {word for word in hosts if not word.startswith("'")} - {"data:", "blob:"}


@pytest.mark.parametrize("rule", ROUTES)
def test_an_answer_is_for_nobody_else(house: House, rule: str) -> None:
    recipe = ROUTES[rule]
    for ask in [] if recipe.changes else recipe.own(house.facts)[:2]:
        for who in asked(recipe):
            answer = house.ask(who, ask)
            assert_kept(answer)
            caching = dict(answer.headers)["Cache-Control"]
            is_public = rule.startswith(("/assets", "/_dash-component-suites", "/_favicon"))
            assert is_public or "private" in caching or "no-store" in caching, (rule, caching)


@pytest.mark.parametrize("ask", BROKEN, ids=lambda ask: f"{ask.method} {ask.path}")
def test_so_is_a_refusal(house: House, ask: Ask) -> None:
    answer = house.ask("admin", ask)
    assert answer.status == ask.status
    assert_kept(answer)


def test_so_is_a_finished_tile(house: House) -> None:
    """It goes past Flask, and so past what sets headers there."""
    path = f"/tiles/county-990101/{house.facts.revision}/2/10/796/402.mvt"
    for _again in range(2):
        answer = house.ask("leader", Ask(path, headers=GZIP))
        assert answer.status == 200
        assert_kept(answer)
        assert dict(answer.headers)["Cache-Control"].startswith("private")


@pytest.mark.parametrize("who", [None, "leader", "admin"])
def test_every_answer_has_an_identity_and_a_line_in_the_log(
    house: House, caplog: pytest.LogCaptureFixture, who: str | None
) -> None:
    output = next(each for each in house.app.callback_map if name_of(each) == "map.scene")
    described = house.app.callback_map[output]
    call = request_of(output, described, CALLS["map.scene"].own(house.facts)[0])
    caplog.set_level(logging.INFO, logger="gridboard.request")
    for ask in [*BROKEN, call, Ask("/revision.json"), Ask("/healthz")]:
        caplog.clear()
        client = house.client(who)
        response = client.open(ask.path, method=ask.method, json=ask.json, data=ask.data)
        (line,) = [record for record in caplog.records if record.name == "gridboard.request"]
        fields = vars(line)["fields"]
        assert fields["request_id"] == response.headers["X-Request-ID"]
        assert fields["status"] == response.status_code
        response.close()


def test_the_log_says_no_secret(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    typed = "correct horse battery"
    asks = [
        Ask(f"/map?password={typed}"),
        Ask("/log-in", "POST", form={"login": "somebody", "password": typed}),
        Ask("/welcome", "POST", form={"token": typed, "password": typed, "step": "set"}),
    ]
    for ask in asks:
        play(house.client("leader"), ask)
    said = " ".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert typed not in said
    assert house.facts.tokens["leader"] not in said
