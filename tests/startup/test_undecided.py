"""In a branch that may not run, what it binds itself is known: what fails there may fail, and is told so."""

from __future__ import annotations

import pytest

from tests.support import cpython


@pytest.mark.parametrize(
    "body",
    [
        ["def load():", "    import gone", "load()"],
        ["class Loader:", "    def run(self):", "        import gone", "Loader().run()"],
        ["class Loader:", "    def __init__(self):", "        import gone", "Loader()"],
        ["name = 'gone'", "__import__(name)"],
        ["from contextlib import suppress as quiet", "with quiet(KeyError):", "    import gone"],
    ],
)
def test_a_failure_in_the_branch_is_possible(body: list[str]) -> None:
    text = "\n".join(["import os", "if os.getpid() > 0:", *("    " + line for line in body)])
    failures = cpython.simulated({"main.py": text + "\n"}, ("main.py",)).failures
    assert [(f.text, f.may_not_run) for f in failures] == [("No module named 'gone'", True)]


def test_behind_the_branch_it_is_not_known() -> None:
    text = "import os\nname = 'json'\nif os.getpid() > 0:\n    name = 'gone'\n__import__(name)\n"
    assert cpython.simulated({"main.py": text}, ("main.py",)).failures == ()
