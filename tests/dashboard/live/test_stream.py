"""A stream by itself, and what is seen of its reader's socket."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from dashboard.live import stream as streams
from dashboard.live.client import Client
from dashboard.live.events import BEAT, ENDED, event
from dashboard.live.stream import Stream
from dashboard.live.watch import Watch
from geo.viewer import Viewer

VIEWER = Viewer("leader", 2, "620102")
Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Our end and a reader's end of a connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        reader = socket.create_connection(server.getsockname())
        ours, _address = server.accept()
    with ours, reader:
        yield ours, reader


def stream_of(client: Client | None = None) -> Stream:
    return Stream(1, VIEWER, client, lambda _stream: None)


def test_an_event_is_one_line_of_json() -> None:
    wire = event("name", words="a\nb", number=1).wire
    assert wire == b'event: name\ndata: {"words":"a\\nb","number":1}\n\n'


def test_a_stream_begins_at_once_and_ends_with_its_last_event() -> None:
    stream = stream_of()
    events = iter(stream)
    assert next(events) == b":\n\n"
    for each in (BEAT, ENDED, BEAT):
        stream.say(each)
    assert list(events) == [BEAT.wire, ENDED.wire]


def test_whoever_hears_nothing_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "SILENCE_S", 0.01)
    _comment, last = stream_of()
    assert last.startswith(b"event: reconnect\n")


def test_a_reader_that_reads_is_not_stalled(pair: Pair) -> None:
    ours, reader = pair
    stream = stream_of(Client(ours))
    ours.sendall(BEAT.wire)
    assert reader.recv(100) == BEAT.wire
    assert stream.stalled_s(100.0) == stream.stalled_s(200.0) == 0.0


def test_a_reader_that_does_not_read_is_seen_and_can_be_cut(pair: Pair) -> None:
    ours, _reader = pair
    client = Client(ours)
    stream = stream_of(client)
    ended = threading.Event()

    def write_until_refused() -> None:
        try:
            while True:
                ours.sendall(bytes(1 << 16))
        except OSError:
            ended.set()

    writer = threading.Thread(target=write_until_refused)
    writer.start()
    while client.unread_bytes() < 1 << 16:
        pass
    assert stream.stalled_s(100.0) == 0.0
    assert stream.stalled_s(130.0) == 30.0
    client.cut()
    writer.join(10)
    assert ended.is_set()
    ours.close()
    assert client.unread_bytes() == -1
    assert stream.stalled_s(200.0) == 0.0


def test_a_reader_that_goes_away_ends_its_stream_and_no_other(pair: Pair) -> None:
    ours, reader = pair
    watch = Watch()
    with_reader, alone = stream_of(Client(ours)), stream_of()
    for stream in (with_reader, alone):
        watch.add(stream)
    assert not watch.wait(0)
    watch.ring()
    assert watch.wait(10)
    assert not with_reader.is_ending
    reader.close()
    assert not watch.wait(10)
    assert with_reader.is_ending
    assert not alone.is_ending
    watch.remove(with_reader)
    watch.close()
    watch.ring()
    watch.add(with_reader)
    watch.remove(with_reader)
