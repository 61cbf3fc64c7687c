"""What would a shell do with this text? Statements run in order, three-valued where not all is known.

A branch on a condition that cannot be told runs both sides on copies of the state, as uncertain; then
what the copies agree on is kept. A failure that would end the whole script is taken not to have happened
where it is not known: after it nothing else would run anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from parity.model.location import Location, Unknown
from parity.shell.builtins import (
    BASH_BUILTINS,
    BUILTINS,
    DECLARATIONS,
    SPECIAL,
    appended,
    assignment,
)
from parity.shell.conditions import Bracketed, ConditionError, Conditions
from parity.shell.expand import Expander
from parity.shell.host import Call, ShellHost
from parity.shell.parameter import ExpansionError
from parity.shell.parse import is_assignment, parse
from parity.shell.pattern import compile_pattern, matches
from parity.shell.programs import PROGRAMS, Place, read
from parity.shell.quoting import split_words
from parity.shell.state import UNTOLD, State, Value
from parity.shell.status import Status
from parity.shell.syntax import (
    AndOr,
    Background,
    Case,
    Condition,
    For,
    Function,
    If,
    Pipeline,
    Redirect,
    Redirected,
    Sequence,
    Simple,
    Statement,
    Subshell,
    Unparsed,
    While,
)
from parity.shell.word import Word
from parity.tree.base import Absent, Entry, FileKind, join
from parity.tree.links import follow

MOST_STEPS = 4000
"""Commands that one script may run; a longer run is not followed."""
MOST_ROUNDS = 200
DEEPEST = 25
"""Function calls, `source`, `eval` and substitutions within each other."""

Where = Callable[[int], Location | None]


class Dialect(Enum):
    """`POSIX`: dash, busybox. `BASH`: brace expansion, arrays, its own `echo`."""

    POSIX = "posix"
    BASH = "bash"


class Flow(Enum):
    """Where it goes on after a statement."""

    NEXT = "next"
    BREAK = "break"
    CONTINUE = "continue"
    RETURN = "return"
    EXIT = "exit"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`assumed`: the status holds unless a variable that nothing sets is set when the container starts."""

    status: Status
    flow: Flow = Flow.NEXT
    assumed: bool = False


class Sink:
    """Where output goes that is collected. `certain`: was it certain that it was opened?"""

    def __init__(self, certain: bool) -> None:
        self.certain = certain
        self.parts: list[bytes] = []
        self.known = True

    def add(self, content: bytes | None, certain: bool) -> None:
        if content is None or (self.certain and not certain):
            self.known = False
        else:
            self.parts.append(content)

    @property
    def content(self) -> bytes | None:
        return b"".join(self.parts) if self.known else None


@dataclass(frozen=True, slots=True)
class Context:
    """How a statement stands in the script.

    `final`    its status is the script's
    `ignored`  its failure does not trigger `set -e`
    `fatal_exit`  an `exit` with failure here makes the whole script fail
    """

    final: bool = True
    ignored: bool = False
    fatal_exit: bool = True
    stdin: bytes | None = None
    sink: Sink | None = None
    depth: int = 0

    def part(self) -> Context:
        """A condition: its status decides what runs, nothing else."""
        return replace(self, final=False, ignored=True)


class _TooMuchError(Exception):
    pass


def interpret(
    text: str,
    host: ShellHost,
    *,
    environment: Mapping[str, str],
    working_directory: str,
    arguments: tuple[str | None, ...] = (),
    name: str = "sh",
    dialect: Dialect = Dialect.POSIX,
    options: str = "",
    where: Where = lambda _line: None,
    certain: bool = True,
    fatal: bool = True,
) -> Status:
    """Run `text` against `host`; the status of the whole.

    `arguments` are `$1`, `$2`, ...; `name` is `$0`; `options` letters as of `sh -eu`; `where` gives the
    place of a line (from 1) of the text. `certain` and `fatal` as of the shell itself. Never raises.
    """
    state = State.start(environment, working_directory, name, arguments)
    state.errexit = "e" in options
    state.nounset = "u" in options
    state.certain = certain
    shell = _Shell(host, dialect, state, where)
    try:
        return shell.sequence(parse(text), Context(final=fatal, fatal_exit=fatal)).status
    except _TooMuchError:
        host.lost(None, "the script runs too many commands to be followed", shell.call((), Context(), 1))
        return Status.UNKNOWN


@dataclass(slots=True)
class _Shell:
    host: ShellHost
    dialect: Dialect
    state: State
    where: Where
    steps: int = 0
    line: int = 1
    substituted: Status | None = None
    frames: list[dict[str, Value | None]] = field(default_factory=list)

    # Statements

    def run(self, statement: Statement, context: Context) -> Outcome:
        match statement:
            case Simple():
                return self.checked(self.simple(statement, context), context)
            case Sequence():
                return self.sequence(statement, context)
            case AndOr():
                return self.and_or(statement, context)
            case Pipeline():
                return self.pipeline(statement, context)
            case If():
                return self.if_(statement, 0, context)
            case Case():
                return self.case(statement, context)
            case For():
                return self.for_(statement, context)
            case While():
                return self.while_(statement, context)
            case Subshell():
                return self.checked(self.subshell(statement.body, context), context)
            case Background():
                alone = replace(context, final=False, ignored=True, fatal_exit=False, stdin=b"")
                self.subshell(statement.body, alone)
                return Outcome(Status.SUCCESS)
            case Function():
                self.state.functions[statement.name] = statement.body
                return Outcome(Status.SUCCESS)
            case Condition():
                return self.checked(self.condition(statement), context)
            case Redirected():
                return self.redirected(statement, context)
            case Unparsed():
                return self.lost(f"not followed: {statement.text[:60]!r}", statement.line, context)

    def sequence(self, body: Sequence, context: Context) -> Outcome:
        outcome = Outcome(Status.SUCCESS)
        last = len(body.statements) - 1
        for number, statement in enumerate(body.statements):
            here = context if number == last else replace(context, final=False)
            outcome = self.run(statement, here)
            self.state.last = outcome.status
            if outcome.flow is not Flow.NEXT:
                break
        return outcome

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

    def and_or(self, statement: AndOr, context: Context) -> Outcome:
        ends = statement.either and _ends_in_failure(statement.right)
        part = context.part()
        if not statement.either or ends:
            part = replace(part, final=context.final or (ends and context.fatal_exit))
        left = self.run(statement.left, part)
        self.state.last = left.status
        if left.flow is not Flow.NEXT:
            return left
        goes_on = Status.FAILURE if statement.either else Status.SUCCESS

        def right() -> Outcome:
            return self.run(statement.right, context)

        def skip() -> Outcome:
            return Outcome(goes_on.negated(), assumed=left.assumed)

        if left.status is Status.UNKNOWN:
            return self.branch([right, skip], context)
        if left.status is goes_on:
            outcome = self.assuming(right, [skip], context) if left.assumed else right()
            return replace(outcome, assumed=outcome.assumed or left.assumed)
        return self.assuming(skip, [right], context) if left.assumed else skip()

    def pipeline(self, statement: Pipeline, context: Context) -> Outcome:
        if statement.negated:
            plain = Pipeline(statement.commands, False)
            outcome = self.run(plain, context.part())
            return replace(outcome, status=outcome.status.negated()) if outcome.flow is Flow.NEXT else outcome
        if len(statement.commands) == 1:
            return self.run(statement.commands[0], context)
        stdin = context.stdin
        statuses: list[Status] = []
        counts = self.state.pipefail
        for number, command in enumerate(statement.commands):
            last = number == len(statement.commands) - 1
            here = replace(context, stdin=stdin)
            if not last:
                sink = Sink(self.state.certain)
                here = replace(here, sink=sink)
                if not counts:
                    here = replace(here, final=False, ignored=True, fatal_exit=False)
            statuses.append(self.subshell(command, here).status)
            if not last:
                stdin = sink.content
        status = statuses[-1]
        if counts and status is Status.SUCCESS:
            status = next((s for s in (Status.FAILURE, Status.UNKNOWN) if s in statuses), status)
        return self.checked(Outcome(status), context)

    def subshell(self, body: Statement, context: Context) -> Outcome:
        """A copy of the shell: nothing but its status and its effects on files comes out."""
        if context.depth > DEEPEST:
            return self.lost("nested too deep to be followed", self.line, context)
        outer, frames = self.state, self.frames
        self.state, self.frames = outer.copy(), []
        self.state.may_have_ended = False
        try:
            outcome = self.run(
                body, replace(context, fatal_exit=self.fatal(context), depth=context.depth + 1)
            )
        finally:
            self.state, self.frames = outer, frames
        return Outcome(outcome.status, assumed=outcome.assumed)

    def if_(self, statement: If, number: int, context: Context) -> Outcome:
        condition, body = statement.branches[number]
        decided = self.sequence(condition, context.part())
        if decided.flow is not Flow.NEXT:
            return decided

        def then() -> Outcome:
            return self.sequence(body, context)

        def otherwise() -> Outcome:
            if number + 1 < len(statement.branches):
                return self.if_(statement, number + 1, context)
            return self.sequence(statement.otherwise, context)

        return self.decide(decided, then, otherwise, context)

    def decide(
        self,
        decided: Outcome,
        then: Callable[[], Outcome],
        otherwise: Callable[[], Outcome],
        context: Context,
    ) -> Outcome:
        match decided.status:
            case Status.SUCCESS:
                return self.assuming(then, [otherwise], context) if decided.assumed else then()
            case Status.FAILURE:
                return self.assuming(otherwise, [then], context) if decided.assumed else otherwise()
            case Status.UNKNOWN:
                return self.branch([then, otherwise], context)

    def case(self, statement: Case, context: Context) -> Outcome:
        try:
            word = self.expander(context).single(statement.word)
            patterns = [
                [self.expander(context).pattern(p).text for p in item.patterns] for item in statement.items
            ]
        except ExpansionError:
            return Outcome(Status.FAILURE, Flow.EXIT)

        def body(number: int) -> Callable[[], Outcome]:
            def run() -> Outcome:
                outcome = self.sequence(statement.items[number].body, context)
                if statement.items[number].ending == ";;" or outcome.flow is not Flow.NEXT:
                    return outcome
                return self.branch([body(n) for n in range(number + 1, len(patterns))] or [nothing], context)

            return run

        def nothing() -> Outcome:
            return Outcome(Status.SUCCESS)

        every = [body(number) for number in range(len(patterns))]
        if word.text is None:
            return self.branch([*every, *([] if ["*"] in patterns else [nothing])], context)
        possible: list[Callable[[], Outcome]] = []
        for number, texts in enumerate(patterns):
            answers = [None if p is None else matches(compile_pattern(p), word.text) for p in texts]
            if True in answers:
                possible.append(every[number])
                break
            if None in answers:
                possible.append(every[number])
        else:
            possible.append(nothing)
        if len(possible) > 1:
            return self.branch(possible, context)
        if word.depends_on:
            return self.assuming(possible[0], [run for run in every if run is not possible[0]], context)
        return possible[0]()

    def for_(self, statement: For, context: Context) -> Outcome:
        if statement.words is None:
            found = self.state.arguments
            values = None if found is None else [Word(text) for text in found]
        else:
            try:
                expander = self.expander(context)
                values = [field for word in statement.words for field in expander.fields(word)]
            except ExpansionError:
                return Outcome(Status.FAILURE, Flow.EXIT)
        outcome = Outcome(Status.SUCCESS)
        body = replace(context, final=False)
        for word in [Word(None)] if values is None else values:
            if word.vanished:
                continue

            def once(word: Word = word) -> Outcome:
                self.state.assign(statement.name, Value((word.text,), depends_on=word.depends_on))
                return self.sequence(statement.body, body)

            def skip() -> Outcome:
                return Outcome(Status.SUCCESS)

            outcome = once() if word.text is not None else self.branch([once, skip], body)
            if outcome.flow is Flow.BREAK:
                return Outcome(Status.SUCCESS)
            if outcome.flow in (Flow.RETURN, Flow.EXIT):
                return outcome
            outcome = replace(outcome, flow=Flow.NEXT)
        return self.checked(outcome, replace(context, ignored=True))

    def while_(self, statement: While, context: Context) -> Outcome:
        body = replace(context, final=False)
        wanted = Status.FAILURE if statement.until else Status.SUCCESS
        outcome = Outcome(Status.SUCCESS)

        def once() -> Outcome:
            return self.sequence(statement.body, body)

        def skip() -> Outcome:
            return Outcome(Status.SUCCESS)

        for _ in range(MOST_ROUNDS):
            before = self.state.copy()
            decided = self.sequence(statement.condition, context.part())
            if decided.flow is not Flow.NEXT:
                return decided
            if decided.status is Status.UNKNOWN or decided.assumed:
                outcome = self.branch([once, skip], body)
                return replace(outcome, flow=Flow.NEXT) if outcome.flow in _LOOP else outcome
            if decided.status is not wanted:
                return outcome
            outcome = once()
            if outcome.flow is Flow.BREAK:
                return Outcome(Status.SUCCESS)
            if outcome.flow in (Flow.RETURN, Flow.EXIT):
                return outcome
            before.last = self.state.last
            if self.state == before:
                break  # Nothing in the shell has changed; only the world can end this.
        self.state.certain = False
        return Outcome(Status.UNKNOWN)

    def condition(self, statement: Condition) -> Outcome:
        expander = self.expander(Context())
        conditions = Conditions(self.host.files, self.state.working_directory)
        found = Bracketed(conditions, statement.words, expander.single, expander.pattern)
        try:
            status = Status.of(found.whole())
        except ConditionError:
            status = Status.UNKNOWN
        except ExpansionError:
            return Outcome(Status.FAILURE, Flow.EXIT)
        return Outcome(status, assumed=bool(found.depends_on))

    def lost(self, reason: str, line: int, context: Context) -> Outcome:
        """Here the interpretation ends; what follows may happen or not."""
        self.host.lost(self.state.working_directory, reason, self.call((), context, line))
        if context.sink:
            context.sink.add(None, True)
        self.state.certain = False
        return Outcome(Status.UNKNOWN)

    # Branches

    def branch(self, alternatives: list[Callable[[], Outcome]], context: Context) -> Outcome:
        """One of these happens; which one cannot be told."""
        base = self.state
        results = [self.attempt(base, alternative) for alternative in alternatives]
        return self.settle(base, results, context)

    def assuming(
        self, main: Callable[[], Outcome], others: list[Callable[[], Outcome]], context: Context
    ) -> Outcome:
        """`main` happens unless the container is started with a further variable; then one of the others."""
        base = self.state
        results = [self.attempt(base, other) for other in others]
        self.state = base.copy()
        outcome = main()
        if _dead(outcome, context):
            return self.settle(base, [*results, (self.state, outcome)], context)
        return outcome

    def attempt(self, base: State, alternative: Callable[[], Outcome]) -> tuple[State, Outcome]:
        self.state = base.copy()
        self.state.certain = False
        outcome = alternative()
        return self.state, outcome

    def settle(self, base: State, results: list[tuple[State, Outcome]], context: Context) -> Outcome:
        """Keep what the alternatives agree on; one that ends the script in failure does not count."""
        alive = [result for result in results if not _dead(result[1], context)]
        if not alive:
            self.state = results[0][0]
            self.state.certain = base.certain
            return Outcome(Status.FAILURE, Flow.EXIT)
        flows = {outcome.flow for _, outcome in alive}
        going = [result for result in alive if result[1].flow is Flow.NEXT] or alive
        self.state = going[0][0]
        for state, _ in going[1:]:
            self.state.merge(state)
        if Flow.EXIT in flows and len(flows) > 1:
            self.state.may_have_ended = True
        self.state.certain = base.certain and not self.state.may_have_ended and len(flows) == 1
        statuses = {outcome.status for _, outcome in going}
        status = statuses.pop() if len(statuses) == 1 else Status.UNKNOWN
        flow = flows.pop() if len(flows) == 1 else Flow.NEXT
        if flow is Flow.NEXT and status is Status.UNKNOWN and self.fatal(context) and context.final:
            status = Status.SUCCESS
        return Outcome(status, flow)

    # Commands

    def expander(self, context: Context) -> Expander:
        return Expander(
            self.state,
            self.host.files,
            self.dialect is Dialect.BASH,
            self.host.variables_may_be_set,
            lambda code: self.substitute(code, context),
        )

    def substitute(self, code: str, context: Context) -> str | None:
        """`$(code)`: its output, less trailing newlines."""
        if context.depth > DEEPEST:
            return None
        sink = Sink(self.state.certain)
        inner = replace(context, final=False, ignored=True, fatal_exit=False, sink=sink)
        words = split_words(code)
        if len(words) == 2 and words[0] == "<":
            code = f"cat {words[1]}"
        line, where = self.line, self.where
        self.where = lambda _line: where(line)
        try:
            self.substituted = self.subshell(parse(code), inner).status
        finally:
            self.line, self.where = line, where
        content = sink.content
        if content is None:
            return None
        return content.replace(b"\0", b"").decode("utf8", "surrogateescape").rstrip("\n")

    def call(self, words: tuple[Word, ...], context: Context, line: int, *, replaces: bool = False) -> Call:
        return Call(
            words,
            self.state.environment(),
            self.state.working_directory,
            context.stdin,
            self.state.certain,
            self.fatal(context) or (replaces and context.fatal_exit),
            replaces,
            line,
            self.where(line),
        )

    def simple(self, statement: Simple, context: Context) -> Outcome:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise _TooMuchError
        self.line = statement.line
        self.substituted = None
        try:
            words = self.words(statement, context)
            opened = self.open(statement.redirects, context, statement.line)
            if opened is None:
                return self.failed(words[0].text if words else None)
            context, files = opened
            outcome = self.command(words, statement, context)
        except ExpansionError:
            return Outcome(Status.FAILURE, Flow.EXIT)
        self.close(files, context, statement.line)
        return outcome

    def failed(self, name: str | None) -> Outcome:
        """A redirect or an argument is wrong."""
        ends = name in SPECIAL and self.dialect is Dialect.POSIX
        return Outcome(Status.FAILURE, Flow.EXIT if ends else Flow.NEXT)

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
                done.append(Word(word))
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
        saved, exported = dict(self.state.variables), set(self.state.exported)
        expander = self.expander(context)
        for text in statement.assignments:
            name, appends, value = assignment(text)
            self.assign(name, appends, value, expander)
            self.state.exported.add(name)
        outcome = self.invoke(words, statement, context)
        self.state.variables, self.state.exported = saved, exported
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
        match name:
            case "command" | "builtin" if rest and not (rest[0].text or "-").startswith("-"):
                functions, self.state.functions = self.state.functions, {}
                outcome = self.invoke(plain[1:], statement, context)
                self.state.functions = functions | self.state.functions
                return outcome
            case "command" | "builtin":
                return self.printed(None, Status.UNKNOWN if rest else Status.SUCCESS, context)
            case "exit" | "return":
                flow = Flow.EXIT if name == "exit" else Flow.RETURN
                return Outcome(self.code(rest), flow)
            case "break" | "continue":
                return Outcome(Status.SUCCESS, Flow.BREAK if name == "break" else Flow.CONTINUE)
            case "exec":
                return self.exec(words[1:], statement, context)
            case "eval":
                return self.eval(rest, context)
            case "." | "source":
                return self.source(rest, context)
            case "[" | "test":
                return self.test(name, rest)
        builtin = BUILTINS.get(name) or (BASH_BUILTINS.get(name) if self.dialect is Dialect.BASH else None)
        if builtin is not None:
            if name == "local" and self.frames:
                for word in rest:
                    if word.text and word.text.isidentifier():
                        self.frames[-1].setdefault(word.text, self.state.variables.get(word.text))
            status = builtin(self.state, rest, self.host.files)
            return self.failed(name) if status is Status.FAILURE else Outcome(status)
        known = PROGRAMS.get(name.rpartition("/")[2])
        if known is not None:
            bash = self.dialect is Dialect.BASH
            place = Place(self.host.files, self.state.working_directory, context.stdin, bash)
            output = known([word.text for word in rest], place)
            return self.printed(output.content, output.status, context)
        return self.program(words, context, statement.line)

    def printed(self, content: bytes | None, status: Status, context: Context) -> Outcome:
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
        known = PROGRAMS.get((words[0].text or "").rpartition("/")[2])
        if known or (words[0].text or "") in ("true", "false", "test", "["):
            return replace(self.invoke(words, statement, context), flow=Flow.EXIT)
        return replace(self.program(words, context, statement.line, replaces=True), flow=Flow.EXIT)

    def test(self, name: str, words: list[Word]) -> Outcome:
        texts = [word.text for word in words]
        depends = any(word.depends_on for word in words)
        if name == "[":
            if not texts or texts[-1] != "]":
                return Outcome(Status.FAILURE)
            texts.pop()
        conditions = Conditions(self.host.files, self.state.working_directory)
        try:
            return Outcome(Status.of(conditions.test(texts)), assumed=depends)
        except ConditionError:
            return Outcome(Status.FAILURE, assumed=depends)

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
            return self.lost("eval of a text that is not known", self.line, context)
        text = " ".join(word.text or "" for word in words)
        return self.inner(text, self.where, context)

    def inner(self, text: str, where: Where, context: Context) -> Outcome:
        """Another text in this same shell."""
        outer, line = self.where, self.line
        self.where = where if where is not outer else lambda _line: outer(line)
        try:
            return self.sequence(parse(text), replace(context, depth=context.depth + 1))
        finally:
            self.where, self.line = outer, line

    def source(self, words: list[Word], context: Context) -> Outcome:
        """`. file`: looked for in the working directory (bash) or as a path; `activate` is known."""
        if not words:
            return Outcome(Status.FAILURE, Flow.EXIT)
        path, folder = words[0].text, self.state.working_directory
        if path is None or context.depth > DEEPEST or (folder is None and not path.startswith("/")):
            return self.lost("a sourced file that is not known", self.line, context)
        found = follow(self.host.files, path if path.startswith("/") else f"{folder}/{path}")
        if path.endswith("/bin/activate") and not isinstance(found.answer, Absent):
            venv = join(folder or "/", path.removesuffix("/bin/activate") or "/")
            old = self.state.variables.get("PATH", UNTOLD).text
            self.state.assign("VIRTUAL_ENV", Value((venv,)))
            self.state.assign("PATH", Value((None if old is None else f"{venv}/bin:{old}",)))
            self.state.exported |= {"VIRTUAL_ENV", "PATH"}
            return Outcome(Status.SUCCESS)
        if isinstance(found.answer, Absent) and ("/" in path or self.dialect is Dialect.BASH):
            # POSIX 2.8.1: a dot script that is not found ends the shell; bash goes on.
            end = Flow.EXIT if self.dialect is Dialect.POSIX else Flow.NEXT
            return Outcome(Status.FAILURE, end)
        content = self.host.files.read(found.path) if isinstance(found.answer, Entry) else Unknown("")
        if isinstance(content, Unknown):
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

    # Redirects

    def redirected(self, statement: Redirected, context: Context) -> Outcome:
        self.line = statement.line
        try:
            opened = self.open(statement.redirects, context, statement.line)
        except ExpansionError:
            return Outcome(Status.FAILURE, Flow.EXIT)
        if opened is None:
            return self.checked(Outcome(Status.FAILURE), context)
        inner, files = opened
        outcome = self.run(statement.body, inner)
        self.close(files, inner, statement.line)
        return outcome

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
                place = Place(self.host.files, self.state.working_directory, context.stdin, False)
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
        """bash expands file names in a redirect's target, and refuses several (None); POSIX 2.7 does not."""
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
                join(folder or "/", begun) if begun else folder, "a file whose name is not known", call
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
            parent = follow(self.host.files, found.path.rpartition("/")[0] or "/").answer
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
                content = None if isinstance(before, Unknown) or content is None else before + content
            self.host.write(path, content, self.call((), context, line))


_LOOP = (Flow.BREAK, Flow.CONTINUE)


def _dead(outcome: Outcome, context: Context) -> bool:
    """Does this end the script in failure? Then nothing that follows is about it."""
    if outcome.status is not Status.FAILURE or not context.fatal_exit:
        return False
    return outcome.flow is Flow.EXIT or (context.final and outcome.flow is Flow.NEXT)


def _ends_in_failure(statement: Statement) -> bool:
    """`exit 1`, `false`, `{ echo ...; exit 1; }`."""
    if isinstance(statement, Sequence) and statement.statements:
        return _ends_in_failure(statement.statements[-1])
    return isinstance(statement, Simple) and (
        len(statement.words) == 2 and statement.words[0] == "exit" and statement.words[1] not in ("0", "$?")
    )


def _encode(text: str | None) -> bytes | None:
    return None if text is None else text.encode("utf8", "surrogateescape")
