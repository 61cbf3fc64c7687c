"""`graph --format html`: one self-contained page, the graph drawn where it is small enough to be looked at."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence

from parity.formats.drawing import HEIGHT, Box, draw
from parity.formats.page import element, page, text
from parity.model.graph import GraphImport, GraphModule, ImageGraph, ModuleState

MOST_DRAWN = 150
"""Modules; of more, a drawing shows nothing."""
MOST_OPEN = 60
"""Modules that are listed in full; of more, the packages in which nothing is wrong are folded."""
_PARTS = 2
"""Of a module's name, those that say its package in the list."""
_STYLE = (
    "<style>rect{fill:var(--card);stroke:var(--line)}svg text{fill:var(--ink);font:13px ui-monospace,monospace}"
    "path{fill:none;stroke:var(--soft);stroke-width:1.2}.cycle{stroke:var(--warning);stroke-width:2}"
    ".missing,.broken{stroke:var(--error);stroke-width:2}.missing,.deferred{stroke-dasharray:5 3}"
    ".entry{stroke:var(--info);stroke-width:2}#arrow path{fill:var(--soft);stroke:none}"
    ".draw{overflow-x:auto}.draw svg{max-width:none}"
    "section{margin:.5rem 0 .5rem 1rem;overflow-wrap:anywhere}section p{margin:0 0 0 1rem}"
    "section:target{background:var(--card)}</style>"
)
_ARROW = (
    '<svg width="0" height="0"><defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="9" '
    'markerHeight="9" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs></svg>'
)


def render(graphs: Sequence[ImageGraph]) -> str:
    """The page."""
    parts = [_STYLE, _ARROW, element("h1", "import graph")]
    for number, graph in enumerate(graphs):
        parts += _image(graph, number)
    return page("parity: import graph", "\n".join(parts))


def _image(graph: ImageGraph, number: int) -> Iterator[str]:
    yield element("h2", graph.dockerfile + (f" --target {graph.target}" if graph.target else ""))
    if graph.command:
        yield f"<p><code>{text(shlex.join(graph.command))}</code></p>"
    missing = sum(module.state is ModuleState.MISSING for module in graph.modules)
    counts = (("modules", len(graph.modules)), ("not in the image", missing), ("imports", len(graph.imports)))
    told = (f"{name}: {number}" for name, number in (*counts, ("cycles", len(graph.cycles))))
    yield element("p", ", ".join(told), "soft")
    if 0 < len(graph.modules) <= MOST_DRAWN:
        yield from _drawing(graph)
    for at, cycle in enumerate(graph.cycles, 1):
        yield f"<p>cycle {at}: <code>{text(' ↔ '.join(cycle))}</code></p>"
    yield from _list(graph, number)


def _list(graph: ImageGraph, number: int) -> Iterator[str]:
    """The modules by their packages, each with links to what it imports and to what imports it."""
    names = [module.name for module in graph.modules]
    ids = {name: f"i{number}m{at}" for at, name in enumerate(names)}
    links: dict[tuple[str, str], list[str]] = {}
    for one in graph.imports:
        links.setdefault(("imports", one.importer), []).append(_link(one.imported, one, ids))
        links.setdefault(("imported by", one.imported), []).append(_link(one.importer, one, ids))
    packages: dict[str, list[GraphModule]] = {}
    for module in graph.modules:
        packages.setdefault(".".join(module.name.split(".")[:_PARTS]), []).append(module)
    few = len(graph.modules) <= MOST_OPEN
    for package, modules in packages.items():
        wrong = any(module.state is not ModuleState.PRESENT for module in modules)
        yield f"<details{' open' if few or wrong else ''}><summary>{text(package)} ({len(modules)})</summary>"
        for module in modules:
            yield f'<section id="{ids[module.name]}">{_head(module)}'
            for said in ("imports", "imported by"):
                if found := links.get((said, module.name)):
                    yield f"<p>{said} {', '.join(found)}</p>"
            yield "</section>"
        yield "</details>"


def _head(module: GraphModule) -> str:
    """The module, what is wrong with it, and its file."""
    wrong = module.state is not ModuleState.PRESENT
    state = ", ".join(
        filter(None, (module.state.value if wrong else "", f"cycle {module.cycle}" if module.cycle else ""))
    )
    shown = f" {element('b', state, 'error' if wrong else 'warning')}" if state else ""
    where = element("span", module.path or module.image_path, "soft")
    return f"<code>{text(module.name)}</code>{shown} {where}"


def _link(name: str, one: GraphImport, ids: Mapping[str, str]) -> str:
    line = f" (line {one.line}{', deferred' if one.deferred else ''})"
    return f'<a href="#{ids[name]}">{text(name)}</a>{line}' if name in ids else text(name) + line


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
