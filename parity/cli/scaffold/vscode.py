"""A task of Visual Studio Code, with the expressions that find the places in its output."""

from __future__ import annotations

import json

PATH = ".vscode/tasks.json"

HEAD = r"^(error|warning|info) (PAR\d{3}) (.*)$"
PLACE = r"^\s*--> (.+?)(?::(\d+))?(?::(\d+))?$"
"""The two lines that begin a finding: what, and where."""

ARGUMENTS = ("check", "--format", "text", "--color", "never")
TASK = {
    "label": "parity: check",
    "type": "shell",
    "command": "parity",
    "args": ARGUMENTS,
    "group": "test",
    "presentation": {"reveal": "silent", "clear": True},
    "problemMatcher": {
        "owner": "parity",
        "source": "parity",
        "fileLocation": ["relative", "${workspaceFolder}"],
        "pattern": [
            {"regexp": HEAD, "severity": 1, "code": 2, "message": 3},
            {"regexp": PLACE, "file": 1, "line": 2, "column": 3},
        ],
    },
}


def rendered() -> str:
    """The text of `.vscode/tasks.json`."""
    return json.dumps({"version": "2.0.0", "tasks": [TASK]}, indent=2) + "\n"
