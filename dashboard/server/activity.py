"""What counts as something done by a person: it is what keeps a session from idling out.

A page that is left open goes on asking by the clock, and draws anew when the data change. If that
counted, no session would ever idle.
"""

from __future__ import annotations

from flask import Request

from dashboard import ids
from dashboard.server.callbacks import PATH as CALLBACK

# Asked for by the clock, or as a consequence of what was: figures follow the revision of the data.
_POLLED = ("/revision.json", "/data/news.json", "/people/news.json", "/live")
_FOLLOWING = ("/values/", "/heat/")
# What triggers callbacks although nobody touched the page.
_CLOCKS = frozenset({ids.FRESHNESS, ids.DESK_WATCH, ids.PEOPLE_WATCH})


def is_activity(request: Request) -> bool:
    """Whether a person did something to cause a request."""
    if request.path in _POLLED or request.path.startswith(_FOLLOWING):
        return False
    if request.path != CALLBACK or request.method != "POST":
        return True
    body = request.get_json(silent=True)
    changed = body.get("changedPropIds") if isinstance(body, dict) else None
    # The first drawing of a page names no trigger.
    if not isinstance(changed, list) or not changed:
        return True
    return not _CLOCKS.issuperset(str(name).rpartition(".")[0] for name in changed)
