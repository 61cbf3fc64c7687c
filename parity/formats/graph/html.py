"""`graph --format html`: one self-contained page, the graph drawn where it is small enough to be looked at."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from parity.formats.drawing import HEIGHT, Box, draw
from parity.formats.page import element, page, text
from parity.model.graph import GraphImport, GraphModule, ImageGraph, ModuleState

MOST_DRAWN = 150
"""Modules; of more, a drawing shows nothing."""
_STYLE = (
    "<style>rect{fill:var(--card);stroke:var(--line)}svg text{fill:var(--ink);font:13px ui-monospace,monospace}"
    "path{fill:none;stroke:var(--soft);stroke-width:1.2}.cycle{stroke:var(--warning);stroke-width:2}"
    ".missing,.broken{stroke:var(--error);stroke-width:2}.missing,.deferred{stroke-dasharray:5 3}"
    ".entry{stroke:var(--info);stroke-width:2}#arrow path{fill:var(--soft);stroke:none}"
    ".draw{overflow-x:auto}.draw svg{max-width:none}td code{overflow-wrap:normal}</style>"
)
_ARROW = (
    '<svg width="0" height="0"><defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="9" '
    'markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs></svg>'
)


def render(graphs: Sequence[ImageGraph]) -> str:
    """The page."""
    parts = [_STYLE, _ARROW, element("h1", "import graph")]
    for graph in graphs:
        parts += _image(graph)
    return page("parity: import graph", "\n".join(parts))


def _image(graph: ImageGraph) -> Iterator[str]:
    yield element("h2", graph.dockerfile + (f" --target {graph.target}" if graph.target else ""))
    if graph.command:
        yield f"<p><code>{text(shlex.join(graph.command))}</code></p>"
    missing = sum(module.state is ModuleState.MISSING for module in graph.modules)
    counts = (("modules", len(graph.modules)), ("not in the image", missing), ("imports", len(graph.imports)))
    told = (f"{name}: {number}" for name, number in (*counts, ("cycles", len(graph.cycles))))
    yield element("p", ", ".join(told), "soft")
    if 0 < len(graph.modules) <= MOST_DRAWN:
        yield from _drawing(graph)
    for number, cycle in enumerate(graph.cycles, 1):
        yield f"<p>cycle {number}: <code>{text(' ↔ '.join(cycle))}</code></p>"
    yield "<table>\n<thead><tr><th>module</th><th>file</th><th>state</th><th>imports</th></tr></thead>\n<tbody>"
    imports: dict[str, list[GraphImport]] = {}
    for one in graph.imports:
        imports.setdefault(one.importer, []).append(one)
    for module in graph.modules:
        yield _row(module, imports.get(module.name, []))
    yield "</tbody>\n</table>"


def _row(module: GraphModule, imports: Sequence[GraphImport]) -> str:
    told = ", ".join(
        f"{one.imported} (line {one.line}{', deferred' if one.deferred else ''})" for one in imports
    )
    state = module.state.value + (f", cycle {module.cycle}" if module.cycle else "")
    kind = "error" if module.state is not ModuleState.PRESENT else "warning" if module.cycle else ""
    shown = element("b", state, kind) if kind else text(state)
    where = text(module.path or module.image_path)
    return f"<tr><td><code>{text(module.name)}</code></td><td>{where}</td><td>{shown}</td><td>{text(told)}</td></tr>"


def _drawing(graph: ImageGraph) -> Iterator[str]:
    drawing = draw(graph)
    size = f'width="{drawing.width}" height="{drawing.height}"'
    yield f'<div class="draw"><svg {size} viewBox="0 0 {drawing.width} {drawing.height}" role="img">'
    for one in graph.imports:
        kinds = " ".join(
            kind for kind, holds in (("cycle", graph.in_cycle(one)), ("deferred", one.deferred)) if holds
        )
        line = _line(drawing.boxes[one.importer], drawing.boxes[one.imported])
        yield f'<path class="{kinds}" d="{line}" marker-end="url(#arrow)"><title>{_title(one)}</title></path>'
    for module in graph.modules:
        box = drawing.boxes[module.name]
        kind = module.state.value if module.state is not ModuleState.PRESENT else ""
        kind = kind or ("cycle" if module.cycle else "entry" if module.entry else "")
        yield (
            f'<g><title>{text(module.path or module.image_path or module.name)}</title><rect class="{kind}" '
            f'x="{box.x}" y="{box.y}" width="{box.width}" height="{HEIGHT}" rx="5"/>'
            f'<text x="{box.x + 10}" y="{box.y + 20}">{text(module.name)}</text></g>'
        )
    yield "</svg></div>"


def _title(one: GraphImport) -> str:
    return text(f"{one.importer} imports {one.imported}, {one.path}:{one.line}")


def _line(start: Box, goal: Box) -> str:
    """A curve from the right side to the left side; round the outside where the goal is not further right."""
    y1, y2 = start.y + HEIGHT // 2, goal.y + HEIGHT // 2
    if goal.x > start.x:
        x1, x2 = start.x + start.width, goal.x
        bend = max((x2 - x1) // 2, 20)
        return f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
    x1, x2 = start.x + start.width, goal.x + goal.width
    return f"M{x1} {y1}C{x1 + 50} {y1} {x2 + 50} {y2} {x2} {y2}"
