"""Ports for servers of tests."""

import random
import socket

_FIRST, _AFTER_LAST = 10_000, 32_000


def free_port() -> int:
    """A port of this machine at which nobody listens, and which nobody gets before its use.

    It is none of those that the system hands out by itself, to whoever connects. The UDP port
    of the same number, which is ours as long as we live, keeps other tests from it.
    """
    while True:
        port = random.SystemRandom().randrange(_FIRST, _AFTER_LAST)
        held = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            held.bind(("127.0.0.1", port))
            with socket.create_server(("127.0.0.1", port)):
                held.detach()
                return port
        except OSError:
            held.close()
