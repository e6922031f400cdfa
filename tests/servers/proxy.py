"""A TCP proxy between the program and a server, which counts, and cuts or holds the line where the test wants."""

import contextlib
import selectors
import socket
import threading


class Proxy:
    """with Proxy(port) as proxy: ... `cut_after` octets from the server a connection is closed; None: never. `hold_after` octets from the server the first
    connection that comes so far stands still (`held`) until `release`."""

    def __init__(self, target_port, cut_after=None, hold_after=None):
        self.target_port, self.cut_after, self.hold_after = target_port, cut_after, hold_after
        self.held, self._released = threading.Event(), threading.Event()
        self.connections = 0
        self.octets_from_server = 0
        self._stopping = threading.Event()
        self._threads = []

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.1)
        self.port = self._listener.getsockname()[1]
        self._threads.append(threading.Thread(target=self._accept, daemon=True))
        self._threads[0].start()
        return self

    def __exit__(self, *_):
        self._stopping.set()
        self.release()
        for thread in self._threads:
            thread.join(10)
        self._listener.close()

    def release(self):
        self._released.set()

    def _connect(self):
        server = socket.socket()
        try:
            if self.hold_after is not None:  # what the server has sent while the line stands still is little
                server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
            server.connect(("127.0.0.1", self.target_port))
        except OSError:
            server.close()
            raise
        return server

    def _hold(self, passed):
        if self.hold_after is not None and passed > self.hold_after and not self.held.is_set():
            self.held.set()
            self._released.wait()

    def _accept(self):
        while not self._stopping.is_set():
            try:
                client, _ = self._listener.accept()
            except TimeoutError:
                continue
            self.connections += 1
            thread = threading.Thread(target=self._carry, args=(client,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _carry(self, client):
        with contextlib.suppress(OSError), client, self._connect() as server:
            client.settimeout(120)  # for who is slow to read
            passed = 0
            with selectors.DefaultSelector() as selector:
                selector.register(client, selectors.EVENT_READ, server)
                selector.register(server, selectors.EVENT_READ, client)
                while not self._stopping.is_set():
                    for key, _ in selector.select(0.1):
                        octets = key.fileobj.recv(65536)
                        if not octets:
                            return
                        if key.fileobj is server:
                            if self.cut_after is not None and passed + len(octets) > self.cut_after:
                                client.sendall(octets[:self.cut_after - passed])
                                return
                            passed += len(octets)
                            self.octets_from_server += len(octets)
                            self._hold(passed)
                        key.data.sendall(octets)
