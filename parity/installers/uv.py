"""What does uv do to the files of the image? (uv: `uv-cli`, `uv-workspace`, `commands/project/sync.rs`)"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from parity.installers.add import EVERYTHING, add, declare
from parity.installers.install import Installation, find_upwards, hide_environment
from parity.installers.pip import VALUED, collect, install, interpreter_at, uninstall
from parity.installers.pip_tools import compiled, exactly, listed
from parity.installers.subcommand import Subcommand, subcommand
from parity.installers.uv_selection import beside, installed, wanted
from parity.installers.uv_workspace import Workspace, allows, is_package, pinned, workspace
from parity.installers.venv import create, make_environment
from parity.installers.wheels import build
from parity.model.location import May, Unknown
from parity.model.packages import NOTHING_INSTALLED, SitePackages
from parity.model.version import PythonVersion
from parity.packages.environment import Environment, environment_of, find_interpreter
from parity.packages.options import Given, read, split_command
from parity.programs.arguments import CommandFunction
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Outcome, Runs, Unreadable
from parity.shell.status import Output, Status
from parity.shell.word import Word
from parity.tree.base import Absent, Entry, join
from parity.tree.links import follow, is_folder
from parity.tree.writable import WritableTree

PROJECT = VALUED + (
    " --extra --group --no-group --only-group --package --no-install-package --with --with-editable "
    "--env-file --with-requirements --module -m --active-path --python-preference --fork-strategy "
    "--no-extra -w --script -s"
)
RUN_VALUED = " ".join(name for name in PROJECT.split() if name not in ("-m", "--module", "-s", "--script"))
HARMLESS = frozenset("lock tree version cache help self auth publish format".split())


def uv(call: Call, files: WritableTree) -> Outcome:
    called = subcommand(call, PROJECT, HARMLESS)
    if not isinstance(called, Subcommand):
        return called
    before, command, words = called.before, called.name, called.words
    if moved := before.last("--directory"):
        call = replace(call, working_directory=join(called.folder, moved))
    given = read(words, PROJECT + " --install-dir")
    _may_fetch_python(call, files, given if command == "python" else None)
    if command == "python":
        return Status.UNKNOWN
    if command == "pip":
        return _pip(call, files, words)
    if command == "run":
        return _run(call, files, words)
    given = read(words, PROJECT)
    if moved := given.last("--directory"):
        call = replace(call, working_directory=join(call.working_directory or "/", moved))
    match command:
        case "sync":
            return sync(call, files, before, given)
        case "add" if not given.has("--script", "--package"):
            return _add(call, files, before, given)
        case "venv":
            python = find_interpreter("python3", call.environment, files) or "/usr/local/bin/python3"
            named = given.operand(0) or call.environment.get("UV_PROJECT_ENVIRONMENT") or ".venv"
            name = replace(call.words[0], text=named)
            inner = replace(
                call, words=(*call.words[:1], *(w for w in words if w not in given.operands), name)
            )
            made = create(inner, files, python, has_pip=given.has("--seed"))
            if given.has("--relocatable") or call.environment.get("UV_VENV_RELOCATABLE"):
                place = follow(files, join(call.working_directory or "/", f"{named}/bin/activate")).path
                files.obscure(place, Unknown("where the environment lies is not known", call.location))
            return made
        case "export":
            return _export(call, files, given)
        case "build":
            given = read(words, f"{PROJECT} -o --out-dir")
            here = call.working_directory or "/"
            told = given.last("-o", "--out-dir")
            out = join(here, told) if told else join(join(here, given.operand(0) or "."), "dist")
            wheel, sdist = given.has("--wheel"), given.has("--sdist")
            if given.has("--package", "--all-packages", "--all"):
                unknown = Unknown(
                    "what the archives of the project hold is not known", call.location, May.SOURCES
                )
                files.make_directory(follow(files, out).path)
                files.obscure(follow(files, out).path, unknown, suffixes=(".whl", ".tar.gz"))
                return Status.UNKNOWN
            source = join(here, given.operand(0) or ".")
            return build(call, files, source, out, wheel=wheel or not sdist, sdist=sdist or not wheel)
        case "tool":
            unknown = Unknown(
                "which programs uv installs is not known",
                call.location,
                May.DISTRIBUTIONS,
                installed=NOTHING_INSTALLED,
            )
            for folder in ("/root/.local", "/usr/local/bin", call.environment.get("UV_TOOL_BIN_DIR", "")):
                if folder.startswith("/"):
                    files.obscure(follow(files, folder).path, unknown)
            return (
                Status.UNKNOWN
                if given.operand(0) in ("install", "list", "update-shell", "dir")
                else UNREADABLE
            )
    return UNREADABLE


def _may_fetch_python(call: Call, files: WritableTree, given: Given | None) -> None:
    """An interpreter, where uv keeps its own. (uv: `ManagedPythonInstallations::from_settings`)

    `given`: the words of `uv python`; other commands fetch one where they find none that fits.
    """
    told = given.last("-i", "--install-dir") if given else ""
    folder = told or call.environment.get("UV_PYTHON_INSTALL_DIR", "")
    if not folder and given is None:
        return
    home = call.environment.get("HOME", "/root")
    data = call.environment.get("XDG_DATA_HOME") or join(home, ".local/share")
    place = join(call.working_directory or "/", folder) if folder else join(data, "uv/python")
    unknown = Unknown("which Python uv installs is not known", call.location, May.SYSTEM)
    files.obscure(follow(files, place).path, unknown)


def _export(call: Call, files: WritableTree, given: Given) -> Output | Unreadable:
    """What is locked, and the projects of the workspace unless they are left out."""
    output = given.last("-o", "--output-file")
    if output is None and given.has("-o", "--output-file"):
        return UNREADABLE
    found = workspace(join(call.working_directory or "/", given.last("--project") or "."), files)
    told = wanted(found, given, call, files, None) if isinstance(found, Workspace) else None
    packages = isinstance(found, Workspace) and any(map(is_package, found.members.values()))
    left_out = given.has("--no-emit-project", "--no-emit-workspace", "--no-emit-local")
    unknown = Unknown(
        "what uv exports is not known", call.location, May.of_installer(others_only=left_out or not packages)
    )
    installed = SitePackages((told,)) if told else None
    return listed(call, files, output or "", replace(unknown, installed=installed))


def _pip(call: Call, files: WritableTree, words: tuple[Word, ...]) -> Status | Output | Unreadable:
    _, command, rest = split_command(words, VALUED)
    given = read(rest, VALUED)
    if command in ("compile", "list", "show", "freeze", "check", "tree", ""):
        if command == "compile":
            return compiled(call, files, given, given.last("-o", "--output-file") or "")
        return Status.UNKNOWN
    if command in ("install", "sync", "uninstall"):
        python = _python_for_pip(call, files, given)
        if python is None:
            return UNREADABLE
        if command == "uninstall":
            return uninstall(call, files, given, environment_of(python, files))
        if command == "sync":
            given = exactly(given)
        return install(call, files, given, environment_of(python, files))
    if command in ("wheel", "download"):
        return collect(call, files, given, ("-w", "--wheel-dir", "-d", "--dest"))
    return UNREADABLE


def _python_for_pip(call: Call, files: WritableTree, given: Given) -> str | None:
    """--python, --system, VIRTUAL_ENV, CONDA_PREFIX, the nearest .venv, then the first on PATH."""
    if text := given.last("-p", "--python") or call.environment.get("UV_PYTHON"):
        return interpreter_at(text, call, files)
    on = call.environment.get("UV_SYSTEM_PYTHON", "").lower() in ("1", "true", "yes", "on")
    if not given.has("--system") and not on:
        for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
            if (folder := call.environment.get(name, "")).startswith("/"):
                return join(folder, "bin/python")
        near = find_upwards(files, call.working_directory or "/", ".venv/pyvenv.cfg")
        if isinstance(near, str):
            return join(near, ".venv/bin/python")
    return find_interpreter("python3", call.environment, files)


def sync(call: Call, files: WritableTree, before: Given, given: Given) -> Status | Unreadable:
    folder = join(call.working_directory or "/", given.last("--project") or before.last("--project") or ".")
    found = workspace(folder, files)
    if found is None:
        return Status.FAILURE
    if given.has("--dry-run", "--script"):
        return Status.UNKNOWN
    root = found.root if isinstance(found, Workspace) else folder
    environment = _project_environment(
        call, files, given, root, found if isinstance(found, Workspace) else None
    )
    done = Installation(call, files, environment)
    done.packages_of_others(
        wanted(found, given, call, files, environment.version) if isinstance(found, Workspace) else None
    )
    if isinstance(found, Unknown):
        done.hide(done.unknown("what the project installs is not known: its pyproject.toml is not"))
        return Status.UNKNOWN
    done.others = False
    for project in installed(found, given).values():
        if is_package(project):
            is_editable = not given.has("--no-editable") and not call.environment.get("UV_NO_EDITABLE")
            if done.built(project, editable=is_editable) is Status.FAILURE:
                return Status.FAILURE
    for local in beside(found, given):
        done.project(local)
    return Status.UNKNOWN


def _add(call: Call, files: WritableTree, before: Given, given: Given) -> Status | Unreadable:
    """The project is synchronized, with what is added, unless it is told not to be."""
    folder = join(call.working_directory or "/", given.last("--project") or before.last("--project") or ".")
    found = workspace(folder, files)
    if not isinstance(found, Workspace) or found.project is None:
        return UNREADABLE
    if given.has("--no-sync", "--frozen"):
        declare(call, files, found.project.root, "uv.lock")
        return Status.UNKNOWN
    active = frozenset(["--active"]) & given.flags
    chosen = replace(EVERYTHING, flags=EVERYTHING.flags | active)
    if sync(call, files, before, chosen) is Status.FAILURE:
        return UNREADABLE
    environment = _project_environment(call, files, chosen, found.root, found)
    add(call, files, given, environment, found.project.root, "uv.lock")
    return Status.UNKNOWN


def _project_environment(
    call: Call, files: WritableTree, given: Given, root: str, workspace: Workspace | None
) -> Environment:
    """UV_PROJECT_ENVIRONMENT, VIRTUAL_ENV with --active, else .venv of the workspace; made if need be."""
    active = call.environment.get("VIRTUAL_ENV", "")
    named = call.environment.get("UV_PROJECT_ENVIRONMENT")
    prefix = active if given.has("--active") and active.startswith("/") else join(root, named or ".venv")
    python = join(prefix, "bin/python")
    if isinstance(follow(files, python).answer, Entry) or is_folder(files, join(prefix, "lib")):
        if isinstance(follow(files, python).answer, Absent):
            python = join(prefix, "bin/python3")
        there = follow(files, python).answer
        if not isinstance(there, Absent) and not (isinstance(there, Unknown) and there.location is None):
            return environment_of(python, files)
    if isinstance(follow(files, prefix).answer, Unknown):
        files.remove(follow(files, prefix).path)  # uv makes one anew where it finds none that works
    base = find_interpreter("python3", call.environment, files) or "/usr/local/bin/python3"
    wanted = given.last("-p", "--python") or call.environment.get("UV_PYTHON") or pinned(files, root)
    version = PythonVersion.parse(wanted.removeprefix("python").removeprefix("cpython-")) if wanted else None
    own = environment_of(base, files)
    if version is None and own.version is not None and workspace is not None:
        version = own.version if allows(workspace, own.version) else None
        if version is None:
            own = replace(own, version=None)
            base = "/usr/bin/python3-of-uv"
    unknown = Unknown("which Python uv takes for the environment is not known", call.location)
    return make_environment(prefix, base, files, unknown, version=version, has_pip=False)


def _run(call: Call, files: WritableTree, words: tuple[Word, ...]) -> Runs | Unreadable:
    """`uv run x`: the project is synchronized, unless told not to, and `x` runs in its environment."""
    number = _command_at(words)
    inner = words[number + 1 :] if number < len(words) and words[number].text == "--" else words[number:]
    if not inner or any(word.text is None for word in words[:number]):
        return UNREADABLE
    given = read(words[:number], RUN_VALUED)
    if moved := given.last("--directory"):
        call = replace(call, working_directory=join(call.working_directory or "/", moved))
    if given.has("-m", "--module"):
        inner = (replace(inner[0], text="python"), replace(inner[0], text="-m"), *inner)
    elif given.has("-s", "--script") or (inner[0].text or "").endswith(".py"):
        inner = (replace(inner[0], text="python"), *inner)
    environment = dict(call.environment)
    if _has_own_requirements(call, files, inner):
        python = find_interpreter("python3", call.environment, files) or "/usr/local/bin/python3"
        _with(call, files, python)
    elif not given.has("--no-project", "--isolated"):
        folder = join(call.working_directory or "/", given.last("--project") or ".")
        near = find_upwards(files, folder, "pyproject.toml")
        if isinstance(near, str):
            stays = given.has("--no-sync") or _is_set(environment, "UV_NO_SYNC")
            if not stays and sync(call, files, read((), PROJECT), given) is Status.FAILURE:
                return UNREADABLE
            found = workspace(near, files)
            root = found.root if isinstance(found, Workspace) else near
            prefix = join(root, environment.get("UV_PROJECT_ENVIRONMENT") or ".venv")
            environment["VIRTUAL_ENV"] = prefix
            environment["PATH"] = f"{prefix}/bin:{environment.get('PATH', '')}"
    if given.has("--with", "--with-requirements", "--with-editable"):
        _with(call, files, join(environment.get("VIRTUAL_ENV", "/usr/local"), "bin/python"))
    return Runs(replace(call, words=tuple(inner), environment=environment))


def _command_at(words: tuple[Word, ...]) -> int:
    """Where the options of `uv run` end."""
    names = frozenset(RUN_VALUED.split())
    number = 0
    while number < len(words):
        text = words[number].text
        if text is None or text == "--" or not text.startswith("-"):
            break
        number += 2 if text in names else 1
    return number


def _has_own_requirements(call: Call, files: WritableTree, inner: tuple[Word, ...]) -> bool:
    """Does the script list what it needs (PEP 723)? It then has an environment to itself."""
    script = inner[1].text if len(inner) > 1 and inner[0].text == "python" else None
    if not script or not script.endswith(".py"):
        return False
    content = files.read(follow(files, join(call.working_directory or "/", script)).path)
    return isinstance(content, bytes) and b"\n# /// script" in b"\n" + content[:100_000]


def _with(call: Call, files: WritableTree, python: str) -> None:
    """Packages for this program alone, in an environment that is made for it."""
    unknown = Unknown(
        "what uv installs for this program alone is not known", call.location, May.DISTRIBUTIONS
    )
    hide_environment(files, environment_of(python, files), unknown)


def _is_set(environment: Mapping[str, str], name: str) -> bool:
    return environment.get(name, "").lower() in ("1", "true", "yes", "on")


COMMANDS: dict[str, CommandFunction] = {"uv": uv}
