import gzip
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard.server.tilecache import TileCache, TileKey
from dashboard.server.tiles import TileMaker, detail
from dashboard.server.warm import tiles_over, warm
from dashboard.source import Source
from dashboard.store import Store
from geo.viewer import Viewer
from tests.areas import COUNTY, PROVINCE, SOUTH, WEST, cell_code
from tests.dashboard.mvt import decode
from tests.dashboard.server.conftest import Clients

Address = Callable[[str, str], str]
GZIP = {"Accept-Encoding": "gzip"}


def place(z: int, lon: float = WEST + 0.005, lat: float = SOUTH + 0.005) -> str:
    x = int((lon + 180) / 360 * 2**z)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z)
    return f"{z}/{x}/{y}.mvt"


def test_a_tile_holds_shapes_and_ids_and_nothing_else(
    client: FlaskClient, address: Address, ids: dict[str, int]
) -> None:
    answer = client.get(address("tiles", f"5/{place(12)}"), headers=GZIP)
    assert answer.status_code == 200
    assert answer.mimetype == "application/vnd.mapbox-vector-tile"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    (layer,) = decode(gzip.decompress(answer.data))
    assert layer.name == "area"
    assert layer.tagged == 0
    assert ids[cell_code("S1")] in layer.ids
    assert set(layer.ids) <= set(ids.values())
    plain = client.get(address("tiles", f"5/{place(12)}"), headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert plain.data == gzip.decompress(answer.data)


def test_the_second_answer_is_the_first(client: FlaskClient, address: Address) -> None:
    url = address("tiles", f"5/{place(12)}")
    first, second = (client.get(url, headers=GZIP) for _ in range(2))
    assert first.data == second.data
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]
    for name in ("Cache-Control", "Content-Type", "Content-Encoding", "Vary"):
        assert first.headers[name] == second.headers[name]


def test_low_zooms_keep_every_cell(
    client: FlaskClient, address: Address, ids: dict[str, int]
) -> None:
    answer = client.get(address("tiles", f"5/{place(5)}"), headers=GZIP)
    (layer,) = decode(gzip.decompress(answer.data))
    assert layer.extent == detail(5).extent
    # Eight cells of a kilometre, and the special area that stands in for cells.
    assert len(layer.ids) == 9


def test_an_empty_tile_has_no_content(client: FlaskClient, address: Address) -> None:
    for _ in range(2):
        answer = client.get(address("tiles", f"5/{place(12, lon=0.0)}"), headers=GZIP)
        assert answer.status_code == 204
        assert answer.data == b""


@pytest.mark.parametrize("rest", ["5/30/1/1.mvt", "5/2/4/0.mvt", "7/5/1/1.mvt", "5/2/0/-1.mvt"])
def test_places_that_are_not_there(client: FlaskClient, address: Address, rest: str) -> None:
    assert client.get(address("tiles", rest), headers=GZIP).status_code == 404


def test_a_county_viewer_gets_the_own_cells_only(
    clients: Clients, address: Address, ids: dict[str, int]
) -> None:
    # The province's tile is in the cache that all viewers share.
    assert clients().get(address("tiles", f"5/{place(12)}"), headers=GZIP).status_code == 200
    county = clients(f"county:{COUNTY}")
    own = county.get("/revision.json").json
    assert county.get(address("tiles", f"5/{place(12)}"), headers=GZIP).status_code == 404
    tile = county.get(f"/tiles/{own['scope']}/{own['area']}/5/{place(12)}", headers=GZIP).data
    (layer,) = decode(gzip.decompress(tile))
    assert set(layer.ids) == {ids[cell_code(name)] for name in ("S1", "S2", "N1", "N2")}


def test_a_stranger_gets_nothing_even_from_the_cache(clients: Clients, address: Address) -> None:
    url = address("tiles", f"5/{place(12)}")
    assert clients().get(url, headers=GZIP).status_code == 200
    assert clients(None).get(url, headers=GZIP).status_code == 401


def test_a_former_version_is_gone(client: FlaskClient) -> None:
    scope = client.get("/revision.json").json["scope"]
    assert client.get(f"/tiles/{scope}/1/5/{place(12)}", headers=GZIP).status_code == 410


def test_tiles_made_ahead_are_served_without_the_database(
    world_engine: Engine, tmp_path: Path
) -> None:
    cache = TileCache(tmp_path, 10**6)
    source = Source(world_engine, Viewer("leader", 0, PROVINCE), Store(10**7))
    told: list[tuple[int, int]] = []
    made = warm(source, TileMaker(world_engine, cache), 5, lambda *done: told.append(done))
    assert told[-1] == (made, made)
    z, x, y = (int(part) for part in place(5).removesuffix(".mvt").split("/"))
    key = TileKey(f"province-{PROVINCE}", source.revisions.area, 5, z, x, y)
    assert TileCache(tmp_path, 0).get(key)


def test_tiles_over_a_box() -> None:
    assert tiles_over((-180, -85, 180, 85), 1) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert tiles_over((100.0, 36.0, 100.01, 36.01), 5) == [(24, 12)]
