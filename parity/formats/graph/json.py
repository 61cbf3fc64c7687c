"""`graph --format json`."""

from __future__ import annotations

from collections.abc import Sequence

from parity.formats.report.json import Json
from parity.formats.safe import json_text
from parity.model.graph import ImageGraph


def render(graphs: Sequence[ImageGraph]) -> str:
    """One JSON document, ending in a newline."""
    made: Json = {"schema_version": 1, "images": [_image(graph) for graph in graphs]}
    return json_text(made)


def _image(graph: ImageGraph) -> Json:
    return {
        "dockerfile": graph.dockerfile,
        "target": graph.target,
        "command": list(graph.command),
        "modules": [
            {
                "name": module.name,
                "path": module.path or None,
                "image_path": module.image_path or None,
                "state": module.state.value,
                "entry": module.entry,
                "cycle": module.cycle or None,
            }
            for module in graph.modules
        ],
        "imports": [
            {
                "importer": one.importer,
                "imported": one.imported,
                "path": one.path,
                "line": one.line,
                "deferred": one.deferred,
            }
            for one in graph.imports
        ],
        "cycles": [list(cycle) for cycle in graph.cycles],
    }
