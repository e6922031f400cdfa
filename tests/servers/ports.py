"""Free TCP ports for servers that must be told their port before they start, and for tests that want a port where nobody listens."""

import random
import socket

FIRST, LAST = 20000, 32000  # below 32768, where the kernel takes the ports of outgoing connections from

_ours = {}  # port: a socket whose name in the abstract namespace no other process can have while it is open


def free_ports(count):
    """`count` ports of the loopback interface that nobody listens on. No other test gets them before they are given back, or this process ends."""
    chooser, found = random.SystemRandom(), []
    while len(found) < count:
        port = chooser.randrange(FIRST, LAST)
        if _take(port):
            found.append(port)
    return found


def give_back(ports):
    for port in ports:
        _ours.pop(port).close()


def _take(port):
    name = socket.socket(socket.AF_UNIX)
    try:
        name.bind(f"\0valija-test-port-{port}")
        with socket.socket() as candidate:
            candidate.bind(("127.0.0.1", port))
    except OSError:  # another test has it, or another program
        name.close()
        return False
    _ours[port] = name
    return True
