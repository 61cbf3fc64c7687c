"""Which programs are written in Python and import nothing of the project when they start?"""

from __future__ import annotations

from parity.model.command import Command
from parity.programs.program import name_of
from parity.startup.entrypoint import Entrypoint
from parity.tree.base import FileTree

PROGRAMS = frozenset(
    """
    jupyter jupyter-lab jupyter-notebook jupyterhub jupyter-server ipython mlflow tensorboard pip pip3
    pip-compile mkdocs flower black ruff mypy notebook jupyterlab
    """.split()
)

BY_MODULE = {name: name for name in ("jupyter", "notebook", "jupyterlab", "mlflow", "pip")}


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    """A notebook server reads notebooks, in processes of their own."""
    del tree
    name = name_of(command)
    return Entrypoint(name, command, (), ()) if name in PROGRAMS else None
