"""How each callback is asked, whatever values a page, a store or a pattern could send."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo.viewer import ROLES
from tests.areas import CITY, OTHER_COUNTY, TOWNSHIPS, cell_code
from tests.enclosure.recipes import ADMINS, OPERATORS, Ask
from tests.enclosure.world import MARK, MISSING_COUNTY, NOT_IN_VIEW, NOWHERE, Facts, Things

PATH = "/_dash-update-component"
Values = dict[str, Any]
"""Values by ``<component>.<property>``, of inputs and states alike."""


@dataclass(frozen=True)
class Call:
    """How to ask a callback; as a ``Recipe`` does for a route.

    Attributes:
        own: values that a page of the county sends.
        alike: pairs of values that must be answered alike.
        roles: whose page it belongs to; for others it says nothing.
        browser: it runs in the browser and has nothing on the server.
    """

    own: Callable[[Facts], Sequence[Values]] = lambda facts: ()
    alike: Callable[[Facts], Sequence[tuple[Values, Values]]] = lambda facts: ()
    roles: tuple[str, ...] = ROLES
    browser: bool = False


_QUERIES = (
    "",
    "?period=all",
    "?from=2023-02-10&to=2024-03-05&metric=rate",
    "?period=all&metric=density&layer=cell&sort=change&lang=en&theme=light",
    "?period=all&view=heat&category=family&status=open",
    "?period=365d&scale_from=2023-02-10&scale_to=2023-12-31",
    "?publish=1&from=2023-07-01&to=2023-09-30",
    "?period=all&tab=peers&lang=en",
    "?period=all&tab=handling&sort=oldest&lang=en",
)


def _at(path: str, search: str = "?period=all") -> Values:
    return {"address.data": {"pathname": path, "search": search}, "freshness.revision": None}


def _map_own(_facts: Facts) -> Sequence[Values]:
    areas = ["/", f"/map/{TOWNSHIPS['S']}", f"/map/{cell_code('N2')}"]
    return [_at(path, search) for path in areas for search in _QUERIES]


def _map_alike(_facts: Facts) -> Sequence[tuple[Values, Values]]:
    return [
        (_at(f"/map/{there}", search), _at(f"/map/{nowhere}", search))
        for there, nowhere in NOT_IN_VIEW
        for search in _QUERIES[:4]
    ]


def _search(query: str) -> Values:
    return {"search.query": query} | _at("/")


def _search_own(_facts: Facts) -> Sequence[Values]:
    return [_search(query) for query in ("9901", "镇", "Town", "县", "网格S1", "9", "%", "_", "*")]


def _search_alike(_facts: Facts) -> Sequence[tuple[Values, Values]]:
    pairs = [(MARK, NOWHERE), (OTHER_COUNTY, MISSING_COUNTY), (CITY, "990900")]
    return [(_search(there), _search(nowhere)) for there, nowhere in pairs]


def _desk(search: str) -> Values:
    place = {"pathname": "/data", "search": search}
    return {"data-page.address": place, "desk-watch.side": None, "desk-watch.work": None}


def _desk_own(facts: Facts) -> Sequence[Values]:
    own = facts.own
    searches = ["", "?what=boundaries&lang=en", f"?batch={own.batch}", f"?job={own.check}"]
    return [_desk(search) for search in [*searches, f"?job={own.load}", f"?job={own.waiting}"]]


def _desk_of(things: Things) -> Sequence[Values]:
    jobs = [f"?job={number}" for number in (things.check, things.load, things.waiting)]
    return [_desk(search) for search in [*jobs, f"?batch={things.batch}"]]


def _people(search: str, pathname: str = "/people") -> Values:
    place = {"pathname": pathname, "search": search}
    return {"people-page.address": place, "people-watch.mark": None}


def _people_own(facts: Facts) -> Sequence[Values]:
    account = f"?account={facts.own.account}"
    lists = [_people(search) for search in ("", "?new=1&lang=en", account, "?sort=seen&q=w")]
    return [*lists, _people("", "/people/log"), _people("?kind=exports", "/people/log")]


def _people_alike(facts: Facts) -> Sequence[tuple[Values, Values]]:
    def account(things: Things) -> Values:
        return _people(f"?account={things.account}")

    return [(account(facts.foreign), account(facts.missing))]


def _beside(path: str, search: str = "?period=all") -> Values:
    place = {"pathname": path, "search": search}
    return {"compare-page.address": place, "compare-freshness.revision": None}


_OTHERS = ("", "&against=before", "&from2=2023-02-10&to2=2023-06-30", f"&with={TOWNSHIPS['N']}")


def _compare_own(_facts: Facts) -> Sequence[Values]:
    areas = ["/compare", f"/compare/{TOWNSHIPS['S']}"]
    searches = ["?period=all", "?from=2023-07-01&to=2024-03-05&metric=rate&lang=en"]
    return [
        _beside(path, search + more) for path in areas for search in searches for more in _OTHERS
    ]


def _compare_alike(_facts: Facts) -> Sequence[tuple[Values, Values]]:
    others = [
        (_beside(f"/compare/{TOWNSHIPS['S']}", f"?period=all&with={there}"),
         _beside(f"/compare/{TOWNSHIPS['S']}", f"?period=all&with={nowhere}"))
        for there, nowhere in NOT_IN_VIEW
    ]  # fmt: skip
    firsts = [(_beside(f"/compare/{a}"), _beside(f"/compare/{b}")) for a, b in NOT_IN_VIEW]
    return [*firsts, *others]


def _beside_search(which: str, query: str) -> Values:
    return {f"compare-find-{which}.query": query} | _beside(f"/compare/{TOWNSHIPS['S']}")


def _finds(which: str) -> Call:
    return Call(
        lambda facts: [_beside_search(which, query) for query in ("9901", "镇", "%", "")],
        lambda facts: [(_beside_search(which, MARK), _beside_search(which, NOWHERE))],
    )


def _brief(path: str, search: str = "?period=all") -> Values:
    place = {"pathname": path, "search": search}
    return {"brief-page.address": place, "brief-freshness.revision": None}


def _brief_own(_facts: Facts) -> Sequence[Values]:
    searches = ("?period=all", "?span=month&lang=en", "?period=all&metric=rate&publish=1")
    return [_brief(f"/brief/{area}", each) for area in ("", TOWNSHIPS["S"]) for each in searches]


def _brief_alike(_facts: Facts) -> Sequence[tuple[Values, Values]]:
    return [(_brief(f"/brief/{a}"), _brief(f"/brief/{b}")) for a, b in NOT_IN_VIEW]


_MAP = Call(_map_own, _map_alike)
_COMPARE = Call(_compare_own, _compare_alike)
_DESK = Call(
    _desk_own,
    lambda facts: list(zip(_desk_of(facts.foreign), _desk_of(facts.missing), strict=True)),
    OPERATORS,
)
_PEOPLE = Call(_people_own, _people_alike, ADMINS)
_BROWSER = Call(browser=True)

CALLS: dict[str, Call] = {
    "address.data": _BROWSER,
    "map.look": _BROWSER,
    "trend-place.children": _BROWSER,
    "trend.figure": _BROWSER,
    "breadcrumb.children": _MAP,
    "map.scene": _MAP,
    "kpi.children": _MAP,
    "search.results": Call(_search_own, _search_alike),
    "compare-map-first.look": _BROWSER,
    "compare-trend-place.children": _BROWSER,
    "compare-trend.figure": _BROWSER,
    "compare-where.children": _COMPARE,
    "compare-map-first.link": _COMPARE,
    "compare-kpi.children": _COMPARE,
    "compare-find-first.results": _finds("first"),
    "compare-find-second.results": _finds("second"),
    "brief-pages.children": Call(_brief_own, _brief_alike),
    "desk-pages.children": _DESK,
    "desk-work.children": _DESK,
    "people-pages.children": _PEOPLE,
    "people-notice.children": _PEOPLE,
}
"""Every callback by its first output; one that is not here fails a test."""


def outputs_of(output: str) -> list[str]:
    """The outputs that a key of the application's map of callbacks names."""
    return output.strip(".").split("...") if output.startswith("..") else [output]


def name_of(output: str) -> str:
    """The first output."""
    return outputs_of(output)[0]


def request_of(output: str, callback: Mapping[str, Any], values: Values) -> Ask:
    """Ask a callback as the browser does.

    Args:
        output: its key in the application's map.
        callback: what that map says of it.
        values: of its inputs and states; others are null.
    """
    several = output.startswith("..")
    named = [
        dict(zip(("id", "property"), one.rsplit(".", 1), strict=True)) for one in outputs_of(output)
    ]
    body = {
        "output": output,
        "outputs": named if several else named[0],
        "inputs": [_filled(each, values) for each in callback["inputs"]],
        "state": [_filled(each, values) for each in callback["state"]],
        "changedPropIds": [f"{each['id']}.{each['property']}" for each in callback["inputs"][:1]],
    }
    return Ask(PATH, "POST", json=body)


def _filled(wanted: Mapping[str, Any], values: Values) -> dict[str, Any]:
    identity, name = wanted["id"], wanted["property"]
    shown = identity if isinstance(identity, str) else json.dumps(identity)
    return {"id": identity, "property": name, "value": values.get(f"{shown}.{name}")}
