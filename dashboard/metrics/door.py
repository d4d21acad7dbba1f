"""The door through which Prometheus reads: shut but to the holder of a token."""

from __future__ import annotations

import hmac
from http import HTTPStatus

from flask import Flask, Response, request
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from pydantic import SecretStr
from sqlalchemy import Engine

from dashboard.metrics.counted import Metrics
from dashboard.metrics.standing import Standing
from dashboard.server.errors import error_response

PATH = "/metrics"


def register(server: Flask, metrics: Metrics, engine: Engine, token: SecretStr | None) -> None:
    """Answer ``/metrics``; without a token there is no such door."""
    if token is None:
        return
    expected = f"Bearer {token.get_secret_value()}".encode()

    @server.get(PATH)
    def scrape() -> Response:
        given = request.headers.get("Authorization", "").encode("latin-1", "replace")
        if not hmac.compare_digest(given, expected):
            refused = error_response(HTTPStatus.UNAUTHORIZED, "metrics are for holders of a token")
            refused.headers["WWW-Authenticate"] = "Bearer"
            return refused
        told = Response(
            metrics.text() + Standing(engine).text(), content_type=CONTENT_TYPE_PLAIN_0_0_4
        )
        told.headers["Cache-Control"] = "no-store"
        return told
