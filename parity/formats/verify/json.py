"""`verify --format json`: the shape that the documentation fixes."""

from __future__ import annotations

from parity.formats.presentation import Presentation
from parity.formats.report.json import Json, cause, image, location, unknown
from parity.formats.safe import json_text
from parity.model.verification import FileDifference, LayerOf, Verification


def render(answer: Verification, presentation: Presentation) -> str:
    """One JSON document, ending in a newline."""
    del presentation
    made: Json = {
        "schema_version": 1,
        "image": {
            "name": answer.image,
            "names": list(answer.saved_as),
            "digest": answer.digest,
            "layers": answer.layers,
        },
        "same": answer.is_same,
        "compared": answer.compared,
        "left_out": answer.left_out,
        "unknowns": [unknown(one) for one in answer.unknowns],
        "files": [_file(one) for one in answer.files],
        "configuration": [
            {"name": one.name, "built": one.built, "planned": one.planned, "location": location(one.location)}
            for one in answer.configuration
        ],
        "packages": [
            {
                "name": one.name,
                "built": one.built,
                "planned": one.planned,
                "location": location(one.location),
            }
            for one in answer.packages
        ],
        "libraries": [{"name": one.name, "needed_by": one.needed_by} for one in answer.libraries],
        "start": image(answer.start),
    }
    return json_text(made)


def _file(one: FileDifference) -> Json:
    return {
        "path": one.path,
        "differs": one.how.value,
        "type": one.type,
        "source": one.source or None,
        "instruction": location(one.instruction),
        "layer": _layer(one.layer),
        "detail": one.detail,
        "cause": cause(one.cause),
    }


def _layer(one: LayerOf | None) -> Json:
    if one is None:
        return None
    return {"number": one.number, "digest": one.digest, "instruction": one.made_by or None}
