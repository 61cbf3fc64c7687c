"""Which exception groups are taken, and by what: the healthy programs are run by CPython as well."""

from __future__ import annotations

import pytest

from tests.support import cpython

GROUP = "raise ExceptionGroup('many', [ValueError(1), OSError(2)])\n"
HEALTHY = {
    "member by member": f"try:\n    {GROUP}except* ValueError:\n    pass\nexcept* OSError:\n    pass\n",
    "one class for all": f"try:\n    {GROUP}except* Exception:\n    pass\n",
    "a tuple": f"try:\n    {GROUP}except* (ValueError, OSError):\n    pass\n",
    "a plain exception": "try:\n    raise ValueError(1)\nexcept* ValueError:\n    pass\n",
    "the group itself": f"try:\n    {GROUP}except ExceptionGroup:\n    pass\n",
    "members that are not known": (
        "made = [ValueError(1)]\ntry:\n    raise ExceptionGroup('many', made)\nexcept* ValueError:\n    pass\n"
    ),
    "a group in a group": (
        "try:\n    raise ExceptionGroup('a', [ExceptionGroup('b', [ValueError(1)])])\nexcept* ValueError:\n    pass\n"
    ),
    "a class of its own": (
        "class E(ValueError): pass\n"
        "try:\n    raise ExceptionGroup('many', [E()])\nexcept* ValueError:\n    pass\n"
    ),
}
BROKEN = {
    "no member": f"try:\n    {GROUP}except* KeyError:\n    pass\n",
    "not by a handler of its members": f"try:\n    {GROUP}except ValueError:\n    pass\n",
}


@pytest.mark.parametrize("text", HEALTHY.values(), ids=HEALTHY.keys())
def test_nothing_is_told_of_what_is_taken(text: str) -> None:
    real, ours = cpython.judged({"main.py": text})
    assert (real, ours) == (cpython.Outcome(), cpython.Outcome())


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_what_nothing_takes_is_told(text: str) -> None:
    _, ours = cpython.judged({"main.py": text})  # the traceback of a group is another one
    assert ours.exception == "ExceptionGroup"
