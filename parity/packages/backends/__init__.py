"""The build backends that are known, by the module that `build-backend` names."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from parity.packages.backends import flit_core, hatchling, pdm_backend, poetry_core, setuptools, uv_build
from parity.packages.project import Project
from parity.packages.selection import Contents
from parity.tree.base import FileTree

Backend = Callable[[Project, FileTree], Contents]

BACKENDS: Mapping[str, Backend] = {
    "setuptools.build_meta": setuptools.contents,
    "setuptools.build_meta.__legacy__": setuptools.contents,
    "hatchling.build": hatchling.contents,
    "hatchling.ouroboros": hatchling.contents,
    "poetry.core.masonry.api": poetry_core.contents,
    "poetry.masonry.api": poetry_core.contents,
    "poetry_dynamic_versioning.backend": poetry_core.contents,
    "flit_core.buildapi": flit_core.contents,
    "flit.buildapi": flit_core.contents,
    "pdm.backend": pdm_backend.contents,
    "pdm.pep517.api": pdm_backend.contents,
    "uv_build": uv_build.contents,
}


def contents_of(project: Project, files: FileTree) -> Contents:
    """What a wheel of the project holds. Of a backend that is not known: `unknown`, the project as a root."""
    backend = BACKENDS.get(project.backend)
    if backend is None:
        return Contents(
            roots=(project.root,), unknown=f"what {project.backend[:60]} takes of the project is not known"
        )
    return backend(project, files)
