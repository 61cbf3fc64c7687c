"""What does `scrapy crawl name` import? The settings that scrapy.cfg names, and what they name: `scrapy_calls`."""

from __future__ import annotations

from parity.model.command import Command
from parity.programs.program import in_folder, script_folder, text_at, unique, words_of
from parity.starts.application import is_module
from parity.starts.sections import sections, value
from parity.startup.entrypoint import CallFunction, Entrypoint, file_read
from parity.tree.base import FileTree

PROGRAMS = ("scrapy",)
BY_MODULE = {"scrapy": "scrapy", "scrapy.cmdline": "scrapy"}


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    """The folder of scrapy.cfg is on the search path."""
    words = words_of(command)
    section = sections(text_at(tree, in_folder(command, "scrapy.cfg")) or "").get("settings", ())
    settings = command.environment.get("SCRAPY_SETTINGS_MODULE") or value(section, "default")
    if words[:1] not in (("crawl",), ("list",), ("check",)):
        return None
    path = unique(command.working_directory, *script_folder(command, tree))
    if settings is None:  # without it scrapy does not know the command
        return Entrypoint("scrapy", command, path, (file_read(in_folder(command, "scrapy.cfg")),))
    if not is_module(settings):
        return None
    texts = [word for word in words if word is not None]
    step = CallFunction("scrapy.cmdline.execute", (settings, *texts), settings)
    return Entrypoint("scrapy", command, path, (step,))
