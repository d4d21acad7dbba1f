"""The operating-system user the server runs as: PostgreSQL refuses root."""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.cluster.errors import ClusterError


@dataclass(frozen=True)
class Account:
    """The user and group of the server's processes and files."""

    uid: int
    gid: int

    @classmethod
    def for_server(cls) -> "Account":
        """Ourselves, or for root the user ``postgres``.

        Raises:
            ClusterError: we are root and there is no user ``postgres``.
        """
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        try:
            entry = pwd.getpwnam("postgres")
        except KeyError as error:
            msg = (
                "PostgreSQL does not run as root and there is no user 'postgres' to run it as. "
                "Install PostgreSQL from a package (apt install postgresql-15-postgis-3), "
                "or run gridboard as an ordinary user."
            )
            raise ClusterError(msg) from error
        return cls(entry.pw_uid, entry.pw_gid)

    def run(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        """Run a program as this user, in a bare environment and away from the terminal."""
        other = os.geteuid() != self.uid
        return subprocess.run(  # noqa: S603 - our own argument list, no shell
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            # Nobody's PGDATA, PGPORT or locale must reach the server.
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            start_new_session=True,
            user=self.uid if other else None,
            group=self.gid if other else None,
            extra_groups=[] if other else None,
        )
