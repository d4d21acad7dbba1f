"""Two users with the same filters: nothing kept for the one is ever given to the other."""

from __future__ import annotations

import json
import re

import pytest
from flask import g

from dashboard.app import tile_cache
from dashboard.server.tilecache import TileKey
from dashboard.store import Store
from tests.areas import COUNTY, OTHER_COUNTY
from tests.dashboard.mvt import decode
from tests.enclosure.callbacks import request_of
from tests.enclosure.conftest import House, enter_scope
from tests.enclosure.recipes import GZIP, PERIOD, ROUTES, Ask
from tests.enclosure.test_enclosure import callbacks

USERS = {"leader": COUNTY, "neighbour": OTHER_COUNTY}
DOORS = ("index/{scope}/{area}/5/{code}.bin", "values/{scope}/{area}/5/{code}.bin",
         "heat/{scope}/{area}/{code}.bin", "frames/{scope}/{area}/5/{code}.bin")  # fmt: skip
_ADDRESS = re.compile(r"/(?:tiles|values|heat|frames|index|areas)/[^\"?\\]+")


def addresses(house: House, who: str) -> set[str]:
    """Every address of data that the pages of a user name: the keys of a browser's cache."""
    found: set[str] = set()
    for name in ("map.scene", "breadcrumb.children", "kpi.children"):
        output = callbacks(house)[name]
        place = {"pathname": "/", "search": "?period=all&category=family"}
        ask = request_of(output, house.app.callback_map[output], {"address.data": place})
        body = house.ask(who, ask).body.decode().replace("\\u002f", "/")
        found |= set(_ADDRESS.findall(body))
    return found


def test_the_same_filters_have_other_addresses(house: House) -> None:
    own, others = (addresses(house, who) for who in USERS)
    assert own
    assert others
    assert not own & others
    assert all(f"/county-{COUNTY}/" in address for address in own)


@pytest.mark.parametrize("door", DOORS)
def test_users_who_take_turns_get_their_own(house: House, door: str) -> None:
    def ask(code: str, within: str) -> Ask:
        path = door.format(scope=f"county-{code}", area=house.facts.revision, code=within)
        return Ask(f"/{path}?{PERIOD}&rev={house.facts.incidents}")

    first = {who: house.ask(who, ask(code, code)) for who, code in USERS.items()}
    assert first["leader"].body != first["neighbour"].body
    for _turn in range(3):
        for who, code in USERS.items():
            assert house.ask(who, ask(code, code)) == first[who]
            other = next(each for each in USERS.values() if each != code)
            for address in (ask(other, other), ask(code, other), ask(other, code)):
                assert house.ask(who, address).status == 404


def test_whatever_a_browser_keeps_for_long_has_the_scope_in_its_address(house: House) -> None:
    for rule, recipe in ROUTES.items():
        for ask in [] if recipe.changes or rule == "/live" else recipe.own(house.facts)[:1]:
            answer = house.ask((recipe.roles or (None,))[-1], ask)
            caching = dict(answer.headers)["Cache-Control"]
            if "max-age=31536000" in caching and not rule.startswith(("/assets", "/_dash-comp")):
                assert "<scope>" in rule
                assert "<int:revision>" in rule
                assert "private" in caching


def test_a_finished_tile_is_for_its_scope_alone(house: House) -> None:
    """In memory and on the disk; the short way past Flask asks just the same."""
    revision = house.facts.revision
    key = TileKey(f"county-{COUNTY}", revision, 5, 12, 3185, 1608)
    path = f"/tiles/{key.scope}/{revision}/5/12/3185/1608.mvt"
    for _again in range(2):
        assert house.ask("leader", Ask(path, headers=GZIP)).status in (200, 204)
    for who, status in ((None, 401), ("neighbour", 404), ("province", 404), ("township", 404)):
        for headers in ({}, GZIP):
            assert house.ask(who, Ask(path, headers=headers)).status == status
    kept = tile_cache(house.settings).get(key)
    others = tile_cache(house.settings).get(
        TileKey(f"county-{OTHER_COUNTY}", revision, 5, 12, 3185, 1608)
    )
    assert kept is not None
    assert others is None or others != kept or not kept


def test_tiles_hold_the_features_of_the_scope_alone(house: House) -> None:
    index = house.ask(
        "leader", Ask(f"/index/county-{COUNTY}/{house.facts.revision}/5/{COUNTY}.bin")
    ).body
    count = int.from_bytes(index[:4], "little")
    own = {int.from_bytes(index[4 + 4 * n : 8 + 4 * n], "little") for n in range(count)}
    seen: set[int] = set()
    # The whole drawing and its neighbourhood, at a zoom at which tiles overlap with borders.
    for x in range(3184, 3188):
        for y in range(1606, 1610):
            path = f"/tiles/county-{COUNTY}/{house.facts.revision}/5/12/{x}/{y}.mvt"
            answer = house.ask("leader", Ask(path))
            if answer.status == 200:
                seen |= {each for layer in decode(answer.body) for each in layer.ids}
    assert seen == own
    assert len(own) == 4


def test_every_key_of_the_memory_begins_with_the_scope_of_who_asks(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys: list[tuple[object, str]] = []
    made = {name: getattr(Store, name) for name in ("put", "get", "made")}

    def watched(name: str):  # type: ignore[no-untyped-def]
        def watch(store: Store, key: object, *args: object) -> object:
            keys.append((key, g.viewer.scope_key))
            return made[name](store, key, *args)

        return watch

    for name in made:
        monkeypatch.setattr(Store, name, watched(name))
    for who in (*USERS, "township", "province"):
        addresses(house, who)
    assert len({scope for _key, scope in keys}) == 4
    assert [key for key, scope in keys if not isinstance(key, tuple) or key[0] != scope] == []


def test_whoever_goes_over_to_another_area_leaves_the_first_behind(house: House) -> None:
    """With the same cookie, at the very next request."""
    client = house.client("both")
    for code, other in ((OTHER_COUNTY, COUNTY), (COUNTY, OTHER_COUNTY)):
        assert enter_scope(client, f"county-{code}").status_code == 303
        scope = json.loads(client.get("/revision.json").data)["scope"]
        assert scope == f"county-{code}"
        for place, status in ((code, 200), (other, 404)):
            path = f"/values/county-{place}/{house.facts.revision}/5/{place}.bin?{PERIOD}"
            assert client.get(path).status_code == status
