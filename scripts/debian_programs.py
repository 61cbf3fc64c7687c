"""Writes parity/build/bases/debian.py from the programs of Debian's images: debian_programs.py ROOT...

ROOT is a root folder as `debootstrap --variant=minbase --include=ca-certificates,netbase,tzdata RELEASE ROOT` makes it:
what `debian:RELEASE` and `python:3.x-slim-RELEASE` are made from. A program of one release counts for all.
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

HEAD = '''"""The programs of Debian's images, `python:*-slim` among them. Written by scripts/debian_programs.py."""

# Of Debian {releases}.
'''


def main(roots: list[str]) -> int:
    releases = [Path(root, "etc/debian_version").read_text().strip() for root in roots]
    text = HEAD.format(releases=", ".join(sorted(releases)))
    for folder, name in (("usr/bin", "BIN"), ("usr/sbin", "SBIN")):
        found = sorted({path.name for root in roots for path in Path(root, folder).iterdir()} - {"sh"})
        lines = textwrap.wrap(" ".join(found), 108, break_on_hyphens=False, break_long_words=False)
        text += f'{name} = """\n' + "".join(f"    {line}\n" for line in lines) + '"""\n'
    Path(__file__).parent.parent.joinpath("parity/build/bases/debian.py").write_text(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
