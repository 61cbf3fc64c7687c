"""One simple command: words expanded, redirects opened, then a function, a builtin or a program."""

from __future__ import annotations

from msgspec.structs import replace

from parity.model.location import Location, Unknown
from parity.shell.builtins import BUILTINS, DECLARATIONS, SPECIAL, appended, assignment
from parity.shell.builtins import read as read_
from parity.shell.conditions import ConditionError, Conditions
from parity.shell.dialect import Dialect
from parity.shell.effort import TooMuchError
from parity.shell.expand import Expander
from parity.shell.flow import Context, Flow, Outcome, Sink, Where
from parity.shell.parameter import ExpansionError
from parity.shell.parse import is_assignment
from parity.shell.printing import PRINTING, Place
from parity.shell.process import Process
from parity.shell.quoting import split_words
from parity.shell.reading import read, why_refused
from parity.shell.state import UNTOLD, Value
from parity.shell.status import Status, Text
from parity.shell.syntax import Sequence, Simple
from parity.shell.word import Word
from parity.tree.base import Absent, Entry, join
from parity.tree.links import follow
from parity.tree.which import places

MOST_STEPS = 1000
"""Commands that one script may run; a longer run is not followed."""
CONDA = frozenset(("conda", "mamba", "micromamba"))
"""Where an environment is activated, they are functions of the shell."""
DEEPEST = 25
"""Function calls, `source`, `eval` and substitutions within each other."""


class Invocations(Process):
    """The part of the interpreter that runs simple commands."""

    def substitute(self, code: str, context: Context) -> str | Unknown | None:
        """`$(code)`: its output, less trailing newlines."""
        content = self.printed_by(code, context)
        if not isinstance(content, bytes):
            return content
        return content.replace(b"\0", b"").decode("utf8", "surrogateescape").rstrip("\n")

    def read(self, text: str) -> Sequence:
        """The statements of another text."""
        self.host.effort.read(text)
        return read(text, self.dialect)

    def printed_by(self, code: str, context: Context) -> Text:
        """What a substitution's command prints."""
        if context.depth > DEEPEST:
            return None
        sink = Sink(self.state.certain)
        inner = replace(context, final=False, ignored=True, fatal_exit=False, sink=sink)
        words = split_words(code)
        if len(words) == 2 and words[0] == "<":
            code = f"cat {words[1]}"
        line, where, descriptors = self.line, self.where, self.descriptors
        self.where, self.descriptors = lambda _line: where(line), {}
        try:
            self.substituted = self.subshell(self.read(code), inner).status
        finally:
            self.line, self.where, self.descriptors = line, where, descriptors
        return sink.content

    def simple(self, statement: Simple, context: Context) -> Outcome:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise TooMuchError
        self.line = statement.line
        self.substituted = None
        self.descriptors = {}
        try:
            words = self.words(statement, context)
            opened = self.open(statement.redirects, context, statement.line)
            if opened is None:
                return self.failed(words[0].text if words else None)
            context, files = opened
            outcome = self.command(words, statement, context)
        except ExpansionError as error:
            words = [Word(text) for text in (*statement.assignments, *statement.words)]
            self.tell(tuple(words), context.fatal_exit, context, f"ends the shell: {error}")
            return Outcome(Status.FAILURE, Flow.EXIT)
        self.close(files, context, statement.line)
        return outcome

    def tell(self, words: tuple[Word, ...], ends: bool, context: Context, why: str = "") -> None:
        """The host hears of what ends the script for certain."""
        if ends and self.state.certain:
            self.host.failed(self.call(words, context, self.line), why)

    def failed(self, name: str | None) -> Outcome:
        """A redirect or an argument is wrong."""
        ends = name in SPECIAL and self.dialect is not Dialect.BASH
        if self.dialect is Dialect.ASH and name in ("shift", "set"):
            ends = False  # busybox goes on
        return Outcome(Status.FAILURE, Flow.EXIT if ends else Flow.NEXT)

    def wrong(self, words: tuple[Word, ...], name: str, context: Context) -> Outcome:
        """A builtin fails."""
        outcome = self.failed(name)
        ends = self.ends(context) or (outcome.flow is Flow.EXIT and context.fatal_exit)
        self.tell(words, ends, context)
        return outcome

    def words(self, statement: Simple, context: Context) -> list[Word]:
        expander = self.expander(context)
        done: list[Word] = []
        declares = bool(statement.words) and statement.words[0] in DECLARATIONS
        for word in statement.words:
            if declares and is_assignment(word):
                name, appends, value = assignment(word)
                if statement.words[0] == "local" and self.frames:
                    self.frames[-1].setdefault(name, self.state.variables.get(name))
                self.assign(name, appends, value, expander)
                done.append(Word(name))
            else:
                done.extend(expander.fields(word))
        return done

    def assign(self, name: str, appends: bool, written: str, expander: Expander) -> None:
        if written.startswith("(") and written.endswith(")"):
            parts = [w for text in split_words(written[1:-1]) for w in expander.fields(text)]
            depends = frozenset().union(*(word.depends_on for word in parts))
            texts = tuple(word.text for word in parts if not word.vanished)
            value = Value(texts, True, depends)
        else:
            value = expander.value(written)
        self.state.assign(name, appended(self.state.variables.get(name), value) if appends else value)

    def command(self, words: list[Word], statement: Simple, context: Context) -> Outcome:
        if not words or (words[0].text is None and words[0].vanished and len(words) == 1):
            expander = self.expander(context)
            self.substituted = None if statement.assignments else self.substituted
            for text in statement.assignments:
                name, appends, value = assignment(text)
                self.assign(name, appends, value, expander)
            return Outcome(self.substituted or Status.SUCCESS)
        if not statement.assignments:
            return self.invoke(words, statement, context)
        # `NAME=value program`: for the program alone, whatever it is.
        saved = dict(self.state.variables)
        names = {assignment(text)[0] for text in statement.assignments}
        exported = names & self.state.exported
        expander = self.expander(context)
        for text in statement.assignments:
            name, appends, value = assignment(text)
            self.assign(name, appends, value, expander)
            self.state.exported.add(name)
        outcome = self.invoke(words, statement, context)
        for name in names:
            self.state.variables.pop(name, None)
            if name in saved:
                self.state.variables[name] = saved[name]
        self.state.exported = (self.state.exported - names) | exported
        return outcome

    def invoke(self, words: list[Word], statement: Simple, context: Context) -> Outcome:
        """A function, a builtin, or a program."""
        plain = [word for word in words if not word.vanished]
        if words[0].vanished or words[0].text is None:
            return self.program(words, context, statement.line)
        name = words[0].text
        rest = plain[1:]
        if name in self.state.functions:
            return self.function(name, rest, context)
        if self.dialect.lacks(name) is not False:
            return self.lacking(tuple(words), context)
        match name:
            case "command" | "builtin" if rest and not (rest[0].text or "-").startswith("-"):
                functions, self.state.functions = self.state.functions, {}
                outcome = self.invoke(plain[1:], statement, context)
                self.state.functions = functions | self.state.functions
                return outcome
            case "command" | "builtin":
                return self.printed(None, Status.UNKNOWN if rest else Status.SUCCESS, context)
            case "return" if self.dialect is Dialect.BASH and not self.frames and not context.depth:
                return Outcome(Status.FAILURE)  # neither in a function nor in a sourced file: it goes on
            case "exit" | "return":
                flow = Flow.EXIT if name == "exit" else Flow.RETURN
                return Outcome(self.code(rest), flow)
            case "break" | "continue" if not self.loops:
                return Outcome(Status.SUCCESS)
            case "break" | "continue":
                return Outcome(Status.SUCCESS, Flow.BREAK if name == "break" else Flow.CONTINUE)
            case "exec":
                return self.exec(words[1:], statement, context)
            case "eval":
                return self.eval(rest, context)
            case "." | "source":
                return self.source(rest, context)
            case "[" | "test":
                return self.test(name, rest, context)
        if name == "trap" and len(rest) > 1 and rest[-1].text in ("EXIT", "0"):
            self.at_exit = rest[0]
        if any(self.dialect.lacks(f"{name}:{word.text}") for word in rest):
            return self.wrong(tuple(plain), name, context)
        if name == "local" and not self.frames:
            self.tell(tuple(plain), self.ends(context), context, "stands outside a function")
            return Outcome(Status.FAILURE, Flow.NEXT if self.dialect is Dialect.BASH else Flow.EXIT)
        builtin = BUILTINS.get(name)
        if builtin is not None:
            if name == "local" and self.frames:
                for word in rest:
                    if word.text and word.text.isidentifier():
                        self.frames[-1].setdefault(word.text, self.state.variables.get(word.text))
            status = builtin(self.state, rest, self.host.files)
            if status is not Status.FAILURE:
                return Outcome(status)
            return self.wrong(tuple(plain), name, context)
        if name in CONDA and rest and rest[0].text == "activate":
            self.activate_of_conda(rest[1:])
        if name == "printf" and [word.text for word in rest[:1]] == ["-v"]:
            return Outcome(read_(self.state, rest[1:2], self.host.files))  # what it prints is not followed
        known = PRINTING.get(name.rpartition("/")[2])
        if known is not None:
            plain_dash = self.dialect in (Dialect.DASH, Dialect.SH)
            place = Place(self.host.files, self.state.working_directory, context.read, not plain_dash)
            output = known([word.text for word in rest], place)
            if output is not None:
                return self.printed(output.content, output.status, context)
        return self.program(words, context, statement.line)

    def lacking(self, words: tuple[Word, ...], context: Context) -> Outcome:
        """A word that only other shells know is looked for as a program, and is none: 127."""
        if not self.dialect.lacks(words[0].text or ""):
            return self.printed(None, Status.UNKNOWN, context)
        self.tell(words, self.ends(context), context, why_refused(words[0].text or "", self.dialect))
        return self.checked(self.printed(b"", Status.FAILURE, context), context)

    def printed(self, content: Text, status: Status, context: Context) -> Outcome:
        if context.sink:
            context.sink.add(content, self.state.certain)
        return Outcome(status)

    def program(self, words: list[Word], context: Context, line: int, *, replaces: bool = False) -> Outcome:
        output = self.host.run(self.call(tuple(words), context, line, replaces=replaces))
        return self.printed(output.content, output.status, context)

    def code(self, words: list[Word]) -> Status:
        if not words:
            return self.state.last
        text = words[0].text
        if text is None:
            return Status.UNKNOWN
        return Status.of(text.isascii() and text.isdigit() and int(text[-6:]) % 256 == 0)

    def exec(self, words: list[Word], statement: Simple, context: Context) -> Outcome:
        options = 0
        while options < len(words) and words[options].text in ("-c", "-l", "--"):
            options += 1
        if options < len(words) and words[options].text == "-a":
            options += 2
        words = words[options:]
        if not words:
            return Outcome(Status.SUCCESS)
        known = PRINTING.get((words[0].text or "").rpartition("/")[2])
        if known or (words[0].text or "") in ("true", "false", "test", "["):
            return replace(self.invoke(words, statement, context), flow=Flow.EXIT)
        return replace(self.program(words, context, statement.line, replaces=True), flow=Flow.EXIT)

    def test(self, name: str, words: list[Word], context: Context) -> Outcome:
        texts = [word.text for word in words]
        depends = any(word.depends_on for word in words)
        if name == "[":
            if not texts or texts[-1] != "]":
                return Outcome(Status.FAILURE)
            texts.pop()
        conditions = Conditions(self.host.files, self.state.working_directory, self.dialect)
        try:
            answer = conditions.test(texts)
        except ConditionError:
            why = "is no condition" + f" of {self.dialect.value}" * ("==" in texts)
            self.tell((Word(name), *words), self.ends(context), context, why)
            return Outcome(Status.FAILURE, assumed=depends)
        return Outcome(Status.of(answer), assumed=depends)

    def function(self, name: str, words: list[Word], context: Context) -> Outcome:
        if context.depth > DEEPEST:
            return self.lost(f"{name} calls itself too often to be followed", self.line, context)
        arguments, certain = self.state.arguments, self.state.certain
        self.state.arguments = tuple(word.text for word in words)
        self.frames.append({})
        outcome = self.run(self.state.functions[name], replace(context, depth=context.depth + 1))
        self.state.arguments = arguments
        for local, value in self.frames.pop().items():
            if value is None:
                self.state.variables.pop(local, None)
            else:
                self.state.variables[local] = value
        if outcome.flow is Flow.EXIT:
            return outcome
        self.state.certain = certain and not self.state.may_have_ended
        return Outcome(outcome.status, assumed=outcome.assumed)

    def eval(self, words: list[Word], context: Context) -> Outcome:
        if any(word.text is None for word in words) or context.depth > DEEPEST:
            self.state.open_up()
            return self.lost("what eval runs is not known", self.line, context)
        text = " ".join(word.text or "" for word in words)
        return self.inner(text, self.where, context)

    def inner(self, text: str, where: Where, context: Context) -> Outcome:
        """Another text in this same shell."""
        outer, line = self.where, self.line
        self.where = where if where is not outer else lambda _line: outer(line)
        try:
            return self.sequence(self.read(text), replace(context, depth=context.depth + 1))
        finally:
            self.where, self.line = outer, line

    def source(self, words: list[Word], context: Context) -> Outcome:
        """`. file`: a path, or a name along PATH and, in bash, in the working directory; `activate` is known."""
        if not words:
            return Outcome(Status.FAILURE, Flow.EXIT)
        path, folder = words[0].text, self.state.working_directory
        if path is not None and words[1:] and (path == "activate" or path.endswith("conda/bin/activate")):
            self.activate_of_conda(words[1:])  # `source activate NAME`
            return Outcome(Status.UNKNOWN)
        if context.depth > DEEPEST:
            self.host.effort.end()
        if path is None or (folder is None and not path.startswith("/")):
            self.state.open_up()
            return self.lost("which file is sourced is not known", self.line, context)
        if path in self.descriptors:
            content = self.descriptors[path]
            if not isinstance(content, bytes):
                self.state.open_up()
                return self.lost("what the sourced text holds is not known", self.line, context)
            return self.inner(content.decode("utf8", "surrogateescape"), self.where, context)
        found = follow(self.host.files, self.sourced(path, folder or "/"))
        if path.endswith("/bin/activate") and not isinstance(found.answer, Absent):
            self.activated(join(folder or "/", path.removesuffix("/bin/activate") or "/"), "VIRTUAL_ENV")
            return Outcome(Status.SUCCESS)
        if isinstance(found.answer, Absent):
            if self.dialect is Dialect.BASH:
                return Outcome(Status.FAILURE)
            # POSIX 2.8.1: a dot script that is not found ends the shell; bash goes on.
            self.tell(
                (Word("."), *words), context.fatal_exit, context, "ends the shell: there is no such file"
            )
            return Outcome(Status.FAILURE, Flow.EXIT)
        content = self.host.files.read(found.path) if isinstance(found.answer, Entry) else Unknown("")
        if isinstance(content, Unknown):
            self.state.open_up()
            return Outcome(Status.UNKNOWN)
        entry = found.answer
        source = entry.source if isinstance(entry, Entry) and entry.source else found.path

        def where(line: int) -> Location | None:
            return Location(source.lstrip("/") if source != found.path else source, line)

        arguments, certain = self.state.arguments, self.state.certain
        if len(words) > 1 and self.dialect is Dialect.BASH:
            self.state.arguments = tuple(word.text for word in words[1:])
        outcome = self.inner(content.decode("utf8", "surrogateescape"), where, context)
        self.state.arguments = arguments
        if outcome.flow is Flow.EXIT:
            return outcome
        self.state.certain = certain and self.state.certain
        return Outcome(outcome.status, assumed=outcome.assumed)

    def sourced(self, path: str, folder: str) -> str:
        """Where `. path` finds its file."""
        if "/" in path:
            return path if path.startswith("/") else f"{folder}/{path}"
        for place in places(path, self.state.environment(), folder):
            if not isinstance(follow(self.host.files, place).answer, Absent):
                return place
        return f"{folder}/{path}" if self.dialect in (Dialect.BASH, Dialect.SH) else f"/nowhere/{path}"

    def activated(self, prefix: str, variable: str) -> None:
        """From now on the programs of an environment come first. `variable`: which names it."""
        old = self.state.variables.get("PATH", UNTOLD).text
        self.state.assign(variable, Value((prefix,)))
        self.state.assign("PATH", Value((None if old is None else f"{prefix}/bin:{old}",)))
        self.state.exported |= {variable, "PATH"}

    def activate_of_conda(self, words: list[Word]) -> None:
        """`conda activate NAME`, a function of the shell; without a name it is `base`."""
        named = [word for word in words if not (word.text or "").startswith("-")]
        folder, environment = self.state.working_directory or "/", self.state.environment()
        name = named[0].text if named else "base"
        prefix = self.host.environment_to_activate(name, environment, folder)
        if prefix is not None:
            self.activated(prefix, "CONDA_PREFIX")
