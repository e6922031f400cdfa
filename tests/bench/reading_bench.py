"""How long each message of a collection takes in the process that reads mail, asked as the interface asks it."""

import array
import os
import socket
import struct
import subprocess
import time

LARGEST = 4_000_000
RENDER, DOCUMENT = 1, 1


class RenderProcess:
    """`valija --process=render`, asked over descriptor 3: a frame is its length and its payload, the message comes along as a descriptor."""

    def __init__(self, program):
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with theirs:
            self._process = subprocess.Popen([program, "--process=render"], pass_fds=[3], preexec_fn=lambda: os.dup2(theirs.fileno(), 3))

    def close(self):
        self._socket.close()
        self._process.wait(timeout=10)

    def _receive(self, size):
        octets = bytearray()
        while len(octets) < size:
            got = self._socket.recv(size - len(octets))
            if not got:
                raise ConnectionError("the process ended")
            octets += got
        return bytes(octets)

    def is_read(self, descriptor, columns=80):
        """Asks for the document of the file; whether one came."""
        payload = struct.pack("<BIIIIBII", RENDER, 0, columns, 0, 0, 0, 0, 0)
        ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [descriptor]))]
        self._socket.sendmsg([struct.pack("<I", len(payload)) + payload], ancillary)
        size, = struct.unpack("<I", self._receive(4))
        return self._receive(size)[0] == DOCUMENT


def times(program, folder):
    """([seconds], [seconds of those under 1 MB], [path of what was not read]) of every file below the folder."""
    every, small, failed = [], [], []
    process = RenderProcess(program)
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.stat().st_size > LARGEST:
            continue
        with path.open("rb") as file:
            begun = time.perf_counter()
            try:
                if not process.is_read(file.fileno()):
                    failed.append(path)
            except ConnectionError:
                failed.append(path)
                process.close()
                process = RenderProcess(program)
                continue
        seconds = time.perf_counter() - begun
        every.append(seconds)
        if path.stat().st_size < 1_000_000:
            small.append(seconds)
    process.close()
    return every, small, failed
