"""Unpack the zip and gz files that areas come in, never beyond a limit."""

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Protocol

from etl.reading.archives import ALWAYS_BYTES, MOST_TIMES
from geo.errors import InputError

MOST_UNPACKED_BYTES = 4 << 30
"""How much a packed file of areas may unpack to; a million cells take about 1 GiB."""

DATA_SUFFIXES = (".shp", ".gpkg", ".geojson", ".json", ".fgb", ".parquet")
"""What is looked for in a zip; the files of a Shapefile lie beside its .shp."""


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes:
        """The next bytes, none at the end."""


@contextmanager
def unpacked(path: Path, limit_bytes: int = MOST_UNPACKED_BYTES) -> Iterator[Path]:
    """The file of areas itself: as it is, or unpacked into a folder that is deleted afterwards.

    Args:
        path: .zip with one file of areas, .gz, or neither.
        limit_bytes: how much may be unpacked, and never more than so many times the packed size.

    Raises:
        InputError: the file is damaged, encrypted, unpacks to more than the limit, or holds no
            or several files of areas.
    """
    if path.suffix.lower() not in (".zip", ".gz"):
        yield path
        return
    limit_bytes = min(limit_bytes, max(ALWAYS_BYTES, MOST_TIMES * path.stat().st_size))
    with TemporaryDirectory(prefix="gridboard-") as folder:
        unpack = _unzip if path.suffix.lower() == ".zip" else _gunzip
        try:
            found = unpack(path, Path(folder), limit_bytes)
        except (zipfile.BadZipFile, gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise InputError(f"{path.name} is damaged and cannot be unpacked: {error}") from error
        except (RuntimeError, NotImplementedError) as error:
            raise InputError(
                f"{path.name} is encrypted or packed in an unusual way: pack it anew ({error})"
            ) from error
        yield found


def _gunzip(path: Path, folder: Path, limit_bytes: int) -> Path:
    target = folder / path.stem
    with gzip.open(path) as source:
        _copy(source, target, limit_bytes, path.name)
    return target


def _unzip(path: Path, folder: Path, limit_bytes: int) -> Path:
    """Unpack the only file of areas and what belongs to it, under names of our own."""
    with zipfile.ZipFile(path) as archive:
        inside = [PurePosixPath(name.replace("\\", "/")) for name in archive.namelist()]
        data = [name for name in inside if name.suffix.lower() in DATA_SUFFIXES and _seen(name)]
        if len(data) != 1:
            names = ", ".join(str(name) for name in data[:5]) or "none"
            raise InputError(
                f"{path.name} must hold exactly one file of areas"
                f" ({', '.join(DATA_SUFFIXES)}); it holds {names}"
            )
        left = limit_bytes
        for member, name in zip(archive.infolist(), inside, strict=True):
            # The same place and name, but for the ending: the parts of a Shapefile.
            if name.with_suffix("") == data[0].with_suffix("") and not member.is_dir():
                target = folder / f"areas{name.suffix.lower()}"
                with archive.open(member) as source:
                    left -= _copy(source, target, left, path.name)
    return folder / f"areas{data[0].suffix.lower()}"


def _seen(name: PurePosixPath) -> bool:
    """Not one of the hidden copies that some systems put into a zip."""
    return not name.name.startswith(".") and "__MACOSX" not in name.parts


def _copy(source: _Readable, target: Path, limit_bytes: int, name: str) -> int:
    """Copy at most so many bytes; counts what comes out, not what the archive claims."""
    with target.open("wb") as sink:
        while block := source.read(1 << 20):
            if sink.tell() + len(block) > limit_bytes:
                raise InputError(
                    f"{name} unpacks to more than is believable ({MOST_TIMES} times its size,"
                    f" at most {MOST_UNPACKED_BYTES >> 20:,} MiB):"
                    " unpack it yourself, and split it if it is no mistake"
                )
            sink.write(block)
        return sink.tell()
