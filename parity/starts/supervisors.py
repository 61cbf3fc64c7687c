"""Which commands do the programs start that start several: supervisord, honcho, circus, s6, runit, make, npm?

Each takes a Command and the image, and gives the commands it starts; None if it is another program, or if its
configuration cannot be read.
"""

from __future__ import annotations

import fnmatch
import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping

from msgspec.structs import replace

from parity.model.command import Command
from parity.model.location import Location, Unknown
from parity.programs.options import options, read
from parity.programs.program import in_folder, is_file, name_of, text_at, words_of
from parity.starts.console_script import declared_scripts
from parity.starts.project_environment import activated
from parity.starts.sections import Section, sections, value, without_comment
from parity.tree.base import Entry, FileTree, join
from parity.tree.links import follow
from parity.tree.toml import tables_of

Supervise = Callable[[Command, FileTree], "tuple[Command, ...] | None"]
MOST = 200

SUPERVISORD = options(
    "-c -u -m -d -l -y -z -e -j -i -q -a --configuration --user --umask --directory --logfile"
    " --logfile_maxbytes --logfile_backups --loglevel --pidfile --identifier --childlogdir --minfds"
    " --minprocs"
    " --profile_options",
    "-h -v -n -k -t -s --help --version --nodaemon --nocleanup --strip_ansi --silent",
    abbreviated=True,
)
PLACES = (
    "supervisord.conf",
    "etc/supervisord.conf",
    "/etc/supervisord.conf",
    "/etc/supervisor/supervisord.conf",
)
FORMAT = re.compile(r"%\((\w+)\)([sd]|0\d*d)|%%")


def supervisord(command: Command, tree: FileTree) -> tuple[Command, ...] | None:
    """Every `[program:x]` that starts by itself. (read from supervisor 4.3)"""
    if name_of(command) != "supervisord":
        return None
    given = read(words_of(command), SUPERVISORD)
    if not given.told("-c", "--configuration", "-d", "--directory"):
        return None
    chosen = given.value("-c", "--configuration")
    places = [chosen] if chosen else list(PLACES)
    path = next((p for p in (in_folder(command, one) for one in places) if is_file(tree, p)), None)
    text = text_at(tree, path) if path is not None else None
    if path is None or text is None:
        return None
    found = dict(sections(text))
    here = path.rpartition("/")[0] or "/"
    for file in _included(found.get("include", ()), here, tree):
        more = text_at(tree, file)
        if more is None:
            return None
        found.update(sections(more))
    daemon = found.get("supervisord", ())
    folder = given.value("-d", "--directory") or value(daemon, "directory")
    base = _with_variables(command, value(daemon, "environment"), here)
    if folder:
        base = replace(base, working_directory=in_folder(command, _format(folder, base, here) or "/"))
    started = []
    for name, section in found.items():
        kind, _, title = name.partition(":")
        if kind.strip() not in ("program", "fcgi-program", "eventlistener"):
            continue
        if (value(section, "autostart") or "true").lower() in ("false", "no", "off", "0"):
            continue
        started.append(_program(section, base, here, title.strip(), path, tree))
    return tuple(started[:MOST]) if started else None


def _program(section: Section, base: Command, here: str, title: str, path: str, tree: FileTree) -> Command:
    text = _format(without_comment(value(section, "command") or ""), base, here, title)
    folder = _format(without_comment(value(section, "directory") or ""), base, here, title)
    moved = _with_variables(base, value(section, "environment"), here)
    if folder:
        moved = replace(moved, working_directory=in_folder(base, folder))
    try:
        argv: tuple[str | None, ...] = tuple(shlex.split(text)) if text else (None,)
    except ValueError:
        argv = (None,)
    entry = follow(tree, path).answer
    source = entry.source if isinstance(entry, Entry) else None
    location = Location(source.lstrip("/")) if source else base.location
    return replace(moved, argv=argv or (None,), location=location)


def _included(section: Section, here: str, tree: FileTree) -> Iterator[str]:
    for pattern in (value(section, "files") or "").split():
        whole = join(here, pattern)
        folder, _, last = whole.rpartition("/")
        names = tree.names(follow(tree, folder or "/").path)
        if not isinstance(names, Unknown):
            yield from (
                join(folder or "/", name) for name in sorted(names) if fnmatch.fnmatchcase(name, last)
            )


def _with_variables(command: Command, text: str | None, here: str) -> Command:
    """supervisor: `A="x",B=y`."""
    if not text:
        return command
    environment = dict(command.environment)
    lexer = shlex.shlex(text, posix=True, punctuation_chars=",=")
    lexer.whitespace_split = True
    try:
        tokens = [token for token in lexer if token != ","]
    except ValueError:
        return command
    for number, token in enumerate(tokens):
        if token == "=" and 0 < number < len(tokens) - 1:
            environment[tokens[number - 1]] = _format(tokens[number + 1], command, here) or ""
    return replace(command, environment=environment)


def _format(text: str, command: Command, here: str, title: str = "") -> str | None:
    """`%(ENV_X)s`, `%(here)s`; None where one cannot be told."""
    known = {"here": here, "program_name": title, "process_num": "0", "group_name": title, "numprocs": "1"}
    known.update({f"ENV_{name}": value for name, value in command.environment.items()})
    if any(found[1] and found[1] not in known for found in FORMAT.finditer(text)):
        return None
    return FORMAT.sub(lambda found: known[found[1]] if found[1] else "%", text)


PROCFILE_LINE = re.compile(r"([A-Za-z0-9_-]+):\s*(.+)")
HONCHO = options(
    "--app-root --concurrency --env --port --procfile --quiet --timeout -c -d -e -f -p -q -m -t --formation",
    "--help --no-colour --no-color --no-prefix --version -h -v",
)


def honcho(command: Command, tree: FileTree) -> tuple[Command, ...] | None:
    """`honcho start [process...]`, foreman and forego too; `honcho run program`. Lines run in a shell."""
    if name_of(command) not in ("honcho", "foreman", "forego", "hivemind", "overmind", "goreman"):
        return None
    given = read(words_of(command), HONCHO)
    if given.operands[:1] == ("run",):
        words = words_of(command)
        rest = words[words.index("run") + 1 :]
        rest = rest[1:] if rest[:1] == ("--",) else rest
        return (replace(command, argv=rest),) if rest and rest[0] else None
    if given.operands and given.operands[0] != "start":
        return None
    folder = given.value("-d", "--app-root") or ""
    text = text_at(
        tree,
        in_folder(command, f"{folder}/" * bool(folder) + (given.value("-f", "--procfile") or "Procfile")),
    )
    if text is None:
        return None
    wanted = given.operands[1:]
    matches = [found for line in text.splitlines() if (found := PROCFILE_LINE.fullmatch(line.rstrip()))]
    chosen = [found[2] for found in matches if not wanted or found[1] in wanted]
    moved = replace(command, working_directory=in_folder(command, folder))
    return tuple(replace(moved, argv=("/bin/sh", "-c", line)) for line in chosen[:MOST]) or None


def circusd(command: Command, tree: FileTree) -> tuple[Command, ...] | None:
    """Every `[watcher:x]` of circus.ini."""
    if name_of(command) != "circusd":
        return None
    table = options("--log-level --log-output --logger-config --pidfile", "--daemon --version --help")
    operands = read(words_of(command), table).operands
    text = text_at(tree, in_folder(command, operands[0])) if operands and operands[0] else None
    if text is None:
        return None
    started = []
    for name, section in sections(text).items():
        line = f"{value(section, 'cmd') or ''} {value(section, 'args') or ''}".strip()
        if not name.startswith("watcher:") or not line or "$(" in line:
            continue
        folder = value(section, "working_dir")
        moved = replace(command, working_directory=in_folder(command, folder)) if folder else command
        try:
            started.append(replace(moved, argv=tuple(shlex.split(line))))
        except ValueError:
            return None
    return tuple(started) or None


SERVICES = ("/etc/services.d", "/etc/s6-overlay/s6-rc.d", "/etc/service", "/etc/sv")


def service_folders(command: Command, tree: FileTree) -> tuple[Command, ...] | None:
    """s6-overlay's `/init`, phusion's `my_init`, runit: the `run` files, and a command behind."""
    name = name_of(command)
    if name not in ("init", "my_init", "runsvdir", "s6-svscan", "runsvinit"):
        return None
    if name == "init" and command.argv[0] != "/init":
        return None
    words = [word for word in words_of(command) if word is None or not word.startswith("-")]
    roots = SERVICES if name in ("init", "my_init") else tuple(in_folder(command, w) for w in words if w)
    started = []
    for root in roots:
        names = tree.names(follow(tree, root).path)
        for service in () if isinstance(names, Unknown) else sorted(names):
            run = join(root, f"{service}/run")
            if is_file(tree, run):
                started.append(replace(command, argv=(run,)))
    if name in ("init", "my_init") and words and words[0]:
        started.append(replace(command, argv=tuple(words)))
    return tuple(started[:MOST]) or None


RULE = re.compile(r"([^\s:#=][^:=#]*?)\s*:(?!=)([^=]*)")
ASSIGNED = re.compile(r"(?:export\s+)?(\w+)\s*(?::|\?|::)?=\s*(.*)")


def make(command: Command, tree: FileTree) -> tuple[Command, ...] | None:
    """`make target`: the lines of its recipe and, before them, of what it depends on."""
    if name_of(command) not in ("make", "gmake"):
        return None
    given = read(
        words_of(command), options("-C -f -j -o --directory --file --makefile", "-s -k -B -i -n -e --silent")
    )
    folder = in_folder(command, given.value("-C", "--directory") or "")
    names = [given.value("-f", "--file", "--makefile")] if given.has("-f", "--file", "--makefile") else []
    names = names or ["GNUmakefile", "makefile", "Makefile"]
    text = next((t for n in names if n and (t := text_at(tree, join(folder, n))) is not None), None)
    if text is None:
        return None
    rules, variables = _makefile(text)
    variables.update(command.environment)
    goals = [word for word in given.operands if word and "=" not in word] or list(rules)[:1]
    for word in given.operands:
        name, equals, text = (word or "").partition("=")
        if equals:
            variables[name] = text
    lines: list[str] = []
    _recipe(goals, rules, lines, set())
    moved = replace(command, working_directory=folder)
    return (
        tuple(
            replace(moved, argv=("/bin/sh", "-c", _make_expanded(line, variables))) for line in lines[:MOST]
        )
        or None
    )


def _makefile(text: str) -> tuple[dict[str, tuple[list[str], list[str]]], dict[str, str]]:
    rules: dict[str, tuple[list[str], list[str]]] = {}
    variables: dict[str, str] = {}
    current: list[str] = []
    for line in text.replace("\\\n", " ").splitlines():
        if line.startswith("\t"):
            for target in current:
                rules[target][1].append(line.strip().lstrip("@-+ "))
            continue
        found = ASSIGNED.fullmatch(line.strip())
        rule = RULE.match(line)
        if found:
            variables[found[1]] = found[2].partition(" #")[0]
        elif rule:
            current = [target for target in rule[1].split() if not target.startswith(".")]
            for target in current:
                before = rule[2].partition("#")[0].partition(";")[0].split()
                rules.setdefault(target, ([], []))[0].extend(before)
    return rules, variables


def _recipe(
    goals: list[str], rules: Mapping[str, tuple[list[str], list[str]]], lines: list[str], done: set[str]
) -> None:
    todo = [(goal, False) for goal in reversed(goals)]
    while todo and len(lines) < MOST:
        goal, ready = todo.pop()
        if ready:
            lines += rules[goal][1]
        elif goal in rules and goal not in done:
            done.add(goal)
            todo.append((goal, True))
            todo += [(before, False) for before in reversed(rules[goal][0])]


def _make_expanded(line: str, variables: Mapping[str, str]) -> str:
    for _ in range(5):
        line = re.sub(r"\$[({](\w+)[)}]", lambda found: variables.get(found[1], ""), line)
    return line.replace("$$", "$")


def npm(command: Command, tree: FileTree) -> tuple[Command, ...] | None:
    """`npm start`, `npm run x`, yarn and pnpm: the script of package.json."""
    if name_of(command) not in ("npm", "yarn", "pnpm"):
        return None
    words = [word for word in words_of(command) if word and not word.startswith("-")]
    words = words[1:] if words[:1] in (["run"], ["run-script"]) else words
    try:
        document = json.loads(text_at(tree, in_folder(command, "package.json")) or "")
    except (ValueError, RecursionError):
        return None
    scripts = document.get("scripts") if isinstance(document, dict) else None
    line = scripts.get(words[0]) if isinstance(scripts, dict) and words else None
    return (replace(command, argv=("/bin/sh", "-c", line)),) if isinstance(line, str) else None


def just(command: Command, tree: FileTree) -> tuple[Command, ...] | None:
    """`just recipe`: its lines, where they hold nothing that just itself fills in."""
    if name_of(command) != "just":
        return None
    wanted = next((word for word in words_of(command) if word and not word.startswith("-")), None)
    names = ("justfile", "Justfile", ".justfile")
    text = next((t for n in names if (t := text_at(tree, in_folder(command, n))) is not None), None)
    lines: list[str] = []
    inside = False
    for line in (text or "").splitlines():
        if line[:1] in (" ", "\t"):
            lines += [line.strip().lstrip("@-")] if inside else []
        elif line.strip() and not line.startswith("#"):
            head = line.partition(":")[0].split()
            inside = bool(head) and ":=" not in line and (head[0].lstrip("@") == wanted or not wanted)
            wanted = wanted or (head[0] if inside else None)
    if not lines or any("{{" in line for line in lines):
        return None
    return tuple(replace(command, argv=("/bin/sh", "-c", line)) for line in lines[:MOST])


def project_runner(command: Command, tree: FileTree) -> tuple[Command, ...] | None:
    """`poetry run x`, `pdm run x`, ...: a script that the project's files declare, else a program."""
    program, words = name_of(command), words_of(command)
    if program not in ("poetry", "pdm", "pipenv", "hatch", "rye") or words[:1] != ("run",) or len(words) < 2:
        return None
    name, rest = words[1], words[2:]
    if name is None:
        return None
    command = activated(program, command, tree)
    plain = replace(command, argv=words[1:])
    if program == "poetry":
        target = declared_scripts(tree, command.working_directory).get(name)
        module, colon, function = (target or "").partition(":")
        if not colon:
            return (plain,)
        # poetry: RunCommand.run_script starts `python -c` with the working directory on the search path
        code = f"import sys\nfrom {module} import {function.split('.')[0]}\nsys.exit({function}())"
        return (replace(command, argv=("python", "-c", code, *rest)),)
    line = _script_line(program, name, command, tree)
    if line is None:
        return (plain,)
    more = "".join(f" {shlex.quote(word)}" for word in rest if word)
    return (replace(command, argv=("/bin/sh", "-c", line + more)),)


def _script_line(program: str, name: str, command: Command, tree: FileTree) -> str | None:
    file = "Pipfile" if program == "pipenv" else "pyproject.toml"
    document: object = tables_of(text_at(tree, in_folder(command, file)) or "")
    keys = {
        "pipenv": ("scripts",),
        "pdm": ("tool", "pdm", "scripts"),
        "rye": ("tool", "rye", "scripts"),
        "hatch": ("tool", "hatch", "envs", name.partition(":")[0] if ":" in name else "default", "scripts"),
    }[program]
    for key in (*keys, name.rpartition(":")[2]):
        document = document.get(key) if isinstance(document, Mapping) else None
    if isinstance(document, Mapping):
        document = document.get("cmd") or document.get("shell")
    if isinstance(document, list):
        return " && ".join(map(str, document)) if program == "hatch" else shlex.join(map(str, document))
    return document if isinstance(document, str) else None


SUPERVISORS: tuple[Supervise, ...] = (
    supervisord,
    honcho,
    circusd,
    service_folders,
    make,
    just,
    npm,
    project_runner,
)
