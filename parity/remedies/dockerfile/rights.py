"""How does the image's user come to read or start a file that it has?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.dockerfile.instructions import Copy, User
from parity.model.finding import Remedy
from parity.remedies.dockerfile.written import Written, written
from parity.remedies.dockerfile.written_paths import is_read_as_written

_KEYWORD = re.compile(r"\s*(?:COPY|ADD)", re.IGNORECASE)


def made_readable(analysis: Analysis, image_path: str) -> Iterator[Remedy]:
    """The COPY that brought it gives it to the user: with the neighbours' --chown, else the user's own."""
    user = analysis.image.config.user
    text, copy = _copied_by(analysis, image_path)
    if text is None or copy is None or not user or copy.flag("chown"):
        return
    others = [one.flag("chown") for one in text.own.instructions if isinstance(one, Copy)]
    owner = next((one for one in others if one and one.partition(":")[0] == user.partition(":")[0]), user)
    yield _with_flag(text, copy, f"--chown={owner}")


def made_executable(analysis: Analysis, image_path: str) -> Iterator[Remedy]:
    """The COPY of nothing but scripts lets everyone execute them; else a RUN below it, as long as root runs it."""
    text, copy = _copied_by(analysis, image_path)
    if text is None or copy is None or copy.flag("chmod"):
        return
    names = [word.rstrip("/").rpartition("/")[2] for word in copy.sources]
    if image_path.rpartition("/")[2] in names and all("." not in n or n.endswith(".sh") for n in names):
        yield _with_flag(text, copy, "--chmod=755")
    above = [one for one in text.chain() if one.location <= copy.location]
    if copy in text.own.instructions and not any(isinstance(one, User) for one in above):
        line = f"RUN chmod +x {image_path}\n"
        if is_read_as_written(image_path):
            yield Remedy(f"{text.place(copy)}: add {line.strip()} below it", (text.added(line, below=copy),))


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
