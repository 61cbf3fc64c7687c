"""Which environment does `conda activate` turn on?"""

from __future__ import annotations

from collections.abc import Mapping

from parity.tree.base import FileTree, join
from parity.tree.links import follow, is_folder
from parity.tree.which import path_folders


def environment_to_activate(
    name: str | None, environment: Mapping[str, str], folder: str, files: FileTree
) -> str | None:
    """Its folder: `name` is one, or below `envs` of a root; None: no such one is known.

    A name that cannot be told is that of the only one there is.
    """
    if name is not None and "/" in name:
        return join(folder, name)
    for envs in dict.fromkeys(_roots(environment)):
        if name is not None:
            root = envs.removesuffix("/envs")
            prefix = root if name == "base" else join(envs, name)
            if is_folder(files, join(root, "conda-meta") if name == "base" else prefix):
                return prefix
            continue
        names = files.names(follow(files, envs).path)
        known = (
            [one for one in names if is_folder(files, join(envs, one))]
            if isinstance(names, frozenset)
            else []
        )
        if len(known) == 1:
            return join(envs, known[0])
    return None


def _roots(environment: Mapping[str, str]) -> list[str]:
    """`envs` of the roots that PATH and variables name, and of the usual one."""
    found = [environment.get("MAMBA_ROOT_PREFIX", "")]
    for entry in path_folders(environment):
        above, _, last = entry.rstrip("/").rpartition("/")
        if last in ("bin", "condabin"):
            found.append(above)
    found.append("/opt/conda")
    return [
        join(root.partition("/envs/")[0], "envs") for root in found if root.startswith("/") and len(root) > 1
    ]
