from collections.abc import Callable
from datetime import datetime

from flask.testing import FlaskClient

from tests.areas import CITY, COUNTY, PROVINCE, SPECIAL, TOWNSHIPS, cell_code
from tests.dashboard.server.conftest import Clients
from tests.dashboard.world import LAST_DAY


def test_an_area_is_described_with_the_way_down_to_it(
    client: FlaskClient, address: Callable[[str, str], str], ids: dict[str, int]
) -> None:
    found = client.get(address("areas", f"{ids[cell_code('S1')]}.json")).json
    assert found["name"] == "网格S1"
    assert found["level"] == "cell"
    assert found["population"] == 1200
    assert found["synthetic"] is False
    way = [step["code"] for step in found["path"]]
    assert way == [PROVINCE, CITY, COUNTY, TOWNSHIPS["S"], cell_code("S1")]
    assert [step["slot"] for step in found["path"]] == [0, 1, 2, 3, 5]
    special = client.get(address("areas", f"{ids[SPECIAL]}.json")).json
    assert special["population"] is None


def test_a_county_viewer_learns_nothing_of_another(clients: Clients, ids: dict[str, int]) -> None:
    county = clients(f"county:{COUNTY}")
    own = county.get("/revision.json").json
    prefix = f"/areas/{own['scope']}/{own['area']}"
    inside = county.get(f"{prefix}/{ids[TOWNSHIPS['S']]}.json")
    assert [step["code"] for step in inside.json["path"]] == [COUNTY, TOWNSHIPS["S"]]
    other, absent = (county.get(f"{prefix}/{n}.json") for n in (ids[TOWNSHIPS["E"]], 10**9))
    assert other.status_code == absent.status_code == 404
    assert other.json["error"] == absent.json["error"]
    assert county.get(f"{prefix}/99999999999999999999.json").status_code == 404


def test_the_versions_in_force(client: FlaskClient) -> None:
    found = client.get("/revision.json")
    assert found.json["scope"] == f"province-{PROVINCE}"
    assert found.json["area"] > 0
    assert datetime.fromisoformat(found.json["as_of"]).date() > LAST_DAY
    assert found.headers["Cache-Control"] == "private, no-store"
