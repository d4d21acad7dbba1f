"""Who does something in the request in progress, for the audit log."""

from __future__ import annotations

from flask import request

from dashboard.people.account import By
from dashboard.server.gate import current_session
from dashboard.server.origin import origin_of


def acting() -> By:
    """Return who asks, with where from.

    Raises:
        NotLoggedInError: nobody is logged in.
    """
    here = origin_of(request)
    return current_session().by(here.address, here.request_id)
