"""Operations that values of a known type refuse: each program is run by CPython as well."""

from __future__ import annotations

import pytest

from tests.support import cpython

HEALTHY = {
    "a key that is written out": "d = {'a': 1}\nd['a']\n",
    "a key that is put in": "d = {'a': 1}\nd['b'] = 2\nd['b']\n",
    "a key that a call puts in": "import copy\nd = {}\ndef f(x):\n    x['b'] = 1\nlist(map(f, [d]))\nd['b']\n",
    "a key that a loop puts in": (
        "d = {}\ni = 0\nwhile True:\n    i += 1\n    d[i] = 1\n    if i == 3:\n        break\nd[2]\n"
    ),
    "a key that a callback puts in": (
        "import threading\nd = {}\ndef f():\n    d['b'] = 1\nt = threading.Thread(target=f)\nt.start()\n"
        "t.join()\nd['b']\n"
    ),
    "a key that a method puts in": "import operator\nd = {}\nd.__setitem__('b', 1)\nd['b']\n",
    "elements that a call puts in": "import heapq\nx = [1]\nheapq.heappush(x, 2)\na, b = x\n",
    "an element that is taken out": "x = [1, 2, 3]\ndel x[0]\na, b = x\n",
    "elements that are the same": "a, b = sorted({1, 1, 2})\n",
    "merged": "a = b = {'x': 1}\na |= {'y': 2}\nb['y']\n",
    "caught": "try:\n    {}['a']\nexcept KeyError:\n    pass\n",
    "a module that is called by name": "import datetime\ndatetime.datetime(2024, 1, 1)\n",
    "unpacked": "a, b = 1, 2\nc, *d = [1]\ne, f = 'ab'\n",
    "texts": "'a' + 'b'\n'a' % ()\n'a' * 2\n1 / 2\n1 < 2.5\n'a' in 'abc'\n",
    "an assertion": "assert 1 + 1 == 2, 'text'\nassert []  == []\n",
    "sets": "assert set(['a', 'b']) == set(['b', 'a'])\nassert {'a': 1}.keys() == {'a'}\nassert len(set('aa')) == 1\n",
    "dicts": "assert {'a': 1} != {'a': 2}\nassert list({'a': 1}) == ['a']\nassert tuple([1]) == (1,)\n",
    "told apart from optimised code": "if __debug__:\n    import sys\n    sys.exit()\nimport gone\n",
    "a version on the right": (
        "import sys\nif (3, 4) >= sys.version_info or not (3, 0) < sys.version_info < (9, 0):\n    import gone\n"
    ),
    "a version with its level": "import sys\nif sys.version_info >= (9, 0, 0, 'beta'):\n    import gone\n",
    "versions": "import sys\nassert (2, 7) < sys.version_info\nassert sys.version_info in {sys.version_info: 1}\n",
    "an else that is not reached": (
        "try:\n    int('x')\nexcept ValueError:\n    pass\nelse:\n    raise RuntimeError('no')\n"
    ),
    "an else behind a division": "try:\n    1 / 0\nexcept ZeroDivisionError:\n    pass\nelse:\n    import gone\n",
    "some true value": "x = __debug__ and 'c' or 'o'\n'a' + x\nx.upper()\n",
    "behind a condition": "x = 1\nif hasattr(x, 'items'):\n    x['a']\n",
    "bound by what nobody follows": "x = None\nimport atexit\ndef f():\n    return x[0]\n",
}
BROKEN = {
    "a key": "d = {'a': 1}\nd['b']\n",
    "a number is called": "x = 1\nx()\n",
    "a division by zero": "1 / 0\n",
    "a module is called": "import datetime\ndatetime()\n",
    "a file of the project is called": "import other\nother()\n",
    "a number is gone through": "for x in 3:\n    pass\n",
    "a number is unpacked": "a, b = 1\n",
    "too few": "a, b, c = [1, 2]\n",
    "too many": "a, b = 'x:y:z'.split(':')\n",
    "a text and a number": "'a' + 1\n",
    "a number and a text": "1 / 'a'\n",
    "a comparison": "1 < 'a'\n",
    "a number is subscripted": "x = 1\nx[0]\n",
    "an assertion": "x = 1\nassert x == 2, 'no'\n",
}


@pytest.mark.parametrize("text", HEALTHY.values(), ids=HEALTHY.keys())
def test_nothing_is_told_of_what_works(text: str) -> None:
    real, ours = cpython.judged({"main.py": text})
    assert (real, ours) == (cpython.Outcome(), cpython.Outcome())


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_refused_is_told(text: str) -> None:
    real, ours = cpython.judged({"main.py": text, "other.py": ""})
    assert real.exception is not None
    assert (real.exception, real.line) == (ours.exception, ours.line)


def test_unpacking_goes_through_a_generator() -> None:
    real, ours = cpython.judged({"main.py": "def g():\n    import gone\n    yield 1\na, = g()\n"})
    assert real.exception == "ModuleNotFoundError"
    assert real == ours


def test_an_asynchronous_manager_is_entered_and_left() -> None:
    text = (
        "import asyncio\nclass C:\n    async def __aenter__(self):\n        return self\n"
        "    async def __aexit__(self, *exc):\n        import gone\n"
        "async def main():\n    async with C() as c:\n        pass\nasyncio.run(main())\n"
    )
    real, ours = cpython.judged({"main.py": text})
    assert real.exception == ours.exception == "ModuleNotFoundError"
    assert real.line == ours.line
