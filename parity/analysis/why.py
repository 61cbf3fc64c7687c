"""Where is this module, file or image path, why, and who needs it?"""

from __future__ import annotations

from parity.analysis.analysis import Analysis
from parity.docker.counterpart import checkout_folders, image_paths
from parity.model.finding import ChainLink
from parity.model.location import Unknown
from parity.model.why import WhyAnswer
from parity.python.startup.importer import Edge
from parity.tree.base import Absent, Entry, clean, join
from parity.tree.links import follow


def answer_why(analysis: Analysis, name: str) -> WhyAnswer:
    """`name` is a module (`src.services`), a file of the checkout, or an absolute image path."""
    image_path, checkout_path = _places(analysis, name)
    answer = follow(analysis.image.tree, image_path).answer if image_path else Absent()
    here = isinstance(follow(analysis.checkout, checkout_path).answer, Entry) if checkout_path else False
    cause = None
    if isinstance(answer, Absent) and image_path:
        cause = analysis.why_absent(image_path, checkout_path if here else "")
    chain = _chain(analysis, checkout_path[1:], image_path)
    return WhyAnswer(
        analysis.dockerfile,
        name,
        checkout_path[1:] if here else "",
        image_path,
        answer if isinstance(answer, Unknown) else isinstance(answer, Entry),
        answer.made_by if isinstance(answer, Entry) else None,
        cause,
        chain is not None,
        chain or (),
    )


def _places(analysis: Analysis, name: str) -> tuple[str, str]:
    """The image path and the checkout path that are meant."""
    tree = analysis.image.tree
    if name.startswith("/"):
        path = clean(name)
        folder, _, last = path.rpartition("/")
        entry = tree.lookup(path)
        if isinstance(entry, Entry) and entry.source:
            return path, entry.source
        local = checkout_folders(tree, folder or "/")
        return path, join(local[0], last) if local else ""
    if "/" in name or name.endswith(".py"):
        path = clean(name)
        found = image_paths(tree, path)
        return (found[0] if found else _would_be(analysis, path)), path
    for startup in analysis.startups:
        for module in startup.modules:
            if module.name == name:
                return module.image_path, "/" + module.source if module.source else ""
        for failure in startup.failures:
            if failure.module == name:
                return failure.image_path, failure.in_checkout
    relative = name.replace(".", "/")
    for startup in analysis.startups:
        for searched in startup.search_path:
            for file in (f"{relative}/__init__.py", f"{relative}.py", relative):
                if searched.startswith("/") and isinstance(tree.lookup(join(searched, file)), Entry):
                    entry = tree.lookup(join(searched, file))
                    return join(searched, file), (entry.source or "") if isinstance(entry, Entry) else ""
        for root in startup.local_path:
            for file in (f"{relative}/__init__.py", f"{relative}.py"):
                if isinstance(analysis.checkout.lookup(join(root, file)), Entry):
                    first = next((f for f in startup.search_path if f.startswith("/")), "/")
                    return join(first, file), join(root, file)
    return "", ""


def _would_be(analysis: Analysis, checkout_path: str) -> str:
    """Where the image would have a checkout file, going by where it has the folders above."""
    folder, _, rest = checkout_path.rpartition("/")
    while True:
        found = image_paths(analysis.image.tree, folder or "/")
        if found:
            return join(found[0], rest)
        if not folder:
            return ""
        folder, _, last = folder.rpartition("/")
        rest = f"{last}/{rest}"


def _chain(analysis: Analysis, source: str, image_path: str) -> tuple[ChainLink, ...] | None:
    """The shortest chain of imports to the module, () where it is the start itself, None if not reached."""
    for startup in analysis.startups:
        names = {
            m.name for m in startup.modules if m.image_path == image_path or (source and m.source == source)
        }
        names |= {f.module for f in startup.failures if f.image_path == image_path}
        if not names:
            continue
        came_from: dict[str, Edge] = {}
        for edge in startup.edges:
            came_from.setdefault(edge.imported, edge)
        chain: list[ChainLink] = []
        at = sorted(names)[0]
        while at in came_from and len(chain) < 60:
            edge = came_from[at]
            link = ChainLink(edge.importer, edge.path, edge.line, edge.image_path)
            if link in chain:
                break
            chain.insert(0, link)
            at = edge.importer
        return tuple(chain)
    return None
