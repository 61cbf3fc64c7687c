"""The `parity` command: its sub-commands, and the one place where errors become messages and a status."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated, NoReturn

import typer

from parity import __version__
from parity.cli import check, files, fix, graph, init, rule, server, smoke, verify, why
from parity.cli.streams import forget
from parity.model.errors import ParityError, fault_of

app = typer.Typer(
    name="parity",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Says, without building, whether the start-up of a Docker image would find every module it imports.\n\n"
        "`parity check` in a repository is the place to begin. `parity COMMAND --help` explains each command.\n\n"
        "Exit status: 0 nothing at or above --fail-on, 1 there is, 2 the question could not be answered."
    ),
)
app.command("check")(check.check)
app.command("files")(files.files)
app.command("why")(why.why)
app.command("graph")(graph.graph)
app.command("smoke")(smoke.smoke)
app.command("fix")(fix.fix)
app.command("verify")(verify.verify)
app.command("rule")(rule.rule)
app.command("init")(init.init)
app.command("server")(server.server)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"parity {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """What every command shares."""


def run() -> None:
    """Runs the command line; never shows a traceback."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Callable[..., None] | None = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except ParityError as error:
        _end(error)
    except BrokenPipeError:
        forget(sys.stdout)
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        # What is asked of files has its own answers; a stream's errors name no file.
        forget(sys.stdout)
        _end(fault_of(error) if error.filename else ParityError(f"cannot write the answer: {error.strerror}"))
    except Exception as error:
        _end(fault_of(error))


def _end(error: ParityError) -> NoReturn:
    from parity.formats.safe import safe

    place = f"{error.location}: " if error.location else ""
    try:
        sys.stderr.write(f"error: {safe(place + error.message)}\n")
        if error.hint:
            sys.stderr.write(f"  {safe(error.hint)}\n")
        sys.stderr.flush()
    except OSError:
        forget(sys.stderr)  # nobody reads it; the status says it
    sys.exit(2)
