"""A failure as a page, for a person who opened an address and got something else."""

from __future__ import annotations

from http import HTTPStatus

from flask import Request, Response

from dashboard.entry.look import look_of
from dashboard.entry.pages import door_page
from dashboard.misread import MisreadError
from dashboard.text import Text

AGAIN_AFTER_S = 10
_PAGES_ACCEPT = "text/html"


def is_visit(request: Request) -> bool:
    """Whether a person looks at the answer itself: browsers ask for pages in this way alone."""
    return request.headers.get("Accept", "").startswith(_PAGES_ACCEPT)


def problem_page(
    status: HTTPStatus, request: Request, request_id: str, misread: MisreadError | None = None
) -> Response:
    """Say in a page what went wrong; one that may be mended soon asks again by itself.

    A wall that starts before its database needs nobody to come by for that.
    """
    look = look_of(request.args.to_dict())
    _ = look.text
    title, words = (_("There is no such file"), misread.words(_)) if misread else _said(status, _)
    again_s = AGAIN_AFTER_S if status is HTTPStatus.SERVICE_UNAVAILABLE else None
    values = {"title": title, "words": words, "request_id": request_id, "again_s": again_s}
    return door_page("problem.html", look, status, **values)


def _said(status: HTTPStatus, _: Text) -> tuple[str, str]:
    said = {
        HTTPStatus.FORBIDDEN: (
            _("This is not for your role"),
            _("Whoever has the role for it can do this, or an administrator can give it to you."),
        ),
        HTTPStatus.NOT_FOUND: (
            _("There is nothing here"),
            _("The address is mistyped, or what it names does not exist or is not in your area."),
        ),
        HTTPStatus.TOO_MANY_REQUESTS: (
            _("Too much was asked for at once"),
            _("Wait a moment and load the page again."),
        ),
        HTTPStatus.SERVICE_UNAVAILABLE: (
            _("The data are not available at the moment"),
            _("The database does not answer. This page tries again by itself."),
        ),
    }
    other = (
        _("That did not work"),
        _("Go back and try again. If it stays so, tell whoever runs this site the number below."),
    )
    return said.get(status, other)
