"""How does the image's user come to read or start a file that it has?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.dockerfile.instructions import Copy
from parity.model.finding import Remedy
from parity.remedies.written import Written, written

_KEYWORD = re.compile(r"\s*(?:COPY|ADD)", re.IGNORECASE)


def made_readable(analysis: Analysis, image_path: str) -> Iterator[Remedy]:
    """The COPY that brought it gives it to the user: with the neighbours' --chown, else the user's own."""
    user = analysis.image.config.user
    text, copy = _copied_by(analysis, image_path)
    if text is None or copy is None or not user or copy.flag("chown") or copy.flag("chmod"):
        return
    others = [one.flag("chown") for one in text.own.instructions if isinstance(one, Copy)]
    owner = next((one for one in others if one and one.partition(":")[0] == user.partition(":")[0]), user)
    yield _with_flag(text, copy, f"--chown={owner}")


def made_executable(analysis: Analysis, image_path: str) -> Iterator[Remedy]:
    """The COPY of a script lets everyone execute it."""
    text, copy = _copied_by(analysis, image_path)
    if text is None or copy is None or copy.flag("chmod") or len(copy.sources) > 1:
        return
    if copy.sources[0].rstrip("/").rpartition("/")[2] == image_path.rpartition("/")[2]:
        yield _with_flag(text, copy, "--chmod=755")


def _copied_by(analysis: Analysis, image_path: str) -> tuple[Written | None, Copy | None]:
    entry = analysis.entry(image_path)
    text = written(analysis.image, analysis.dockerfile)
    if entry is None or text is None:
        return None, None
    instruction = text.instruction(entry.made_by)
    return text, instruction if isinstance(instruction, Copy) else None


def _with_flag(text: Written, copy: Copy, flag: str) -> Remedy:
    before = text.text(copy)
    end = len(_KEYWORD.match(before)[0]) if _KEYWORD.match(before) else 0  # type: ignore[index]
    after = f"{before[:end]} {flag}{before[end:]}"
    return Remedy(f"{text.place(copy)}: add {flag}", (text.replaced(copy, after),))
