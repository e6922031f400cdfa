"""Writes the sample messages of mail/*.eml into one C++ file: embed.py MAIL_FOLDER OUTPUT DEPFILE."""

import pathlib
import re
import sys

UNITS = {"d": 86400, "h": 3600, "m": 60}
MARK = re.compile(rb"@(?:DATE|DAY|TIME):[^@\s]*@")
GOOD_MARK = re.compile(rb"@(?:DATE|DAY|TIME):-?(?:\d+[dhm])+@")


def seconds(age):
    if not re.fullmatch(r"(\d+[dhm])+", age):
        raise ValueError(f"not an age: {age}")
    return sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)([dhm])", age))


def minutes(zone):
    sign = -1 if zone[0] == "-" else 1
    return sign * (int(zone[1:3]) * 60 + int(zone[3:5]))


def literal(octets):
    """A C++ string literal, one line of the message a line; octal escapes never run into the next character."""
    names = {0x22: '\\"', 0x5C: "\\\\", 0x0A: "\\n", 0x09: "\\t"}
    lines = []
    for line in octets.splitlines(keepends=True):
        text = "".join(names.get(o) or (chr(o) if 32 <= o < 127 and o != 0x3F else f"\\{o:03o}") for o in line)
        lines.append(f'    "{text}"')
    return "\n".join(lines)


def row(path):
    first, _, octets = path.read_bytes().partition(b"\n")
    if not first.startswith(b"X-Demo: ") or b"\nDate: @DATE@\n" not in octets:
        raise ValueError("needs X-Demo: in the first line and Date: @DATE@")
    for mark in MARK.findall(octets):
        if not GOOD_MARK.fullmatch(mark):
            raise ValueError(f"not a date mark: {mark.decode()}")
    fields = dict(field.strip().split("=", 1) for field in first.decode()[8:].split(";"))
    return (
        f'  {{"{fields["account"]}", "{fields["folder"]}", "{fields["flags"]}", "{fields.get("tags", "")}", '
        f'{seconds(fields["ago"])}, {minutes(fields.get("zone", "+0100"))},\n'
        f"   std::string_view(\n{literal(octets)}, {len(octets)})}},\n"
    )


def main(folder, output, depfile):
    paths = sorted(pathlib.Path(folder).glob("*.eml"))
    rows = []
    for path in paths:
        try:
            rows.append(row(path))
        except (ValueError, KeyError) as error:
            sys.exit(f"{path}: {error}")
    pathlib.Path(output).write_text(
        '#include "demo/templates.hpp"\n\nnamespace valija::demo {\nnamespace {\n'
        "constexpr Template all[] = {\n" + "".join(rows) + "};\n}  // namespace\n\n"
        "std::span<const Template> templates() { return all; }\n\n}  // namespace valija::demo\n"
    )
    # The folder itself is named too, so that a new file is noticed.
    names = " ".join(str(path).replace(" ", "\\ ") for path in [pathlib.Path(folder), *paths])
    pathlib.Path(depfile).write_text(f"{output}: {names}\n")


main(*sys.argv[1:])
