"""One shell process: its state, the calls it makes, and the files that its redirects open."""

from __future__ import annotations

from abc import abstractmethod

from msgspec import Struct, field
from msgspec.structs import replace

from parity.model.location import Unknown
from parity.shell.dialect import Dialect
from parity.shell.expand import Expander
from parity.shell.flow import Context, Flow, Outcome, Sink, Where
from parity.shell.host import Call, ShellHost
from parity.shell.printing import Place, read
from parity.shell.state import State, Value
from parity.shell.status import Status, Text
from parity.shell.syntax import Redirect, Sequence, Statement
from parity.shell.word import Word
from parity.tree.base import Absent, Entry, FileKind, join, parent_of
from parity.tree.links import follow


class Process(Struct):
    """What every part of the interpreter needs. `line` is that of the command at work."""

    host: ShellHost
    dialect: Dialect
    state: State
    where: Where
    steps: int = 0
    line: int = 1
    substituted: Status | None = None
    descriptors: dict[str, Text] = field(default_factory=dict)
    frames: list[dict[str, Value | None]] = field(default_factory=list)

    @abstractmethod
    def run(self, statement: Statement, context: Context) -> Outcome: ...

    @abstractmethod
    def sequence(self, body: Sequence, context: Context) -> Outcome: ...

    @abstractmethod
    def subshell(self, body: Statement, context: Context) -> Outcome: ...

    @abstractmethod
    def substitute(self, code: str, context: Context) -> str | Unknown | None: ...

    @abstractmethod
    def printed_by(self, code: str, context: Context) -> Text: ...

    def stream(self, code: str, context: Context) -> str:
        """The path that bash gives to what `code` prints (`<(code)`), for the command at hand."""
        path = f"/dev/fd/{63 - len(self.descriptors)}"
        self.descriptors[path] = self.printed_by(code, context)
        return path

    def fatal(self, context: Context) -> bool:
        """Would a failure here make the script fail?"""
        return context.fatal_exit and (context.final or (self.state.errexit and not context.ignored))

    def checked(self, outcome: Outcome, context: Context) -> Outcome:
        """`set -e`, and the benefit of the doubt."""
        if outcome.flow is not Flow.NEXT:
            return outcome
        if outcome.status is Status.UNKNOWN and self.fatal(context):
            return replace(outcome, status=Status.SUCCESS)
        if outcome.status is Status.FAILURE and self.state.errexit and not context.ignored:
            return replace(outcome, flow=Flow.EXIT)
        return outcome

    def expander(self, context: Context) -> Expander:
        return Expander(
            self.state,
            self.host.files,
            self.dialect is Dialect.BASH,
            self.host.variables_may_be_set,
            lambda code: self.substitute(code, context),
            lambda code: self.stream(code, context),
        )

    def ends(self, context: Context) -> bool:
        """Would nothing come of the script if this failed?"""
        return self.fatal(context) or (context.fatal_exit and context.endless and not context.ignored)

    def call(self, words: tuple[Word, ...], context: Context, line: int, *, replaces: bool = False) -> Call:
        return Call(
            words,
            self.state.environment(),
            self.state.working_directory,
            context.stdin,
            self.state.certain,
            self.ends(context) or (replaces and context.fatal_exit),
            line,
            self.where(line),
            dict(self.descriptors),
            context.depth,
        )

    def lost(self, reason: str, line: int, context: Context) -> Outcome:
        """Here the interpretation ends; what follows may happen or not."""
        self.host.lost(self.state.working_directory, reason, self.call((), context, line))
        if context.sink:
            context.sink.add(None, True)
        self.state.certain = False
        return Outcome(Status.UNKNOWN)

    def open(
        self, redirects: tuple[Redirect, ...], context: Context, line: int
    ) -> tuple[Context, list[tuple[str, bool, Sink]]] | None:
        """The context inside, and the files to write when it is done. None: one can't be opened."""
        files: list[tuple[str, bool, Sink]] = []
        for redirect in redirects:
            operator, standard = redirect.operator, redirect.descriptor
            expander = self.expander(context)
            if operator == "<<":
                heredoc = redirect.heredoc
                text = (
                    None
                    if heredoc is None
                    else heredoc.text
                    if heredoc.quoted
                    else expander.body(heredoc.text)
                )
                context = replace(context, stdin=_encode(text))
            elif operator == "<<<":
                text = expander.single(redirect.target).text
                context = replace(context, stdin=_encode(None if text is None else text + "\n"))
            elif operator == "<":
                target = expander.single(redirect.target).text
                place = Place(self.host.files, self.state.working_directory, context.read, False)
                content = None if target is None else read(place, target)
                if content is Status.FAILURE:
                    return None
                if standard in (None, 0):
                    context = replace(context, stdin=content if isinstance(content, bytes) else None)
            elif operator in (">&", "<&", "<&-", ">&-") and (
                redirect.target in ("", "-") or redirect.target.rstrip("-").isdigit()
            ):
                if operator.startswith(">") and standard in (None, 1) and redirect.target != "1":
                    context = replace(context, sink=None)
            elif operator in (">", ">|", ">>", "&>", "&>>", ">&", "<>"):
                word = self.target(expander, redirect.target)
                if word is None:
                    return None
                sink = self.opened(word, operator, context, line, files, error=standard not in (None, 1))
                if isinstance(sink, bool):
                    return None
                if standard in (None, 1):
                    keeps = word.text in ("/dev/stdout", "/dev/fd/1")
                    context = replace(context, sink=context.sink if keeps else sink)
        return context, files

    def target(self, expander: Expander, text: str) -> Word | None:
        """Bash expands file names in a redirect's target, and refuses several (None); POSIX 2.7 does not."""
        if self.dialect is Dialect.POSIX:
            return expander.single(text)
        words = expander.fields(text)
        return words[0] if len(words) == 1 else None

    def opened(
        self,
        word: Word,
        operator: str,
        context: Context,
        line: int,
        files: list[tuple[str, bool, Sink]],
        *,
        error: bool,
    ) -> Sink | bool | None:
        """Open a file to write: what collects the output, None if it goes nowhere that matters."""
        call = self.call((), context, line)
        folder = self.state.working_directory
        path = word.text
        if path is None or (folder is None and not path.startswith("/")):
            begun = word.prefix.rpartition("/")[0] if path is None else None
            self.host.lost(
                join(folder or "/", begun) if begun else folder, "which file is written to is not known", call
            )
            return None
        if path.startswith(("/dev/", "/proc/", "/sys/")):
            return None
        found = follow(self.host.files, path if path.startswith("/") else f"{folder}/{path}")
        answer = found.answer
        if (
            not path
            or (isinstance(answer, Entry) and answer.kind is FileKind.DIRECTORY)
            or path.endswith("/")
        ):
            return False
        if isinstance(answer, Absent):
            if isinstance(self.host.files.lookup(found.path), Entry) or path.endswith(("/.", "/..")):
                return False  # links in a circle, or a folder that is not there
            parent = follow(self.host.files, parent_of(found.path)).answer
            if isinstance(parent, Absent) or (
                isinstance(parent, Entry) and parent.kind is not FileKind.DIRECTORY
            ):
                return False
        append = operator in (">>", "&>>", "<>")
        if not append or not isinstance(answer, Entry):
            self.host.write(found.path, None if error else b"", call)
        if error:
            return None
        sink = Sink(self.state.certain)
        files.append((found.path, append, sink))
        return sink

    def close(self, files: list[tuple[str, bool, Sink]], context: Context, line: int) -> None:
        for path, append, sink in files:
            content = sink.content
            if content == b"" or isinstance(self.host.files.lookup(path), Absent):
                continue
            if append:
                before = self.host.files.read(path)
                content = (
                    before + content if isinstance(before, bytes) and isinstance(content, bytes) else None
                )
            self.host.write(path, content, self.call((), context, line))


def _encode(text: str | None) -> bytes | None:
    return None if text is None else text.encode("utf8", "surrogateescape")
