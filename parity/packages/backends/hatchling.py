"""Which files does hatchling put into a wheel? (hatchling: `builders/{config,wheel}.py`)"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from pathspec import GitIgnoreSpec

from parity.model.location import Unknown
from parity.packages.project import Project, strings, table
from parity.packages.selection import Contents, Piece
from parity.tree.base import Absent, Entry, FileKind, FileTree, join, parent_of, within
from parity.tree.links import follow

NEVER = frozenset(
    "__pycache__ .venv .git .hg .hatch .tox .nox .ruff_cache .pytest_cache .mypy_cache .pixi".split()
)
MOST_PATTERNS = 1_000
LONGEST_PATTERN = 200
GENERATING = ("vcs", "version")


def contents(project: Project, files: FileTree) -> Contents:
    build = project.table("tool", "hatch", "build")
    wheel = table(build, "targets", "wheel")

    def option(name: str) -> object:
        return wheel[name] if name in wheel else build.get(name)

    hooks = {**table(build, "hooks"), **table(wheel, "hooks")}
    generated = tuple(
        join(project.root, path)
        for name in GENERATING
        for key in ("version-file", "path")
        if isinstance(path := table(hooks, name).get(key), str)
    )
    unknown = "its build runs code of its own" if set(hooks) - set(GENERATING) else ""
    forced = {k: v for k, v in table({"f": option("force-include")}, "f").items() if isinstance(v, str)}
    include, only = strings(option("include")), strings(option("only-include"))
    packages = strings(option("packages"))
    if not (include or only or packages):
        found = _default(project, files)
        if found is None and not (forced or option("bypass-selection")):
            return Contents(generated=generated, failure="hatchling finds no folder of the project's name")
        only = (found,) if found and found.endswith(".py") else ()
        packages = (found,) if found and not only else ()
        nothing = found is None
    else:
        nothing = False
    packages = tuple(_relative(name) for name in packages)
    sources = _sources(option("sources"), packages)
    spec = _Spec(
        include=_patterns((*include, *(f"/{name}/" for name in packages))) if include or packages else None,
        exclude=_patterns((*_ignored(project, files, option), *strings(option("exclude")))),
        artifacts=_patterns(strings(option("artifacts"))),
        only_packages=option("only-packages") is True,
    )
    if spec.too_long:
        return Contents(generated=generated, unknown="its patterns are too many to be tried")
    pieces: list[Piece] = []
    starts = tuple(_relative(one) for one in only) or packages
    if starts:
        for start in starts:
            pieces += _selected(project, files, start, sources, spec)
    elif not nothing:
        pieces += _selected(project, files, "", sources, spec)
    for source, target in forced.items():
        place = join(project.root, source)
        pieces.append(Piece(place, _moved(_relative(target), sources), _not_never))
    roots = tuple(join(project.root, path) for path in strings(option("dev-mode-dirs")))
    return Contents(
        tuple(pieces),
        roots or _roots(project, starts, sources, include),
        generated=generated,
        unknown=unknown,
    )


def _not_never(path: str) -> bool:
    return not NEVER & set(path.split("/"))


def _relative(path: str) -> str:
    cleaned = join("/", path)
    return cleaned[1:]


def _default(project: Project, files: FileTree) -> str | None:
    """hatchling: `default_file_selection_options`; None: it finds nothing."""
    raw = project.table("project").get("name")
    given = re.sub(r"[^\w.]+", "_", raw) if isinstance(raw, str) else ""
    for name in dict.fromkeys((given, project.name)):
        if not name:
            continue
        for folder in ("", "src/"):
            if _may_be_file(files, join(project.root, f"{folder}{name}/__init__.py")):
                return f"{folder}{name}"
        if _may_be_file(files, join(project.root, f"{name}.py")):
            return f"{name}.py"
        names = files.names(follow(files, project.root).path)
        below = [
            one
            for one in (() if isinstance(names, Unknown) else sorted(names))
            if not one.startswith(".")
            and _may_be_file(files, join(project.root, f"{one}/{name}/__init__.py"))
        ]
        if len(below) == 1:
            return below[0]
    return None


def _may_be_file(files: FileTree, path: str) -> bool:
    answer = follow(files, path).answer
    return isinstance(answer, Unknown) or (isinstance(answer, Entry) and answer.kind is FileKind.FILE)


def _sources(value: object, packages: tuple[str, ...]) -> Mapping[str, str]:
    """Prefix of the project (with a slash) -> prefix of the wheel."""
    found: dict[str, str] = {}
    if isinstance(value, Mapping):
        for source, target in value.items():
            if isinstance(target, str):
                cleaned = _relative(target)
                found[f"{_relative(source)}/" if source else ""] = f"{cleaned}/" if cleaned else ""
    else:
        found |= {f"{_relative(source)}/": "" for source in strings(value)}
    for name in packages:
        parent = name.rpartition("/")[0]
        if parent and f"{name}/" not in found:
            found[f"{parent}/"] = ""
    return dict(sorted(found.items()))


def _moved(path: str, sources: Mapping[str, str]) -> str:
    for source, target in sources.items():
        if not source:
            return target + path
        if path.startswith(source):
            return target + path[len(source) :]
        if f"{path}/" == source:
            return target.rstrip("/")
    return path


class _Spec:
    def __init__(
        self,
        include: GitIgnoreSpec | None,
        exclude: GitIgnoreSpec | None,
        artifacts: GitIgnoreSpec | None,
        only_packages: bool,
    ) -> None:
        self.include, self.exclude, self.artifacts = include, exclude, artifacts
        self.only_packages = only_packages
        self.too_long = exclude is None or artifacts is None

    def takes(self, path: str, explicit: bool, in_package: bool) -> bool:
        if self.artifacts is not None and self.artifacts.match_file(path):
            return True
        if self.only_packages and not in_package:
            return False
        if self.exclude is not None and self.exclude.match_file(path):
            return False
        return explicit or self.include is None or self.include.match_file(path)


def _patterns(lines: tuple[str, ...]) -> GitIgnoreSpec | None:
    if len(lines) > MOST_PATTERNS or any(
        len(line) > LONGEST_PATTERN or line.count("*") > 6 for line in lines if not line.startswith("#")
    ):
        return None
    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return None


def _ignored(project: Project, files: FileTree, option: Callable[[str], object]) -> tuple[str, ...]:
    """`*.py[cdo]` and the like, and the lines of the nearest .gitignore up to the repository's folder."""
    always = ("*.py[cdo]", f"/{_relative(str(option('directory') or 'dist'))}")
    if option("ignore-vcs") is True:
        return always
    folder = project.root
    while True:
        found = follow(files, join(folder, ".gitignore"))
        if isinstance(found.answer, Entry):
            content = files.read(found.path)
            if isinstance(content, Unknown):
                return always
            return (*always, *content[:200_000].decode("utf8", "surrogateescape").splitlines())
        if folder == "/" or not isinstance(files.lookup(join(folder, ".git")), Absent):
            return always
        folder = parent_of(folder)


def _selected(
    project: Project, files: FileTree, start: str, sources: Mapping[str, str], spec: _Spec
) -> list[Piece]:
    """The folder or file `start` (relative), in parts where `sources` moves some of it elsewhere."""
    inner = [source.rstrip("/") for source in sources if source and within(source.rstrip("/"), start or "/")]
    if not start:
        inner = [source.rstrip("/") for source in sources if source]
    inner = [one for one in inner if one != start]
    explicit = bool(start)

    def wanted_below(top: str, others: list[str]) -> Callable[[str], bool]:
        def wanted(path: str) -> bool:
            whole = f"{top}/{path}" if top else path
            if any(within(whole, other) for other in others) or not _not_never(path.rpartition("/")[0]):
                return False
            folder = join(project.root, whole.rpartition("/")[0])
            package = isinstance(files.lookup(join(folder, "__init__.py")), Entry)
            return spec.takes(whole, explicit, package)

        return wanted

    return [
        Piece(
            join(project.root, top),
            _moved(top, sources) if top else sources.get("", "").rstrip("/"),
            wanted_below(top, [one for one in inner if one != top and within(one, top or one)]),
        )
        for top in (start, *inner)
    ]


def _roots(
    project: Project, starts: tuple[str, ...], sources: Mapping[str, str], include: tuple[str, ...]
) -> tuple[str, ...]:
    """For an editable installation: the folders that the prefixes in `sources` name, else the project's."""
    found: dict[str, None] = {}
    for start in starts or tuple(pattern.lstrip("/") for pattern in include) or ("",):
        source = next((one for one in sources if one and f"{start}/".startswith(one)), "")
        found[join(project.root, source.rstrip("/") or ".")] = None
    return tuple(found)
