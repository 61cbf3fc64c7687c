"""Which Python environment does a program belong to, and which of its folders are on the search path?

CPython: `site.main`, `getpath.py`: beside the interpreter, or one folder above, `pyvenv.cfg` makes a virtual
environment; else links are followed and `lib/pythonX.Y` beside the `bin` folder is the prefix.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from msgspec import Struct

from parity.model.location import Unknown
from parity.model.version import PythonVersion
from parity.tree.base import Absent, Entry, FileKind, FileTree, clean, join, parent_of, within
from parity.tree.links import follow
from parity.tree.which import path_folders, places

NUMBERED = re.compile(r"(?:python|pypy)(\d+\.\d+)t?")
INTERPRETER = re.compile(r"(?:python|pypy)[0-9.]*t?")
LARGEST_TEXT = 64_000
MOST_PTH = 500


class Environment(Struct, frozen=True):
    """Where installers put things. All paths are image paths.

    `site`      site-packages; `lib/python3/site-packages` stands in where the version is not known
    `scripts`   the `bin` folder
    `python`    the interpreter, as a script's first line names it
    `base`      the prefix of the interpreter that a virtual environment was made from; None: it is none
    `sees_base` a virtual environment with --system-site-packages
    """

    prefix: str
    site: str
    scripts: str
    python: str
    version: PythonVersion | None
    base: str | None = None
    sees_base: bool = False

    @property
    def is_stand_in(self) -> bool:
        """Does `site` only stand for a folder that is not known?"""
        return "/lib/python3/" in self.site

    @property
    def is_virtual(self) -> bool:
        return self.base is not None


def find_program(name: str, environment: Mapping[str, str], files: FileTree) -> str | None:
    """The path that `name` is first found at on PATH; one where it may be, if it is found nowhere."""
    doubtful: list[str] = []
    active = environment.get("VIRTUAL_ENV")
    for path in places(name, environment, None):
        match follow(files, path).answer:
            case Entry(kind=FileKind.FILE):
                return next((other for other in doubtful if _is_own_folder(other)), path)
            case Unknown() as unknown if unknown.programs or path == f"{active}/bin/{name}":
                doubtful.append(path)
            case _:
                pass
    own = [path for path in doubtful if _is_own_folder(path)]
    system = [path for path in doubtful if path.startswith(("/usr/local/bin/", "/usr/bin/", "/bin/"))]
    return next(iter((*own, *system)), None)


def _is_own_folder(path: str) -> bool:
    """Not a folder of the system or for programs of the user: one that holds an environment, most likely."""
    return not path.startswith(("/usr/", "/bin/", "/sbin/", "/root/", "/home/")) or "env/bin/" in path


def find_interpreter(
    program: str, environment: Mapping[str, str], files: FileTree, working_directory: str | None = "/"
) -> str | None:
    """The interpreter of `program` (a Python, or a script of one), links not followed; None: not known."""
    if "/" in program:
        if not program.startswith("/") and working_directory is None:
            return None
        path: str | None = join(working_directory or "/", program)
    else:
        path = find_program(program, environment, files)
        if path is None and INTERPRETER.fullmatch(program):
            path = find_program("python3", environment, files) or find_program("python", environment, files)
    if path is None:
        return find_program("python3", environment, files) if program not in ("python", "python3") else None
    folder, _, name = path.rpartition("/")
    if INTERPRETER.fullmatch(name):
        return path
    line = _first_line(files, path)
    if line.startswith("#!"):
        words = line[2:].split()
        if words and words[0].endswith("/env"):
            return find_program(words[-1], environment, files)
        if words and words[0].startswith("/") and INTERPRETER.fullmatch(words[0].rpartition("/")[2]):
            return words[0]
    of_user = folder.endswith("/.local/bin")  # `pip install --user` puts programs there, and no interpreter
    for beside in ("python3", "python"):
        answer = follow(files, f"{folder}/{beside}").answer
        if isinstance(answer, Entry) or (isinstance(answer, Unknown) and not of_user):
            return f"{folder}/{beside}"
    return find_program("python3", environment, files)


def _first_line(files: FileTree, path: str) -> str:
    content = files.read(follow(files, path).path)
    if isinstance(content, Unknown):
        return ""
    return content[:500].decode("utf8", "surrogateescape").partition("\n")[0].rstrip("\r")


def environment_of(python: str, files: FileTree, version: PythonVersion | None = None) -> Environment:
    """The environment of an interpreter. `version`: of the image's Python, where the files do not tell."""
    folder = parent_of(python)
    above = parent_of(folder)
    real = follow(files, python).path
    name = real.rpartition("/")[2]
    found = NUMBERED.fullmatch(name)
    numbered = PythonVersion.parse(found[1]) if found else None
    for prefix in (folder, above):
        settings = read_settings(files, prefix)
        if settings is not None:
            home = settings.get("home", "")
            told = PythonVersion.parse(settings.get("version_info") or settings.get("version") or "")
            known = numbered or told or _listed_version(files, prefix) or version
            return Environment(
                prefix,
                site_of(prefix, known),
                join(prefix, "bin"),
                python,
                known,
                clean(posixpath.dirname(home)) if home.startswith("/") else "/usr/local",
                settings.get("include-system-site-packages", "").lower() == "true",
            )
    moved = parent_of(real) != follow(files, folder).path
    config = follow(files, join(above, "pyvenv.cfg")).answer
    if isinstance(config, Unknown) and not _is_system(above) and (moved or not _is_there(files, python)):
        known = numbered or _listed_version(files, above) or version
        return Environment(above, site_of(above, known), folder, python, known, "/usr/local")
    bin_folder = parent_of(real)
    prefix = parent_of(bin_folder)
    prefix = "/usr" if prefix == "/" else prefix
    known = numbered or _listed_version(files, prefix) or version
    scripts = "/usr/local/bin" if prefix == "/usr" else bin_folder
    return Environment(prefix, site_of(prefix, known), scripts, python, known)


def _is_there(files: FileTree, path: str) -> bool:
    return isinstance(follow(files, path).answer, Entry)


def _is_system(prefix: str) -> bool:
    return prefix in ("/", "/usr", "/usr/local")


def site_of(prefix: str, version: PythonVersion | None) -> str:
    """Where installers write below a prefix. Debian: dist-packages of /usr/local for the system's Python."""
    number = str(version) if version else "3"
    if prefix == "/usr":
        return f"/usr/local/lib/python{number}/dist-packages"
    return join(prefix, f"lib/python{number}/site-packages")


def _listed_version(files: FileTree, prefix: str) -> PythonVersion | None:
    names = files.names(follow(files, join(prefix, "lib")).path)
    if isinstance(names, Unknown):
        return None
    found = {PythonVersion.parse(match[1]) for name in names if (match := NUMBERED.fullmatch(name))}
    return found.pop() if len(found) == 1 else None


def read_settings(files: FileTree, prefix: str) -> dict[str, str] | None:
    """`pyvenv.cfg` of a virtual environment (PEP 405); None where there is none."""
    found = follow(files, join(prefix, "pyvenv.cfg"))
    if not isinstance(found.answer, Entry):
        return None
    content = files.read(found.path)
    if isinstance(content, Unknown):
        return {}
    settings: dict[str, str] = {}
    for line in content[:LARGEST_TEXT].decode("utf8", "surrogateescape").splitlines():
        key, equals, value = line.partition("=")
        if equals:
            settings[key.strip().lower()] = value.strip()
    return settings


def home_of(environment: Mapping[str, str], user: str | None = None) -> str | None:
    """The home folder of the user; None where it cannot be told."""
    if home := environment.get("HOME"):
        return home if home.startswith("/") else None
    name = (user or "root").partition(":")[0]
    if name in ("", "0", "root"):
        return "/root"
    return None if name.isdecimal() else f"/home/{name}"


def user_environment(
    environment: Mapping[str, str], version: PythonVersion | None, python: str, user: str | None = None
) -> Environment | None:
    """`pip install --user`. CPython: `site.getuserbase`."""
    base = environment.get("PYTHONUSERBASE") or ""
    if not base.startswith("/"):
        home = home_of(environment, user)
        if home is None:
            return None
        base = join(home, ".local")
    number = str(version) if version else "3"
    site = join(base, f"lib/python{number}/site-packages")
    return Environment(base, site, join(base, "bin"), python, version)


def site_folders(
    environment: Mapping[str, str],
    files: FileTree,
    version: PythonVersion | None,
    *,
    program: str = "python",
    user: str | None = None,
    working_directory: str = "/",
) -> tuple[str, ...]:
    """The site-packages folders on the search path of `program`, in order (image paths).

    `environment` and `user`: of the container. `program`: the start command's first word, a name or a path.
    """
    python = find_interpreter(program, environment, files, working_directory)
    if python is None:
        python = "/usr/local/bin/python3"
    own = environment_of(python, files, version)
    folders: list[str] = []
    if own.is_virtual:
        folders += _sites(own.prefix, own.version)
    if not own.is_virtual or own.sees_base:
        personal = user_environment(environment, own.version, python, user)
        if personal is not None and not environment.get("PYTHONNOUSERSITE"):
            folders += [site for site in _sites(personal.prefix, own.version) if is_made(files, site)]
        folders += _sites(own.base or own.prefix, own.version)
    if "/" not in program:
        folders += _perhaps_before(python, environment, files, own.version)
    stand_ins = [folder for folder in folders if "/python3/" in folder]
    return tuple(
        dict.fromkeys(f for f in folders if f not in stand_ins or own.version is None or _is_left(files, f))
    )


def _is_left(files: FileTree, stand_in: str) -> bool:
    """Did an installer leave something in the folder that stands for that of an unknown version?"""
    answer = follow(files, stand_in).answer
    if not isinstance(answer, Unknown):
        return isinstance(answer, Entry)
    lib = stand_in.partition("/python3/")[0]
    return any(step.location is not None and within(step.reach or "/", lib) for step in answer.steps)


def _perhaps_before(
    python: str, environment: Mapping[str, str], files: FileTree, version: PythonVersion | None
) -> list[str]:
    """Those of environments before `python` on PATH, of which it is not known whether they have a Python."""
    found: list[str] = []
    for folder in path_folders(environment):
        if join(folder, "python") == python or join(folder, "python3") == python:
            break
        if folder.startswith("/") and folder.endswith("/bin") and _is_own_folder(f"{folder}/python"):
            for site in _sites(folder.removesuffix("/bin") or "/", version):
                if isinstance(follow(files, site).answer, Unknown):
                    found.append(site)
    return found


def _sites(prefix: str, version: PythonVersion | None) -> list[str]:
    """Those of a prefix, and the stand-in that an installation left that did not know the version."""
    if prefix == "/usr":
        number = str(version) if version else "3"
        return [
            f"/usr/local/lib/python{number}/dist-packages",
            "/usr/lib/python3/dist-packages",
            f"/usr/lib/python{number}/site-packages",
            "/usr/local/lib/python3/dist-packages",
        ]
    return [site_of(prefix, version), site_of(prefix, None)]


def is_made(files: FileTree, folder: str) -> bool:
    """Is it there, or may a step of the build (not merely the base image) have put it there?"""
    match follow(files, folder).answer:
        case Entry():
            return True
        case Unknown() as unknown:
            return unknown.location is not None
        case Absent():
            return False


def pth_folders(files: FileTree, site_folder: str) -> tuple[str, ...]:
    """What the .pth files of a site-packages folder add to the search path, as far as they can be read.

    CPython: `site.addpackage`: lines that start with `import` are code, `#` is a comment, the others name
    folders, added if they exist.
    """
    site = follow(files, site_folder).path
    names = files.names(site)
    if isinstance(names, Unknown):
        return ()
    found: dict[str, None] = {}
    listed = sorted(name for name in names if name.endswith(".pth") and not name.startswith("."))
    for name in listed[:MOST_PTH]:
        content = files.read(follow(files, join(site, name)).path)
        if isinstance(content, Unknown):
            continue
        for line in content[:LARGEST_TEXT].decode("utf8", "surrogateescape").splitlines():
            if not line.strip() or line.startswith(("#", "import ", "import\t")):
                continue
            folder = join(site, line.rstrip())
            if "\0" not in folder and not isinstance(follow(files, folder).answer, Absent):
                found[folder] = None
                if len(found) >= MOST_PTH:
                    return tuple(found)
    return tuple(found)
