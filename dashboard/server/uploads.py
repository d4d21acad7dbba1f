"""Files on their way in: streamed to the disk, hashed, never held in memory, never a path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http import HTTPStatus

from flask import Flask, Response, jsonify, request

from dashboard.desk.desk import Desk

CHUNK_BYTES = 1 << 20


def register(server: Flask, desks: Callable[[], Desk]) -> None:
    """Answer ``PUT /data/uploads?name=…`` whose body is the file as it is."""

    @server.put("/data/uploads")
    def receive() -> Response:
        desk = desks()
        # The limit is ours, and said in words; the general one is for small bodies.
        request.max_content_length = desk.folders.upload_limit_bytes + CHUNK_BYTES
        arrived = desk.folders.receive(_body, request.content_length)
        try:
            upload_id = desk.keep(arrived, request.args.get("name", ""))
        finally:
            arrived.path.unlink(missing_ok=True)
        response = jsonify(upload=upload_id, bytes=arrived.bytes, sha256=arrived.sha256)
        response.status_code = HTTPStatus.CREATED
        response.headers["Cache-Control"] = "no-store"
        return response


def _body() -> Iterator[bytes]:
    while chunk := request.stream.read(CHUNK_BYTES):
        yield chunk
