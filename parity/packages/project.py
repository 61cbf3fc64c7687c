"""What does a project say about itself: its build backend, its console scripts, whether it needs others?"""

from __future__ import annotations

import configparser
import re
from collections.abc import Mapping

from msgspec import Struct, field

from parity.model.location import Unknown
from parity.packages.setup_script import SetupCall, read_setup
from parity.tree.base import Absent, Entry, FileKind, FileTree, join
from parity.tree.links import follow
from parity.tree.toml import tables_of

LARGEST = 300_000
SCRIPT = re.compile(r"([\w.]+)\s*:\s*([\w.]+)(?:\s*\[.*\])?")


class Project(Struct, frozen=True):
    """A folder with pyproject.toml or setup.py, as it is in the image at that moment.

    `pyproject`   the tables of pyproject.toml; empty where there is none
    `setup_cfg`   its sections
    `setup_call`  what setup.py hands to `setup()`; None where there is no setup.py
    `listed`      requirements that these leave to other files: by extra, "" for the project's own
    `unknown`     why these cannot be told in full
    """

    root: str
    pyproject: Mapping[str, object] = field(default_factory=dict)
    setup_cfg: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    setup_call: SetupCall | None = None
    listed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unknown: Unknown | None = None

    def table(self, *names: str) -> Mapping[str, object]:
        """`table("tool", "poetry")`; empty where it is missing or no table."""
        return table(self.pyproject, *names)

    @property
    def backend(self) -> str:
        """The module of `build-backend`, setuptools where none is named (PEP 517)."""
        system = self.table("build-system")
        if "backend-path" in system:
            return "a backend of the project's own"
        name = system.get("build-backend")
        return name.partition(":")[0] if isinstance(name, str) else "setuptools.build_meta"

    @property
    def name(self) -> str:
        """The distribution's name as in file names (`my_app`); empty where it is not known."""
        for found in (
            self.table("project").get("name"),
            self.table("tool", "poetry").get("name"),
            self.table("tool", "flit", "metadata").get("dist-name"),
            self.table("tool", "flit", "metadata").get("module"),
            self.setup_cfg.get("metadata", {}).get("name"),
            self.setup_call.text("name") if self.setup_call else None,
        ):
            if isinstance(found, str) and found:
                return file_name_form(found)
        return ""

    @property
    def needs_others(self) -> bool:
        """False where it certainly requires nothing."""
        dynamic = strings(self.table("project").get("dynamic"))
        if "dependencies" in dynamic or "optional-dependencies" in dynamic:
            return True
        poetry = self.table("tool", "poetry", "dependencies")
        if self.table("project").get("dependencies") or set(poetry) - {"python"}:
            return True
        if self.setup_cfg.get("options", {}).get("install_requires", "").strip():
            return True
        call = self.setup_call
        return call is not None and (
            call.is_undecided("install_requires") or bool(call.get("install_requires"))
        )

    @property
    def requirements(self) -> tuple[str, ...]:
        """`[project] dependencies`."""
        return strings(self.table("project").get("dependencies"))

    @property
    def scripts(self) -> tuple[tuple[str, str], ...]:
        """Console scripts: name and `package.module:function`, from wherever the backend reads them."""
        found: dict[str, str] = {}
        for where in (
            self.table("project", "scripts"),
            self.table("project", "gui-scripts"),
            self.table("tool", "poetry", "scripts"),
            self.table("tool", "flit", "scripts"),
        ):
            for name, target in where.items():
                if isinstance(target, Mapping):
                    target = target.get("callable") or target.get("reference")
                if isinstance(target, str):
                    found.setdefault(name, target)
        if not self.table("project") or "scripts" in strings(self.table("project").get("dynamic")):
            texts = [self.setup_cfg.get("options.entry_points", {}).get("console_scripts", "")]
            call = self.setup_call
            if call is not None:
                texts += call.entry_points("console_scripts")
            for line in "\n".join(texts).splitlines():
                name, equals, target = line.partition("=")
                if equals:
                    found.setdefault(name.strip(), target.strip())
        return tuple(
            (name, match[0].partition("[")[0].strip())
            for name, target in sorted(found.items())
            if re.fullmatch(r"[\w.-]+", name) and (match := SCRIPT.fullmatch(target.strip()))
        )[:1000]


def table(value: object, *names: str) -> Mapping[str, object]:
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def strings(value: object) -> tuple[str, ...]:
    """The strings of a list; of a single string, that one."""
    if isinstance(value, str):
        return (value,)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list | tuple) else ()


def file_name_form(name: str) -> str:
    """The name of a distribution in the names of its files (PyPA: wheel): `My.App` -> `my_app`."""
    return re.sub(r"[-_.]+", "_", name).lower()


def read_project(root: str, files: FileTree) -> Project | Absent | Unknown:
    """Absent: a folder without pyproject.toml and setup.py, which no installer takes."""
    doubt: Unknown | None = None
    tables: Mapping[str, object] = {}
    sections: Mapping[str, Mapping[str, str]] = {}
    call: SetupCall | None = None
    there = False
    match _read(files, join(root, "pyproject.toml")):
        case str() as text:
            there = True
            parsed = tables_of(text)
            tables = parsed or {}
            if parsed is None:
                doubt = Unknown(f"{root}/pyproject.toml cannot be read")
        case Unknown() as unknown:
            doubt = unknown
    match _read(files, join(root, "setup.py")):
        case str() as text:
            there = True
            call = read_setup(text)
        case Unknown() as unknown:
            doubt = doubt or unknown
    match _read(files, join(root, "setup.cfg")):
        case str() as text:
            sections = _parse_ini(text)
        case Unknown() as unknown:
            doubt = doubt or unknown
    if not there:
        return doubt or Absent()
    return Project(root, tables, sections, call, _listed(root, tables, sections, files), doubt)


def _listed(
    root: str, tables: Mapping[str, object], sections: Mapping[str, Mapping[str, str]], files: FileTree
) -> Mapping[str, tuple[str, ...]]:
    """setuptools: `file` of `[tool.setuptools.dynamic]`, `file:` of setup.cfg; hatch-requirements-txt."""
    dynamic = table(tables, "tool", "setuptools", "dynamic")
    hatch = table(tables, "tool", "hatch", "metadata", "hooks", "requirements_txt")
    named = {"": strings(table(dynamic, "dependencies").get("file")) or strings(hatch.get("files"))}
    for extra, value in table(dynamic, "optional-dependencies").items():
        named[extra] = strings(table(value).get("file"))
    for extra, value in table(hatch, "optional-dependencies").items():
        named[extra] = strings(value)
    told = {"": sections.get("options", {}).get("install_requires", "")}
    for extra, text in {**told, **sections.get("options.extras_require", {})}.items():
        if text.strip().startswith("file:"):
            named[extra] = tuple(one.strip() for one in re.split("[,\n]", text.strip()[5:]) if one.strip())
    found = {}
    for extra, paths in named.items():
        texts = [_read(files, join(root, path)) for path in paths]
        if texts and all(isinstance(text, str) for text in texts):
            lines = (line.partition("#")[0].strip() for text in texts for line in str(text).splitlines())
            found[extra] = tuple(line for line in lines if line)
    return found


def _read(files: FileTree, path: str) -> str | Unknown | None:
    found = follow(files, path)
    if isinstance(found.answer, Absent):
        return None
    if isinstance(found.answer, Entry) and found.answer.kind is not FileKind.FILE:
        return None
    content = files.read(found.path)
    if isinstance(content, Unknown):
        return content
    if len(content) > LARGEST:
        return Unknown(f"{path} is too large to be read")
    return content.decode("utf8", "surrogateescape")


def _parse_ini(text: str) -> Mapping[str, Mapping[str, str]]:
    parser = configparser.RawConfigParser(delimiters=("=", ":"), comment_prefixes=("#", ";"), strict=False)
    parser.optionxform = lambda optionstr: optionstr.strip().lower().replace("-", "_")  # type: ignore[method-assign]
    try:
        parser.read_string(text)
    except configparser.Error:
        return {}
    return {section: dict(parser.items(section)) for section in parser.sections()}
