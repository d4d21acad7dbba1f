"""How often a log-in may fail: for a login from an address, for an address, and for a login.

The last two do not hold where the login has come in from before. So nobody can lock out a wall, or
anybody else, from where they are used to be: only from elsewhere.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
from dataclasses import dataclass

from sqlalchemy import Connection

from dashboard.people.errors import TooManyAttemptsError
from dashboard.people.statements import run

WINDOW_S = 15 * 60
PAIR_MOST = 5
ADDRESS_MOST = 50
LOGIN_MOST = 20
_NETWORK_V6 = 64


@dataclass(frozen=True)
class Attempt:
    """A log-in that is tried.

    Attributes:
        login: what was typed, in its normal form if it has one.
        address: where from, as ``network_of`` has it.
    """

    login: str
    address: str

    @property
    def values(self) -> dict[str, object]:
        """Parameters of the statements: a digest, as people type passwords into the wrong field."""
        login = hashlib.sha256(self.login.encode(errors="surrogatepass")).digest()
        return {"login": login, "address": self.address}


def network_of(address: str) -> str:
    """What counts as one address: of IPv6 the network of 64 bits that one household is given."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            return str(ipaddress.ip_network((found, _NETWORK_V6), strict=False))
        found = found.ipv4_mapped
    return str(found)


def begin(connection: Connection, attempt: Attempt) -> None:
    """Let an attempt be made, or refuse it; it counts as failed until ``forgive`` is called.

    Counted before the password is looked at: a hundred guesses sent at once are a hundred.

    Args:
        connection: as the gate; commit before the password is looked at.
        attempt: what is tried.

    Raises:
        TooManyAttemptsError: when to try again.
    """
    run(connection, "take_turn", attempt.values)
    if wait_s := seconds_to_wait(connection, attempt):
        raise TooManyAttemptsError("too many log-ins failed: wait", wait_s)
    run(connection, "note_attempt", attempt.values)


def seconds_to_wait(connection: Connection, attempt: Attempt) -> int:
    """How long to wait until an attempt may be made; 0 if it may be made now."""
    most = {"pair_most": PAIR_MOST, "address_most": ADDRESS_MOST, "login_most": LOGIN_MOST}
    values = {**attempt.values, **most, "window_s": WINDOW_S}
    found = run(connection, "count_attempts", values).one()
    waits = [found.pair_s]
    if attempt.address not in _known(connection, attempt.login):
        waits += [found.address_s, found.login_s]
    return max((math.ceil(wait) for wait in waits if wait is not None), default=0)


def forgive(connection: Connection, attempt: Attempt) -> None:
    """Forget the failures of a login from an address: it has come in."""
    run(connection, "forgive_attempts", attempt.values)


def take_back(connection: Connection, attempt: Attempt) -> None:
    """Forget one attempt, which nobody has looked at."""
    run(connection, "take_back_attempt", attempt.values)


def _known(connection: Connection, login: str) -> set[str]:
    """Where a login has come in from before."""
    if "\0" in login:
        return set()
    rows = run(connection, "known_addresses", {"login": login})
    return {network_of(row.address) for row in rows} - {""}
