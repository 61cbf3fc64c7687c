"""What can be seen of a statement before it runs: does it end, does it hand its status on?"""

from __future__ import annotations

from collections.abc import Iterator

from parity.shell.syntax import (
    AndOr,
    Background,
    Case,
    Condition,
    For,
    If,
    Pipeline,
    Redirected,
    Sequence,
    Simple,
    Statement,
    Subshell,
    While,
)

LEAVING = frozenset(("break", "exit", "return", "exec"))
FILE_TESTS = frozenset(("-e", "-f", "-d", "-s", "-r"))
FOR_EVER = (("true",), (":",), ("[", "1", "]"), ("[", "true", "]"))
HANDS_ON = (("exit",), ("exit", "$?"), ("return",), ("return", "$?"))
WAITS = (("wait", "$!"), ("wait", '"$!"'), ("wait", "${!}"), ("wait", '"${!}"'))


def is_endless(loop: While) -> bool:
    """`while true` of which nothing leaves: what fails in it fails again in each round."""
    words = (("false",),) if loop.until else FOR_EVER
    condition = loop.condition.statements
    for_ever = len(condition) == 1 and isinstance(condition[0], Simple) and condition[0].words in words
    return for_ever and not any(
        simple.words[:1] and simple.words[0] in LEAVING for simple in simples(loop.body)
    )


def hands_status_on(statement: Statement, before: Statement) -> bool:
    """`exit $?`, `return`, `wait $!` behind `program &`: its status is that of what stands before it."""
    return is_waited_for(before, statement) or (isinstance(statement, Simple) and statement.words in HANDS_ON)


def exits(statement: Statement) -> bool:
    """`exit`, `exit $?`: the status of what stands before it is that of the whole script."""
    return isinstance(statement, Simple) and statement.words in (("exit",), ("exit", "$?"))


def is_waited_for(statement: Statement, following: Statement | None = None) -> bool:
    """`program & wait $!` has the status of the program."""
    return isinstance(statement, Background) and isinstance(following, Simple) and following.words in WAITS


def leaves(body: Sequence) -> bool:
    """Does its last statement leave the loop, whatever it is?"""
    last = body.statements[-1] if body.statements else None
    return isinstance(last, Simple) and last.words[:1] != () and last.words[0] in LEAVING


def returns(body: Sequence) -> bool:
    """Does it leave the function that it stands in, and not only the loop?"""
    return any(simple.words[:1] == ("return",) for simple in simples(body))


def is_first_run(condition: Sequence, body: Sequence) -> bool:
    """`if [ ! -f settings ]; then cp ...; exit; fi`: it ends the first start of a container, and no later one."""
    last = body.statements[-1] if body.statements else None
    quits = isinstance(last, Simple) and last.words in (("exit",), ("exit", "0"))
    return quits and any(
        (isinstance(simple, Condition) or simple.words[:1] in (("[",), ("test",)))
        and not FILE_TESTS.isdisjoint(simple.words)
        for simple in simples(condition)
    )


def ends_in_failure(statement: Statement) -> bool:
    """`exit 1`, `false`, `{ echo ...; exit 1; }`."""
    if isinstance(statement, Sequence) and statement.statements:
        return ends_in_failure(statement.statements[-1])
    return isinstance(statement, Simple) and (
        len(statement.words) == 2 and statement.words[0] == "exit" and statement.words[1] not in ("0", "$?")
    )


def simples(statement: Statement) -> Iterator[Simple | Condition]:
    """Every simple command and `[[ ]]` in it, but for the bodies of functions."""
    todo = [statement]
    while todo:
        match todo.pop():
            case Simple() | Condition() as simple:
                yield simple
            case Sequence(statements=inner) | Pipeline(commands=inner):
                todo += inner
            case AndOr(left=left, right=right):
                todo += (left, right)
            case Subshell(body=body) | Background(body=body) | Redirected(body=body) | For(body=body):
                todo.append(body)
            case While(condition=condition, body=body):
                todo += (condition, body)
            case If(branches=branches, otherwise=otherwise):
                todo += (part for branch in branches for part in branch)
                todo.append(otherwise)
            case Case(items=items):
                todo += (item.body for item in items)
            case _:
                pass
