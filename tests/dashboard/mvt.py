"""Enough of the vector tile format to look into a tile: layers, ids, properties, rings."""

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Layer:
    """A decoded layer: its features' ids, kinds of fields they have, and commands."""

    name: str = ""
    extent: int = 4096
    ids: list[int] = field(default_factory=list)
    tagged: int = 0
    geometries: list[list[int]] = field(default_factory=list)


def decode(tile: bytes) -> list[Layer]:
    """Decode a tile that is not compressed."""
    return [_layer(body) for number, body in _fields(tile) if number == 3]


def _layer(body: bytes) -> Layer:
    layer = Layer()
    for number, value in _fields(body):
        if number == 1:
            layer.name = value.decode()
        elif number == 5:
            layer.extent = value
        elif number == 2:
            for part, content in _fields(value):
                if part == 1:
                    layer.ids.append(content)
                elif part == 2:
                    layer.tagged += 1
                elif part == 4:
                    layer.geometries.append(list(_varints(content)))
    return layer


def _fields(data: bytes) -> Iterator[tuple[int, bytes | int]]:
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        if key & 7 == 2:
            size, at = _varint(data, at)
            yield key >> 3, data[at : at + size]
            at += size
        else:
            value, at = _varint(data, at)
            yield key >> 3, value


def _varints(data: bytes) -> Iterator[int]:
    at = 0
    while at < len(data):
        value, at = _varint(data, at)
        yield value


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at
