"""What does `uwsgi` load: `--module`, `--wsgi-file`, `--mount`, on the command line or in an ini file?

Read from the manual of uWSGI 2.0 and run against 2.0.31: the working directory (after `--chdir`) is on the
search path, `--pythonpath` before it; the callable is `application` unless `--callable` says else.
"""

from __future__ import annotations

import re

from msgspec.structs import replace

from parity.model.command import Command
from parity.programs.options import Word
from parity.programs.program import in_folder, is_file, name_of, text_at, unique, words_of
from parity.starts.application import application
from parity.starts.sections import sections
from parity.startup.entrypoint import Entrypoint, ExecuteFile, ImportModule, Step, file_read
from parity.tree.base import FileTree

PROGRAMS = ("uwsgi", "uwsgi_python3", "uwsgi_python", "pyuwsgi")

LETTERS = {"-w": "module", "-J": "test", "-H": "home", "-M": "master", "-s": "socket", "-p": "processes"}
FLAGS = frozenset(
    """
    master enable-threads die-on-term vacuum need-app lazy lazy-apps single-interpreter strict thunder-lock
    no-site disable-logging disable-request-logging log-4xx log-5xx memory-report auto-procname no-orphans
    ignore-sigpipe ignore-write-errors disable-write-exception manage-script-name http-keepalive
    wsgi-disable-file-wrapper so-keepalive reuse-port log-master log-x-forwarded-for http-auto-chunked
    http-auto-gzip catch-exceptions show-config add-header-fake py-call-osafterfork no-defer-accept
    """.split()
)
MODULES = frozenset(("module", "wsgi"))
FILES = frozenset(("wsgi-file", "file"))
PATHS = frozenset(("pythonpath", "python-path", "pp"))
IMPORTS = frozenset(
    f"{scope}{name}"
    for scope in ("", "shared-")
    for name in ("import", "pyimport", "py-import", "python-import")
)
PLACEHOLDER = re.compile(r"%\(([\w-]+)\)|\$\((\w+)\)|%(%|[a-zA-Z])")
DEEPEST = 5

Settings = list[tuple[str, Word]]


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    if name_of(command) not in ("uwsgi", "uwsgi_python3", "uwsgi_python", "pyuwsgi"):
        return None
    settings = _settings(words_of(command), command, tree)
    if settings is None:
        missing = _missing_file(words_of(command), command, tree)
        return Entrypoint("uwsgi", command, (), (file_read(missing),)) if missing else None
    folder = command.working_directory
    for key, text in settings:
        if key == "chdir":
            if text is None:
                return None
            folder = in_folder(replace(command, working_directory=folder), text)
    moved = replace(command, working_directory=folder)
    paths = [in_folder(moved, text or ".") for key, text in settings if key in PATHS]
    steps = _steps(settings, moved)
    if not steps:
        return None
    return Entrypoint("uwsgi", moved, unique(*reversed(paths), folder), steps)


def _missing_file(words: tuple[Word, ...], command: Command, tree: FileTree) -> str | None:
    """The first file of settings that the image is not known to have; uwsgi ends without it."""
    names = ((word or "").removeprefix("--ini=").partition(":")[0] for word in words)
    return next((n for n in names if n.endswith(".ini") and not is_file(tree, in_folder(command, n))), None)


def _steps(settings: Settings, command: Command) -> tuple[Step, ...]:
    attribute = next((text for key, text in reversed(settings) if key == "callable" and text), "application")
    steps: list[Step] = []
    targets: list[Step] = []
    for key, text in settings:
        if text is None:
            if key in MODULES | FILES | IMPORTS or key == "mount":
                return ()
        elif key in IMPORTS:
            named = application(text)
            if named is not None:
                steps.append(ImportModule(named.module))
        elif key in FILES:
            targets.append(ExecuteFile(in_folder(command, text)))
        elif key in MODULES or key == "mount":
            wanted = text.partition("=")[2] if key == "mount" else text
            named = application(wanted)
            # uwsgi: uwsgi_python_mount_app takes `x.wsgi` for a file, uwsgi_uwsgi_loader for a module
            if wanted.endswith((".py", ".wsgi") if key == "mount" else ".py") or "/" in wanted:
                targets.append(ExecuteFile(in_folder(command, wanted)))
            elif named is not None:
                targets.append(named.step(attribute))
            else:
                return ()
    return (*steps, *targets) if targets else ()


def _settings(words: tuple[Word, ...], command: Command, tree: FileTree) -> Settings | None:
    found: Settings = []
    todo = list(words)
    while todo:
        word = todo.pop(0)
        if word is None:
            continue
        if word.startswith("--"):
            key, equals, text = word[2:].partition("=")
            key = key.replace("_", "-")
            if equals:
                found.append((key, text))
            elif key not in FLAGS and todo and not (todo[0] or "").startswith("-"):
                found.append((key, todo.pop(0)))
            else:
                found.append((key, ""))
        elif word.startswith("-") and len(word) > 1:
            key = LETTERS.get(word[:2], word[:2])
            if len(word) > 2:
                found.append((key, word[2:]))
            elif key not in FLAGS and todo and not (todo[0] or "").startswith("-"):
                found.append((key, todo.pop(0)))
        elif word.partition(":")[0].endswith(".ini"):
            found.append(("ini", word))
        elif word.endswith((".py", ".wsgi")):
            found.append(("wsgi-file", word))
        elif word.endswith((".yaml", ".yml", ".xml", ".json")):
            return None
        elif application(word) is not None and ":" in word:
            found.append(("module", word))
    return _with_files(found, command, tree, 0)


def _with_files(settings: Settings, command: Command, tree: FileTree, depth: int) -> Settings | None:
    done: Settings = []
    for key, text in settings:
        if key in ("yaml", "yml", "xml", "json", "emperor", "vassals-dir", "plugin-only"):
            return None
        if key != "ini":
            done.append((key, text))
            continue
        inner = _file(text, command, tree) if text is not None and depth < DEEPEST else None
        more = _with_files(inner, command, tree, depth + 1) if inner is not None else None
        if more is None:
            return None
        done += more
    return done


def _file(name: str, command: Command, tree: FileTree) -> Settings | None:
    """`x.ini` or `x.ini:section`."""
    name, _, section = name.partition(":")
    path = in_folder(command, name)
    text = text_at(tree, path)
    pairs = sections(text, continued=False).get(section or "uwsgi") if text is not None else None
    if pairs is None:
        return None
    known: dict[str, str] = {}
    settings: Settings = []
    for key, raw in pairs:
        expanded = _expanded(raw, path, known, command)
        if expanded is not None:
            known[key] = expanded
        settings.append((key.replace("_", "-"), expanded))
    return settings


def _expanded(raw: str, path: str, known: dict[str, str], command: Command) -> str | None:
    """The `%(key)`, `$(VARIABLE)` and magic letters; None where one of them cannot be told."""
    folder, _, base = path.rpartition("/")
    letters = {"%": "%", "d": f"{folder}/", "p": path, "s": base, "n": base.rpartition(".")[0] or base}
    letters["c"] = folder.rpartition("/")[2]
    untold = False

    def one(found: re.Match[str]) -> str:
        nonlocal untold
        text = (
            known.get(found[1])
            if found[1]
            else command.environment.get(found[2])
            if found[2]
            else letters.get(found[3])
        )
        untold = untold or text is None
        return text or ""

    done = PLACEHOLDER.sub(one, raw)
    return None if untold else done
