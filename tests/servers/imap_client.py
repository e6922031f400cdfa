"""The small IMAP client of the tests: seeding in big steps, and asking a server what it really holds."""

import base64
import re
import socket

BATCH = 500  # messages in one MULTIAPPEND (RFC 3502)


def wire_name(folder):
    """Modified UTF-7 (RFC 3501 §5.1.3)."""
    result, run = "", ""

    def flush():
        encoded = base64.b64encode(run.encode("utf-16-be")).decode().rstrip("=").replace("/", ",")
        return f"&{encoded}-" if run else ""

    for character in folder:
        if " " <= character <= "~":
            result += flush() + ("&-" if character == "&" else character)
            run = ""
        else:
            run += character
    return result + flush()


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class ImapClient:
    def __init__(self, host, port):
        self._socket = socket.create_connection((host, port), timeout=120)
        self._file = self._socket.makefile("rb", buffering=1 << 20)
        self._count = 0
        self._file.readline()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()
        self._socket.close()

    def login(self, user, password):
        self.command(f"LOGIN {quoted(user)} {quoted(password)}")

    def _line(self):
        line = self._file.readline()
        if not line:
            raise RuntimeError("the server closed the connection")
        return line

    def _answer(self, tag):
        """The untagged lines with their literals: [(text, [literal, ...])]."""
        rows = []
        while True:
            text, literals = b"", []
            while True:
                line = self._line()
                text += line
                size = re.search(rb"\{(\d+)\}\r\n$", line)
                if not size:
                    break
                literals.append(self._file.read(int(size.group(1))))
            if text.startswith(tag + b" "):
                if not text.startswith(tag + b" OK"):
                    raise RuntimeError(text.decode(errors="replace"))
                return rows
            rows.append((text, literals))

    def command(self, text):
        self._count += 1
        tag = b"t%d" % self._count
        self._socket.sendall(tag + b" " + text.encode() + b"\r\n")
        return self._answer(tag)

    def create(self, folder):
        self.command(f"CREATE {quoted(wire_name(folder))}")

    def append(self, folder, messages):
        rows = [(message, "", None) if isinstance(message, bytes) else (*message, None)[:3] for message in messages]
        for start in range(0, len(rows), BATCH):
            self._count += 1
            tag = b"t%d" % self._count
            parts = [tag + b" APPEND " + quoted(wire_name(folder)).encode()]
            for octets, flags, date in rows[start:start + BATCH]:
                when = f' "{date}"' if date else ""
                parts.append(f" ({flags}){when} {{{len(octets)}+}}\r\n".encode() + octets)
            self._socket.sendall(b"".join(parts) + b"\r\n")
            self._answer(tag)

    def messages(self, folder):
        """{uid: (octets, set of flags)} as the server holds them."""
        self.command(f"EXAMINE {quoted(wire_name(folder))}")
        result = {}
        for text, literals in self.command("UID FETCH 1:* (UID FLAGS BODY.PEEK[])"):
            uid = re.search(rb"UID (\d+)", text)
            if uid and literals:
                flags = re.search(rb"FLAGS \(([^)]*)\)", text).group(1).decode().split()
                result[int(uid.group(1))] = (literals[0], set(flags))
        return result
