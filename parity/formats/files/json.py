"""`files --format json`: the shape that the contract fixes."""

from __future__ import annotations

from collections.abc import Sequence

from parity.formats.report.json import Json, location, unknown
from parity.formats.safe import json_text
from parity.formats.style import Style
from parity.model.files import ImageFiles


def render(images: Sequence[ImageFiles], style: Style) -> str:
    """One JSON document, ending in a newline."""
    del style
    made: Json = {"schema_version": 1, "images": [_image(image) for image in images]}
    return json_text(made)


def _image(image: ImageFiles) -> Json:
    files: list[Json] = []
    for file in image.files:
        row: dict[str, Json] = {"path": file.path, "type": file.type}
        if file.target is not None:
            row["target"] = file.target
        row["source"] = file.source
        row["instruction"] = location(file.instruction)
        files.append(row)
    return {
        "dockerfile": image.dockerfile,
        "target": image.target,
        "config": {
            "workdir": image.working_directory,
            "env": dict(image.environment),
            "entrypoint": None if image.entrypoint is None else list(image.entrypoint),
            "cmd": None if image.cmd is None else list(image.cmd),
            "user": image.user,
        },
        "files": files,
        "excluded": [
            {"path": one.path, "rule": one.rule, "location": location(one.location)} for one in image.excluded
        ],
        "unknowns": [unknown(one) for one in image.unknowns],
    }
