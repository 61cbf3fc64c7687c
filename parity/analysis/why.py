"""Where is this module, file or image path, why, and who needs it?"""

from __future__ import annotations

from difflib import get_close_matches

from parity.analysis.analysis import Analysis
from parity.analysis.dependencies import PackageSettings, installed_for
from parity.analysis.needed import who_needs_file, who_needs_module
from parity.image.counterpart import checkout_folders, image_paths
from parity.model.finding import Cause, CauseKind
from parity.model.location import Unknown
from parity.model.why import Need, WhyAnswer
from parity.packages.catalogue import public_catalogue
from parity.python import stdlib
from parity.tree.base import Absent, Entry, clean, join
from parity.tree.links import follow, is_file


def answer_why(
    analysis: Analysis, name: str, target: str | None = None, packages: PackageSettings | None = None
) -> WhyAnswer:
    """`name` is a module (`src.services`), a file of the checkout, or an absolute image path."""
    places = _places(analysis, name)
    if places is None:
        return _outside(analysis, name, target, packages or PackageSettings())
    image_path, checkout_path = places
    answer = follow(analysis.image.tree, image_path).answer
    here = isinstance(follow(analysis.checkout, checkout_path).answer, Entry) if checkout_path else False
    cause = None
    if isinstance(answer, Absent):
        cause = analysis.why_absent(image_path, checkout_path if here else "")
    need, chain = who_needs_file(analysis, image_path, checkout_path[1:])
    known = here or not isinstance(answer, Absent) or name.startswith("/") or need is not Need.NOT
    return WhyAnswer(
        analysis.dockerfile,
        target,
        name,
        checkout_path[1:] if here else "",
        image_path,
        answer if isinstance(answer, Unknown) else isinstance(answer, Entry),
        answer.made_by if isinstance(answer, Entry) else None,
        cause,
        "",
        need,
        chain,
        known,
        () if known else _near(analysis, name),
    )


def _places(analysis: Analysis, name: str) -> tuple[str, str] | None:
    """The image path and the checkout path that are meant; None for a module that is no file of the project."""
    if name.startswith("/"):
        return _of_image_path(analysis, clean(name))
    if "/" in name or name.endswith(".py") or is_file(analysis.checkout, clean(name)):
        path = clean(name)
        found = image_paths(analysis.image.tree, path)
        return (found[0] if found else _would_be(analysis, path)), path
    return _of_module(analysis, name)


def _of_image_path(analysis: Analysis, path: str) -> tuple[str, str]:
    tree = analysis.image.tree
    folder, _, last = path.rpartition("/")
    entry = tree.lookup(path)
    if isinstance(entry, Entry) and entry.source:
        return path, entry.source
    local = checkout_folders(tree, folder or "/")
    return path, join(local[0], last) if local else ""


def _of_module(analysis: Analysis, name: str) -> tuple[str, str] | None:
    tree = analysis.image.tree
    for startup in analysis.startups:
        for module in startup.modules:
            if module.name == name and module.image_path:
                return module.image_path, "/" + module.source if module.source else ""
        for failure in startup.failures:
            if failure.module == name and failure.image_path:
                return failure.image_path, failure.in_checkout
    relative = name.replace(".", "/")
    files = (f"{relative}/__init__.py", f"{relative}.py", relative)
    for startup in analysis.startups:
        for searched in startup.search_path:
            for file in files:
                if searched.startswith("/"):
                    entry = tree.lookup(join(searched, file))
                    if isinstance(entry, Entry):
                        return join(searched, file), entry.source or ""
        for root in startup.local_path:
            for file in files:
                if isinstance(analysis.checkout.lookup(join(root, file)), Entry):
                    first = next((f for f in startup.search_path if f.startswith("/")), "/")
                    return join(first, file), join(root, file)
    return None


def _would_be(analysis: Analysis, checkout_path: str) -> str:
    """Where the image would have a checkout file: by where it has the folders above, else in its own folder."""
    folder, _, rest = checkout_path.rpartition("/")
    while True:
        found = image_paths(analysis.image.tree, folder or "/")
        if found:
            return join(found[0], rest)
        if not folder:
            return join(analysis.image.config.working_directory, checkout_path[1:])
        folder, _, last = folder.rpartition("/")
        rest = f"{last}/{rest}"


def _outside(analysis: Analysis, name: str, target: str | None, packages: PackageSettings) -> WhyAnswer:
    """A module of the standard library, of an installed package, or of nobody."""
    need, chain = who_needs_module(analysis, name)
    in_image: bool | Unknown = False
    made_by, cause, provided_by = None, None, ""
    version = analysis.python
    known = need is not Need.NOT
    if stdlib.is_standard_library(name, version):
        in_image, known = True, True
        provided_by = "the standard library" + (f" of Python {version}" if version else "")
    elif versions := stdlib.versions_with(name):
        known = True
        cause = Cause(CauseKind.PYTHON_VERSION, f"it is in the standard library of Python {versions}")
    else:
        for startup in analysis.startups:
            names, there = installed_for(name, startup, analysis.image, analysis.checkout, packages)
            if names is None:
                in_image = Unknown(there.open or "an installed package may bring it")
            elif names:
                in_image, known = True, True
                provided_by = f"the distribution {' or '.join(names)}"
                made_by = there.installer
            else:
                cause, known = there.lacks, known or bool(public_catalogue().providers(name))
    return WhyAnswer(
        analysis.dockerfile,
        target,
        name,
        "",
        "",
        in_image,
        made_by,
        cause if in_image is False else None,
        provided_by,
        need,
        chain,
        known,
        () if known else _near(analysis, name),
    )


def _near(analysis: Analysis, name: str) -> tuple[str, ...]:
    """Modules and files of the project that are spelt alike."""
    loaded = [module for startup in analysis.startups for module in startup.modules]
    missing = [failure.module for startup in analysis.startups for failure in startup.failures]
    names = (module.source if "/" in name else module.name for module in loaded)
    return tuple(get_close_matches(name, {*names, *missing} - {""}, 1))
