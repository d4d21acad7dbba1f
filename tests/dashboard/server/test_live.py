"""The door of the stream, and the turnstile beside it."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard.app import create_app
from dashboard.live.hub import hub_of
from dashboard.server.turnstile import Turnstile
from dashboard.settings import DashboardSettings
from tests.areas import COUNTY, PROVINCE
from tests.dashboard.live.conftest import soon
from tests.dashboard.live.reading import Reader
from tests.dashboard.server.conftest import Clients
from tests.dashboard.visitors import Visitors


def test_a_stranger_hears_nothing(clients: Clients) -> None:
    answer = clients(None).get("/live")
    assert answer.status_code == 401
    assert answer.is_json


@pytest.mark.parametrize("viewer", [f"province:{PROVINCE}", f"county:{COUNTY}"])
def test_everybody_hears_the_versions_alone(clients: Clients, viewer: str) -> None:
    client = clients(viewer)
    asked = client.get("/revision.json").json
    answer = client.get("/live")
    assert answer.status_code == 200
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert "Content-Encoding" not in answer.headers
    reader = Reader(answer.iter_encoded())
    expected = {"area": asked["area"], "incident": asked["incident"]}
    assert reader.next() == ("revision", expected)
    hub = hub_of(client.application)
    assert hub is not None
    assert hub.count == 1
    hub.stop()
    assert [name for name, _data in reader.rest()] == ["reconnect"]
    answer.close()
    soon(lambda: not hub.is_kept)


def test_only_the_head_is_no_stream(clients: Clients) -> None:
    client = clients()
    assert client.head("/live").mimetype == "text/event-stream"
    hub = hub_of(client.application)
    assert hub is not None
    assert hub.count == 0


def test_without_a_place_the_page_asks_by_the_clock(
    world_engine: Engine, visitors: Visitors, tmp_path: Path
) -> None:
    settings = DashboardSettings(state_dir=tmp_path, live_streams=0)
    client = visitors.client(create_app(settings, world_engine).server, f"province:{PROVINCE}")
    answer = client.get("/live")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "ask for news instead" in answer.json["error"]
    assert client.get("/revision.json").status_code == 200


def test_the_turnstile_lets_in_so_many_and_forgets_none() -> None:
    within, most = 0, 0
    both_in, go_on, lock = threading.Barrier(3), threading.Event(), threading.Lock()

    def work(_environ: object, _start: object) -> Iterable[bytes]:
        nonlocal within, most
        with lock:
            within += 1
            most = max(most, within)
        if not go_on.is_set():
            both_in.wait(10)
            go_on.wait(10)
        with lock:
            within -= 1
        return [b"done"]

    turnstile = Turnstile(work, 2)  # type: ignore[arg-type]
    visits = [threading.Thread(target=turnstile, args=({}, None)) for _ in range(6)]
    for visit in visits:
        visit.start()
    both_in.wait(10)
    assert within == 2
    go_on.set()
    for visit in visits:
        visit.join(10)
    assert (within, most) == (0, 2)


def test_the_turnstile_gives_a_place_back_after_an_error() -> None:
    def fail(_environ: object, _start: object) -> Iterable[bytes]:
        raise ValueError("no")

    turnstile = Turnstile(fail, 1)  # type: ignore[arg-type]
    for _ in range(3):
        with pytest.raises(ValueError, match="no"):
            turnstile({}, None)  # type: ignore[arg-type]
