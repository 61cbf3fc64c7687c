"""What is not followed touches what it can touch: nothing that rests on it is certain; the rest still is.

Each program is run by CPython as well: it starts, or ends as it is said to.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from parity.startup.simulate import Startup
from parity.startup.state.taint import HELD, Touched
from tests.support import cpython

BESIDE = {
    "names.py": "USD = 1\n",
    "pk/__init__.py": "",
    "pk/m.py": "",
    "ext/x.py": "",
    "ext/y/__init__.py": "",
}

FINDER = """\
import sys
from importlib.machinery import ModuleSpec
class Finder:
    def find_spec(self, name, path=None, target=None):
        return ModuleSpec(name, self) if name.endswith('virtual') else None
    def create_module(self, spec): return None
    def exec_module(self, module): pass
"""
PATH = "import os\nEXT = os.path.join(os.path.dirname(__file__), '..', 'ext')\n"
MOCK = "import sys\nfrom unittest.mock import MagicMock, patch\n"
MADE = (
    "import sys, types\nmade = types.ModuleType('torch')\nmade.version = '1'\nsys.modules['torch'] = made\n"
)
TRIED = "try:\n    import gone\nexcept {}:\n    pass\n"

HEALTHY: dict[str, str | Mapping[str, str]] = {
    "a tuple of exceptions": "M = (ImportError, OSError)\n" + TRIED.format("M"),
    "a sum of tuples": "E = (KeyError,)\n" + TRIED.format("E + (ImportError,)"),
    "an exception of builtins": "import builtins\n" + TRIED.format("builtins.ImportError"),
    "an exception of a class": "class E:\n    Missing = ImportError\n" + TRIED.format("E.Missing"),
    "exceptions that cannot be told": "M = {1: ImportError}.get(1)\n" + TRIED.format("[M][0]"),
    "an exception by another name": "try:\n    open('/gone/gone')\nexcept EnvironmentError:\n    pass\n",
    "suppress of a name": (
        "from contextlib import suppress\nhidden = suppress(ImportError)\nwith hidden:\n    import gone\n"
    ),
    "suppress of what cannot be told": (
        "import contextlib\nwith contextlib.suppress(*[ImportError]):\n    import gone\n"
    ),
    "suppress on a stack": (
        "from contextlib import ExitStack, suppress\nwith ExitStack() as stack:\n"
        "    stack.enter_context(suppress(ImportError))\n    import gone\n"
    ),
    "an exit on a stack": (
        "from contextlib import ExitStack\nwith ExitStack() as stack:\n"
        "    stack.push(lambda *raised: True)\n    import gone\n"
    ),
    "a made module": MADE + "import torch\nfrom torch import version\n",
    "what a made module is given": MADE
    + ("setattr(made, 'a', 1)\nvars(made)['b'] = 1\nimport torch\ntorch.a, torch.b\n"),
    "a made submodule": (
        "import sys, types, pk\nsys.modules['pk.v'] = types.ModuleType('v')\nimport pk.v\nfrom pk import v\n"
    ),
    "an object": MOCK
    + "for name in ('torch', 'torch.nn'):\n    sys.modules[name] = MagicMock()\nimport torch.nn\n",
    "update": MOCK + "sys.modules.update({'torch': MagicMock()}, other=MagicMock())\nimport torch, other\n",
    "update of what cannot be told": MOCK
    + "sys.modules.update(zip(['torch'], [MagicMock()]))\nimport torch\n",
    "names that cannot be told": MOCK
    + (
        "for n in open(__file__).read()[:6].split():\n"
        "    sys.modules['pk.v'] = sys.modules[n + ''] = sys\nimport pk.v\n"
    ),
    "setdefault": MOCK + "sys.modules.setdefault('torch', MagicMock())\nimport torch\n",
    "patch.dict": MOCK + "with patch.dict(sys.modules, {'torch': MagicMock()}):\n    import torch\n",
    "patch.dict by name": MOCK + "with patch.dict('sys.modules', torch=MagicMock()):\n    import torch\n",
    "patch.dict for good": MOCK + "patch.dict('sys.modules', torch=MagicMock()).start()\nimport torch\n",
    "a class of its own for the module": {
        "main.py": "import lazy\nlazy.anything\nfrom lazy import whatever\n",
        "lazy.py": (
            "import sys, types\nclass Lazy(types.ModuleType):\n"
            "    def __getattr__(self, name): return 1\nsys.modules[__name__].__class__ = Lazy\n"
        ),
    },
    "taken back": "import sys\nsys.modules['names'] = None\ndel sys.modules['names']\nimport names\n",
    "None where it is caught": (
        "import sys\nsys.modules['names'] = None\ntry:\n    import names\nexcept ImportError:\n    pass\n"
    ),
    "meta_path.append": FINDER + "sys.meta_path.append(Finder())\nimport virtual\n",
    "meta_path +=": FINDER + "sys.meta_path += [Finder()]\nimport pk.virtual\n",
    "meta_path =": FINDER + "sys.meta_path = [*sys.meta_path, Finder()]\nimport virtual\n",
    "meta_path[:0] =": FINDER + "sys.meta_path[:0] = [Finder()]\nfrom pk import virtual\n",
    "meta_path under another name": FINDER
    + "finders = sys.meta_path\nfinders.insert(0, Finder())\nimport virtual\n",
    "a namesake is no proof against a finder": {
        "main.py": FINDER + ("sys.meta_path.append(Finder())\nimport virtual\n"),
        "virtual_data.py": "",
    },
    "__import__": (
        "import builtins\nold = builtins.__import__\ndef own(name, *rest, **named):\n"
        "    return builtins if name == 'gone' else old(name, *rest, **named)\nbuiltins.__import__ = own\nimport gone\n"
    ),
    "__path__.append": {
        "main.py": "import svc.x\nimport svc.y\n",
        "svc/__init__.py": PATH + "__path__.append(EXT)\n",
    },
    "__path__.insert": {
        "main.py": "from svc import x\n",
        "svc/__init__.py": PATH + "__path__.insert(0, EXT)\n",
    },
    "__path__.extend": {"main.py": "import svc.x\n", "svc/__init__.py": PATH + "__path__.extend([EXT])\n"},
    "__path__ +=": {"main.py": "import svc.x\n", "svc/__init__.py": PATH + "__path__ += [EXT]\n"},
    "__path__ = []": {"main.py": "import svc.x\n", "svc.py": "__path__ = ['ext']\n"},
    "__path__ from outside": "import pk\npk.__path__.append('ext')\nimport pk.x\npk.__path__ += ['ext']\n",
    "__path__ that cannot be told": {
        "main.py": "import svc.x\n",
        "svc/__init__.py": (
            "import os\n__path__.append(os.environ.get('EXT', '').join(['', 'ext'])[0:] or 'e' + 'xt')\n"
        ),
    },
    "__package__ of a script": {
        "_entry": "pk/main.py",
        "pk/main.py": (
            "import os, sys\nif __name__ == '__main__' and not __package__:\n    __package__ = 'pk'\n"
            "    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))\nfrom . import m\n"
        ),
    },
    "__package__ that cannot be told": {
        "_entry": "pk/main.py",
        "pk/main.py": (
            "import os, sys\nsys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))\n"
            "__package__ = {1: 'pk'}.setdefault(1, 'other')\nfrom . import m\n"
        ),
    },
    "another program takes over": (
        "import os, sys\nos.execv(sys.executable, [sys.executable, '-c', ''])\nimport gone\n"
    ),
    "no finally runs": (
        "import os, sys\ntry:\n    os.execl(sys.executable, sys.executable, '-c', '')\nfinally:\n    import gone\n"
    ),
}
BROKEN: dict[str, str | Mapping[str, str]] = {
    "a tuple of other exceptions": "M = (KeyError, OSError)\n" + TRIED.format("M"),
    "a sum of others": "E = (KeyError,)\n" + TRIED.format("E + (OSError,)"),
    "another exception of builtins": "import builtins\n" + TRIED.format("builtins.KeyError"),
    "suppress of others": (
        "from contextlib import suppress\nhidden = suppress(KeyError)\nwith hidden:\n    import gone\n"
    ),
    "a stack of others": (
        "from contextlib import ExitStack, suppress\nwith ExitStack() as stack:\n"
        "    stack.enter_context(suppress(KeyError))\n    stack.callback(print)\n    import gone\n"
    ),
    "behind the stack": (
        "from contextlib import ExitStack, suppress\nwith ExitStack() as stack:\n"
        "    stack.enter_context(suppress(ImportError))\nimport gone\n"
    ),
    "a name that a made module lacks": MADE + "import torch\ntorch.nothing\n",
    "an import of what a made module lacks": MADE + "from torch import nothing\n",
    "a made module is no package": MADE + "import torch.nn\n",
    "beside a made module": MADE + "import torch\nimport touch\n",
    "beside update": MOCK + "sys.modules.update({'torch': MagicMock()})\nimport torch\nimport gone\n",
    "behind patch.dict": MOCK
    + ("with patch.dict('sys.modules', torch=MagicMock()):\n    import torch\nimport torch\n"),
    "None in sys.modules": "import sys\nsys.modules['names'] = None\nimport names\n",
    "beside __path__": {
        "main.py": "import svc.x\nimport svc.z\n",
        "svc/__init__.py": PATH + "__path__.append(EXT)\n",
    },
    "meta_path is only read": (
        "import sys\nfor one in list(sys.meta_path):\n    print(len(sys.meta_path), one)\nimport gone\n"
    ),
    "sys.modules is only read": (
        "import sys\nprint(sys.modules.get('x'), sys.modules.keys(), 'a' in sys.modules)\nimport gone\n"
    ),
    "another package": {
        "_entry": "pk/main.py",
        "pk/main.py": (
            "import os, sys\nsys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))\n"
            "__package__ = 'pk'\nfrom . import gone\n"
        ),
    },
}


def judged(program: str | Mapping[str, str]) -> tuple[cpython.Outcome, cpython.Outcome]:
    """What CPython says of the program, and what the simulation does."""
    files = {**BESIDE, **({"main.py": program} if isinstance(program, str) else program)}
    entry = (files.pop("_entry", "main.py"),)
    return cpython.judged(files, entry)


@pytest.mark.parametrize("program", HEALTHY.values(), ids=HEALTHY.keys())
def test_nothing_is_told_of_what_starts(program: str | Mapping[str, str]) -> None:
    real, ours = judged(program)
    assert (real, ours) == (cpython.Outcome(), cpython.Outcome())


@pytest.mark.parametrize("program", BROKEN.values(), ids=BROKEN.keys())
def test_what_fails_beside_it_is_told(program: str | Mapping[str, str]) -> None:
    real, ours = judged(program)
    assert real.exception is not None
    assert cpython.same(real, ours), (real, ours)


WAYS = ("{}.unheard_of(1)", "{} = 1", "{}[1] = 2", "{} += [1]", "package.given({})", "package.given(x={})")
"""How code gets hold of something, and may change it in a way that is not followed."""
WRITTEN_TO = [name for name, touched in HELD.items() if name.startswith("sys.")]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", WRITTEN_TO)
def test_whatever_gets_hold_of_what_imports_rest_on_makes_them_doubtful(name: str, way: str) -> None:
    told = HELD[name]
    startup = started(f"import sys, package\n{way.format(name)}\nimport virtual\n")
    assert [failure for failure in startup.failures if failure.module == "virtual"] == []
    assert [one.question.subject for one in startup.not_checked] == ["virtual"]
    assert startup.own_finder == (told is Touched.FINDERS)


@pytest.mark.parametrize("name", HELD)
def test_the_library_only_reads_what_it_is_handed(name: str) -> None:
    startup = started(
        f"import builtins, sys, pprint, importlib\npprint.pprint({name})\nprint({name})\nimport virtual\n"
    )
    assert [(failure.module, failure.certain) for failure in startup.failures] == [("virtual", True)]


GIVEN = ("collections.Mapping = 1", "setattr(collections, 'Mapping', 1)", "setattr(collections, input(), 1)")


@pytest.mark.parametrize("statement", GIVEN)
def test_a_name_that_the_program_gives_back_to_the_library_is_there(statement: str) -> None:
    use = "from collections import Mapping\ncollections.Mapping\n"
    assert started(f"import collections\n{statement}\n{use}").failures == ()
    beside = started(f"import collections\ncollections.Sized = 1\n{use}").failures
    assert [failure.exception for failure in beside] == ["ImportError", "AttributeError"]


def started(text: str) -> Startup:
    """`package` is a package of others, and the library has no `collections.Mapping`."""
    files = {"main.py": text}
    world = replace(
        cpython.world_of(files),
        preloaded=cpython.PRELOADED | {"package"},
        versions_with_name=lambda module, name: "3.9" * ((module, name) == ("collections", "Mapping")),
    )
    return cpython.simulated_in(world, ("main.py",))
