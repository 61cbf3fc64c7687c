"""What the start-up raises itself, and handlers that are no guard: each program is run by CPython as well."""

from __future__ import annotations

import pytest

from tests.support import cpython

EACH = (
    "for name in ('gone', {}):\n    try:\n        found = __import__(name)\n        break\n"
    "    except ImportError as e:\n"
)
HEALTHY = {
    "taken": "try:\n    raise ImportError('x')\nexcept ImportError:\n    pass\n",
    "taken by a base": "try:\n    raise RuntimeError\nexcept Exception:\n    pass\n",
    "a class of its own": "class E(ImportError): pass\ntry:\n    raise E('x')\nexcept ImportError:\n    pass\n",
    "not reached": "import sys\nif sys.version_info < (3, 6):\n    raise RuntimeError('too old')\n",
    "undecided": "import os\nif os.getpid() < 0:\n    raise RuntimeError('no process')\n",
    "a variable that is unset": (
        "import os\nif os.environ.get('NO_SUCH_SWITCH'):\n    raise RuntimeError('switched')\n"
    ),
    "no exception": "try:\n    raise 'text'\nexcept TypeError:\n    pass\n",
    "an exception that a function makes": (
        "def made():\n    return KeyError('k')\ntry:\n    raise made()\nexcept KeyError:\n    pass\n"
    ),
    "a class of the standard library": (
        "import json\ntry:\n    raise json.JSONDecodeError('m', 'd', 0)\nexcept ValueError:\n    pass\n"
    ),
    "a fallback that is found": EACH.format("'json'") + "        error = e\nelse:\n    raise error\n",
    "a handler that goes on": (
        "import sys\ntry:\n    import gone\nexcept ImportError:\n    if not sys:\n        sys.exit(1)\n"
    ),
    "suppressed": "from contextlib import suppress\nwith suppress(RuntimeError):\n    raise RuntimeError\n",
}
BROKEN = {
    "at the top": "raise ImportError('x')\n",
    "without brackets": "raise RuntimeError\n",
    "in a function": "def check():\n    raise ValueError('unset')\ncheck()\n",
    "in a module": "import named\n",
    "a class of its own": "class E(Exception): pass\nraise E('x')\n",
    "another is taken": "try:\n    raise RuntimeError('x')\nexcept ImportError:\n    pass\n",
    "raised again": "try:\n    raise RuntimeError('x')\nexcept RuntimeError:\n    raise\n",
    "turned": "try:\n    raise RuntimeError('x')\nexcept RuntimeError as e:\n    raise ValueError('y') from e\n",
    "too old": "import sys\nif sys.version_info < (99, 0):\n    raise RuntimeError('too old')\n",
    "no fallback is found": EACH.format("'gone2'") + "        error = e\nelse:\n    raise error\n",
    "none at all": EACH.format("'gone2'") + "        pass\nelse:\n    raise RuntimeError('none')\n",
    "kept and raised later": "try:\n    import gone\nexcept ImportError as e:\n    error = e\nraise error\n",
    "a handler that raises": (
        "try:\n    import gone\nexcept ImportError as e:\n    raise ImportError('reinstall') from e\n"
    ),
}


def judged(text: str) -> tuple[cpython.Outcome, cpython.Outcome]:
    """What CPython says of the program, and what the simulation does."""
    files = {
        "main.py": text,
        "named.py": "if __name__ == 'named':\n    raise RuntimeError('not on its own')\n",
    }
    return cpython.judged(files)


@pytest.mark.parametrize("text", HEALTHY.values(), ids=HEALTHY.keys())
def test_nothing_is_told_of_what_starts(text: str) -> None:
    real, ours = judged(text)
    assert (real, ours) == (cpython.Outcome(), cpython.Outcome())


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_what_fails_is_told(text: str) -> None:
    real, ours = judged(text)
    assert real.exception is not None
    assert cpython.same(real, ours), (real, ours)


@pytest.mark.parametrize(
    "end", ["sys.exit(0)", "sys.exit('please install it')", "exit()", "raise SystemExit"]
)
def test_a_handler_that_ends_the_process_is_no_guard(end: str) -> None:
    text = f"import sys\ntry:\n    import gone\nexcept ImportError:\n    print('gone?')\n    {end}\nimport gone2\n"
    failures = cpython.simulated({"main.py": text}, ("main.py",)).failures
    assert [(failure.module, failure.certain) for failure in failures] == [("gone", True)]
