"""In which encoding the texts of a Shapefile are: stated, certain, or asked for."""

from pathlib import Path

import numpy as np
import pyogrio

from geo.errors import InputError

_LANGUAGES = {0x4D: "GB18030", 0x7A: "GB18030"}
"""What the language byte of a .dbf says, where it says something about Chinese."""

_LOOKED_AT = 5_000
"""Rows whose texts are looked at."""


def dbf_encoding(path: Path, stated: str | None) -> str | None:
    """The encoding of a Shapefile's texts.

    Stated by the profile, by the .cpg beside the file or by the .dbf itself; else what is not
    ASCII must be UTF-8, which other encodings do not happen to be.

    Args:
        path: the .shp.
        stated: what the profile says.

    Returns:
        A name GDAL knows; None leaves it to GDAL.

    Raises:
        InputError: nothing states the encoding and it is not UTF-8; or it is UTF-8, and
            something states another.
    """
    said = _normal(stated or _cpg(path) or _language(path))
    texts = _texts(path)
    if not texts:
        return said
    utf8 = all(_decodes(text, "utf-8") for text in texts)
    if said is None and not utf8:
        fits = "GB18030 would fit" if all(_decodes(text, "gb18030") for text in texts) else ""
        raise InputError(
            f"{path.name} does not say in which encoding its texts are, and they are not UTF-8"
            f'{"; " if fits else ""}{fits}: write encoding = "GB18030" (or what it is) into the'
            " profile, or put a .cpg file beside it"
        )
    if said not in (None, "UTF-8") and utf8 and len(texts) > 1:
        raise InputError(
            f"{path.name} is stated to be in {said}, but its texts are UTF-8: correct the .cpg"
            " file or the profile's encoding"
        )
    if said is not None and not all(_decodes(text, said) for text in texts):
        raise InputError(
            f"{path.name} is stated to be in {said}, but its texts are not: correct the .cpg"
            " file or the profile's encoding"
        )
    return said or "UTF-8"


def _cpg(path: Path) -> str | None:
    for beside in (path.with_suffix(".cpg"), path.with_suffix(".CPG")):
        if beside.is_file():
            return beside.read_text(encoding="ascii", errors="replace").strip() or None
    return None


def _language(path: Path) -> str | None:
    """What the .dbf itself says, if it is about Chinese."""
    table = next(
        (p for p in (path.with_suffix(".dbf"), path.with_suffix(".DBF")) if p.is_file()), None
    )
    if table is None:
        return None
    with table.open("rb") as file:
        header = file.read(30)
    return _LANGUAGES.get(header[29]) if len(header) == 30 else None


def _normal(name: str | None) -> str | None:
    """The one spelling; GB2312 and GBK are parts of GB18030."""
    if name is None:
        return None
    plain = name.upper().replace("-", "").replace("_", "").replace(" ", "")
    if plain in ("GBK", "GB2312", "GB18030", "936", "CP936", "OEM936", "ANSI936"):
        return "GB18030"
    return "UTF-8" if plain in ("UTF8", "65001") else name


def _texts(path: Path) -> list[bytes]:
    """The different texts that are not ASCII, as they stand in the file."""
    # Every byte is a character of ISO-8859-1, so that nothing is lost on the way.
    frame = pyogrio.read_dataframe(
        path, encoding="ISO-8859-1", read_geometry=False, max_features=_LOOKED_AT
    )
    words = [
        frame[name].dropna().unique() for name in frame.columns if frame[name].dtype.kind in "OT"
    ]
    found = np.concatenate(words).astype(str) if words else np.array([], dtype=str)
    return [str(text).encode("latin-1") for text in found if not str(text).isascii()]


def _decodes(text: bytes, encoding: str) -> bool:
    """Whether bytes are text in an encoding; a last letter that was cut off does not count."""
    for cut in range(4):
        try:
            text[: len(text) - cut].decode(encoding)
        except UnicodeDecodeError:
            continue
        except LookupError as error:
            raise InputError(f"unknown encoding {encoding}: expected UTF-8 or GB18030") from error
        return True
    return False
