"""Where the answer goes, and how it looks there."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from parity.cli.options import Color
from parity.cli.streams import forget, send
from parity.config.settings import Settings
from parity.formats.style import Style
from parity.model.errors import ParityError
from parity.model.location import Unknown
from parity.model.octets import octets
from parity.tree.reader import LARGEST_FILE, decoded, read_file, repository_of
from parity.tree.replace import replace_file

if TYPE_CHECKING:
    from parity.rules.suppression.baseline import Baseline


def style_of(color: Color, output: Path | None) -> Style:
    """Colour and width: on a terminal, unless NO_COLOR says otherwise; FORCE_COLOR brings it elsewhere."""
    terminal = output is None and sys.stdout.isatty()
    forced = os.environ.get("FORCE_COLOR", "")
    if color is not Color.AUTO:
        wanted = color is Color.ALWAYS
    elif os.environ.get("NO_COLOR"):
        wanted = False
    elif forced:
        wanted = forced not in ("0", "false")
    else:
        wanted = terminal and (os.environ.get("TERM") != "dumb" or bool(os.environ.get("CI")))
    return Style(wanted, shutil.get_terminal_size().columns if terminal else 0)


def write(text: str, output: Path | None, root: Path) -> None:
    """To the file, or to standard output. `root`: the checkout, out of which no link is followed."""
    if output is None:
        send(text)
    else:
        _write_file(output, text.encode("utf8", "replace"), root)


def _write_file(output: Path, data: bytes, root: Path) -> None:
    if output.parts[:2] == ("/", "dev"):  # a stream of the user's: /dev/stdout, /dev/fd/63
        _send(output, data)
    else:
        replace_file(output, str(output), data, within=repository_of(root))


def _send(stream: Path, data: bytes) -> None:
    try:
        with stream.open("wb") as opened:
            opened.write(data)
    except OSError as error:
        raise ParityError(f"cannot write {stream}: {error.strerror}") from None


def write_bytes(text: str, output: Path | None, root: Path) -> None:
    """As `write`, surrogates as the bytes that they stand for."""
    if output is not None:
        _write_file(output, octets(text), root)
        return
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        send(text)
        return
    try:
        stream.write(octets(text))
        stream.flush()
    except BrokenPipeError:
        forget(sys.stdout)


def read_baseline(named: Path | None, settings: Settings) -> Baseline:
    """The known findings: of `--baseline`, else of the configuration. Raises ParityError."""
    from parity.rules.suppression.baseline import Baseline, read

    if named is None and settings.baseline is None:
        return Baseline()
    file = named or settings.root / (settings.baseline or "")
    shown = str(named or settings.baseline)
    within = None if named else repository_of(settings.root)
    hint = f"parity check --write-baseline {shown} writes it"
    data = read_file(file, shown, largest=LARGEST_FILE, within=within)
    if isinstance(data, bytes):
        known = read(decoded(data, shown), shown)
        place = file.resolve()
        if not place.is_relative_to(settings.root):
            return replace(known, file=str(place))
        return replace(known, file=place.relative_to(settings.root).as_posix())
    why = (
        data.reason.removeprefix(f"{shown} ")
        if isinstance(data, Unknown)
        else "cannot be read: it is not there"
    )
    raise ParityError(f"the baseline {shown} {why}", None if named else settings.baseline_at, hint)


def append_summary(text: str) -> None:
    """To the page of the workflow's job: GitHub shows at most 1 MB a step."""
    place = os.environ.get("GITHUB_STEP_SUMMARY")
    if not place:
        return
    try:
        with Path(place).open("a", encoding="utf8", errors="replace") as page:
            page.write(text[: 1_000_000 // 4])
    except OSError as error:
        sys.stderr.write(f"warning: cannot write the job summary: {error.strerror}\n")


def automatic_format(output: Path | None) -> str:
    """`github` in a workflow's log, else `text`."""
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" and output is None else "text"


def base_of(root: Path) -> str:
    """`root` seen from the root of the repository that CI, or a `.git` above, tells of: "" or `services/api/`."""
    told = [os.environ.get(name) for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")]
    for top in (*(Path(one) for one in told if one), repository_of(root)):
        try:
            relative = root.relative_to(top.resolve()).as_posix()
        except ValueError:
            continue
        return "" if relative == "." else f"{relative}/"
    return ""
