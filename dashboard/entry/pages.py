"""Pages at the door as responses: from a template, never kept by a browser."""

from __future__ import annotations

from http import HTTPStatus

from flask import Flask, Response, make_response, redirect, render_template
from jinja2 import StrictUndefined

from dashboard.entry.look import Look

NEVER_KEPT = "no-store"


def prepare_templates(server: Flask) -> None:
    """Have a template fail that names what it was not given, and leave no blank lines."""
    server.jinja_env.undefined = StrictUndefined
    server.jinja_env.trim_blocks = server.jinja_env.lstrip_blocks = True


def door_page(
    template: str, look: Look, status: HTTPStatus = HTTPStatus.OK, **values: object
) -> Response:
    """Render a page in a language and theme.

    Args:
        template: name of a file in ``dashboard/templates``.
        look: language and theme.
        status: of the response.
        values: what the template names.
    """
    page = render_template(template, _=look.text, look=look, **values)
    response = make_response(page, status)
    response.headers["Cache-Control"] = NEVER_KEPT
    return response


def go_to(address: str) -> Response:
    """Send a browser on with a GET, whatever it asked with; ``address`` is ours."""
    response = make_response(redirect(address, HTTPStatus.SEE_OTHER))
    response.headers["Cache-Control"] = NEVER_KEPT
    return response
