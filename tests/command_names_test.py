"""Every command of the interface is run by name, or stands in a table of effects, in some test beyond the one that runs them all."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
WALK = "commands_test.cpp"  # runs every command, and looks at nothing but that it ends


def commands():
    for header in sorted((ROOT / "src/app").glob("*_commands.hpp")):
        yield from re.findall(r'Command\{"([a-z-]+)"', header.read_text())


def main():
    tests = "\n".join(file.read_text() for pattern in ("*.cpp", "*.hpp", "*.py") for file in sorted((ROOT / "tests").rglob(pattern))
                      if file.name != WALK and file != pathlib.Path(__file__))
    names = list(commands())
    missing = [name for name in names if not re.search(r'(\brun\((?:\w+, )?"|":|press\(f?"[^"]*:|\{")' + re.escape(name) + r'[ "\\]', tests)]
    for name in missing:
        print(f"no test looks at what the command {name} does")
    print(f"{len(names)} commands, {len(missing)} without a test")
    return 1 if missing or len(names) < 90 else 0


if __name__ == "__main__":
    sys.exit(main())
