"""Names for people in the log: the same for the same person, and nobody's outside this server."""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
import tempfile
import threading
from pathlib import Path

KEY_FILE = "log.key"
_KEY_BYTES = 32
_DIGITS = 16
_log = logging.getLogger(__name__)


class Pseudonyms:
    """Keyed hashes of logins; without the key nobody can try out names against them.

    The key is made when it is first needed, in the state folder, for its owner to read. Who
    deletes it cuts the tie between the log so far and all that comes.

    Args:
        folder: the private state of this checkout.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / KEY_FILE
        self._key: bytes | None = None
        self._lock = threading.Lock()

    def __call__(self, login: str) -> str:
        """The pseudonym of a login: sixteen hexadecimal digits."""
        digest = hmac.new(self._found(), login.encode(), hashlib.sha256)
        return digest.hexdigest()[:_DIGITS]

    def _found(self) -> bytes:
        with self._lock:
            if self._key is None:
                self._key = self._read_or_make()
            return self._key

    def _read_or_make(self) -> bytes:
        try:
            if not self._file.exists():
                self._make()
            key = self._file.read_bytes()
            if len(key) == _KEY_BYTES:
                return key
            _log.warning("%s is no key of ours: delete it to have another made", self._file)
        except OSError as error:
            _log.warning("no key of the log in %s: %s", self._file, error)
        # Pseudonyms that hold until the process ends are better than none.
        return secrets.token_bytes(_KEY_BYTES)

    def _make(self) -> None:
        """Put a whole key in its place, unless another process is faster."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=self._file.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(_KEY_BYTES))
            os.link(draft, self._file)
        except FileExistsError:
            return
        finally:
            Path(draft).unlink()
