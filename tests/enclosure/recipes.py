"""How each door is asked: for one's own, for somebody else's, and for what does not exist."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from geo.viewer import ROLES
from tests.areas import CITY, COUNTY, OTHER_COUNTY, PROVINCE, TOWNSHIPS, cell_code
from tests.enclosure.world import MARK, MISSING_COUNTY, NOT_IN_VIEW, NOWHERE, Facts, Things

ADMINS = ("admin",)
OPERATORS = ("operator", "admin")
GUESS = "guess"
NOBODY: tuple[str, ...] = ()
PERIOD = "from=2023-02-10&to=2024-03-05"
GZIP = {"Accept-Encoding": "gzip"}


@dataclass(frozen=True)
class Ask:
    """One request.

    Attributes:
        status: what whoever may ask is answered.
    """

    path: str
    method: str = "GET"
    json: Any = None
    data: bytes | None = None
    form: dict[str, str] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200


Asks = list[Ask]
Pairs = Sequence[tuple[Ask, Ask]]


@dataclass(frozen=True)
class Recipe:
    """How to ask at a door.

    Attributes:
        own: what a page of the county asks.
        alike: pairs that must be answered alike: somebody else's, and what does not exist.
        roles: who may ask; nobody means that it is for strangers.
        is_open: whether strangers may.
        changes: whether asking changes what is there, so that it is asked last.
    """

    own: Callable[[Facts], Asks]
    alike: Callable[[Facts], Pairs] = lambda facts: ()
    roles: tuple[str, ...] = ROLES
    is_open: bool = False
    changes: bool = False


def of_things(make: Callable[[Facts, Things], Ask]) -> Callable[[Facts], Pairs]:
    """The pair of somebody else's things and of those that do not exist."""
    return lambda facts: [(make(facts, facts.foreign), make(facts, facts.missing))]


def of_areas(rule: str) -> Callable[[Facts], Pairs]:
    """Pairs of areas around, under the address of the own scope and under those of theirs."""

    def pairs(facts: Facts) -> Pairs:
        def ask(code: str, scope: str = f"county-{COUNTY}") -> Ask:
            path = rule.format(scope=scope, revision=facts.revision, code=code)
            return Ask(f"{path}?{PERIOD}&rev={facts.incidents}", status=404)

        scopes = [(f"county-{OTHER_COUNTY}", f"county-{MISSING_COUNTY}")]
        scopes += [(f"province-{PROVINCE}", "province-980000"), (f"city-{COUNTY}", "city-980000")]
        return [
            *((ask(there), ask(nowhere)) for there, nowhere in NOT_IN_VIEW),
            *((ask(COUNTY, there), ask(COUNTY, nowhere)) for there, nowhere in scopes),
            *((ask(OTHER_COUNTY, there), ask(OTHER_COUNTY, nowhere)) for there, nowhere in scopes),
        ]

    return pairs


def get(*paths: str, **values: Any) -> Callable[[Facts], Asks]:
    """Plain requests."""
    return lambda facts: [Ask(path, **values) for path in paths]


def _numbers(door: str) -> Callable[[Facts], Asks]:
    def asks(facts: Facts) -> Asks:
        inside = [COUNTY, TOWNSHIPS["S"], cell_code("S1")]
        layers = ["2/", "3/", "5/"] if door != "heat" else [""]
        return [
            Ask(
                f"/{door}/county-{COUNTY}/{facts.revision}/{layer}{code}.bin?{PERIOD}{more}",
                headers=GZIP,
            )
            for layer in layers
            for code in inside
            for more in ("", "&category=family", f"&rev={facts.incidents}", *_MORE.get(door, ()))
        ]

    return asks


def _published(facts: Facts) -> Asks:
    quarter = "publish=1&from=2023-07-01&to=2023-09-30"
    return [
        Ask(f"/values/county-{COUNTY}/{facts.revision}/{layer}/{COUNTY}.bin?{quarter}")
        for layer in (2, 3)
    ]


_MORE = {
    "frames": ("&step=day", "&step=month&per=households"),
    "heat": ("&radius=300",),
}
"""What else a door of figures understands."""


def _signals(*whats: str) -> Callable[[Facts], Asks]:
    """Classes of areas, or a sentence about one: by layer and what is there."""
    return lambda facts: [
        Ask(f"{path}?{PERIOD}&kind={kind}{more}")
        for what in whats
        for path in (
            f"/signals/county-{COUNTY}/{facts.revision}/{what}".format(cell=facts.own.cell_id),
        )
        for kind in ("hot", "emerging", *(("rate",) if what.endswith("json") else ()))
        for more in ("", "&per=households&category=family")
    ]


def _cell_pairs(door: str, path: str, asked: str) -> Callable[[Facts], Pairs]:
    """Sentences about cells that are not in view."""

    def ask(facts: Facts, things: Things) -> Ask:
        place = f"/{door}/county-{COUNTY}/{facts.revision}/{path}/{things.cell_id}.json"
        return Ask(f"{place}?{PERIOD}&{asked}", status=404)

    return lambda facts: [(ask(facts, facts.foreign), ask(facts, facts.missing))]


OTHER_DAYS = "from2=2023-02-10&to2=2023-09-30"


def _changes_between(facts: Facts) -> Asks:
    """Classes of areas, and a sentence about one."""
    paths = [f"3/{COUNTY}.bin", f"5/{TOWNSHIPS['S']}.bin", f"5/{COUNTY}/{facts.own.cell_id}.json"]
    return [
        Ask(f"/changes/county-{COUNTY}/{facts.revision}/{path}?{PERIOD}&{OTHER_DAYS}{more}")
        for path in paths
        for more in ("", "&category=family")
    ]


def _exports(facts: Facts) -> Asks:
    inside = [
        (COUNTY, "&layer=cell&category=family"),
        (COUNTY, "&layer=cell&view=emerging&smooth=1"),
        (cell_code("S1"), "&lang=en"),
    ]
    return [
        Ask(f"/export/{code}.{form}?period=all{more}")
        for code, more in inside
        for form in ("csv", "xlsx", "geojson", "parquet")
    ]


def _ledger_pairs(facts: Facts) -> Pairs:
    return [
        (Ask(f"/ledger/{there}.{form}", status=404), Ask(f"/ledger/{nowhere}.{form}", status=404))
        for there, nowhere in NOT_IN_VIEW
        for form in ("xlsx", "pdf")
    ]


def _briefs(facts: Facts) -> Asks:
    """Files of briefs; what is packed in them has tests of its own."""
    inside = [(COUNTY, "span=month"), (TOWNSHIPS["S"], "period=all&category=family&lang=en")]
    files = [
        Ask(f"/brief/{code}.{form}?{query}")
        for code, query in inside
        for form in ("csv", "xlsx", "png")
    ]
    return [*files, Ask(f"/brief/{COUNTY}.pdf?period=all")]


def _brief_pairs(path: str) -> Callable[[Facts], Pairs]:
    def pairs(_facts: Facts) -> Pairs:
        return [
            (Ask(path.format(there), status=404), Ask(path.format(nowhere), status=404))
            for there, nowhere in NOT_IN_VIEW
        ]

    return pairs


def _export_pairs(facts: Facts) -> Pairs:
    return [
        (
            Ask(f"/export/{there}.{form}?period=all", status=404),
            Ask(f"/export/{nowhere}.{form}?period=all", status=404),
        )
        for there, nowhere in NOT_IN_VIEW
        for form in ("csv", "xlsx", "geojson", "parquet")
    ]


def _tiles(facts: Facts) -> Asks:
    # Over the drawing, at each kind of detail, and a place of the neighbour's.
    places = [(5, 24, 12), (8, 199, 100), (10, 796, 402), (12, 3185, 1608), (12, 3186, 1608)]
    return [
        Ask(f"/tiles/county-{COUNTY}/{facts.revision}/{layer}/{z}/{x}/{y}.mvt", headers=headers)
        for layer in range(6)
        for z, x, y in places
        for headers in ({}, GZIP)
    ]


def _tile_pairs(facts: Facts) -> Pairs:
    def ask(scope: str) -> Ask:
        return Ask(f"/tiles/{scope}/{facts.revision}/2/10/796/402.mvt", headers=GZIP, status=404)

    return [
        (ask(f"county-{OTHER_COUNTY}"), ask(f"county-{MISSING_COUNTY}")),
        (ask(f"province-{PROVINCE}"), ask("province-980000")),
        (ask(f"city-{COUNTY}"), ask("city-980000")),
    ]


def _area(facts: Facts, things: Things, of: str = "cell_id") -> Ask:
    number = getattr(things, of)
    return Ask(f"/areas/county-{COUNTY}/{facts.revision}/{number}.json", status=404)


def _area_pairs(facts: Facts) -> Pairs:
    elsewhere = f"/areas/county-{OTHER_COUNTY}/{facts.revision}/{facts.foreign.cell_id}.json"
    nowhere = f"/areas/county-{MISSING_COUNTY}/{facts.revision}/{facts.missing.cell_id}.json"
    return [
        (_area(facts, facts.foreign), _area(facts, facts.missing)),
        (_area(facts, facts.foreign, "area_id"), _area(facts, facts.missing, "area_id")),
        (Ask(elsewhere, status=404), Ask(nowhere, status=404)),
    ]


def _job(kind: str, **request: Any) -> Ask:
    return Ask("/data/jobs", "POST", json={"kind": kind, **request}, status=201)


def _jobs_of(facts: Facts, things: Things) -> Asks:
    file = {"upload": things.upload}
    return [
        _job("draft", file=file),
        _job("check", file=file, profile="china"),
        _job("load", what="incidents", file=file, profile="china", dry_run=True),
        _job("undo", batch_id=things.batch),
        _job("cancel", job_id=things.waiting),
    ]


def _job_pairs(facts: Facts) -> Pairs:
    both = zip(_jobs_of(facts, facts.foreign), _jobs_of(facts, facts.missing), strict=True)
    own = {"upload": facts.own.upload}
    like = [_job("draft", file=own, like=things.batch) for things in (facts.foreign, facts.missing)]
    return [*both, (like[0], like[1])]


def _change(**values: Any) -> Ask:
    return Ask("/people/changes", "POST", json=values)


def _changes_of(things: Things) -> Asks:
    return [
        _change(kind="change", account=things.account, name="other"),
        _change(kind="change", account=things.account, scopes=[COUNTY]),
        _change(kind="end_session", session=things.session),
        _change(kind="end_sessions", account=things.account),
        _change(kind="disable", account=things.account),
        _change(kind="enable", account=things.account),
        _change(kind="reset", account=things.account),
    ]


def _changes(facts: Facts) -> Asks:
    new = _change(kind="add", login="newcomer", name="N", role="leader", scopes=[COUNTY])
    return [new, *_changes_of(facts.own)]


def _change_pairs(facts: Facts) -> Pairs:
    def add(code: str) -> Ask:
        return _change(kind="add", login="spy", name="S", role="leader", scopes=[code])

    def move(codes: list[str]) -> Ask:
        return _change(kind="change", account=facts.own.account, scopes=codes)

    areas = [(OTHER_COUNTY, MISSING_COUNTY), (CITY, "990900"), (PROVINCE, "980000")]
    return [
        *zip(_changes_of(facts.foreign), _changes_of(facts.missing), strict=True),
        *((add(there), add(nowhere)) for there, nowhere in areas),
        *((move([COUNTY, there]), move([COUNTY, nowhere])) for there, nowhere in areas),
    ]


def _of_batch(facts: Facts, things: Things) -> Ask:
    return Ask(f"/data/batches/{things.batch}/rejects.csv")


def _of_job(facts: Facts, things: Things) -> Ask:
    return Ask(f"/data/jobs/{things.check}/defects.geojson")


def _form(path: str, status: int, **form: str) -> Ask:
    return Ask(path, "POST", form=form, status=status)


def _log_in(facts: Facts) -> Asks:
    refused = _form("/log-in", 401, login="somebody", password=GUESS)
    return [Ask("/log-in"), Ask("/log-in?next=//other.example/&lang=en"), refused]


def _log_in_pairs(facts: Facts) -> Pairs:
    def ask(login: str) -> Ask:
        return _form("/log-in", 401, login=login, password=GUESS)

    known = f"{MARK.lower()}{OTHER_COUNTY}"
    return [(ask(known), ask(f"{NOWHERE.lower()}{OTHER_COUNTY}"))]


def _end_pairs(facts: Facts) -> Pairs:
    def ask(number: int) -> Ask:
        return _form("/account/sessions/end", 404, session=str(number))

    own, foreign, missing = (each.session for each in (facts.own, facts.foreign, facts.missing))
    return [(ask(foreign), ask(missing)), (ask(own), ask(missing))]


def _scope_pairs(facts: Facts) -> Pairs:
    def ask(key: str) -> Ask:
        return _form("/session/scope", 404, scope=key)

    return [
        (ask(f"county-{OTHER_COUNTY}"), ask(f"county-{MISSING_COUNTY}")),
        (ask(f"province-{PROVINCE}"), ask("province-980000")),
        (ask(f"province-{COUNTY}"), ask("province-980000")),
    ]


def _welcome(facts: Facts) -> Asks:
    return [Ask("/welcome"), _form("/welcome", 410, token="x" * 43)]


WRITERS = ("leader", "planner", "operator", "admin")
_CAMPAIGN = {"name": "N", "from": "2023-09-01", "to": "2023-09-30"}


def _campaign(facts: Facts, things: Things) -> Ask:
    return Ask(f"/campaigns/{things.campaign}", status=404)


def _closing(facts: Facts, things: Things) -> Ask:
    return _form(f"/campaigns/{things.campaign}/close", 404)


def _changing(facts: Facts, things: Things) -> Ask:
    return _form(f"/campaigns/{things.campaign}/change", 404, **_CAMPAIGN)


def _new_campaign_pairs(facts: Facts) -> Pairs:
    def ask(code: str) -> Ask:
        return _form("/campaigns/new", 422, area=code, **_CAMPAIGN)

    areas = [(OTHER_COUNTY, MISSING_COUNTY), (CITY, "990900"), (PROVINCE, "980000")]
    return [(ask(there), ask(nowhere)) for there, nowhere in areas]


ROUTES: dict[str, Recipe] = {
    "/": Recipe(get("/")),
    "/<path:path>": Recipe(
        get("/map", "/map/990101"),
        lambda facts: [(Ask(f"/map/{OTHER_COUNTY}"), Ask(f"/map/{MISSING_COUNTY}"))],
    ),
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": Recipe(
        get("/_dash-component-suites/dash/deps/react@18.v4_4_1m0.js", status=404)
    ),
    "/_dash-dependencies": Recipe(get("/_dash-dependencies")),
    "/_dash-layout": Recipe(get("/_dash-layout")),
    "/_dash-update-component": Recipe(get()),  # its callbacks have recipes of their own
    "/_favicon.ico": Recipe(get("/_favicon.ico"), is_open=True),
    "/_reload-hash": Recipe(get("/_reload-hash")),
    "/account": Recipe(get("/account")),
    "/account/password": Recipe(
        lambda facts: [_form("/account/password", 422, current=GUESS, password=GUESS * 3)]
    ),
    "/account/sessions/end": Recipe(
        lambda facts: [_form("/account/sessions/end", 404, session="1")], _end_pairs
    ),
    "/areas/<scope>/<int:revision>/<int:area_id>.json": Recipe(
        lambda facts: [
            Ask(f"/areas/county-{COUNTY}/{facts.revision}/{number}.json")
            for number in (facts.own.area_id, facts.own.cell_id)
        ],
        _area_pairs,
    ),
    "/assets/<path:filename>": Recipe(get("/assets/tokens.css"), is_open=True),
    "/brief/<code>.<any(pdf, xlsx, csv, png):form>": Recipe(
        _briefs, _brief_pairs("/brief/{}.pdf?period=all")
    ),
    "/brief/<code>/<any(map, trend):name>.svg": Recipe(
        get(f"/brief/{COUNTY}/map.svg?period=all", f"/brief/{COUNTY}/trend.svg?span=month"),
        _brief_pairs("/brief/{}/map.svg?period=all"),
    ),
    "/campaigns": Recipe(
        get("/campaigns", f"/campaigns?area={cell_code('S1')}&from=2023-09-01&lang=en"),
        lambda facts: [
            (Ask(f"/campaigns?area={OTHER_COUNTY}"), Ask(f"/campaigns?area={MISSING_COUNTY}"))
        ],
    ),
    "/campaigns/<int:number>": Recipe(
        lambda facts: [Ask(f"/campaigns/{facts.own.campaign}")], of_things(_campaign)
    ),
    "/campaigns/<int:number>/change": Recipe(
        lambda facts: [
            _form(f"/campaigns/{facts.own.campaign}/change", 422, name=""),
            _form(f"/campaigns/{facts.own.campaign}/change", 303, **_CAMPAIGN),
        ],
        of_things(_changing),
        WRITERS,
        changes=True,
    ),
    "/campaigns/<int:number>/close": Recipe(
        lambda facts: [_form(f"/campaigns/{facts.own.campaign}/close", 303)],
        of_things(_closing),
        WRITERS,
        changes=True,
    ),
    "/campaigns/new": Recipe(
        lambda facts: [
            _form("/campaigns/new", 422, area=COUNTY, name=""),
            _form("/campaigns/new", 303, area=TOWNSHIPS["S"], category="family", **_CAMPAIGN),
        ],
        _new_campaign_pairs,
        WRITERS,
        changes=True,
    ),
    "/data/batches/<int:batch_id>/rejects.<form>": Recipe(
        lambda facts: [
            Ask(f"/data/batches/{facts.own.batch}/rejects.{form}") for form in ("csv", "xlsx")
        ],
        of_things(_of_batch),
        OPERATORS,
    ),
    "/data/jobs": Recipe(
        lambda facts: _jobs_of(facts, facts.own), _job_pairs, OPERATORS, changes=True
    ),
    "/data/jobs/<int:job_id>/defects.geojson": Recipe(
        lambda facts: [_of_job(facts, facts.own)], of_things(_of_job), OPERATORS
    ),
    "/data/news.json": Recipe(
        lambda facts: [Ask("/data/news.json"), Ask(f"/data/news.json?job={facts.own.check}")],
        of_things(lambda facts, things: Ask(f"/data/news.json?job={things.check}")),
        OPERATORS,
    ),
    "/data/profile": Recipe(
        get("/data/profile", method="POST", json={"toml": "[incidents]\n", "changes": []}),
        roles=OPERATORS,
    ),
    "/data/uploads": Recipe(
        get("/data/uploads?name=a.csv", method="PUT", data=b"a,b\n", status=201),
        roles=OPERATORS,
        changes=True,
    ),
    "/changes/<scope>/<int:revision>/<int:layer>/<code>.bin": Recipe(
        _changes_between, of_areas("/changes/{scope}/{revision}/5/{code}.bin")
    ),
    "/changes/<scope>/<int:revision>/<int:layer>/<code>/<int:area_id>.json": Recipe(
        _changes_between, _cell_pairs("changes", f"5/{COUNTY}", OTHER_DAYS)
    ),
    "/export/<code>.<form>": Recipe(_exports, _export_pairs),
    "/healthz": Recipe(get("/healthz"), is_open=True),
    "/frames/<scope>/<int:revision>/<int:layer>/<code>.bin": Recipe(
        _numbers("frames"), of_areas("/frames/{scope}/{revision}/5/{code}.bin")
    ),
    "/heat/<scope>/<int:revision>/<code>.bin": Recipe(
        _numbers("heat"), of_areas("/heat/{scope}/{revision}/{code}.bin")
    ),
    "/index/<scope>/<int:revision>/<int:layer>/<code>.bin": Recipe(
        _numbers("index"), of_areas("/index/{scope}/{revision}/5/{code}.bin")
    ),
    "/ledger/<code>.<form>": Recipe(
        get(
            f"/ledger/{TOWNSHIPS['S']}.xlsx?period=all",
            f"/ledger/{TOWNSHIPS['S']}.pdf?period=30d&lang=en",
        ),
        _ledger_pairs,
        tuple(role for role in ROLES if role != "wall"),
    ),
    "/live": Recipe(get("/live")),
    "/log-in": Recipe(_log_in, _log_in_pairs, NOBODY, is_open=True),
    "/log-in/demo": Recipe(
        lambda facts: [_form("/log-in/demo", 404, login="demo-leader")], roles=NOBODY, is_open=True
    ),
    "/log-in/oidc": Recipe(get("/log-in/oidc", status=303), roles=NOBODY, is_open=True),
    "/log-in/oidc/back": Recipe(get("/log-in/oidc/back", status=303), roles=NOBODY, is_open=True),
    "/log-out": Recipe(
        lambda facts: [Ask("/log-out", "POST", status=303)], roles=NOBODY, is_open=True
    ),
    "/metrics": Recipe(get("/metrics", status=401), roles=NOBODY, is_open=True),
    "/people/areas.json": Recipe(
        get("/people/areas.json?q=", "/people/areas.json?q=9", "/people/areas.json?q=Nan"),
        lambda facts: [
            (Ask(f"/people/areas.json?q={there}"), Ask(f"/people/areas.json?q={nowhere}"))
            for there, nowhere in ((MARK, NOWHERE), (OTHER_COUNTY, MISSING_COUNTY))
        ],
        ADMINS,
    ),
    "/people/changes": Recipe(_changes, _change_pairs, ADMINS, changes=True),
    "/people/log.csv": Recipe(
        get("/people/log.csv", "/people/log.csv?kind=exports"),
        lambda facts: [
            (Ask(f"/people/log.csv?actor={MARK}"), Ask(f"/people/log.csv?actor={NOWHERE}"))
        ],
        ADMINS,
        changes=True,
    ),
    "/people/news.json": Recipe(get("/people/news.json"), roles=ADMINS),
    "/readyz": Recipe(get("/readyz"), is_open=True),
    "/revision.json": Recipe(get("/revision.json")),
    "/session/scope": Recipe(
        lambda facts: [_form("/session/scope", 303, scope=f"county-{COUNTY}")], _scope_pairs
    ),
    "/signals/<scope>/<int:revision>/<int:layer>/<code>.bin": Recipe(
        _signals(f"3/{COUNTY}.bin", f"5/{COUNTY}.bin"),
        of_areas("/signals/{scope}/{revision}/5/{code}.bin"),
    ),
    "/signals/<scope>/<int:revision>/<int:layer>/<int:area_id>.json": Recipe(
        _signals("5/{cell}.json"), _cell_pairs("signals", "5", "kind=hot")
    ),
    "/tiles/<scope>/<int:revision>/<int:layer>/<int:z>/<int:x>/<int:y>.mvt": Recipe(
        _tiles, _tile_pairs
    ),
    "/values/<scope>/<int:revision>/<int:layer>/<code>.bin": Recipe(
        lambda facts: [*_numbers("values")(facts), *_published(facts)],
        of_areas("/values/{scope}/{revision}/5/{code}.bin"),
    ),
    "/welcome": Recipe(_welcome, roles=NOBODY, is_open=True),
}
"""Every rule of the application's map of addresses; one that is not here fails a test."""
