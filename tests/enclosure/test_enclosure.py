"""A county's viewer is played against every address and every callback, and gets nothing else.

The application itself says which there are: one that is added without a recipe fails here.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence

import pytest

from geo.viewer import ROLES
from tests.areas import COUNTY
from tests.enclosure.callbacks import CALLS, PATH, name_of, request_of
from tests.enclosure.conftest import Answer, House
from tests.enclosure.recipes import ROUTES, Ask
from tests.enclosure.world import FOREIGN_POPULATION, MARK, OWN_MARK

HARMLESS = [rule for rule, recipe in ROUTES.items() if not recipe.changes]
IN_ORDER = sorted(ROUTES, key=lambda rule: ROUTES[rule].changes)
"""What changes something is asked last."""

ON_SERVER = [name for name, call in CALLS.items() if not call.browser]
NOTHING = b'{"multi":true,"response":{}}'
"""What a callback says that failed."""

MARKS = (
    MARK.encode(),
    MARK.lower().encode(),
    str(FOREIGN_POPULATION).encode(),
    f"{FOREIGN_POPULATION:,}".encode(),
    struct.pack("<f", FOREIGN_POPULATION),
)


def callbacks(house: House) -> dict[str, str]:
    """Each callback's key in the application's map, by its first output."""
    return {name_of(output): output for output in house.app.callback_map}


def calls(house: House, name: str) -> Iterator[Ask]:
    output = callbacks(house)[name]
    for values in CALLS[name].own(house.facts):
        yield request_of(output, house.app.callback_map[output], values)


def call_pairs(house: House, name: str) -> Iterator[tuple[Ask, Ask]]:
    output = callbacks(house)[name]
    described = house.app.callback_map[output]
    for there, nowhere in CALLS[name].alike(house.facts):
        yield request_of(output, described, there), request_of(output, described, nowhere)


def outer(roles: Sequence[str]) -> Sequence[str | None]:
    """The least and the most that may ask; strangers where nobody is named."""
    return [roles[0], roles[-1]] if roles else [None]


def assert_unmarked(answer: Answer, ask: Ask) -> None:
    """What was asked may come back; nothing else of the outside may."""
    asked = f"{ask.path}{ask.json}{ask.form}".encode()
    found = [mark for mark in MARKS if mark in answer.everything and mark not in asked]
    assert not found, (ask, answer)


def test_every_rule_has_a_recipe(house: House) -> None:
    rules = {rule.rule for rule in house.app.server.url_map.iter_rules()}
    assert rules == set(ROUTES)


def test_every_callback_has_a_recipe(house: House) -> None:
    assert set(callbacks(house)) == set(CALLS)


def test_every_method_is_one_that_is_asked(house: House) -> None:
    """A rule that takes another method besides is asked with it too, or refuses it."""
    for rule in house.app.server.url_map.iter_rules():
        asked = {ask.method for ask in ROUTES[rule.rule].own(house.facts)}
        more = set(rule.methods or ()) - {"HEAD", "OPTIONS"} - asked
        assert not more or rule.rule == PATH, rule.rule


@pytest.mark.parametrize("rule", IN_ORDER)
def test_a_route_hangs_on_nothing_outside(houses: tuple[House, House], rule: str) -> None:
    """The recipe works, so that refusals mean something; and both databases answer the same."""
    full, bare = houses
    recipe = ROUTES[rule]
    for ask in recipe.own(full.facts):
        for role in dict.fromkeys(recipe.roles[-1:] if recipe.changes else outer(recipe.roles)):
            answer = full.ask(role, ask)
            assert answer.status in (ask.status, 204 if ask.status == 200 else 0), (ask, answer)
            assert_unmarked(answer, ask)
            assert bare.ask(role, ask) == answer, ask


@pytest.mark.parametrize("name", ON_SERVER)
def test_a_callback_hangs_on_nothing_outside(houses: tuple[House, House], name: str) -> None:
    full, bare = houses
    for ask in calls(full, name):
        role = CALLS[name].roles[-1]
        answer = full.ask(role, ask)
        assert answer.status == 200, (ask, answer)
        assert answer.body != NOTHING, ask
        assert_unmarked(answer, ask)
        assert bare.ask(role, ask) == answer, ask


@pytest.mark.parametrize("rule", IN_ORDER)
def test_a_route_answers_alike_for_others_and_for_nothing(house: House, rule: str) -> None:
    recipe = ROUTES[rule]
    for role in dict.fromkeys(outer(recipe.roles)):
        for there, nowhere in recipe.alike(house.facts):
            answer = house.ask(role, there)
            assert_unmarked(answer, there)
            assert without(answer, there) == without(house.ask(role, nowhere), nowhere), there


@pytest.mark.parametrize("name", ON_SERVER)
def test_a_callback_answers_alike_for_others_and_for_nothing(house: House, name: str) -> None:
    for there, nowhere in call_pairs(house, name):
        role = CALLS[name].roles[-1]
        answer = house.ask(role, there)
        assert answer.status == 200
        assert_unmarked(answer, there)
        assert without(answer, there) == without(house.ask(role, nowhere), nowhere), there


def without(answer: Answer, ask: Ask) -> Answer:
    """An answer without the names and numbers that were asked for: they may be said back."""
    asked = set(re.findall(r"\d{4,}|[A-Za-z]{10,}", f"{ask.path}{ask.json}{ask.form}"))
    body = answer.body
    for name in sorted(asked, key=len, reverse=True):
        body = body.replace(name.encode(), b"*" * len(name))
    return Answer(answer.status, answer.headers, body)


@pytest.mark.parametrize("rule", ROUTES)
def test_a_stranger_gets_nothing(house: House, rule: str) -> None:
    recipe = ROUTES[rule]
    for ask in recipe.own(house.facts):
        answer = house.ask(None, ask)
        if recipe.is_open:
            assert answer.status == ask.status
        else:
            assert answer.status == 401, (ask, answer)
        assert OWN_MARK.encode() not in answer.everything
        assert COUNTY.encode() not in answer.body
        assert_unmarked(answer, ask)


@pytest.mark.parametrize(
    "path",
    ["/log-in/other", "/welcome/other", "/log-out/x", "/people", "/data", "/nothing", "/map"],
)
def test_a_stranger_is_led_to_the_log_in_and_shown_no_page(house: House, path: str) -> None:
    """Dash would answer with its page at any path that nothing else answers at."""
    page = house.ask(None, Ask(path, headers={"Accept": "text/html"}))
    assert page.status == 303
    assert dict(page.headers)["Location"].startswith("/log-in")
    assert house.ask(None, Ask(path)).status == 401


@pytest.mark.parametrize("name", CALLS)
def test_a_stranger_calls_nothing_back(house: House, name: str) -> None:
    output = callbacks(house)[name]
    ask = request_of(output, house.app.callback_map[output], {})
    assert house.ask(None, ask).status == 401


@pytest.mark.parametrize("rule", ROUTES)
@pytest.mark.parametrize("role", ROLES)
def test_a_route_is_for_its_roles(house: House, rule: str, role: str) -> None:
    recipe = ROUTES[rule]
    if role in (recipe.roles or ROLES):
        return
    pairs = [ask for pair in recipe.alike(house.facts) for ask in pair]
    for ask in [*recipe.own(house.facts), *pairs]:
        answer = house.ask(role, ask)
        assert answer.status in (403, 404), (ask, answer)
        assert OWN_MARK.encode() not in answer.everything
        assert_unmarked(answer, ask)


@pytest.mark.parametrize("name", ON_SERVER)
@pytest.mark.parametrize("role", ROLES)
def test_a_callback_is_for_its_roles(house: House, name: str, role: str) -> None:
    """On a page that is not theirs people see words of failure at most, whatever they ask."""
    if role in CALLS[name].roles:
        return
    for ask in calls(house, name):
        answer = house.ask(role, ask)
        assert OWN_MARK.encode() not in answer.everything
        assert OWN_MARK.lower().encode() not in answer.everything
        assert_unmarked(answer, ask)


def test_both_databases_do_differ(houses: tuple[House, House]) -> None:
    """Or all of the above would say nothing: the province's admin sees the marks, and counts."""
    full, bare = houses
    for name in ("map.scene", "kpi.children"):
        output = callbacks(full)[name]
        asks = [
            request_of(output, full.app.callback_map[output], values)
            for values in CALLS[name].own(full.facts)[:1]
        ]
        answers = [[each.ask("province", ask) for ask in asks] for each in houses]
        assert answers[0] != answers[1]
    for name in ("breadcrumb.children", "people-notice.children", "desk-work.children"):
        output = callbacks(full)[name]
        ask = request_of(output, full.app.callback_map[output], CALLS[name].own(full.facts)[0])
        assert MARK.encode() in full.ask("province", ask).everything, name
        assert MARK.encode() not in bare.ask("province", ask).everything, name
