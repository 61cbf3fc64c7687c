"""What does an AWS Lambda image import? Its CMD names `module.function` (awslambdaric).

The task folder (LAMBDA_TASK_ROOT, the working directory) is on the search path, as are the layers' folder and the
runtime's (LAMBDA_RUNTIME_DIR), which holds boto3; a handler may be written with slashes: `src/app.handler`.
"""

from __future__ import annotations

from parity.model.command import Command
from parity.programs.options import Word
from parity.programs.program import name_of, unique, words_of
from parity.starts.application import application
from parity.startup.entrypoint import Entrypoint
from parity.tree.base import FileTree

BY_MODULE = {"awslambdaric": "awslambdaric"}
STARTERS = ("awslambdaric", "lambda-entrypoint.sh", "bootstrap")


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    del tree
    words: tuple[Word, ...] = words_of(command)
    root = command.environment.get("LAMBDA_TASK_ROOT")
    if name_of(command) not in STARTERS:
        # without its ENTRYPOINT (a base image that is not known) CMD stands alone
        if root is None or words:
            return None
        words = command.argv
    handler = words[0] if words else command.environment.get("_HANDLER")
    module, _, function = (handler or "").rpartition(".")
    target = application(f"{module.replace('/', '.')}:{function}")
    if target is None or target.call:
        return None
    runtime = command.environment.get("LAMBDA_RUNTIME_DIR")
    path = unique(root or command.working_directory, *(("/opt/python", runtime) if runtime else ()))
    return Entrypoint("lambda", command, path, (target.step(),))
