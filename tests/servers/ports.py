"""Free TCP ports for servers that must be told their port before they start."""

import os
import random
import socket

FIRST, LAST = 20000, 32000  # below 32768, where the kernel takes the ports of outgoing connections from


def free_ports(count):
    """`count` ports of the loopback interface that nobody listened on a moment ago."""
    chooser = random.Random(os.urandom(8))
    held = []
    try:
        while len(held) < count:
            candidate = socket.socket()
            try:
                candidate.bind(("127.0.0.1", chooser.randrange(FIRST, LAST)))
                held.append(candidate)
            except OSError:
                candidate.close()
        return [candidate.getsockname()[1] for candidate in held]
    finally:
        for candidate in held:
            candidate.close()
