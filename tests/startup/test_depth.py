"""How deep start-ups are followed: as deep as Python goes, and not in silence where it ends."""

from __future__ import annotations

import sys
import threading
from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path

import pytest

from parity.startup.simulate import Startup
from parity.startup.stack import on_deep_stack
from parity.startup.state.budget import MOST_FRAMES, Bound, Budget
from tests.support.cpython import Outcome, outcome, really, simulated

SCRIPT = ("main.py",)
LINKS: dict[str, Callable[[str], str]] = {
    "import": lambda name: f"import {name}\n",
    "from": lambda name: f"from {name} import x\n",
    "if, try, with": lambda name: (
        "import os, contextlib\nif os.sep:\n    try:\n        with contextlib.suppress(KeyError):\n"
        f"            import {name}\n    finally:\n        pass\n"
    ),
    "function": lambda name: f"def f():\n    import {name}\nf()\n",
    "__init__": lambda name: f"class A:\n    def __init__(self):\n        import {name}\nA()\n",
    "import_module": lambda name: f"import importlib\nimportlib.import_module('{name}')\n",
    "__import__": lambda name: f"__import__('{name}')\n",
    "three functions": lambda name: (
        f"def f():\n    g()\ndef g():\n    h()\ndef h():\n    import {name}\nf()\n"
    ),
    "decorator": lambda name: (
        "def d(function):\n    def inner():\n        function()\n    return inner\n"
        f"@d\ndef f():\n    import {name}\nf()\n"
    ),
}


def chain(link: Callable[[str], str], length: int, last: str = "") -> dict[str, str]:
    """So many modules, each imported by the one before; the last one's text is `last`."""
    modules = {f"m{n}.py": link(f"m{n + 1}") + "x = 1\n" for n in range(length - 1)}
    return {"main.py": "import m0\n", **modules, f"m{length - 1}.py": f"{last}\nx = 1\n"}


def bounds(startup: Startup) -> list[str]:
    return [f"{unknown.reason} at {unknown.location}" for unknown in startup.unknowns]


@pytest.mark.parametrize("form", LINKS)
def test_a_chain_of_imports_ends_where_it_ends_in_cpython(tmp_path: Path, form: str) -> None:
    link = LINKS[form]
    end = bisect_left(
        range(400), True, key=lambda n: n > 0 and bool(bounds(simulated(chain(link, n), SCRIPT)))
    )
    assert really(chain(link, end - 1), SCRIPT, tmp_path / "works") == Outcome()
    assert really(chain(link, end), SCRIPT, tmp_path / "ends").exception == "RecursionError"


@pytest.mark.parametrize("form", LINKS)
def test_what_the_last_module_of_a_chain_lacks_is_told(form: str) -> None:
    startup = simulated(chain(LINKS[form], 75, "import gone"), SCRIPT)
    assert outcome(startup).text == "No module named 'gone'"
    assert bounds(startup) == []


def test_packages_in_packages_end_where_they_end_in_cpython(tmp_path: Path) -> None:
    def files(parts: int) -> dict[str, str]:
        packages = {f"{'e/' * (n + 1)}__init__.py": "" for n in range(parts)}
        return {"main.py": f"import {'.'.join(['e'] * parts)}\n", **packages}

    end = bisect_left(range(400), True, key=lambda n: n > 0 and bool(bounds(simulated(files(n), SCRIPT))))
    assert really(files(end - 1), SCRIPT, tmp_path / "works") == Outcome()
    assert really(files(end), SCRIPT, tmp_path / "ends").exception == "RecursionError"


def test_the_bound_that_is_reached_is_told_with_its_place() -> None:
    startup = simulated(chain(LINKS["import"], 300, "import gone"), SCRIPT)
    frames = 7 if sys.version_info < (3, 12) else 6
    last = (1000 - 12 - 1) // frames
    assert bounds(startup) == [
        "not followed any further (Python's recursion limit): "
        f"import m{last + 1} raises RecursionError at 1000 frames at m{last}.py:1:1"
    ]
    assert startup.failures == ()


@pytest.mark.parametrize("depth", [10, 61, 500, 985])
def test_nested_calls(tmp_path: Path, depth: int) -> None:
    functions = "".join(f"def f{n}():\n    f{n + 1}()\n" for n in range(depth))
    files = {"main.py": f"{functions}def f{depth}():\n    import gone\nf0()\n"}
    startup = simulated(files, SCRIPT)
    assert ("/main.py", 2 * depth + 2) in startup.ran
    assert outcome(startup) == really(files, SCRIPT, tmp_path)


@pytest.mark.parametrize("depth", [3, 100, 900])
def test_a_recursion_that_ends(tmp_path: Path, depth: int) -> None:
    files = {
        "main.py": f"def f(n):\n    if n == 0:\n        import gone\n    else:\n        f(n - 1)\nf({depth})\n"
    }
    assert outcome(simulated(files, SCRIPT)).text == really(files, SCRIPT, tmp_path).text


def test_a_recursion_without_an_end() -> None:
    startup = simulated({"main.py": "def f(n):\n    return f(n + 1)\nf(0)\n"}, SCRIPT)
    assert bounds(startup) == [
        "not followed any further (Python's recursion limit): "
        "the call of f raises RecursionError at 1000 frames at main.py:2:5"
    ]


def test_a_limit_of_the_program_s_own(tmp_path: Path) -> None:
    link = LINKS["import"]
    files = chain(link, 200, "import gone")
    files["main.py"] = "import sys\nsys.setrecursionlimit(3000)\nimport m0\n"
    assert outcome(simulated(files, SCRIPT)).text == really(files, SCRIPT, tmp_path).text
    deeper = simulated(
        {"main.py": "import sys\nsys.setrecursionlimit(10**6)\ndef f():\n    f()\nf()\n"}, SCRIPT
    )
    assert bounds(deeper) == [
        f"not followed any further (nested calls): the call of f stands {MOST_FRAMES} frames deep at main.py:4:5"
    ]


def test_the_stack_is_given_back() -> None:
    before = sys.getrecursionlimit(), threading.stack_size()
    on_deep_stack(lambda: None)
    with pytest.raises(KeyError):
        on_deep_stack(lambda: {}["x"])
    assert (sys.getrecursionlimit(), threading.stack_size()) == before


def test_no_thread_is_granted(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert on_deep_stack(lambda: 1) == 1
    short = simulated(chain(LINKS["import"], 10, "import gone"), SCRIPT)
    assert outcome(short).text == "No module named 'gone'"
    assert "the nesting of the code" in bounds(simulated(chain(LINKS["if, try, with"], 130), SCRIPT))[0]


LONG_TEXT = "(the length of a text): more than 100000"
LONG_PATH = "(the length of a path): more than 4096"
MANY = "(the elements of a list or dict): more than 5000"
GROWING = {
    "a text": ("x = 'a'\n" + "x = x + x\n" * 40, LONG_TEXT),
    "a text in place": ("x = 'a'\n" + "x += x\n" * 40, LONG_TEXT),
    "os.path.join": (
        "import os\nx = 'a'\n" + "x = os.path.join(x, x)\n" * 40,
        LONG_TEXT,
    ),
    "f-string": ("x = 'a'\n" + "x = f'{x}{x}'\n" * 40, LONG_TEXT),
    "format": ("x = 'a'\n" + "x = '{}{}'.format(x, x)\n" * 40, LONG_TEXT),
    "percent": ("x = 'a'\n" + "x = '%s%s' % (x, x)\n" * 40, LONG_TEXT),
    "join": ("x = 'a'\n" + "x = ''.join([x, x])\n" * 40, LONG_TEXT),
    "replace": ("x = 'aa'\n" + "x = x.replace('a', x)\n" * 40, LONG_TEXT),
    "a path": (
        "import pathlib\nx = pathlib.Path('a')\n" + "x = x / x\n" * 40,
        LONG_PATH,
    ),
    "a starred list": ("x = [1]\n" + "x = [*x, *x]\n" * 60, MANY),
    "a list in place": ("x = [1]\n" + "x += x\n" * 60, MANY),
    "extend": ("x = [1]\n" + "x.extend(x)\n" * 60, MANY),
}


@pytest.mark.parametrize("form", GROWING)
def test_a_value_that_doubles_and_doubles(form: str) -> None:
    source, bound = GROWING[form]
    startup = simulated({"main.py": source + "import gone\n"}, SCRIPT)
    assert [unknown.reason for unknown in startup.unknowns] == [f"not followed any further {bound}"]
    assert startup.unknowns[0].location is not None
    assert startup.unknowns[0].location.path == "main.py"
    assert outcome(startup).text == "No module named 'gone'"


@pytest.mark.parametrize("depth", [1, 2, 15])
def test_nested_loops(depth: int) -> None:
    """Six and more of a hundred rounds each are more than is followed; what they import is told all the same."""
    loops = "".join("    " * n + f"for i{n} in range(100):\n" for n in range(depth))
    startup = simulated({"main.py": f"{loops}{'    ' * depth}import gone\nimport gone2\n"}, SCRIPT)
    assert [failure.module for failure in startup.failures] == ["gone", "gone2"]
    reached = ["not followed any further (steps of a start-up): over 500000 statements and expressions"]
    assert [unknown.reason for unknown in startup.unknowns] == (reached if depth > 2 else [])


TARGETS = ", ".join(f"x{n}" for n in range(2_000))
LONG_STEPS = {
    "targets": f"def f():\n {TARGETS} = range(2000)\nfor i in range(90): f()\n",
    "tracebacks": (
        "import sys, m\nsys.setrecursionlimit(9000)\n"
        "def f(n):\n if n: return f(n - 1)\n"
        " for i in range(90):\n  try: m.nope\n  except AttributeError: pass\n"
        "f(2000)\n"
    ),
}


@pytest.mark.parametrize("form", LONG_STEPS)
def test_what_takes_long_counts_for_more(form: str) -> None:
    budget = Budget()
    budget.most_steps = 50_000
    startup = simulated({"main.py": LONG_STEPS[form] + "import gone\n", "m.py": ""}, SCRIPT, budget=budget)
    assert Bound.STEPS in budget.reached
    assert [failure.module for failure in startup.failures if failure.module != "m"] == ["gone"]


def test_modules_that_fail_again_and_again() -> None:
    """Each is imported twice by the one before it, which fails as well: its lines give room once."""
    chain = {f"m{n}.py": f"try: import m{n + 1}\nexcept ImportError: import m{n + 2}\n" for n in range(40)}
    budget = Budget()
    budget.most_steps = 5_000
    simulated({"main.py": "import m0\n", **chain, "m40.py": "import gone\n"}, SCRIPT, budget=budget)
    assert Bound.STEPS in budget.reached
    assert budget.steps < 10_000


def test_the_budget_is_one_for_all_processes() -> None:
    budget = Budget()
    simulated({"main.py": "a = 1\n"}, SCRIPT, budget=budget)
    once = budget.steps
    simulated({"main.py": "a = 1\n"}, SCRIPT, budget=budget)
    assert budget.steps == 2 * once > 0
