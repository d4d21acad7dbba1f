"""Whatever is sent is answered with a status below 500, an identity and one line of the log."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dashboard.server.shapes import SHAPES
from tests.enclosure.callbacks import CALLS, PATH, name_of, request_of
from tests.enclosure.conftest import House
from tests.enclosure.recipes import ROUTES

# The house is the same for all examples; nothing in it hangs on their order.
FUZZ = settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
OPERATOR, ADMIN = "operator", "admin"
HUGE = 10**30
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-HUGE, HUGE)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["\0", "\ud800", "%00", "../..", "<script>", "'; --", "9" * 400, "1e999"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
WORDS = st.sampled_from(
    ["0", "1", "-1", "5", str(HUGE), "9" * 25, "1.5", "x", "", "%00", "%ff", "%2e%2e", "..",
     "#", "county-990101", "990101", "township", "中", "%E4%B8", "' OR 1=1", "a/b", " ", "\\"]
) | st.text(max_size=12).map(lambda text: quote(text.encode("utf-8", "replace")))  # fmt: skip
BODIES = [
    b"",
    b"{",
    b"[" * 100_000,
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    b"\xff\xfe\x00",
    b'"\\ud800"',
    b'{"kind": "\\u0000"}',
    b"NaN",
    b"1" * 10_000,
    b"null",
    b"[]",
    b'{"output": {"a": 1}}',
    b'{"kind": ["undo"]}',
    b'{"a": 1, "a": 2}',
]


@contextmanager
def answered_once(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """See that one request was logged within, and no surprise."""
    caplog.set_level("INFO", logger="gridboard.request")
    caplog.clear()
    yield
    lines = [record for record in caplog.records if record.name == "gridboard.request"]
    assert len(lines) == 1
    traces = [record for record in caplog.records if record.exc_info]
    assert not traces, traces[0].getMessage()


def send(
    house: House,
    caplog: pytest.LogCaptureFixture,
    who: str | None,
    path: str,
    *,
    by_page: bool = True,
    **values: Any,
) -> int:
    """Send anything; the status of the answer."""
    client = house.client(who)
    if not by_page:
        client.environ_base.pop("HTTP_SEC_FETCH_SITE")
    with answered_once(caplog):
        response = client.open(path, **values)
        response.close()
    assert response.status_code < 500, (path, values, response.data[:200])
    assert response.headers["X-Request-ID"]
    if response.status_code >= 400 and response.is_json:
        assert "Traceback" not in response.text
    return response.status_code


def valid(house: House, name: str) -> dict[str, Any]:
    """A callback's request as the page makes it."""
    output = next(each for each in house.app.callback_map if name_of(each) == name)
    described = house.app.callback_map[output]
    body: dict[str, Any] = request_of(output, described, CALLS[name].own(house.facts)[0]).json
    return body


ON_SERVER = [name for name, call in CALLS.items() if not call.browser]


@pytest.mark.parametrize("name", ON_SERVER)
@FUZZ
@given(data=st.data())
def test_a_callback_of_which_something_is_wrong(
    house: House, caplog: pytest.LogCaptureFixture, name: str, data: st.DataObject
) -> None:
    body = json.loads(json.dumps(valid(house, name)))
    places = [("", key) for key in body] + [
        (part, number, key)
        for part in ("inputs", "state")
        for number, each in enumerate(body[part])
        for key in each
    ]
    place = data.draw(st.sampled_from(places))
    target = body[place[0]][place[1]] if place[0] else body
    if data.draw(st.booleans()):
        target[place[-1]] = data.draw(VALUES)
    else:
        del target[place[-1]]
    send(house, caplog, ADMIN, PATH, method="POST", json=body)


@pytest.mark.parametrize("name", ON_SERVER)
def test_an_input_of_the_wrong_type_is_refused(
    house: House, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    for number, _input in enumerate(valid(house, name)["inputs"]):
        for wrong in ([], [1], 5, {"pathname": 5}, {"search": None}, "x" * 20_000, {"a": {}}):
            body = valid(house, name)
            body["inputs"][number]["value"] = wrong
            assert send(house, caplog, ADMIN, PATH, method="POST", json=body) == 400


@pytest.mark.parametrize("name", [name for name, call in CALLS.items() if call.browser])
def test_what_runs_in_the_browser_cannot_be_called(
    house: House, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    output = next(each for each in house.app.callback_map if name_of(each) == name)
    body = request_of(output, house.app.callback_map[output], {}).json
    assert send(house, caplog, ADMIN, PATH, method="POST", json=body) == 400


def test_every_input_of_a_callback_has_a_shape(house: House) -> None:
    described = [
        one for name, one in house.app.callback_map.items() if not CALLS[name_of(name)].browser
    ]
    taken = {
        f"{each['id']}.{each['property']}"
        for one in described
        for each in [*one["inputs"], *one["state"]]
    }
    assert taken == set(SHAPES)


@pytest.mark.parametrize("name", ["breadcrumb.children", "desk-work.children", "kpi.children"])
@FUZZ
@given(search=st.text(max_size=60) | st.lists(WORDS, max_size=5).map("&period=".join))
def test_any_address_is_drawn(
    house: House, caplog: pytest.LogCaptureFixture, name: str, search: str
) -> None:
    body = valid(house, name)
    body["inputs"][0]["value"] = {"pathname": f"/map/{search[:5]}", "search": f"?job={search}"}
    send(house, caplog, ADMIN, PATH, method="POST", json=body)


@pytest.mark.parametrize("rule", ROUTES)
@FUZZ
@given(data=st.data())
def test_an_address_of_anything(
    house: House, caplog: pytest.LogCaptureFixture, rule: str, data: st.DataObject
) -> None:
    if rule in ("/live", "/log-out"):
        return
    path = re.sub(r"<[^>]+>", lambda _found: data.draw(WORDS) or "0", rule)
    names = ["from", "to", "category", "rev", "job", "q", "actor", "kind", "lang", "next", "name"]
    query = data.draw(st.lists(st.tuples(st.sampled_from(names), WORDS), max_size=4))
    address = path + "?" + "&".join(f"{name}={word}" for name, word in [*query, *query[:1]])
    method = data.draw(st.sampled_from(["GET", "GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"]))
    send(house, caplog, data.draw(st.sampled_from([None, ADMIN])), address, method=method)


@pytest.mark.parametrize("path", ["/data/jobs", "/data/profile", "/people/changes", PATH])
@pytest.mark.parametrize("body", BODIES, ids=lambda body: str(body[:12]))
def test_a_body_that_is_no_request_is_refused(
    house: House, caplog: pytest.LogCaptureFixture, path: str, body: bytes
) -> None:
    for kind in ("application/json", "text/plain", "application/json; charset=utf-16"):
        status = send(house, caplog, ADMIN, path, method="POST", data=body, content_type=kind)
        assert status == 400


@pytest.mark.parametrize("path", ["/data/jobs", "/data/profile", "/people/changes"])
@FUZZ
@given(body=VALUES, kind=st.sampled_from(["draft", "check", "load", "undo", "cancel", "add", "x"]))
def test_any_json_is_a_request_or_refused(
    house: House, caplog: pytest.LogCaptureFixture, path: str, body: object, kind: str
) -> None:
    sent = {"kind": kind, **body} if isinstance(body, dict) else body
    send(house, caplog, ADMIN, path, method="POST", json=sent)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/log-in", ["login", "password", "next"]),
        ("/log-in/demo", ["login"]),
        ("/welcome", ["token", "password", "step"]),
        ("/account/password", ["current", "password"]),
        ("/account/sessions/end", ["session"]),
        ("/session/scope", ["scope", "next"]),
    ],
)
@pytest.mark.parametrize("value", ["\0", "x" * 100_000, "中" * 300, "\u202e", "%00", "9" * 30, ""])
def test_any_form_is_answered(
    house: House, caplog: pytest.LogCaptureFixture, path: str, fields: list[str], value: str
) -> None:
    form = dict.fromkeys(fields, value)
    send(house, caplog, "wall", path, method="POST", data=form)
    send(house, caplog, "wall", path, method="POST", data=b"login=%ff%fe&\xff=\xff&&==")


def test_a_body_that_is_too_large_is_refused(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    data, form = b"[" + b"1," * 1_000_000, "application/x-www-form-urlencoded"
    for path in ("/data/jobs", "/people/changes", PATH, "/log-in"):
        kind = form if path == "/log-in" else "application/json"
        status = send(house, caplog, ADMIN, path, method="POST", data=data, content_type=kind)
        assert status == 413, path
    too_large = b"x" * 3_000_000
    assert send(house, caplog, ADMIN, "/data/uploads", method="PUT", data=too_large) == 413


def test_a_body_that_says_it_is_packed_is_not_unpacked(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing here unpacks what arrives, so nothing small can become large."""
    headers = {"Content-Encoding": "gzip"}
    send(house, caplog, ADMIN, "/data/jobs", method="POST", data=b"\x1f\x8b" * 9, headers=headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "__Host-gridboard=" + "x" * 9_000},
        {"Cookie": "__Host-gridboard=\x01; =; ;;; a"},
        {"Cookie": "\xff\xfe"},
        {"Accept": "\xff" * 100},
        {"Accept-Language": ",,,;q=x"},
        {"Host": "other.example:99999999"},
        {"Origin": "http://[::1"},
        {"Sec-Fetch-Site": "x", "Origin": "//"},
        {"Authorization": "Bearer \xff"},
        {"If-None-Match": "W/\xff", "Range": "bytes=9-1"},
        {"User-Agent": "\xff" * 5_000},
        {"Content-Length": "-1"},
        {"Content-Type": "multipart/form-data; boundary="},
        {"X-Forwarded-For": "\xff", "X-Forwarded-Proto": "x"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_any_header_is_answered(
    house: House, caplog: pytest.LogCaptureFixture, headers: dict[str, str]
) -> None:
    for path, method in (("/map", "GET"), ("/log-in", "POST"), (PATH, "POST"), ("/metrics", "GET")):
        for who in (None, OPERATOR):
            send(house, caplog, who, path, method=method, headers=headers)
            # As a program would, which says nothing of a page it comes from.
            send(house, caplog, who, path, method=method, headers=headers, by_page=False)
