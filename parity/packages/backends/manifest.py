"""Which files does a MANIFEST.in list? (setuptools: `command/egg_info.py`: FileList, translate_pattern)"""

from __future__ import annotations

from msgspec import Struct

from parity.patterns.globs import matches

MOST_LINES = 500


class Manifest(Struct, frozen=True):
    """The commands in order; the last that matches a path decides."""

    commands: tuple[tuple[bool, tuple[str, ...]], ...]

    def lists(self, path: str) -> bool:
        """`path`: relative to the project's folder."""
        for adds, patterns in reversed(self.commands):
            if any(matches(pattern, path) for pattern in patterns):
                return adds
        return False


def read_manifest(text: str) -> Manifest | None:
    """None where it is too long."""
    commands: list[tuple[bool, tuple[str, ...]]] = []
    lines = text.replace("\\\n", " ").splitlines()
    if len(lines) > MOST_LINES:
        return None
    for line in lines:
        words = line.partition("#")[0].split()
        if len(words) < 2:
            continue
        match words:
            case ["include", *patterns]:
                commands.append((True, tuple(patterns)))
            case ["exclude", *patterns]:
                commands.append((False, tuple(patterns)))
            case ["recursive-include", folder, *patterns]:
                commands.append((True, tuple(f"{folder}/**/{pattern}" for pattern in patterns)))
            case ["recursive-exclude", folder, *patterns]:
                commands.append((False, tuple(f"{folder}/**/{pattern}" for pattern in patterns)))
            case ["global-include", *patterns]:
                commands.append((True, tuple(f"**/{pattern}" for pattern in patterns)))
            case ["global-exclude", *patterns]:
                commands.append((False, tuple(f"**/{pattern}" for pattern in patterns)))
            case ["graft", *folders]:
                commands.append((True, tuple(f"{folder}/**" for folder in folders)))
            case ["prune", *folders]:
                commands.append((False, tuple(f"{folder}/**" for folder in folders)))
            case _:
                pass
    return Manifest(tuple(commands))
