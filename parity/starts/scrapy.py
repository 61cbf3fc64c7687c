"""What does `scrapy crawl name` import? The settings that scrapy.cfg names, and all spiders."""

from __future__ import annotations

from parity.model.command import Command
from parity.model.location import Unknown
from parity.programs.program import in_folder, script_folder, text_at, unique, words_of
from parity.starts.application import is_module
from parity.starts.names import literal, names_of
from parity.starts.sections import sections, value
from parity.startup.entrypoint import Entrypoint, ImportModule
from parity.tree.base import FileTree, join

PROGRAMS = ("scrapy",)
BY_MODULE = {"scrapy": "scrapy", "scrapy.cmdline": "scrapy"}


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    """Scrapy: `SpiderLoader` walks the modules of SPIDER_MODULES; the folder of scrapy.cfg is on the search path."""
    words = words_of(command)
    section = sections(text_at(tree, in_folder(command, "scrapy.cfg")) or "").get("settings", ())
    settings = command.environment.get("SCRAPY_SETTINGS_MODULE") or value(section, "default")
    if words[:1] not in (("crawl",), ("list",), ("check",)) or settings is None or not is_module(settings):
        return None
    path = unique(command.working_directory, *script_folder(command, tree))
    names = names_of(settings, path, tree)
    listed = literal(names.tree, "SPIDER_MODULES") if names is not None else None
    packages = [one for one in listed if isinstance(one, str)] if isinstance(listed, list | tuple) else []
    steps = [ImportModule(settings)]
    for package in packages:
        steps.append(ImportModule(package))
        inside = tree.names(join(command.working_directory, package.replace(".", "/")))
        files = () if isinstance(inside, Unknown) else sorted(inside)
        stems = [file.removesuffix(".py") for file in files if file.endswith(".py") and file != "__init__.py"]
        steps += [ImportModule(f"{package}.{stem}") for stem in stems if is_module(stem)]
    return Entrypoint("scrapy", command, path, tuple(steps))
