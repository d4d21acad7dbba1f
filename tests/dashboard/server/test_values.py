import itertools
import struct
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from dashboard.album import Album
from geo.settings import DatabaseSettings
from tests.areas import CITY, COUNTY, PROVINCE, SPECIAL, TOWNSHIPS, cell_code
from tests.dashboard.server.conftest import Clients
from tests.dashboard.visitors import Visitors
from tests.dashboard.world import (
    FIRST_DAY,
    LAST_DAY,
    Cases,
    count_cases,
    load_cases,
    load_world,
    make_cases,
)
from tests.databases import opened

Address = Callable[[str, str], str]
ALL = f"from={FIRST_DAY}&to={LAST_DAY}"


def index_of(body: bytes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    (count,) = struct.unpack_from("<I", body)
    assert len(body) == 4 + 16 * count
    return (
        np.frombuffer(body, "<u4", count, 4),
        np.frombuffer(body, "<f4", count, 4 + 4 * count),
        np.frombuffer(body, "<f4", count, 4 + 8 * count),
    )


def values_of(body: bytes) -> np.ndarray:
    (count,) = struct.unpack_from("<I", body)
    assert len(body) == 4 + 4 * count
    return np.frombuffer(body, "<u4", count, 4)


@pytest.fixture
def codes(ids: dict[str, int]) -> dict[int, str]:
    return {area_id: code for code, area_id in ids.items()}


@pytest.mark.parametrize("layer", [1, 2, 3, 5])
def test_values_follow_the_index(
    client: FlaskClient, address: Address, codes: dict[int, str], cases: Cases, layer: int
) -> None:
    ids, population, area_km2 = index_of(
        client.get(address("index", f"{layer}/{PROVINCE}.bin")).data
    )
    answer = client.get(address("values", f"{layer}/{PROVINCE}.bin") + f"?{ALL}&status=open,failed")
    counts = values_of(answer.data)
    assert len(ids) == len(counts)
    assert (np.diff(ids.astype(int)) > 0).all()
    for area_id, count in zip(ids, counts, strict=True):
        expected = count_cases(
            cases, codes[int(area_id)], FIRST_DAY, date(2030, 1, 1), status={"open", "failed"}
        )
        assert count == expected
    unknown = [codes[int(area_id)] for area_id in ids[np.isnan(population)]]
    assert unknown == [SPECIAL]
    assert (area_km2 > 0).all()


def test_the_index_of_a_county_holds_its_own_cells(
    client: FlaskClient, address: Address, codes: dict[int, str]
) -> None:
    ids, population, _ = index_of(client.get(address("index", f"5/{COUNTY}.bin")).data)
    expected = {cell_code(name) for name in ("S1", "S2", "N1", "N2")}
    assert {codes[int(area_id)] for area_id in ids} == expected
    assert set(population) == {1200.0}


def test_areas_in_the_index_are_those_of_the_database(
    client: FlaskClient, address: Address, codes: dict[int, str], world: DatabaseSettings
) -> None:
    ids, _, area_km2 = index_of(client.get(address("index", f"3/{PROVINCE}.bin")).data)
    with opened(world, "admin") as engine, engine.connect() as connection:
        rows = connection.execute(text("SELECT area_id, area_km2 FROM area"))
        exact = {row.area_id: row.area_km2 for row in rows}
    assert area_km2 == pytest.approx([exact[int(n)] for n in ids], rel=1e-4)


def test_days_without_data_say_so(client: FlaskClient, address: Address) -> None:
    answer = client.get(address("values", f"1/{PROVINCE}.bin") + "?from=2025-01-01&to=2025-01-31")
    assert set(values_of(answer.data)) == {0xFFFFFFFF}


def test_an_answer_is_kept_for_good_only_under_its_own_version(
    client: FlaskClient, address: Address
) -> None:
    found = client.get("/revision.json").json
    url = address("values", f"1/{PROVINCE}.bin") + f"?{ALL}"
    assert client.get(f"{url}&rev={found['incident']}").headers["Cache-Control"] == (
        "private, max-age=31536000, immutable"
    )
    assert client.get(f"{url}&rev=1").headers["Cache-Control"] == "private, no-cache"
    assert "immutable" in client.get(address("index", f"1/{PROVINCE}.bin")).headers["Cache-Control"]


@pytest.mark.parametrize(("loads", "status"), [(1, 200), (99, 503)])
@pytest.mark.parametrize("door", ["values", "heat"])
def test_a_load_amid_an_answer_has_it_given_anew(
    clients: Clients,
    database: DatabaseSettings,
    app_engine: Engine,
    loader_engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    door: str,
    loads: int,
    status: int,
) -> None:
    cases = make_cases(50)
    load_world(loader_engine, cases)
    client = clients(engine=app_engine, of=Visitors(database, app_engine))
    found = client.get("/revision.json").json
    rest = {"values": f"5/{COUNTY}.bin", "heat": f"{COUNTY}.bin"}[door]
    url = f"/{door}/{found['scope']}/{found['area']}/{rest}?{ALL}&rev={found['incident']}"
    take, number = Album.take, itertools.count()

    def overtaken(album: Album):
        picture = take(album)
        if (n := next(number)) < loads:
            cases.append(replace(cases[0], number=900 + n, place="S1"))
            load_cases(loader_engine, [cases[-1]])
        return picture

    monkeypatch.setattr(Album, "take", overtaken)
    answer = client.get(url)
    assert answer.status_code == status
    assert "immutable" not in answer.headers["Cache-Control"]
    if status == 200:
        expected = count_cases(cases, COUNTY, FIRST_DAY, date(2030, 1, 1))
        used = struct.unpack_from("<I", answer.data, 48)[0] if door == "heat" else None
        assert expected == (values_of(answer.data).sum() if used is None else used)
    else:
        assert answer.headers["Retry-After"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "from=2024-01-01",
        "from=2024-02-30&to=2024-03-01",
        "from=2024-03-02&to=2024-03-01",
        "from=0001-01-01&to=9999-12-31",
        f"{ALL}&category=nonsense",
        f"{ALL}&category=%27%20OR%201",
        f"{ALL}&status={','.join(map(str, range(257)))}",
        "from=2024-01-01T00:00&to=2024-03-01",
    ],
)
def test_what_is_not_understood_is_refused(
    client: FlaskClient, address: Address, query: str
) -> None:
    answer = client.get(address("values", f"1/{PROVINCE}.bin") + f"?{query}")
    assert answer.status_code == 400
    assert set(answer.json) == {"error", "request_id"}
    assert answer.json["request_id"] == answer.headers["X-Request-ID"]


@pytest.mark.parametrize("door", ["index", "values"])
def test_addresses_of_others_and_of_nothing_answer_alike(
    clients: Clients, address: Address, door: str
) -> None:
    county = clients(f"county:{COUNTY}")
    own = county.get("/revision.json").json
    prefix = f"/{door}/{own['scope']}/{own['area']}"
    refused = [
        f"{prefix}/5/{CITY}.bin?{ALL}",
        f"{prefix}/5/{TOWNSHIPS['E']}.bin?{ALL}",
        f"{prefix}/5/123456.bin?{ALL}",
        f"{prefix}/9/{COUNTY}.bin?{ALL}",
        address(door, f"5/{COUNTY}.bin") + f"?{ALL}",
    ]
    answers = [county.get(url) for url in refused]
    assert {answer.status_code for answer in answers} == {404}
    assert county.get(f"{prefix}/5/{COUNTY}.bin?{ALL}").status_code == 200


def test_a_former_version_is_gone(client: FlaskClient) -> None:
    found = client.get("/revision.json").json
    for door, rest in (
        ("index", f"5/{PROVINCE}.bin"),
        ("heat", f"{PROVINCE}.bin?{ALL}"),
        ("areas", "1.json"),
    ):
        answer = client.get(f"/{door}/{found['scope']}/1/{rest}")
        assert answer.status_code == 410
        assert "revision.json" in answer.json["error"]
