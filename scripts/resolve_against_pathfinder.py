"""Compares where modules are found with CPython's own finder: resolve_against_pathfinder.py FOLDER [-f FILE].

Every module that the start-up of the images of FOLDER reaches, and that the checkout has, is asked for again: by
CPython's own finder, along the checkout's search path and its parents' folders. Nothing is imported. Differences end
with status 1.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from pathlib import Path

from parity import one_image
from parity.config.asked import Asked
from parity.config.discover import discover
from parity.model.errors import ParityError
from parity.startup.simulate import LoadedModule, Startup
from parity.tree.disk import DiskTree


def found_by_cpython(module: LoadedModule, startup: Startup, root: Path) -> set[str] | None:
    """The files or folders that PathFinder gives, relative to `root`; None where it finds nothing."""
    above_name = module.name.rpartition(".")[0]
    parent = next((m for m in startup.modules if m.name == above_name and m.folders is not None), None)
    above = "/" + module.source.removesuffix("/__init__.py").rpartition("/")[0]
    folders = parent.local_folders if parent is not None else (*startup.local_path, above)
    spec = PathFinder.find_spec(module.name, [str(root / folder[1:]) for folder in folders])
    if spec is None:
        return None
    places = (
        [spec.origin] if spec.has_location and spec.origin else list(spec.submodule_search_locations or ())
    )
    return {Path(place).relative_to(root).as_posix() for place in places if place}


def main() -> int:
    folder, *rest = sys.argv[1:]
    settings = discover(Path(folder), Asked(dockerfiles=tuple(rest[1:2])))
    checkout = DiskTree(settings.root)
    compared = different = 0
    for asked in settings.images:
        try:
            analysis = one_image.analyse(asked, settings, checkout)
        except ParityError as error:
            print(f"{asked.dockerfile[1:]}: {error}", file=sys.stderr)
            continue
        for startup in analysis.startups:
            for module in startup.modules:
                if not module.source or not all(part.isidentifier() for part in module.name.split(".")):
                    continue  # a file that is run, not imported
                compared += 1
                real = found_by_cpython(module, startup, settings.root)
                if real != {module.source}:
                    different += 1
                    print(f"{module.name}: {module.source} here, {real} by CPython")
    print(f"{folder}: {compared} modules compared, {different} differences")
    return bool(different)


if __name__ == "__main__":
    sys.exit(main())
