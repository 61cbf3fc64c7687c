"""What is an environment of conda, as folders and files?"""

from __future__ import annotations

from parity.installers.install import Installation
from parity.model.location import Unknown
from parity.model.version import PythonVersion
from parity.packages.environment import Environment, environment_of
from parity.packages.requirements import Local
from parity.shell.host import Call
from parity.shell.status import Status
from parity.tree.base import Absent, Entry, join
from parity.tree.links import follow
from parity.tree.writable import WritableTree


def fill(
    prefix: str,
    unknown: Unknown,
    version: PythonVersion | None,
    files: WritableTree,
    *,
    is_new: bool = False,
    has_pip: bool = True,
) -> Environment:
    """`unknown`: what is put there; `version`: of its Python; `is_new`: nobody made the folder before."""
    found = follow(files, prefix)
    there = found.path
    has_python = not isinstance(follow(files, join(there, "bin/python")).answer, Absent)
    if is_new and not isinstance(found.answer, Entry):
        files.remove(there)
    files.make_directory(there)
    files.obscure(there, unknown)
    scripts = join(there, "bin")
    if version is not None:
        files.make_directory(scripts)
        files.write(join(scripts, f"python{version}"), unknown, 0o755)
        for name in ("python", "python3"):
            files.link(join(scripts, name), f"python{version}")
        for name in ("pip", "pip3") if has_pip else ():
            files.write(join(scripts, name), unknown, 0o755)
    elif unknown.installed is not None and not has_python:
        for name in ("python", "python3"):
            files.write(join(scripts, name), unknown, 0o755)  # of the newest version that fits
    return environment_of(join(scripts, "python"), files, version)


def build_projects(
    projects: list[Local], environment: Environment, call: Call, files: WritableTree, *, others: bool
) -> Status:
    """Projects at hand are installed there. `others`: with what they require."""
    done = Installation(call, files, environment, others)
    told = [done.project(local) for local in projects]
    return Status.FAILURE if Status.FAILURE in told else Status.UNKNOWN
