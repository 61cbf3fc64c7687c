"""Names that no plain statement of the module binds: no failure is told of them; one beside them still is."""

from __future__ import annotations

import pytest

from tests.support import cpython

HEALTHY = {
    "the else of a while": "i = 0\nwhile i < 3:\n    i += 1\nelse:\n    limit = 1\nprint(limit)\n",
    "the else of a for that breaks": (
        "import os\nfor x in os.listdir('/'):\n    if x:\n        break\nelse:\n    import gone\n"
    ),
    "a round after a break": (
        "import os\nfor name in ('json', 'gone'):\n    if os.getpid():\n        break\nelse:\n    import gone\n"
    ),
    "a call of lru_cache": (
        "from functools import lru_cache\ndef f(): pass\ng = lru_cache(f)\ng.cache_info()\n"
        "g = lru_cache(maxsize=8)(f)\ng.cache_clear()\n"
    ),
    "lru_cache of a parameter": (
        "import functools\ndef deco(f):\n    f = functools.lru_cache(f)\n    f.cache_info()\n    return f\n"
        "@deco\ndef g(): pass\ng.cache_info()\n"
    ),
    "cache": "from functools import cache\ndef f(): pass\nf = cache(f)\nf.cache_info()\n",
    "exec": "exec('x = 3')\ntry:\n    import gone\nexcept ImportError:\n    pass\nprint(x)\n",
    "globals before suppress": (
        "import contextlib\nglobals()['x'] = 1\nwith contextlib.suppress(ImportError):\n    import gone\n"
    ),
    "a global enum": (
        "import enum\n@enum.global_enum\nclass F(enum.IntFlag):\n    A = 1\nprint(A)\n"
        "E = enum.IntEnum('E', 'X')\n"
    ),
    "_convert_": (
        "import enum, types\n"
        "enum.IntEnum._convert_('E', __name__, str.isupper, types.SimpleNamespace(ONE=1))\nprint(E, ONE)\n"
    ),
    "_convert_ of a class of its own": (
        "import enum, types\nclass Base(enum.IntEnum): pass\n"
        "Base._convert_('E', __name__, str.isupper, types.SimpleNamespace(ONE=1))\nprint(E, ONE)\n"
    ),
    "gettext.install": "import gettext\ngettext.install('x', names=['ngettext'])\nprint(_('a'), ngettext)\n",
    "a translation": "import gettext\ngettext.translation('x', fallback=True).install()\nprint(_('a'))\n",
    "builtins": "import builtins\nbuiltins.profile = print\nprofile(1)\n",
    "setattr of builtins": "import builtins\nsetattr(builtins, 'profile', print)\nprofile(1)\n",
    "the dict of builtins": "import builtins\nbuiltins.__dict__['profile'] = print\nprofile(1)\n",
    "vars of builtins": "import builtins\nvars(builtins).update(profile=print)\nprofile(1)\n",
    "__builtins__": "__builtins__.profile = print\nprofile(1)\n",
    "a part that a finder makes": (
        "import importlib.util, sys, types\nimport names\nnames.__path__ = []\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        return importlib.util.spec_from_loader(name, self, is_package=True)"
        " if name.startswith('names.') else None\n"
        "    def create_module(self, spec): return types.ModuleType(spec.name)\n"
        "    def exec_module(self, module): pass\n"
        "    def install(self):\n"
        "        if self not in sys.meta_path: sys.meta_path.append(self)\n"
        "Finder().install()\n"
        "import names.made.deep as deep\n"
    ),
    "vars of a module": "import names\nvars(names).update(EUR=1)\nnames.EUR\nfrom names import EUR\n",
    "__dict__ of a module": "import names\nnames.__dict__['GBP'] = 3\nnames.GBP\n",
    "__dict__ of a function": "def f(): pass\nf.__dict__['a'] = 1\nf.a\nvars(f)['b'] = 2\nf.b\n",
}
BROKEN = {
    "the else of a while": "i = 0\nwhile i < 3:\n    i += 1\nelse:\n    import gone\n",
    "an else that does not break": "for x in open(__file__):\n    pass\nelse:\n    import gone\n",
    "a break of the loop inside": (
        "for x in open(__file__):\n    for y in x:\n        break\nelse:\n    import gone\n"
    ),
    "what lru_cache was given": (
        "from functools import lru_cache\ndef f(): pass\ng = lru_cache(f)\nf.cache_info()\n"
    ),
    "what lru_cache calls": (
        "from functools import lru_cache\ndef f():\n    import gone\ng = lru_cache(f)\ng()\n"
    ),
    "beside exec": "exec('x = 3')\nimport gone\n",
    "beside another handler": "exec('x = 3')\ntry:\n    import gone\nexcept KeyError:\n    pass\n",
    "beside a global enum": (
        "import enum\n@enum.global_enum\nclass F(enum.IntFlag):\n    A = 1\nprint(A, B)\n"
    ),
    "beside gettext.install": "import gettext\ngettext.install('x')\nprint(_('a'), ngettext)\n",
    "beside builtins": "import builtins\nbuiltins.profile = print\nprofiled(1)\n",
    "beside a module's vars": "import names\nvars()\nnames.EUR\n",
}


def judged(text: str) -> tuple[cpython.Outcome, cpython.Outcome]:
    """What CPython says of the program, and what the simulation does."""
    files = {"main.py": text, "names.py": "USD = 1\n"}
    return cpython.judged(files)


@pytest.mark.parametrize("text", HEALTHY.values(), ids=HEALTHY.keys())
def test_nothing_is_told_of_what_starts(text: str) -> None:
    real, ours = judged(text)
    assert (real, ours) == (cpython.Outcome(), cpython.Outcome())


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_what_fails_beside_it_is_told(text: str) -> None:
    real, ours = judged(text)
    assert real.exception is not None
    assert cpython.same(real, ours), (real, ours)


def test_a_name_of_builtins_is_seen_in_every_module() -> None:
    files = {
        "main.py": "import gettext\ngettext.install('x')\nimport pages\n",
        "pages.py": "title = _('Hello')\nother = __('Hello')\n",
    }
    failures = cpython.simulated(files, ("main.py",)).failures
    assert [(f.text, f.certain) for f in failures] == [("name '__' is not defined", True)]


def test_a_star_import_of_what_ran_exec_hides_no_handler() -> None:
    files = {
        "a.py": "exec('x = 3')\n",
        "main.py": "from a import *\ntry:\n    import ujson_gone\nexcept ImportError:\n    pass\nprint(x)\n",
    }
    assert cpython.simulated(files, ("main.py",)).failures == ()
