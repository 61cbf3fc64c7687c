"""What does an installation leave: packages of others, the project's own, its console scripts?"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from parity.installers.wheels import packed_project
from parity.model.location import May, Unknown
from parity.model.packages import NOTHING_INSTALLED, Installed, SitePackages
from parity.packages.backends import contents_of
from parity.packages.declared import declared, manifest_of
from parity.packages.environment import Environment
from parity.packages.project import Project, read_project, strings, table
from parity.packages.requirements import ARCHIVES, Asked, Local, read_requirement
from parity.packages.selection import Contents, place
from parity.packages.wheel import put_wheel
from parity.shell.host import Call
from parity.shell.status import Status
from parity.tree.base import Absent, Entry, FileKind, Packed, join, parent_of
from parity.tree.links import follow
from parity.tree.writable import WritableTree

MOST_PROJECTS = 100
UNPACKED = "/tmp/pip-unpacked-wheel"
"""Where the folder that a wheel was built of stands while what the wheel holds is taken."""
SCRIPT = """\
#!{python}
import sys
from {module} import {first}
if __name__ == '__main__':
    sys.exit({function}())
"""


class Installation(Struct):
    """One run of an installer. `others`: does it install what the projects require?"""

    call: Call
    files: WritableTree
    environment: Environment
    others: bool = True
    done: set[str] = field(default_factory=set)

    def unknown(self, reason: str, *, third_party: bool = False) -> Unknown:
        return Unknown(reason, self.call.location, May.of_installer(others_only=third_party))

    def packages_of_others(self, installed: Installed | None = None) -> None:
        """Some packages of an index are there from now on; of which files, is not known.

        `installed`: which; None: that is not known, either.
        """
        reason = f"what {(self.call.program or 'the installer')[:40]} installs is not known"
        told = SitePackages((replace(installed, by=self.call.location),)) if installed else None
        self.hide(replace(self.unknown(reason, third_party=True), installed=told))

    def hide(self, unknown: Unknown) -> None:
        """Anything (of others only, if `unknown` says so) may have been installed."""
        hide_environment(self.files, self.environment, unknown)

    def _here(self, unknown: Unknown) -> Unknown:
        """What another step listed is installed by this one."""
        if unknown.installed is None:
            return unknown
        by, alone = self.call.location, not self.others
        parts = tuple(
            replace(part, by=by, complete=part.complete or alone) for part in unknown.installed.parts
        )
        return replace(unknown, installed=replace(unknown.installed, parts=parts))

    def all(self, asked: Asked) -> Status:
        """Everything that was asked for."""
        if asked.missing is not None:
            return Status.FAILURE
        if asked.unknown is not None:
            self.hide(self._here(asked.unknown))
        if asked.others:
            self.packages_of_others(asked.installed(others=self.others))
        status = Status.UNKNOWN
        for local in asked.local:
            if self.project(local) is Status.FAILURE:
                status = Status.FAILURE
        return status

    def project(self, local: Local) -> Status:
        """A project's folder, or an archive."""
        there = follow(self.files, local.path)
        if there.path in self.done or len(self.done) > MOST_PROJECTS:
            return Status.UNKNOWN
        self.done.add(there.path)
        if isinstance(there.answer, Absent):
            return Status.FAILURE
        if isinstance(there.answer, Unknown):
            third_party = there.answer.third_party
            self.hide(self.unknown(f"what {local.path} holds is not known", third_party=third_party))
            return Status.UNKNOWN
        if there.answer.kind is FileKind.FILE:
            return self._archive(there.path)
        project = read_project(there.path, self.files)
        if isinstance(project, Absent):
            return Status.FAILURE
        if isinstance(project, Unknown):
            self.hide(self.unknown(f"what the project {there.path} installs is not known"))
            return Status.UNKNOWN
        return self.built(project, editable=local.editable, extras=local.extras)

    def _archive(self, path: str) -> Status:
        if not path.lower().endswith(ARCHIVES):
            return Status.UNKNOWN
        if path.lower().endswith(".whl") and (packed := packed_project(path, self.files)) is not None:
            return self._unpacked(packed)
        if path.lower().endswith(".whl"):
            put = put_wheel(path, self.files, self.environment)
            if put is not None:
                self.programs(put.scripts)
                if put.needs_others and self.others:
                    self.packages_of_others()
                return Status.UNKNOWN
        content = self.files.read(path)
        third_party = isinstance(content, Unknown) and content.third_party
        self.hide(self.unknown(f"what {path} holds is not known", third_party=third_party))
        return Status.UNKNOWN

    def _unpacked(self, packed: Packed) -> Status:
        """A wheel that was built of this project: its folder is there again while what the wheel holds is taken."""
        self.files.copy_from(packed.files, packed.folder, UNPACKED)
        project = read_project(UNPACKED, self.files)
        status = self.built(project, editable=False) if isinstance(project, Project) else Status.UNKNOWN
        self.files.remove(UNPACKED)
        return status

    def built(self, project: Project, *, editable: bool, extras: tuple[str, ...] = ()) -> Status:
        """The wheel of a project folder, built and installed."""
        if self.others and (project.needs_others or extras):
            told = declared(project, self.environment.version, manifest_of(project, self.files))
            self.packages_of_others(None if told.dynamic else told.install(extras, ()))
            self._required(project)
        found = contents_of(project, self.files)
        if found.failure and project.unknown is None:
            return Status.FAILURE
        if project.unknown is not None and not found.unknown:
            found = replace(found, unknown=project.unknown.reason)
        for path in found.generated:
            self.files.write(path, self.unknown("the build writes this file"))
        if editable:
            self.link(project, found)
        else:
            self.copy(project, found)
        if (
            project.name
        ):  # PyPA, recording installed projects: importlib.metadata reads the name off the folder
            self.files.make_directory(join(self.site, f"{project.name}-0.dist-info"))
        self.programs(project.scripts)
        for path in found.programs:
            self.files.copy(follow(self.files, path).path, join(self.scripts, path.rpartition("/")[2]))
        return Status.UNKNOWN

    def _required(self, project: Project) -> None:
        """Projects beside this one that it requires by their path."""
        asked = Asked()
        for text in project.requirements[:1000]:
            if "file:" in text:
                read_requirement(asked, text, project.root, self.files, editable=False)
        for local in asked.local:
            self.project(local)

    @property
    def site(self) -> str:
        return follow(self.files, self.environment.site).path

    @property
    def scripts(self) -> str:
        return follow(self.files, self.environment.scripts).path

    def copy(self, project: Project, found: Contents) -> None:
        self.files.make_directory(self.site)
        for piece in found.pieces:
            place(piece, self.files, self.site)
        for name, suffixes in found.data:
            unknown = self.unknown("whether this data file is installed is not known")
            self.files.obscure(join(self.site, name.replace(".", "/")), unknown, suffixes=suffixes)
        if found.unknown or found.failure:
            self._own_not_known(project, found)
        elif self.environment.is_stand_in:
            self._version_not_known()
        if project.backend.startswith("setuptools"):
            # pip builds in the project's folder, and setuptools leaves a copy of the packages there.
            left = self.unknown("setuptools leaves what it builds there")
            self.files.obscure(join(project.root, "build"), left)

    def link(self, project: Project, found: Contents) -> None:
        """An editable installation: a .pth file names the folders that the packages are in."""
        self.files.make_directory(self.site)
        roots = found.roots or (() if found.mapped else (project.root,))
        scattered = {name.partition(".")[0] for name, _ in found.mapped if "." in name}
        for name, folder in found.mapped:
            if name.partition(".")[0] in scattered or not isinstance(
                self.files.lookup(join(self.site, name)), Absent
            ):
                self.hide(self.unknown(f"where the package {name} is found is not known"))
            else:
                self.files.link(join(self.site, name), folder)
        if roots and all("\n" not in root for root in roots):
            text = "".join(f"{follow(self.files, root).path}\n" for root in roots)
            path = join(self.site, f"__editable__.{project.name or 'project'}.pth")
            self.files.write(path, text.encode("utf8", "surrogateescape"))
        if found.unknown:
            self._own_not_known(project, found)
            made = self.unknown(f"what the build of {project.root} writes beside its sources is not known")
            self.files.obscure(follow(self.files, project.root).path, replace(made, may=May.GENERATED))
        elif self.environment.is_stand_in:
            self._version_not_known()

    def _own_not_known(self, project: Project, found: Contents) -> None:
        """Which files of the project itself; the packages that it requires are told apart."""
        unknown = self.unknown(f"what the project {project.root} installs is not known: {found.unknown}")
        self.hide(replace(unknown, installed=NOTHING_INSTALLED))

    def _version_not_known(self) -> None:
        unknown = self.unknown("the Python version is not known, nor its site-packages folder")
        unknown = replace(unknown, installed=NOTHING_INSTALLED)
        self.files.obscure(join(self.environment.prefix, "lib"), unknown)

    def programs(self, scripts: tuple[tuple[str, str], ...]) -> None:
        """Console scripts: name and `package.module:function`."""
        for name, target in scripts:
            module, _, function = target.partition(":")
            text = SCRIPT.format(
                python=self.environment.python,
                module=module.strip(),
                first=function.strip().partition(".")[0],
                function=function.strip(),
            )
            self.files.write(join(self.scripts, name), text.encode("utf8", "surrogateescape"), 0o755)


def hide_environment(files: WritableTree, environment: Environment, unknown: Unknown) -> None:
    """site-packages and the `bin` folder of an environment cannot be told any more."""
    site, scripts = follow(files, environment.site).path, follow(files, environment.scripts).path
    files.make_directory(site)
    for folder in (site, scripts):
        files.obscure(folder, unknown)
    if environment.is_stand_in:
        files.obscure(follow(files, join(environment.prefix, "lib")).path, unknown)
        if environment.prefix == "/usr":
            files.obscure("/usr/local/lib", unknown)
    if environment.prefix == "/usr":
        files.obscure("/usr/lib/python3", unknown)


def path_requirements(value: object, folder: str) -> tuple[Local, ...]:
    """`{name = {path = "../lib", editable = true}}`, as poetry, pipenv and uv write it."""
    found = []
    if isinstance(value, Mapping):
        for inner in value.values():
            for one in inner if isinstance(inner, list) else (inner,):
                path = table(one).get("path") if isinstance(one, Mapping) else None
                if isinstance(one, Mapping) and isinstance(path, str):
                    editable = one.get("editable") is True or one.get("develop") is True
                    found.append(Local(join(folder, path), editable, strings(one.get("extras"))))
    return tuple(found)


def find_upwards(files: WritableTree, folder: str, name: str) -> str | Unknown | None:
    """The nearest folder, from `folder` up, that has a file `name`; None where none does."""
    doubt: Unknown | None = None
    while True:
        answer = follow(files, join(folder, name)).answer
        if isinstance(answer, Entry):
            return folder
        if isinstance(answer, Unknown):
            doubt = doubt or answer
        if folder == "/":
            return doubt
        folder = parent_of(folder)
