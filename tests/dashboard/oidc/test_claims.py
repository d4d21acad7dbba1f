"""What claims give: nothing that the settings do not name."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.oidc.flow import Flow, begin, resume
from dashboard.oidc.problems import OidcError
from dashboard.oidc.settings import OidcSettings
from dashboard.people.claims import claim_values, read_claims
from geo.errors import ConfigurationError
from geo.settings import read_settings
from geo.viewer import ROLES

ISSUER = "https://login.example.org"
SETTINGS = OidcSettings(
    oidc_issuer=ISSUER,
    oidc_client_id="gridboard",
    oidc_roles={"admins": "admin", "offices": "leader"},
)
CLAIMS = {"sub": "17", "preferred_username": "lan", "roles": "offices", "areas": "990101"}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
some_claims = st.fixed_dictionaries(
    {}, optional=dict.fromkeys((*CLAIMS, "name", "realm"), json_values)
)


@given(some_claims)
def test_whatever_comes_gives_a_named_role_or_nothing(claims: dict[str, object]) -> None:
    with suppress(OidcError):
        vouched = read_claims({**CLAIMS, **claims}, SETTINGS)
        assert vouched.role in ROLES
        assert vouched.codes
        assert vouched.subject.startswith(f"{ISSUER} ")


def test_the_first_role_of_the_settings_counts() -> None:
    roles = ["offices", "others", "admins"]
    assert read_claims({**CLAIMS, "roles": roles}, SETTINGS).role == "admin"


def test_listed_areas_replace_the_values() -> None:
    settings = SETTINGS.model_copy(update={"oidc_areas": {"unit 17": ["990101", "990102"]}})
    areas = ["unit 17", "990200", "unit 18"]
    assert read_claims({**CLAIMS, "areas": areas}, settings).codes == ("990101", "990102")
    with pytest.raises(OidcError, match="gives an area"):
        read_claims({**CLAIMS, "areas": "990101"}, settings)


def test_the_name_may_be_missing() -> None:
    assert read_claims(CLAIMS, SETTINGS).name == "lan"
    assert read_claims({**CLAIMS, "name": "a\0b"}, SETTINGS).name == "lan"
    assert len(read_claims({**CLAIMS, "name": "岚" * 500}, SETTINGS).name) == 100


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("one", ["a b"]),
        ("many", ["a", "7"]),
        ("realm.roles", ["x"]),
        ("https://example.org/roles", ["url"]),
        ("truth", []),
        ("none", []),
        ("one.roles", []),
        ("realm", []),
    ],
)
def test_values_of_a_claim(name: str, values: list[str]) -> None:
    claims = {
        "one": "a b",
        "many": ["a", 7, None, True, "", ["deep"]],
        "realm": {"roles": ["x"]},
        "https://example.org/roles": ["url"],
        "truth": True,
    }
    assert claim_values(claims, name) == values


@given(st.text(max_size=300))
def test_a_flow_survives_its_cookie_and_no_other_does(wanted: str) -> None:
    flow = begin(wanted, 1000.9)
    assert resume(flow.cookie(), flow.state, 1001) == flow
    other = Flow(flow.secret, flow.begun_at, wanted + "x")
    assert len({flow.state, flow.nonce, flow.verifier, other.state, other.nonce}) == 5
    with pytest.raises(OidcError):
        resume(other.cookie(), flow.state, 1001)


@given(st.text(max_size=80), st.text(max_size=60))
def test_a_made_up_cookie_is_no_log_in(cookie: str, state: str) -> None:
    with pytest.raises(OidcError):
        resume(cookie, state, 0)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"ISSUER": ISSUER}, "set GRIDBOARD_OIDC_CLIENT_ID and GRIDBOARD_OIDC_ROLES"),
        ({"CLIENT_SECRET": "s3cret"}, "without a GRIDBOARD_OIDC_ISSUER"),
        ({"ISSUER": "http://login.example.org"}, "GRIDBOARD_OIDC_ISSUER: expected https"),
        ({"ISSUER": "", "ROLES": '{"a": "leader"}'}, "without a GRIDBOARD_OIDC_ISSUER"),
        ({"ROLES": '{"a": "king"}'}, r"GRIDBOARD_OIDC_ROLES\.A: .*'wall'"),
        ({"ROLES": "a=leader"}, "oidc_roles.*expected JSON"),
        (
            {"ISSUER": ISSUER, "CLIENT_ID": "g", "ROLES": '{"a":"wall"}', "REQUEST": "profile"},
            "expected openid among",
        ),
    ],
)
def test_settings_that_contradict_each_other(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], message: str
) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"GRIDBOARD_OIDC_{name}", value)
    with pytest.raises(ConfigurationError, match=message) as caught:
        read_settings(OidcSettings)
    assert "s3cret" not in str(caught.value)
