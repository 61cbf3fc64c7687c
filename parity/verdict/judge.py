"""Is something that the readable steps leave out really absent? The one place that decides it."""

from __future__ import annotations

from parity.verdict.plausible import is_plausible
from parity.verdict.question import Answer, Fails, NotChecked, Question


def judge(question: Question) -> Answer:
    """Certain without a doubt, likely where each doubt is implausible, else not checked (with the step to blame)."""
    if question.doubt is None:
        return Fails(certain=True)
    for step in question.doubt.steps:
        if is_plausible(step, question):
            return NotChecked(step)
    return Fails(certain=False, doubt=question.doubt)
