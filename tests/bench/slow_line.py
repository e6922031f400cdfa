"""A line of a given delay and rate between the program and a server: slow_line.SlowLine(port, round_trip_s, bits_per_second)."""

import collections
import contextlib
import selectors
import socket
import threading
import time

from servers.proxy import Proxy

PIECE = 8192
QUEUE = 1 << 18  # octets that wait for their turn, as in a router


class _Wire:
    """One direction of the line, which all connections share: octets leave one after another, and arrive half a round trip later."""

    def __init__(self, delay_s, octets_per_second):
        self._delay_s, self._rate = delay_s, octets_per_second
        self._free = 0.0
        self._lock = threading.Lock()

    def arrival(self, count, now):
        """When octets that are there now will have arrived."""
        with self._lock:
            self._free = max(self._free, now) + count / self._rate
            return self._free + self._delay_s


class _Way:
    """One direction of a connection."""

    def __init__(self, source, target, wire):
        self.source, self.target, self.wire = source, target, wire
        self.queue = collections.deque()  # (arrival, octets)
        self.waiting = 0
        self.closed = False
        self.octets = 0

    def wants_more(self):
        return not self.closed and self.waiting < QUEUE

    def take(self, now):
        octets = self.source.recv(PIECE)
        if not octets:
            self.closed = True
            return
        self.queue.append((self.wire.arrival(len(octets), now), octets))
        self.waiting += len(octets)
        self.octets += len(octets)

    def deliver(self, now):
        while self.queue and self.queue[0][0] <= now:
            octets = self.queue.popleft()[1]
            self.waiting -= len(octets)
            self.target.sendall(octets)

    def next_arrival(self):
        return self.queue[0][0] if self.queue else None


class SlowLine(Proxy):
    """Accepts and counts like any proxy, and carries as the line does."""

    def __init__(self, target_port, round_trip_s, bits_per_second):
        super().__init__(target_port)
        self._up, self._down = (_Wire(round_trip_s / 2, bits_per_second / 8) for _ in range(2))

    def _carry(self, client):
        with contextlib.suppress(OSError), client, socket.create_connection(("127.0.0.1", self.target_port)) as server:
            for one in (client, server):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            up, down = _Way(client, server, self._up), _Way(server, client, self._down)
            try:
                while not self._stopping.is_set() and not ((up.closed or down.closed) and not up.queue and not down.queue):
                    self._turn(up, down)
            finally:
                self.octets_from_server += down.octets

    @staticmethod
    def _turn(*ways):
        now = time.monotonic()
        for way in ways:
            way.deliver(now)
        arrivals = [arrival for way in ways if (arrival := way.next_arrival()) is not None]
        pause = max(0.0, min([0.1, *(arrival - now for arrival in arrivals)]))
        with selectors.DefaultSelector() as selector:
            for way in ways:
                if way.wants_more():
                    selector.register(way.source, selectors.EVENT_READ, way)
            for key, _ in selector.select(pause):
                key.data.take(time.monotonic())
