"""`graph --format mermaid`: a flowchart that GitHub and GitLab draw in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parity.formats.mermaid import label
from parity.model.graph import ImageGraph, ModuleState

_CLASSES = (
    "  classDef missing stroke:#d1242f,stroke-width:2px,stroke-dasharray:4",
    "  classDef broken stroke:#d1242f,stroke-width:2px",
    "  classDef cycle stroke:#9a6700,stroke-width:2px",
    "  classDef entry font-weight:bold",
)


def render(graphs: Sequence[ImageGraph]) -> str:
    """One flowchart with a subgraph an image, ending in a newline."""
    lines = ["flowchart LR"]
    cyclic: list[int] = []
    count = 0
    for number, graph in enumerate(graphs):
        lines += _image(graph, number)
        for one in graph.imports:
            if graph.in_cycle(one):
                cyclic.append(count)
            count += 1
    if cyclic:
        lines.append(f"  linkStyle {','.join(map(str, cyclic))} stroke:#9a6700")
    return "\n".join([*lines, *_CLASSES, ""])


def _image(graph: ImageGraph, number: int) -> Iterator[str]:
    ids = {module.name: f"m{number}_{index}" for index, module in enumerate(graph.modules)}
    yield f"  subgraph image{number} [{label(graph.dockerfile)}]"
    for module in graph.modules:
        kinds = [module.state.value] if module.state is not ModuleState.PRESENT else []
        kinds += ["cycle"] if module.cycle and not kinds else []
        kinds += ["entry"] if module.entry and not kinds else []
        lines = (module.name, *([module.state.value] if module.state is not ModuleState.PRESENT else []))
        yield f"    {ids[module.name]}[{label(*lines)}]" + "".join(f":::{kind}" for kind in kinds)
    for one in graph.imports:
        arrow = "-.->" if one.deferred else "-->"
        yield f"    {ids[one.importer]} {arrow} {ids[one.imported]}"
    yield "  end"
