"""What is the state of a shell behind several branches, where nobody knows which of them ran?"""

from __future__ import annotations

from collections.abc import Callable

from parity.shell.flow import Context, Flow, Outcome
from parity.shell.invoke import Invocations
from parity.shell.state import State
from parity.shell.status import Status

LOOP = (Flow.BREAK, Flow.CONTINUE)


class Branching(Invocations):
    """The part of the interpreter that runs each branch on a copy of the state, and keeps what the copies agree on."""

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
        if len(flows) > 1 and not flows.isdisjoint(LOOP):
            self.state.may_have_left = True
        self.state.certain = base.certain and not self.state.may_have_ended and len(flows) == 1
        statuses = {outcome.status for _, outcome in going}
        status = statuses.pop() if len(statuses) == 1 else Status.UNKNOWN
        flow = flows.pop() if len(flows) == 1 else Flow.NEXT
        if flow is Flow.NEXT and status is Status.UNKNOWN and self.fatal(context) and context.final:
            status = Status.SUCCESS
        return Outcome(status, flow)


def _dead(outcome: Outcome, context: Context) -> bool:
    """Does this end the script in failure? Then nothing that follows is about it."""
    if outcome.status is not Status.FAILURE or not context.fatal_exit:
        return False
    return outcome.flow is Flow.EXIT or (context.final and outcome.flow is Flow.NEXT)
