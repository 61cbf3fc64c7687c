"""`files` for people: the tree of what the build adds, with sizes and where each thing comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parity.formats.safe import safe
from parity.formats.style import Style
from parity.model.files import ImageFile, ImageFiles


def render(images: Sequence[ImageFiles], style: Style) -> str:
    """One tree an image, ending in a newline."""
    return "\n".join(_image(image, style) for image in images)


def _image(image: ImageFiles, style: Style) -> str:
    name = image.dockerfile + (f" --target {image.target}" if image.target else "")
    files = [file for file in image.files if file.type != "dir"]
    size = sum(file.size or 0 for file in files)
    number = "1 file" if len(files) == 1 else f"{len(files)} files"
    lines = [
        f"{style.paint(safe(name), 'bold')}  {number}, {_size(size)}  "
        f"{style.paint(safe(f'({image.working_directory})'), 'dim')}",
        "",
    ]
    rows = [(_row(file), _origin(file)) for file in _with_folders(image.files)]
    width = min(max((len(row) for row, _ in rows), default=0), 60)
    lines += [f"  {row.ljust(width)}  {style.paint(origin, 'dim')}".rstrip() for row, origin in rows]
    if image.excluded:
        lines += ["", f"  {style.paint('kept out by ignore rules', 'bold')}"]
        width = min(max(len(one.path) for one in image.excluded), 60)
        lines += [
            f"  {safe(one.path).ljust(width)}  {style.paint(safe(f'{one.location}  {one.rule}'), 'dim')}"
            for one in image.excluded
        ]
    if image.unknowns:
        lines.append("")
    lines += [f"  {style.paint('note', 'yellow')} {safe(str(unknown))}" for unknown in image.unknowns]
    return "\n".join([*lines, ""])


def _with_folders(files: Sequence[ImageFile]) -> Iterator[ImageFile]:
    """The folders of the base image as well in which something is added: the tree has no gaps."""
    seen: set[str] = set()
    for file in files:
        missing = []
        folder = file.path.rpartition("/")[0]
        while folder and folder not in seen:
            seen.add(folder)
            missing.append(folder)
            folder = folder.rpartition("/")[0]
        yield from (ImageFile(folder, "dir") for folder in reversed(missing))
        seen.add(file.path)
        yield file


def _row(file: ImageFile) -> str:
    depth = file.path.count("/") - 1
    name = ("" if depth else "/") + safe(file.path.rpartition("/")[2])
    if file.type == "dir":
        name += "/"
    elif file.type == "symlink":
        name += f" -> {safe(file.target or '')}"
    return "  " * depth + name


def _origin(file: ImageFile) -> str:
    parts = []
    if file.size is not None:
        parts.append(_size(file.size))
    if file.source is not None and file.type != "dir":
        parts.append(f"from {safe(file.source)}")
    if file.instruction is not None and file.type != "dir":
        parts.append(safe(str(file.instruction)))
    return "  ".join(parts)


def _size(size: int) -> str:
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:.1f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"
