#!/usr/bin/env python3
"""One message of each kind, compared with tests/mime/golden and read by parsers that are not ours.

    golden_test.py WRITE_GOLDEN            compares
    golden_test.py WRITE_GOLDEN --update   writes tests/mime/golden anew
"""

import email
import email.policy
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

GOLDEN = pathlib.Path(__file__).parent / "golden"
SAID = "Yes, at eight. ¡Hasta pronto!"

# What must be read out of each message: recipients, subject, ids of the thread, types of the parts, a piece of the text.
ANA = "Ana Ruíz <list-subscriber@ana.example.org>"
JUN = "田中 純 <jun@example.jp>"
THREAD = ["<m1@example.jp>", "<m2@example.org>", "<m3@example.jp>"]
PLAN = "plan ñ.png"
EXPECTED = {
    "reply": dict(From=ANA, To=JUN, Cc=None, Subject="Re: Café on Monday", thread=THREAD, types=["text/plain"], text=SAID),
    "reply-all": dict(From=ANA, To=JUN, Subject="Re: Café on Monday", thread=THREAD, types=["text/plain"], text=SAID,
                      Cc='Friends <friends@lists.example.net>, Bea <bea@example.org>, "Ruiz, C." <cleo@example.org>'),
    "reply-list": dict(From=ANA, To="friends@lists.example.net", Cc=None, Subject="Re: Café on Monday", thread=THREAD, types=["text/plain"], text=SAID),
    "reply-above": dict(From=ANA, To=JUN, Subject="Re: Café on Monday", thread=THREAD, types=["text/plain"], text="> Shall we meet at the café on Monday"),
    "forward": dict(From=ANA, To="Jun <jun@example.jp>", Subject="Fwd: Café on Monday", thread=[], types=["multipart/mixed", "text/plain", "image/png"],
                    text="Forwarded message", names=[PLAN]),
    "forward-attached": dict(From=ANA, To="Jun <jun@example.jp>", Subject="Fwd: Café on Monday", thread=[],
                             types=["multipart/mixed", "text/plain", "message/rfc822", "multipart/mixed", "text/plain", "image/png"],
                             names=["AW: Re: Café on Monday.eml", PLAN]),
    "edit-as-new": dict(From=ANA, To="Friends <friends@lists.example.net>, Bea <bea@example.org>", Subject="AW: Re: Café on Monday", thread=[],
                        types=["multipart/mixed", "text/plain", "image/png"], text="Shall we meet at the café", names=[PLAN]),
    "fresh": dict(From="Ana Ruíz <ana@example.org>", To='"Ruiz, C." <cleo@example.org>, 田中 <jun@example.jp>', Bcc=None,
                  Subject="Una línea muy larga de asunto que no cabe en setenta y ocho columnas de ninguna manera X-Injected: yes",
                  types=["multipart/mixed", "text/plain", "image/png"], text=" over two of them.\n.\n", names=['año "2026".png']),
    "markdown": dict(Bcc=None, types=["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"], text="A **bold** word"),
    "draft": dict(To=None, Bcc="secret@example.org", thread=THREAD, types=["text/plain"], text="> Shall we meet"),
    "bounce": dict(From=JUN, Subject="AW: Re: Café on Monday", types=["multipart/mixed", "text/plain", "image/png"], names=[PLAN],
                   text="Shall we meet"),
    "adopted": dict(From="ana@example.org", Subject="cron", Bcc=None, types=["text/plain"], text="Done: ñ"),
}

problems = []


def expect(name, what, found, wanted):
    if found != wanted:
        problems.append(f"{name}: {what} is {found!r}, not {wanted!r}")


def without_boundaries(octets):
    """Boundaries are random: the first one becomes boundary-1, and so on."""
    for number, boundary in enumerate(dict.fromkeys(re.findall(rb'boundary="(=-[^"]+)"', octets)), 1):
        octets = octets.replace(boundary, b"boundary-%d" % number)
    return octets


def check_octets(name, octets):
    lines = octets.split(b"\r\n")
    expect(name, "the last line", lines[-1], b"")
    for line in lines:
        if b"\r" in line or b"\n" in line or b"\0" in line or len(line) > 998:
            problems.append(f"{name}: a line that SMTP does not take: {line[:60]!r}")
    head = octets.split(b"\r\n\r\n")[0]
    if name != "bounce" and not head.isascii():
        problems.append(f"{name}: the header is not ASCII")
    if name != "draft" and b"secret" in octets:
        problems.append(f"{name}: a blind copy is told")


def check_with_python(name, octets, wanted):
    message = email.message_from_bytes(octets, policy=email.policy.default)
    for header in ("From", "To", "Cc", "Bcc", "Subject"):
        if header in wanted:
            found = message[header]
            expect(name, header, None if found is None else str(found), wanted[header])
    if "thread" in wanted:
        expect(name, "References", (message["References"] or "").split(), wanted["thread"])
        expect(name, "In-Reply-To", message["In-Reply-To"], wanted["thread"][-1] if wanted["thread"] else None)
    expect(name, "X-Injected", message["X-Injected"], None)
    parts = list(message.walk())
    expect(name, "the list of parts", [part.get_content_type() for part in parts], wanted["types"])
    defects = [defect for part in parts for defect in part.defects]
    if name != "bounce":  # the foreign message in it may have any
        expect(name, "the list of defects", defects, [])
    names = [part.get_filename() for part in parts if part.get_filename()]
    expect(name, "the list of names", names, wanted.get("names", names))
    text = message.get_body(("plain",))
    if "text" in wanted and wanted["text"] not in text.get_content().replace("\r\n", "\n"):
        problems.append(f"{name}: the text lacks {wanted['text']!r}")
    expect(name, "the date", message["Date"].datetime.isoformat()[:16], "2026-11-23T09:01" if name == "bounce" else "2026-11-23T10:41")
    for part in parts:
        if part.get_content_type() == "image/png":
            expect(name, "the image", part.get_content(), b"\x89PNG\r\n\x1a\n")


def check_with_mblaze(name, path, wanted):
    if shutil.which("mhdr") is None:
        return
    for header in ("Subject", "To"):
        if wanted.get(header):
            found = subprocess.run(["mhdr", "-d", "-h", header, path], capture_output=True, check=True, text=True).stdout.rstrip("\n")
            expect(name, f"{header} of mhdr", found, wanted[header])
    listed = subprocess.run(["mshow", "-t", path], capture_output=True, check=True, text=True).stdout
    for kind in wanted["types"]:
        if kind not in listed:
            problems.append(f"{name}: mshow finds no {kind}")
    if "text" in wanted:
        shown = subprocess.run(["mshow", "-N", path], capture_output=True, check=True, text=True, errors="replace").stdout.replace("\r\n", "\n")
        if wanted["text"].strip() not in shown:
            problems.append(f"{name}: mshow does not show {wanted['text']!r}")


def main():
    program, update = sys.argv[1], "--update" in sys.argv
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run([program, directory], check=True, env={**os.environ, "TZ": "Europe/Berlin", "LC_ALL": "C.UTF-8"})
        written = pathlib.Path(directory)
        names = sorted(path.stem for path in written.glob("*.eml") if path.stem != "original")
        expect("the directory", "the list of messages", names, sorted(EXPECTED))
        for name in names:
            path = written / f"{name}.eml"
            octets = path.read_bytes()
            golden = GOLDEN / f"{name}.eml"
            if update:
                golden.write_bytes(without_boundaries(octets))
            expect(name, "the message", without_boundaries(octets), golden.read_bytes())
            check_octets(name, octets)
            check_with_python(name, octets, EXPECTED[name])
            check_with_mblaze(name, path, EXPECTED[name])
    print("\n".join(problems) or f"{len(names)} messages")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
