"""Requests from several processes over connections that stay open, and how many a second."""

from __future__ import annotations

import multiprocessing
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np


@dataclass(frozen=True)
class Answers:
    """What came back: seconds of each request, bytes of bodies, answers other than 200 or 204."""

    seconds: np.ndarray
    wall_s: float
    body_bytes: int
    failures: int

    @property
    def per_s(self) -> float:
        """Requests a second over all clients."""
        return len(self.seconds) / self.wall_s

    def percentile_ms(self, share: float) -> float:
        """The time within which a share (0-100) of the requests was answered."""
        return float(np.percentile(self.seconds, share)) * 1000


def fetch_all(urls: Sequence[str], clients: int = 1, repeats: int = 1, cookie: str = "") -> Answers:
    """Request every URL ``repeats`` times, shared out among ``clients`` processes.

    All carry the same cookie, if any is given.

    The clients run on the same cores as the server: the figures hold for comparing
    servers within one run, and are a lower bound for what a server can do.
    """
    with multiprocessing.get_context("spawn").Pool(clients) as pool:
        pool.map(_warm, range(clients))
        started = time.perf_counter()
        shares = [(list(urls[n::clients]) * repeats, cookie) for n in range(clients)]
        parts = pool.starmap(_fetch, shares, 1)
        wall_s = time.perf_counter() - started
    seconds = np.concatenate([np.asarray(part[0]) for part in parts])
    return Answers(seconds, wall_s, sum(p[1] for p in parts), sum(p[2] for p in parts))


def _warm(_: int) -> None:
    time.sleep(0.1)


def _fetch(urls: list[str], cookie: str) -> tuple[list[float], int, int]:
    where = urlsplit(urls[0])
    seconds, total, failures = [], 0, 0
    own = (f"Cookie: {cookie}",) if cookie else ()
    with socket.create_connection((where.hostname or "", where.port or 80)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reader = connection.makefile("rb")
        for url in urls:
            parts = urlsplit(url)
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            started = time.perf_counter()
            head = (f"GET {path} HTTP/1.1", f"Host: {where.netloc}", "Accept-Encoding: gzip")
            connection.sendall("\r\n".join((*head, *own, "", "")).encode())
            status, body = _read_answer(reader)
            seconds.append(time.perf_counter() - started)
            total += body
            failures += status not in (200, 204)
    return seconds, total, failures


def _read_answer(reader) -> tuple[int, int]:
    """Status and body length of one HTTP/1.1 answer, with a length or in chunks."""
    status = int(reader.readline().split()[1])
    headers = {}
    while line := reader.readline().strip():
        name, _, value = line.partition(b":")
        headers[name.lower()] = value.strip()
    if status == 204 or status == 304:
        return status, 0
    if b"content-length" in headers:
        length = int(headers[b"content-length"])
        reader.read(length)
        return status, length
    length = 0
    while size := int(reader.readline(), 16):
        reader.read(size + 2)
        length += size
    reader.readline()
    return status, length
