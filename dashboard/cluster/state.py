"""Where a checkout's state lies."""

import hashlib
import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from dashboard.cluster.account import Account
from dashboard.cluster.errors import ClusterError

ROOT_BASE = Path("/var/lib/gridboard")
PORT = 5432  # names the socket file only: the server listens on no network
MARKER = "gridboard.json"
# Linux allows 108 bytes for the address of a socket, the closing zero included.
SOCKET_PATH_LIMIT_BYTES = 107


@dataclass(frozen=True)
class StatePaths:
    """The files of one checkout's state.

    As root, ``folder`` belongs to root and only ``server`` inside it to the server's user, so
    that root never writes where another user could have laid a link.
    """

    folder: Path
    checkout: Path

    @property
    def server(self) -> Path:
        """The server's own folder, closed to everyone else."""
        return self.folder / "postgres"

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.server / "data"

    @property
    def unfinished(self) -> Path:
        """The data directory while it is being made."""
        return self.server / "data.new"

    @property
    def log(self) -> Path:
        """What the server writes about itself."""
        return self.server / "server.log"

    @property
    def config(self) -> Path:
        """The server's settings, written anew at every start."""
        return self.folder / "postgresql.conf"

    @property
    def lock(self) -> Path:
        """Held while the cluster is made, started or stopped."""
        return self.folder / "lock"

    @property
    def sockets(self) -> Path:
        """The folder of the socket; a short one elsewhere where this one has no valid address."""
        usual = self.server / "run"
        address = os.fsencode(usual / f".s.PGSQL.{PORT}.lock")
        # Clients take a comma in the address for a list of servers.
        if len(address) <= SOCKET_PATH_LIMIT_BYTES and b"," not in address:
            return usual
        # Private nevertheless: make_private() checks its owner and closes it.
        return Path(f"/tmp/gridboard-{os.geteuid()}-{digest(self.folder)}")  # noqa: S108

    def marker(self, data: Path) -> Path:
        """The file that tells our data directory from a stranger's."""
        return data / MARKER

    def require_ours(self) -> None:
        """Refuse a data directory that gridboard did not make for this checkout.

        Raises:
            ClusterError: the marker is missing or names another checkout.
        """
        if not self.data.exists() or self.marked_checkout() == str(self.checkout):
            return
        msg = (
            f"{self.data} was not made by gridboard for {self.checkout} and is left alone. "
            "Set GRIDBOARD_STATE_DIR to another folder."
        )
        raise ClusterError(msg)

    def marked_checkout(self) -> str | None:
        """The checkout that the data directory's marker names; None without a marker."""
        try:
            marker = json.loads(self.marker(self.data).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return marker.get("checkout") if isinstance(marker, dict) else None


def state_paths(checkout: Path, *, base: Path | None = None, name: str = "") -> StatePaths:
    """The state of a checkout.

    Args:
        checkout: the folder of the code; its real path names the state.
        base: the folder of all states; None takes ``/var/lib/gridboard`` for root and
            ``~/.local/state/gridboard`` (or XDG_STATE_HOME) for others.
        name: tells several states of one checkout apart, such as ``test``.
    """
    real = checkout.resolve()
    suffix = f"-{name}" if name else ""
    return StatePaths((base or default_base()).absolute() / f"{digest(real)}{suffix}", real)


def default_base() -> Path:
    """The folder of all states of this user."""
    if os.geteuid() == 0:
        return ROOT_BASE
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(home) / "gridboard"


def digest(path: Path) -> str:
    """Twelve hexadecimal digits that stand for a path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def make_private(folder: Path, account: Account) -> None:
    """Make a folder that only the server's user may enter.

    Raises:
        ClusterError: something else is there, or it belongs to another user.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid not in (os.geteuid(), account.uid) or not stat.S_ISDIR(found.st_mode):
        msg = f"{folder} belongs to another user: remove it or set GRIDBOARD_STATE_DIR."
        raise ClusterError(msg)
    if found.st_uid != account.uid:
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)
    folder.chmod(0o700)


def make_public(folder: Path) -> None:
    """Make a folder and its missing parents, open to enter whatever the umask says."""
    for missing in (*reversed(folder.parents), folder):
        if not missing.exists():
            missing.mkdir(exist_ok=True)  # another process may be as quick
            missing.chmod(0o755)
