"""Is the process alive, and can it serve: two questions of whoever watches it."""

from __future__ import annotations

import logging
from http import HTTPStatus

from flask import Flask, Response, jsonify
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from dashboard.server.errors import RETRY_AFTER_S
from dashboard.server.surroundings import OK, Surroundings
from geo.errors import SchemaVersionError, UnsafeRoleError
from geo.schema import check_login_role, check_schema_version

_log = logging.getLogger(__name__)


def register(server: Flask, surroundings: Surroundings) -> None:
    """Answer ``/healthz`` (the process alone) and ``/readyz`` (what it needs).

    What is of concern is told but does not make it unready: a map without a worker is better
    than none.
    """

    @server.get("/healthz")
    def alive() -> Response:
        return _never_kept(jsonify(alive=True))

    @server.get("/readyz")
    def ready() -> Response:
        checks = readiness(surroundings.engine)
        is_ready = all(found == OK for found in checks.values())
        concerns = surroundings.concerns()
        response = _never_kept(jsonify(ready=is_ready, checks=checks, concerns=concerns))
        if not is_ready:
            response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
            response.headers["Retry-After"] = str(RETRY_AFTER_S)
        return response


def readiness(engine: Engine) -> dict[str, str]:
    """Check pool, database, schema and login role; anybody may read the answers.

    Each is ``ok`` or a word on what is wrong; what comes after the first failure is
    ``unknown``. A full pool is told at once, without waiting for a connection.
    """
    checks = dict.fromkeys(("pool", "database", "schema", "role"), "unknown")
    if isinstance(engine.pool, QueuePool) and engine.pool.checkedout() >= engine.pool.size():
        return checks | {"pool": "exhausted"}
    checks["pool"] = OK
    try:
        check_schema_version(engine)
        checks |= {"database": OK, "schema": OK}
        check_login_role(engine)
        checks["role"] = OK
    except SchemaVersionError as error:
        _log.warning("%s", error)
        checks |= {"database": OK, "schema": "another version"}
    except UnsafeRoleError as error:
        _log.warning("%s", error)
        checks["role"] = "unsafe"
    except SQLAlchemyError as error:
        _log.warning("the database does not answer: %s", error)
        checks["database"] = "away"
    return checks


def _never_kept(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
