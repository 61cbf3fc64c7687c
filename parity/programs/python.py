"""What does a Python command leave behind: `-m compileall`, `-m venv`, `-c`, `-m pip`, a script?"""

from __future__ import annotations

import re

from msgspec.structs import replace

from parity.programs.arguments import CommandFunction, incidental, named, no_packages, whole
from parity.programs.capability import INSTALLERS
from parity.programs.compileall import compileall
from parity.programs.django import django_admin, manage
from parity.programs.playwright import playwright
from parity.programs.protoc import protoc
from parity.programs.unread_installers import installers
from parity.programs.zipapp import zipapp
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Unreadable
from parity.shell.status import Status
from parity.tree.writable import WritableTree

PYTHON = re.compile(r"(python|pypy)[0-9.]*")
READS = re.compile(
    r"(?:\s|;)*(?:(?:import|from)\s[^;\n]*|print\([^;\n]*\)|assert\s[^;\n]*|__import__\([^;\n]*\)|pass"
    r"|sys\.exit\([^;\n]*\)|nltk\.download\([^;\n]*\))?(?:(?:;|\n)\s*|$)"
)
CACHED = ("/__pycache__", *(f".cpython-3{minor}.pyc" for minor in range(5, 20)))
READ_ONLY_MODULES = frozenset(
    "pytest unittest mypy ruff flake8 pylint site sysconfig platform this doctest".split()
)


def module_of(call: Call) -> tuple[str, Call] | None:
    """`python -m name a b` -> the module and the call `name a b`; None for another form."""
    words = list(call.words[1:])
    while words:
        text = words[0].text
        if text is None:
            return None
        if text == "-m":
            return (words[1].text or "", replace(call, words=tuple(words[1:]))) if len(words) > 1 else None
        if re.fullmatch(r"-[bBdEhiIOqsSuvVx]*m", text):
            return (words[1].text or "", replace(call, words=tuple(words[1:]))) if len(words) > 1 else None
        if attached := re.fullmatch(r"-[bBdEhiIOqsSuvVx]*m(.+)", text):
            name = replace(words[0], text=attached[1])
            return attached[1], replace(call, words=(name, *words[1:]))
        if not text.startswith("-") or text.startswith("-c"):
            return None
        words = words[2:] if text in ("-W", "-X") else words[1:]
    return None


def script_of(call: Call) -> tuple[str, Call] | None:
    """`python -u name.py a b` -> its path and the call `./name.py a b`."""
    words = list(call.words[1:])
    while words and re.fullmatch(r"-[bBdEiIOqsSuvVxWX].*", words[0].text or ""):
        words = words[2:] if words[0].text in ("-W", "-X") else words[1:]
    text = words[0].text if words else None
    if not text or text.startswith("-"):
        return None
    path = text if "/" in text else f"./{text}"
    return path, replace(call, words=(replace(words[0], text=path), *words[1:]))


def python(call: Call, files: WritableTree) -> Status | Unreadable:
    status = _python(call, files)
    if status is Status.UNKNOWN and not call.environment.get("PYTHONDONTWRITEBYTECODE"):
        # What it imports from here is compiled beside its source.
        why = incidental(call, "which modules are compiled is not known")
        files.obscure(call.working_directory or "/", why, suffixes=CACHED)
    return status


def _python(call: Call, files: WritableTree) -> Status | Unreadable:
    texts = call.argv
    if len(texts) == 2 and texts[1] in ("--version", "-V", "-VV", "--help"):
        return Status.UNKNOWN
    found = module_of(call)
    if found:
        name, inner = found
        if name == "compileall":
            return compileall(inner, files)
        if name == "zipapp":
            return zipapp(inner, files)
        if name in ("venv", "virtualenv"):
            return virtualenv(inner, files)
        if name in INSTALLERS or name == "ensurepip":
            return installers(inner, files)
        if name == "django":
            return django_admin(inner, files)
        if name in ("playwright", "patchright"):
            return playwright(inner, files)
        if name == "grpc_tools.protoc":
            return protoc(call, files, list(inner.argv[1:]))
        return Status.UNKNOWN if name in READ_ONLY_MODULES else UNREADABLE
    for number, text in enumerate(texts):
        if number and text == "-c" and number + 1 < len(texts):
            code = texts[number + 1]
            return Status.UNKNOWN if code is not None and only_reads(code) else UNREADABLE
    if (found := script_of(call)) and found[0].rpartition("/")[2] == "manage.py":
        status = manage(found[1], files)
        return Status.UNKNOWN if status is Status.FAILURE else status
    return UNREADABLE


def only_reads(code: str) -> bool:
    """Imports and prints: by convention they write nothing."""
    at = 0
    if len(code) > 2000:
        return False
    while at < len(code):
        found = READS.match(code, at)
        if not found or found.end() == at or "open(" in found[0]:
            return False
        at = found.end()
    return True


def virtualenv(call: Call, files: WritableTree) -> Status | Unreadable:
    """The folder appears; what is in it depends on the interpreter."""
    done = Status.UNKNOWN
    skip = False
    for word in call.words[1:]:
        if skip:
            skip = False
            continue
        if word.text is None:
            return UNREADABLE
        if word.text.startswith("-"):
            skip = word.text in ("-p", "--python", "--prompt")
            continue
        path = whole(call, word.text)
        if path is None:
            return UNREADABLE
        there = named(files, path, last=True)
        files.make_directory(there.path)
        files.obscure(there.path, no_packages(call, "what a new virtual environment holds is not known"))
    return done


def program(name: str) -> str:
    """`python3.11` -> `python`, `pip3.11` -> `pip`: the name that a table knows."""
    if PYTHON.fullmatch(name):
        return "python"
    return "pip" if re.fullmatch(r"pip[0-9.]+", name) else name


COMMANDS: dict[str, CommandFunction] = {"python": python, "virtualenv": virtualenv}
