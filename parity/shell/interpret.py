"""What would a shell do with this text? Statements run in order, three-valued where not all is known.

A branch on a condition that cannot be told runs both sides on copies of the state, as uncertain; then
what the copies agree on is kept. A failure that would end the whole script is taken not to have happened
where it is not known: after it nothing else would run anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from parity.patterns.posix import compile_pattern, matches
from parity.shell.branching import LOOP, Branching
from parity.shell.conditions import Bracketed, ConditionError, Conditions
from parity.shell.dialect import PIPEFAIL, Dialect
from parity.shell.effort import TooMuchError
from parity.shell.flow import Context, Flow, Outcome, Sink, Where
from parity.shell.host import Call, ShellHost
from parity.shell.invoke import DEEPEST
from parity.shell.parameter import ExpansionError
from parity.shell.reading import why_refused
from parity.shell.scripts import Script
from parity.shell.shape import (
    ends_in_failure,
    exits,
    hands_status_on,
    is_endless,
    is_first_run,
    is_waited_for,
    leaves,
    returns,
)
from parity.shell.state import State, Value
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
    Redirected,
    Refused,
    Sequence,
    Simple,
    Statement,
    Subshell,
    Unparsed,
    While,
)
from parity.shell.word import Word

MOST_ROUNDS = 200
"""Rounds of a loop that are followed."""


def interpret(
    text: str,
    host: ShellHost,
    *,
    environment: Mapping[str, str],
    working_directory: str,
    arguments: tuple[str | None, ...] = (),
    name: str = "sh",
    dialect: Dialect = Dialect.SH,
    options: str = "",
    where: Where = lambda _line: None,
    certain: bool = True,
    fatal: bool = True,
    depth: int = 0,
) -> Status:
    """Run `text` against `host`; the status of the whole.

    `arguments` are `$1`, `$2`, ...; `name` is `$0`; `options` letters as of `sh -eu`; `where` gives the
    place of a line (from 1) of the text. `certain` and `fatal` as of the shell itself; `depth`: how many
    functions, sourced files and scripts it stands in already. Never raises.
    """
    state = State.start(environment, working_directory, name, arguments)
    state.errexit = "e" in options
    state.nounset = "u" in options
    state.pipefail = PIPEFAIL in options
    state.certain = certain
    shell = _Shell(host, dialect, state, where)
    try:
        whole = Context(final=fatal, fatal_exit=fatal, depth=depth)
        status = shell.ended(shell.sequence(shell.read(text), whole))
        shell.leave(replace(whole, final=False, ignored=True, fatal_exit=False))
        return status
    except TooMuchError:
        host.lost(None, "the script runs too many commands to be followed", shell.call((), Context(), 1))
    except RecursionError:
        host.lost(None, "the script is nested too deeply to be followed", shell.call((), Context(), 1))
    return Status.UNKNOWN


def interpret_script(
    script: Script, host: ShellHost, call: Call, working_directory: str, where: Where
) -> Status:
    """Run the script that a call starts, as `interpret` does."""
    return interpret(
        script.text,
        host,
        environment=call.environment,
        working_directory=working_directory,
        arguments=script.arguments,
        name=script.name,
        dialect=script.dialect,
        options=script.options,
        where=where,
        certain=call.certain,
        fatal=call.fatal,
        depth=call.depth + 1,
    )


class _Shell(Branching):
    """The part of the interpreter that decides what runs."""

    def run(self, statement: Statement, context: Context) -> Outcome:
        self.host.effort.spend()
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
                return self.loop(statement.body, lambda: self.for_(statement, context))
            case While():
                return self.loop(statement.body, lambda: self.while_(statement, context))
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
                return self.checked(self.condition(statement, context), context)
            case Redirected():
                return self.redirected(statement, context)
            case Unparsed():
                return self.lost(f"not followed: {statement.text[:60]!r}", statement.line, context)
            case Refused():
                return self.refused(statement, context)

    def ended(self, outcome: Outcome) -> Status:
        """The status of the whole: a failure is none for sure where an `exit` may have come before it."""
        uncertain = outcome.status is Status.FAILURE and self.state.may_have_ended
        return Status.UNKNOWN if uncertain else outcome.status

    def leave(self, context: Context) -> None:
        """What a trap runs when the shell of a build step ends; that of a start script may never end."""
        word, self.at_exit = self.at_exit, None
        if word is not None and word.text is not None and not self.host.variables_may_be_set:
            self.eval([word], context)

    def sequence(self, body: Sequence, context: Context) -> Outcome:
        outcome = Outcome(Status.SUCCESS)
        statements = body.statements
        last = len(statements) - 1
        while last > 0 and hands_status_on(statements[last], statements[last - 1]):
            last -= 1
        ending = replace(context, final=True) if last >= 0 and exits(statements[-1]) else context
        for number, statement in enumerate(statements):
            here = ending if number >= last else replace(context, final=False)
            if isinstance(statement, Background) and is_waited_for(statement, *statements[number + 1 :][:1]):
                outcome = self.subshell(statement.body, replace(here, stdin=b""))
            else:
                outcome = self.run(statement, here)
            self.state.last = outcome.status
            if outcome.flow is not Flow.NEXT:
                break
        return outcome

    def and_or(self, statement: AndOr, context: Context) -> Outcome:
        """A whole chain of `&&` and `||`, from the left; each part stands in what follows it."""
        chain: list[AndOr] = []
        contexts: list[Context] = []
        first: Statement = statement
        while isinstance(first, AndOr):
            chain.append(first)
            contexts.append(context)
            part = context.part()
            ends = first.either and ends_in_failure(first.right)
            if not first.either or ends:
                part = replace(part, final=context.final or (ends and context.fatal_exit))
            context = part
            first = first.left
        outcome = self.run(first, context)
        for link, here in zip(reversed(chain), reversed(contexts), strict=True):
            self.state.last = outcome.status
            if outcome.flow is not Flow.NEXT:
                break
            outcome = self.go_on(outcome, link, here)
        return outcome

    def go_on(self, left: Outcome, statement: AndOr, context: Context) -> Outcome:
        """The right side, if the left side's outcome says so."""
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
        if counts:
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
            status = self.ended(outcome)
        finally:
            self.state, self.frames = outer, frames
        return Outcome(status, assumed=outcome.assumed)

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

        before = self.state.copy()
        outcome = self.decide(decided, then, otherwise, context)
        first_run = decided.status is Status.SUCCESS and outcome.flow is Flow.EXIT
        if first_run and self.host.variables_may_be_set and is_first_run(condition, body):
            self.state = before
            return otherwise()
        return outcome

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

    def loop(self, body: Sequence, run: Callable[[], Outcome]) -> Outcome:
        """What follows a loop is reached however its rounds end: a `break` that may happen is over with the loop."""
        outer, certain = self.state.may_have_left, self.state.certain
        self.state.may_have_left = False
        self.loops += 1
        outcome = run()
        self.loops -= 1
        if self.state.may_have_left and not returns(body):
            self.state.certain = certain and not self.state.may_have_ended
        self.state.may_have_left = outer
        return outcome

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
        body = replace(
            context,
            final=context.final and leaves(statement.body),
            endless=context.endless or is_endless(statement),
        )
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
                return replace(outcome, flow=Flow.NEXT) if outcome.flow in LOOP else outcome
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

    def refused(self, statement: Refused, context: Context) -> Outcome:
        """A syntax error ends a shell."""
        self.line = statement.line
        why = why_refused(statement.part, self.dialect)
        self.tell((Word(statement.text),), context.fatal_exit, context, why)
        return Outcome(Status.FAILURE, Flow.EXIT)

    def condition(self, statement: Condition, context: Context) -> Outcome:
        if self.dialect.lacks("[[") is not False:
            self.line = statement.line
            return self.lacking((Word("[["), *map(Word, statement.words), Word("]]")), context)
        expander = self.expander(Context())
        conditions = Conditions(self.host.files, self.state.working_directory, self.dialect)
        found = Bracketed(conditions, statement.words, expander.single, expander.pattern)
        try:
            status = Status.of(found.whole())
        except ConditionError:
            status = Status.UNKNOWN
        except ExpansionError:
            return Outcome(Status.FAILURE, Flow.EXIT)
        return Outcome(status, assumed=bool(found.depends_on))

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
