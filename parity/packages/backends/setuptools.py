"""Which files does setuptools put into a wheel?

setuptools: `discovery.py` (find, automatic discovery), `command/build_py.py` (modules, data files).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from parity.model.location import Unknown
from parity.packages.backends.discovery import (
    EXTRA_STUBS,
    FLAT_MODULES,
    FLAT_PACKAGES,
    Finder,
    find,
    modules_in,
    top_level,
)
from parity.packages.backends.manifest import Manifest, read_manifest
from parity.packages.backends.setuptools_settings import Configuration, read_configuration
from parity.packages.project import Project, strings
from parity.packages.selection import Contents, Piece, walk
from parity.packages.setup_script import FindPackages
from parity.patterns.globs import matches
from parity.tree.base import Absent, Entry, FileKind, FileTree, below, join, parent_of, within
from parity.tree.links import follow

MOST_PACKAGES = 3_000


def contents(project: Project, files: FileTree) -> Contents:
    settings = read_configuration(project)
    generated = tuple(join(project.root, path) for path in _generated(project))
    if settings.undecided:
        return Contents(generated=generated, unknown="setup.py names its packages only when it runs")
    found = _discover(project, files, settings)
    if isinstance(found, str):
        return Contents(failure=found)
    packages, modules, package_dir = found
    if len(packages) > MOST_PACKAGES:
        return Contents(unknown="the project has too many packages")
    folders = {name: join(project.root, folder_of(name, package_dir)) for name in packages}
    if settings.packages is not None and not any(isinstance(p, FindPackages) for p in settings.packages):
        for name, folder in folders.items():
            if isinstance(follow(files, folder).answer, Absent):
                return Contents(failure=f"the folder {folder} of the package {name} does not exist")
    manifest, doubt = _manifest(project, files, settings)
    top = join(project.root, package_dir.get("", "."))
    pieces = [*_pieces(folders, project, settings, manifest)]
    pieces += [
        Piece(join(top, name.replace(".", "/") + ".py"), name.replace(".", "/") + ".py") for name in modules
    ]
    custom = settings.custom or settings.extensions
    roots, mapped = _roots(project, packages, modules, package_dir)
    return Contents(
        tuple(pieces),
        roots,
        mapped,
        data=_doubtful(files, folders, top_level(packages)) if doubt else (),
        programs=tuple(join(project.root, path) for path in settings.scripts),
        generated=generated,
        unknown="its build runs code of its own" if custom else "",
    )


def _doubtful(
    files: FileTree, folders: Mapping[str, str], names: tuple[str, ...]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The endings of all that is no code of the packages, by package. Code in other folders is data, too."""
    packages = set(folders.values())
    found = []
    for name in names:
        top = follow(files, folders[name]).path
        endings = set()
        for path in walk(files, top).files:
            folder, _, last = join(top, path).rpartition("/")
            if "." in last and not (last.endswith(".py") and folder in packages):
                endings.add(f".{last.rpartition('.')[2]}")
        found.append((name, tuple(sorted(endings))))
    return tuple(found)


def folder_of(package: str, package_dir: Mapping[str, str]) -> str:
    """setuptools: `discovery.find_package_path`."""
    parts = package.split(".")
    for number in range(len(parts), 0, -1):
        name = ".".join(parts[:number])
        if name in package_dir:
            return "/".join([package_dir[name] or ".", *parts[number:]])
    return "/".join([package_dir.get("", "") or ".", *parts])


def _discover(
    project: Project, files: FileTree, settings: Configuration
) -> tuple[tuple[str, ...], tuple[str, ...], dict[str, str]] | str:
    """Packages, modules and where they are; a text: why the build fails."""
    root = project.root
    package_dir = dict(settings.package_dir)
    if (
        settings.packages is None
        and settings.modules is None
        and not (settings.extensions and not project.pyproject)
    ):
        return _automatic(root, files, package_dir)
    names: list[str] = []
    finders = [one for one in settings.packages or () if isinstance(one, FindPackages)]
    from_script = settings.packages is not None and _is_from_setup_py(project)
    for one in settings.packages or ():
        if isinstance(one, str):
            names.append(one)
            continue
        found = find(files, join(root, one.where), Finder(one.exclude, one.include, one.namespaces))
        names += found
        if from_script or join(root, one.where) == root:
            continue
        if len(finders) == 1:
            package_dir.setdefault("", one.where)
        elif package_dir.get("") != one.where:
            package_dir |= {
                name: join("/", f"{one.where}/{name.replace('.', '/')}")[1:] for name in top_level(found)
            }
    return tuple(dict.fromkeys(names)), settings.modules or (), package_dir


def _is_from_setup_py(project: Project) -> bool:
    """A finder of setup.py does not say where the packages are: `package_dir` has to."""
    return "packages" not in project.table("tool", "setuptools") and "packages" not in project.setup_cfg.get(
        "options", {}
    )


def _automatic(
    root: str, files: FileTree, package_dir: dict[str, str]
) -> tuple[tuple[str, ...], tuple[str, ...], dict[str, str]] | str:
    named = {name: folder for name, folder in package_dir.items() if name}
    if named:
        names = [
            full
            for name, folder in named.items()
            for full in (
                name,
                *(f"{name}.{n}" for n in find(files, join(root, folder), Finder(namespaces=True))),
            )
        ]
        return tuple(names), (), package_dir
    source = join(root, package_dir.get("", "src"))
    answer = follow(files, source).answer
    if isinstance(answer, Unknown) or (isinstance(answer, Entry) and answer.kind is FileKind.DIRECTORY):
        package_dir.setdefault("", "src")
        packages = find(files, source, Finder(namespaces=True))
        return packages, tuple(n for n in modules_in(files, source) if n.isidentifier()), package_dir
    packages = find(files, root, Finder(FLAT_PACKAGES, namespaces=True, importable=True))
    tops = top_level(tuple(name for name in packages if not name.partition(".")[0].endswith(EXTRA_STUBS)))
    if len(tops) > 1:
        return f"setuptools finds several top-level packages and takes none: {', '.join(tops)[:200]}"
    if tops:
        return packages, (), package_dir
    finder = Finder(FLAT_MODULES)
    modules = tuple(n for n in modules_in(files, root) if n.isidentifier() and finder.takes(n))
    if len(modules) > 1:
        return f"setuptools finds several top-level modules and takes none: {', '.join(modules)[:200]}"
    return packages, modules, package_dir


def _generated(project: Project) -> tuple[str, ...]:
    scm = project.table("tool", "setuptools_scm")
    found = [path for key in ("write_to", "version_file") if isinstance(path := scm.get(key), str)]
    return tuple(path for path in found if not path.startswith(("/", "..")))


def _manifest(project: Project, files: FileTree, settings: Configuration) -> tuple[Manifest | None, bool]:
    """What MANIFEST.in lists; True where version control may list more, or it cannot be read."""
    if not settings.include_data:
        return None, False
    system = strings(project.table("build-system").get("requires"))
    tracked = any(re.match(r"setuptools[-_](scm|git)", name) for name in system)
    tracked = tracked and not isinstance(files.lookup(join(project.root, ".git")), Absent)
    found = follow(files, join(project.root, "MANIFEST.in"))
    if isinstance(found.answer, Absent):
        return None, tracked
    content = files.read(found.path)
    manifest = (
        None if isinstance(content, Unknown) else read_manifest(content.decode("utf8", "surrogateescape"))
    )
    return manifest, tracked or manifest is None


def _pieces(
    folders: Mapping[str, str], project: Project, settings: Configuration, manifest: Manifest | None
) -> list[Piece]:
    """One a group of packages whose folders lie in each other as their names do."""
    groups: dict[str, dict[str, str]] = {}
    for name in sorted(folders, key=lambda one: (one.count("."), one)):
        parent = name
        while parent and not (
            parent in groups
            and folders[name] == join(folders[parent], name[len(parent) :].replace(".", "/")[1:])
        ):
            parent = parent.rpartition(".")[0]
        groups.setdefault(parent or name, {})[folders[name]] = name
    return [
        Piece(
            folders[top],
            top.replace(".", "/"),
            _wanted(folders[top], group, project, settings, manifest),
        )
        for top, group in groups.items()
    ]


def _wanted(
    top: str, group: Mapping[str, str], project: Project, settings: Configuration, manifest: Manifest | None
) -> Callable[[str], bool]:
    root = project.root

    def wanted(path: str) -> bool:
        whole = join(top, path)
        folder, _, name = whole.rpartition("/")
        if folder in group and name.endswith(".py"):
            return whole != join(root, "setup.py")
        while within(folder, top):
            package = group.get(folder)
            if package is not None and _is_data(below(whole, folder), package, settings):
                return not _is_left_out(below(whole, folder), package, settings)
            if package is not None and manifest is not None and manifest.lists(below(whole, root)):
                return not _is_left_out(below(whole, folder), package, settings)
            if folder == "/":
                break
            folder = parent_of(folder)
        return False

    return wanted


def _is_data(path: str, package: str, settings: Configuration) -> bool:
    # setuptools 69: stubs and py.typed are taken unasked.
    if "/" not in path and (path.endswith(".pyi") or path == "py.typed"):
        return True
    patterns = (*settings.data.get("", ()), *settings.data.get(package, ()))
    return any(matches(pattern, path, hidden=False) for pattern in patterns)


def _is_left_out(path: str, package: str, settings: Configuration) -> bool:
    patterns = (*settings.without_data.get("", ()), *settings.without_data.get(package, ()))
    return any(matches(pattern, path) for pattern in patterns)


def _roots(
    project: Project, packages: tuple[str, ...], modules: tuple[str, ...], package_dir: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The folders that the packages are in, where a hook finds the same; and the packages that are elsewhere."""
    found: dict[str, None] = {}
    mapped: list[tuple[str, str]] = []
    for name in packages:
        folder = join(project.root, folder_of(name, package_dir))
        path = "/" + name.replace(".", "/")
        if folder.endswith(path):
            found[folder[: -len(path)] or "/"] = None
        elif not any(_is_inside(name, folder, other, there) for other, there in mapped):
            mapped.append((name, folder))
    if modules or not (found or mapped):
        found[join(project.root, package_dir.get("", "."))] = None
    return tuple(found), tuple(mapped)


def _is_inside(name: str, folder: str, other: str, there: str) -> bool:
    return name.startswith(f"{other}.") and folder == join(there, name[len(other) + 1 :].replace(".", "/"))
