"""`parity server`: the language server, on standard input and output."""

from __future__ import annotations

from functools import partial

from parity.model.errors import ParityError


def server() -> None:
    """The language server (stdio): findings as you type, their fixes, and `why` on hover.

    Editors start it. It checks the images of the folder that the editor opened, with the texts that the editor holds,
    saved or not: Python files, Dockerfiles, ignore files and compose files. It needs pygls: `parity[server]`.

    Examples:
    - `parity server`: what the editor's settings name as the command
    """
    try:
        from parity.server.serve import server as made
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise ParityError(
            "the language server needs pygls, and it is not installed",
            hint="install parity with its extra: parity[server]",
        ) from None
    from parity.cli.output import read_baseline

    made(partial(read_baseline, None)).start_io()
