"""Which shared objects do the extension modules of imported packages ask for that are nowhere in the image?

A wheel brings what it links to; a package that was built in another image, or a wheel that counts on the system
(OpenCV's libGL.so.1), may not find it. ELF: System V ABI, gabi chapter 5; only 64-bit little-endian, as x86-64 and
AArch64 have it.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator, Sequence

from parity.archive.tree import ArchiveTree
from parity.model.verification import MissingLibrary
from parity.tree.base import child

PROGRAM_HEADER, DYNAMIC_ENTRY = struct.Struct("<IIQQQQQQ"), struct.Struct("<QQ")
LOAD, DYNAMIC = 1, 2
NEEDED, STRINGS = 1, 5
MOST_HEADERS = 200
MOST_ENTRIES = 10_000
LONGEST_NAME = 256
MOST_MODULES = 2_000
BROUGHT_FROM_OUTSIDE = re.compile(r"lib(?:cuda|nvidia|nvcuvid|vulkan|neuron|tpu)|linux-vdso|ld-linux|ld-musl")
"""The container runtime mounts the driver's own libraries, and the kernel brings one."""
EXTENSION = ".so"


def missing_libraries(
    tree: ArchiveTree, folders: Iterable[str], modules: Iterable[str]
) -> tuple[MissingLibrary, ...]:
    """`folders`: the search path; `modules`: dotted names that are imported. Each library once."""
    names = tree.all_names()
    found: dict[str, MissingLibrary] = {}
    tops = {module.partition(".")[0] for module in modules}
    for path in sorted({path for folder in folders for path in _extensions(tree, folder, tops)})[
        :MOST_MODULES
    ]:
        for needed in needed_by(tree, path):
            if needed not in names and not BROUGHT_FROM_OUTSIDE.match(needed):
                found.setdefault(needed, MissingLibrary(needed, path))
    return tuple(found[name] for name in sorted(found))


def _extensions(tree: ArchiveTree, folder: str, tops: set[str]) -> Iterator[str]:
    """The extension modules among them, and those right in a package: deeper ones are hardly imported at once."""
    for name in tree.entries(folder):
        top = name.partition(".")[0]
        if top in tops and name.endswith(EXTENSION):
            yield child(folder, name)
        elif name in tops:
            inside = child(folder, name)
            yield from (child(inside, one) for one in tree.entries(inside) if one.endswith(EXTENSION))


def needed_by(tree: ArchiveTree, path: str) -> Iterator[str]:
    """The names that DT_NEEDED gives; none of what is no such file, or is damaged."""
    head = tree.read_part(path, 0, 64)
    if len(head) < 64 or not head.startswith(b"\x7fELF\x02\x01"):
        return
    start, size, count = struct.unpack_from("<Q", head, 32)[0], *struct.unpack_from("<HH", head, 54)
    if size != PROGRAM_HEADER.size or count > MOST_HEADERS:
        return
    table = tree.read_part(path, start, size * count)
    headers = list(PROGRAM_HEADER.iter_unpack(table[: len(table) // size * size]))
    for kind, _, offset, _, _, length, *_ in headers:
        if kind == DYNAMIC:
            data = tree.read_part(path, offset, min(length, MOST_ENTRIES * DYNAMIC_ENTRY.size))
            entries = list(DYNAMIC_ENTRY.iter_unpack(data[: len(data) // 16 * 16]))
            strings = _in_file(headers, dict(entries[::-1]).get(STRINGS, 0))
            for tag, value in entries:
                if tag == NEEDED and strings is not None:
                    text = tree.read_part(path, strings + value, LONGEST_NAME).partition(b"\0")[0]
                    yield text.decode("ascii", "replace")


def _in_file(headers: Sequence[tuple[int, ...]], address: int) -> int | None:
    """Where in the file the bytes lie that are at this address once it is loaded."""
    for kind, _, offset, start, _, size, *_ in headers:
        if kind == LOAD and start <= address < start + size:
            return offset + address - start
    return None
