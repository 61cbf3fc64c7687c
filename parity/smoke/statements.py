"""What does a start command import, as statements that import it and start nothing?

A server's `module:attribute` is loaded as the server loads it. A program that keeps its work behind
`if __name__ == "__main__"` is imported under its own name; of one that does not, the import statements are taken. What
the start-up imports only while it runs (in functions that it calls) is imported besides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from parity.model.location import Unknown
from parity.python.scan import scan
from parity.python.stdlib import is_standard_library
from parity.smoke.frameworks import framework_statements
from parity.smoke.later import asks_for, later_imports
from parity.smoke.literals import import_of, literal
from parity.smoke.process import Process, absolute
from parity.startup.entrypoint import (
    CallFunction,
    ExecuteFile,
    ImportModule,
    RunCode,
    RunFile,
    RunModule,
    Step,
)
from parity.startup.simulate import Startup
from parity.tree.base import Entry, FileTree
from parity.tree.links import follow

_GUARD = re.compile(rb"^if[ \t]*\(?[ \t]*__name__[ \t]*==[ \t]*['\"]__main__['\"]", re.MULTILINE)


class Statements(Struct, frozen=True):
    """Each once, in the order in which the start command comes to them.

    `taken_apart`: the program itself is not run, so that what else it does before its imports is not done.
    """

    texts: tuple[str, ...]
    taken_apart: bool


def statements_of(startup: Startup, checkout: FileTree, dockerfile: str) -> Statements:
    """`dockerfile`: relative to the checkout's root."""
    reader = _Reader(Process(startup, checkout, dockerfile))
    texts = tuple(dict.fromkeys(reader.all()))
    return Statements(texts, reader.taken_apart)


class _Reader(Struct):
    process: Process
    taken_apart: bool = False

    @property
    def startup(self) -> Startup:
        return self.process.startup

    def all(self) -> Iterator[str]:
        own = [statement for step in self.startup.entrypoint.steps for statement in self.of_step(step)]
        by_framework = tuple(framework_statements(self.startup))
        yield from (*own, *by_framework)
        if not by_framework and not self.calls_factory():
            yield from later_imports(self.process, own, taken_apart=self.taken_apart)

    def calls_factory(self) -> bool:
        """Does the test itself call what imports the rest?"""
        steps = self.startup.entrypoint.steps
        return any(isinstance(step, ImportModule) and self.calls(step) for step in steps)

    def calls(self, step: ImportModule) -> bool:
        """A console script's function is the program itself, and is not called."""
        return step.call and self.startup.entrypoint.kind != "console-script"

    def of_step(self, step: Step) -> Iterator[str]:
        match step:
            case ImportModule():
                if not step.optional or any(one.name == step.name for one in self.startup.modules):
                    yield import_of(step.name, step.attribute, self.brackets(step))
            case RunFile():
                yield from self.of_file(step)
            case RunModule():
                yield from self.of_module(step)
            case RunCode():
                place = step.location or self.startup.entrypoint.command.location
                first = place.line if place is not None and place.line else 1
                yield from self.own_imports(step.text.encode("utf8", "surrogateescape"), "", first)
            case ExecuteFile():
                yield f"import runpy; runpy.run_path({literal(step.path)})"
            case CallFunction(function="builtins.open" | "logging.config.fileConfig"):
                yield f"open({literal(step.arguments[0])}).close()"
            case CallFunction():
                pass  # what it loads is said by the framework, or is among what the start-up reaches

    def brackets(self, step: ImportModule) -> str:
        """As the command writes the call of a factory: `("production")`."""
        if not self.calls(step):
            return ""
        named = f"{step.name}:{step.attribute}"
        words = (word for word in self.startup.entrypoint.command.argv if word)
        written = (word[len(named) :].strip() for word in words if word.startswith(f"{named}("))
        return next((one for one in written if one.endswith(")") and "\n" not in one), "()")

    def own_imports(self, data: bytes, package: str, first: int = 1) -> Iterator[str]:
        """The import statements that run in any case, but those of the standard library. `first`: the first line."""
        self.taken_apart = True
        ran = self.process.lines_run
        loaded = {
            one.name for one in self.startup.modules
        }  # a file may shadow a module of the standard library
        made = [one.name for one in self.startup.modules if self.process.is_made_at_start(one.name)]
        for statement in scan(data):
            scope = statement.scope
            if not scope.runs_at_import or scope.conditional or scope.main_guard:
                continue
            if not any(statement.line <= line - first + 1 <= statement.end_line for line in ran):
                continue  # the program ended before it
            tops = {(name.module or "").partition(".")[0] for name in statement.names if not name.level}
            if tops and all(is_standard_library(top, None) and top not in loaded for top in tops):
                continue
            written = absolute(statement, package)
            if written is not None and not any(asks_for(written, one) for one in made):
                yield written

    def of_file(self, step: RunFile) -> Iterator[str]:
        data = self.process.text(step.path)
        if data is None and isinstance(follow(self.startup.importable, step.path).answer, Entry | Unknown):
            self.taken_apart = True  # its text is not known, and running it may do anything
            yield f"open({literal(step.path)}).close()"
            return
        folder, _, file = step.path.rpartition("/")
        stem, _, suffix = file.rpartition(".")
        if data is None or _GUARD.search(data):
            is_first = self.startup.entrypoint.search_path[:1] == (folder or "/",)
            again = self.process.is_imported(stem)  # besides running as `__main__`
            plain = suffix == "py" and stem.isidentifier() and is_first and not step.whole and not again
            yield import_of(stem) if plain and data else f"import runpy; runpy.run_path({literal(step.path)})"
        else:
            yield from self.own_imports(data, "")

    def of_module(self, step: RunModule) -> Iterator[str]:
        parent = step.name.rpartition(".")[0]
        for name in (f"{step.name}.__main__", step.name):
            found = next((one for one in self.startup.modules if one.name == name), None)
            if found is None:
                continue
            data = self.process.text(found.image_path)
            if data is None or found.folders is not None or _GUARD.search(data):
                again = self.process.is_imported(name)
                yield f"import runpy; runpy.run_module({literal(name)})" if again else import_of(name)
                return
            package = step.name if name != step.name else parent
            if package:
                yield import_of(package)
            yield from self.own_imports(data, package)
            return
        yield import_of(step.name)
