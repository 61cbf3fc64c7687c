"""Does anything import the application, or ask whether it works, before it gets traffic?

A RUN step that imports it, a HEALTHCHECK, one of compose or a probe of a pod, a workflow that runs the image or asks
this tool. Where no file but the Dockerfile says how the image is built or started, nobody knows whether it gets any.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from parity.analysis.analysis import Analysis
from parity.deployments.service import Service
from parity.deployments.start_checks import StartCheck, made_of, names_of
from parity.dockerfile.instructions import Cmd, CommandLine, Dockerfile, Entrypoint, Healthcheck, Run
from parity.model.command import Command
from parity.model.location import Location
from parity.programs.interpreter import INTERPRETER, invocation
from parity.python.scan import scan
from parity.starts.registry import FORMS
from parity.startup.entrypoint import RunFile

TEST_RUNNERS = frozenset({"pytest", "py.test", "tox", "nox"})
OWN_COMMANDS = frozenset({"check", "smoke", "verify"})
_ENDS = frozenset({"&&", "||", ";", "|", "&", "(", ")", ";;", "\n"})
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_DJANGO = re.compile(r"\bdjango\.setup\b|\bcall_command\b")


def with_start_check(
    analysis: Analysis,
    parsed: Dockerfile,
    dockerfile: str,
    service: Service | None,
    builders: Iterable[Service],
    checks: Iterable[StartCheck],
) -> Analysis:
    """The facts, and whether the start-up is tried. `dockerfile`: its checkout path."""
    images, services = names_of(dockerfile, service, builders)
    if not (images or services):
        return analysis
    places = chain(
        _of_services((*([service] if service is not None else ()), *made_of(dockerfile, builders))),
        _of_dockerfile(analysis, parsed),
        (check.location for check in checks if check.tries(images, services)),
    )
    return replace(analysis, untried_at=_command(parsed)) if next(places, None) is None else analysis


def _command(parsed: Dockerfile) -> Location:
    """The last one, whatever a service makes of it: the Dockerfile's own place, once for all its images."""
    found = Location(parsed.path)
    for stage in parsed.stages:
        for instruction in stage.instructions:
            if isinstance(instruction, Cmd | Entrypoint):
                found = instruction.location
    return found


def _of_services(services: Iterable[Service]) -> Iterator[Location]:
    yield from (one.health_at for one in services if one.health_at is not None)


def _of_dockerfile(analysis: Analysis, parsed: Dockerfile) -> Iterator[Location]:
    application = _application(analysis)
    for stage in parsed.stages:
        for instruction in stage.instructions:
            match instruction:
                case Healthcheck(command=CommandLine()):
                    yield instruction.location
                case Run() if _imports(instruction, application):
                    yield instruction.location
                case _:
                    pass


class _Application(Struct, frozen=True):
    """`modules`: those that the start-up reaches, without packages that are only on the way to them; `files`: what it
    runs; `programs`: the names of its start commands.
    """

    modules: frozenset[str]
    files: frozenset[str]
    programs: frozenset[str]

    def is_named(self, text: str) -> bool:
        strange = (module for module in self.modules if not _NAME.fullmatch(module))
        return not self.modules.isdisjoint(_NAME.findall(text)) or any(
            name in text for name in (*self.files, *strange)
        )


def _application(analysis: Analysis) -> _Application:
    named = {name for one in analysis.startups for name in one.entrypoint.modules}
    reached = {module.name for one in analysis.startups for module in one.modules}
    above = {name[:at] for name in named for at, letter in enumerate(name) if letter == "."}
    paths = {
        step.path for one in analysis.startups for step in one.entrypoint.steps if isinstance(step, RunFile)
    }
    programs = {(one.entrypoint.command.argv[0] or "").rpartition("/")[2] for one in analysis.startups}
    known = {program for program in programs if program in FORMS or INTERPRETER.fullmatch(program)}
    return _Application(
        frozenset((reached - above) | named), frozenset(paths), frozenset(programs - known - {""})
    )


def _imports(run: Run, application: _Application) -> bool:
    command = run.command
    commands = [list(command.exec)] if command.exec is not None else list(_commands(command.shell or ""))
    for heredoc in run.heredocs:
        if any(_python(words) for words in commands):
            commands.append(["python", "-c", heredoc.content])
        else:
            commands += [words for line in heredoc.content.splitlines() for words in _commands(line)]
    return any(_is_check(words, application) for words in commands)


def _commands(text: str) -> Iterator[list[str]]:
    """The simple commands of a shell's text, roughly: what follows an operator, whatever runs it."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words: list[str] = []
    try:
        for word in lexer:
            if word in _ENDS:
                yield words
                words = []
            else:
                words.append(word)
    except ValueError:  # quotes that do not close
        return
    yield words


def _python(words: list[str]) -> list[str] | None:
    """From the interpreter on: `uv run python -c`, `gosu app python -c`."""
    for at, word in enumerate(words):
        if INTERPRETER.fullmatch(word.rpartition("/")[2]):
            return words[at:]
    return None


def _is_check(words: list[str], application: _Application) -> bool:
    names = [word.rpartition("/")[2] for word in words]
    if "parity" in names and not OWN_COMMANDS.isdisjoint(words):
        return True
    if not TEST_RUNNERS.isdisjoint(names[:3]) or not application.programs.isdisjoint(names[:1]):
        return True
    if any(name in ("manage.py", "django-admin") for name in names):
        return True
    python = _python(words)
    called = invocation(Command(tuple(python))) if python is not None else None
    if called is None:
        is_server = any(name in FORMS for name in names[:3])
        return is_server and any(application.is_named(word) for word in words[1:])
    if called.code is not None:
        return bool(_DJANGO.search(called.code)) or application.is_named(
            " ".join((called.code, *_imported(called.code)))
        )
    if called.module is not None:
        rest = " ".join(word for word in called.rest if word)
        return called.module in (*TEST_RUNNERS, "unittest") or application.is_named(f"{called.module} {rest}")
    return called.script is not None and any(file.endswith(f"/{called.script}") for file in application.files)


def _imported(code: str) -> Iterator[str]:
    """`from app import main` may import `app.main`."""
    for statement in scan(code.encode("utf8", "surrogateescape")):
        for name in statement.names:
            yield f"{name.module}.{name.name}" if name.module and name.name else name.module or ""
