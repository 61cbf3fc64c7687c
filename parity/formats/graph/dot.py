"""`graph --format dot`: for Graphviz."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parity.formats.safe import safe
from parity.model.graph import GraphModule, ImageGraph, ModuleState

_RED, _AMBER = "#d1242f", "#9a6700"


def render(graphs: Sequence[ImageGraph]) -> str:
    """One digraph with a cluster an image, ending in a newline."""
    lines = ["digraph parity {", "  rankdir=LR;", '  node [shape=box, fontname="sans-serif"];']
    for number, graph in enumerate(graphs):
        lines += _image(graph, number)
    return "\n".join([*lines, "}", ""])


def _image(graph: ImageGraph, number: int) -> Iterator[str]:
    yield f"  subgraph cluster_{number} {{"
    yield f"    label={_quoted(graph.dockerfile)};"
    ids = {module.name: f"m{number}_{index}" for index, module in enumerate(graph.modules)}
    for module in graph.modules:
        yield f"    {ids[module.name]} [{_attributes(module)}];"
    for one in graph.imports:
        place = f"{one.path}:{one.line}"
        marks = [f"tooltip={_quoted(place)}"]
        if graph.in_cycle(one):
            marks.append(f'color="{_AMBER}"')
        if one.deferred:
            marks.append("style=dashed")
        yield f"    {ids[one.importer]} -> {ids[one.imported]} [{', '.join(marks)}];"
    yield "  }"


def _attributes(module: GraphModule) -> str:
    marks = [
        f"label={_quoted(module.name)}",
        f"tooltip={_quoted(module.path or module.image_path or module.name)}",
    ]
    if module.state is ModuleState.MISSING:
        marks += [f'color="{_RED}"', f'fontcolor="{_RED}"', "style=dashed"]
    elif module.state is ModuleState.BROKEN:
        marks += [f'color="{_RED}"', "penwidth=2"]
    elif module.cycle:
        marks += [f'color="{_AMBER}"', "penwidth=2"]
    if module.entry:
        marks.append("peripheries=2")
    return ", ".join(marks)


def _quoted(text: str) -> str:
    """A string of the DOT language: `safe` leaves backslashes, which DOT reads as escapes."""
    escaped = safe(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
