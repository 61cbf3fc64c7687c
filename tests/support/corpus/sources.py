"""Python that is meant to take long, to fill the memory, or to break whoever reads it."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.support.corpus.material import (
    LARGEST,
    ODD,
    Content,
    Input,
    encoded,
    mutated,
    nested,
    repeated,
    size,
)

DOCKERFILE = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n'
MISSING = "\nimport gone\n"
"""The last line of each program. `gone.py` is in the checkout and not in the image."""

_N = Callable[[int], str]

NESTED: dict[str, _N] = {
    "parentheses": lambda n: "x = " + nested("(", "1", ")", n),
    "brackets": lambda n: "x = " + nested("[", "1", "]", n),
    "braces": lambda n: "x = " + nested("{1:", "1", "}", n),
    "tuples": lambda n: "x = " + nested("(", "1,", ")", n),
    "calls": lambda n: "f = lambda x: x\nx = " + nested("f(", "1", ")", n),
    "calls of calls": lambda n: "f = lambda: f\nx = f" + "()" * n,
    "subscripts": lambda n: "x = []\nx.append(x)\ny = x" + "[0]" * n,
    "attributes": lambda n: "class A: pass\nA.a = A\nx = A" + ".a" * n,
    "not": lambda n: "x = " + "not " * n + "1",
    "minus": lambda n: "x = " + "-" * n + "1",
    "tilde": lambda n: "x = " + "~" * n + "1",
    "lambdas": lambda n: "x = " + "lambda: " * n + "1",
    "called lambdas": lambda n: "x = " + nested("(lambda: ", "1", ")()", n),
    "ternaries": lambda n: "x = " + "1 if 0 else " * n + "1",
    "sums": lambda n: "x = " + "1 + " * n + "1",
    "strings in a sum": lambda n: "x = " + "'a' + " * n + "'a'",
    "powers": lambda n: "x = " + "1 ** " * n + "1",
    "comparisons": lambda n: "x = " + "1 < " * n + "1",
    "or": lambda n: "x = " + "0 or " * n + "1",
    "stars": lambda n: "x = " + nested("[*", "[1]", "]", n),
    "f-strings": lambda n: "x = 1\ny = " + nested("f'{", "x", "}'", n),
    "f-strings in turn": lambda n: "x = 1\ny = f'" + "{x}" * n + "'",
    "format widths": lambda n: "x = 1\ny = f'{x:{" + "x" * n + "}}'",
    "await": lambda n: "async def f():\n x = " + "await " * n + "f()",
    "yield": lambda n: "def f():\n x = " + nested("(yield ", "1", ")", n) + "\nlist(f())",
    "walrus": lambda n: "x = " + nested("(y := ", "1", ")", n),
    "comprehensions": lambda n: "x = " + nested("[", "1", " for _ in [1]]", n),
    "comprehension clauses": lambda n: "x = [1 " + "for _ in (1, 2) " * n + "]",
    "if": lambda n: "".join(" " * i + "if 1:\n" for i in range(min(n, 800))) + " " * min(n, 800) + "x = 1",
    "unknown if": lambda n: (
        "import os\n"
        + "".join(" " * i + f"if os.getenv('A{i}'):\n" for i in range(min(n, 800)))
        + " " * min(n, 800)
        + "import nope"
    ),
    "elif": lambda n: "x = 1\nif 0: pass\n" + "elif x == 0: pass\n" * n,
    "for": lambda n: blocks("for i in range(10):", n, "x = 1"),
    "for around an import": lambda n: blocks("for i in range(10):", n, "import nope"),
    "while": lambda n: blocks("while 1:", n, "break"),
    "try": lambda n: blocks("try:", n, "x = 1") + "\n" + closers("except: pass", n),
    "try around an import": lambda n: blocks("try:", n, "import nope") + "\n" + closers("except: raise", n),
    "finally": lambda n: blocks("try:", n, "import nope") + "\n" + closers("finally: import nope2", n),
    "with": lambda n: (
        "import contextlib\n" + blocks("with contextlib.suppress(Exception):", n, "import nope")
    ),
    "def": lambda n: blocks("def f():", n, "pass"),
    "called def": lambda n: blocks("def f():", n, "import nope") + "\n" + closers("f()", n),
    "class": lambda n: blocks("class A:", n, "pass"),
    "match": lambda n: (
        "x = 1\n"
        + "".join("  " * i + "match x:\n" + "  " * i + " case _:\n" for i in range(min(n, 90)))
        + "  " * min(n, 90)
        + "pass"
    ),
    "patterns": lambda n: "match [1]:\n case " + nested("[", "x", "]", min(n, 5_000)) + ": pass",
    "alternatives": lambda n: "match 1:\n case " + "1 | " * n + "1: pass",
    "decorators": lambda n: "d = lambda f: f\n" + "@d\n" * n + "def f(): pass",
    "type parameters": lambda n: "def f[" + ", ".join(f"T{i}" for i in range(n)) + "](): pass",
    "annotations": lambda n: "x: " + nested("list[", "int", "]", n) + " = []",
}
"""More and more of the same, one inside the other."""

LONG: dict[str, _N] = {
    "imports": lambda n: "\n".join(f"import nope{i}" for i in range(n)),
    "imports of one": lambda n: "import gone\n" * n,
    "imports in a line": lambda n: "import " + ", ".join(f"nope{i}" for i in range(n)),
    "dotted import": lambda n: "import " + ".".join("a" * n),
    "relative import": lambda n: "from " + "." * n + " import x",
    "names of an import": lambda n: "from os import " + ", ".join(f"x{i}" for i in range(n)),
    "guarded imports": lambda n: "".join(
        f"try: import nope{i}\nexcept ImportError: pass\n" for i in range(n)
    ),
    "imports in functions": lambda n: "".join(f"def f{i}(): import nope{i}\n" for i in range(n)),
    "functions in a chain": lambda n: (
        "".join(f"def f{i}(): return f{i + 1}()\n" for i in range(n)) + f"def f{n}(): import nope\nf0()"
    ),
    "functions in two chains": lambda n: (
        "".join(f"def f{i}(): f{i + 1}(); f{i + 1}()\n" for i in range(n)) + f"def f{n}(): import nope\nf0()"
    ),
    "two chains with arguments": lambda n: (
        "".join(f"def f{i}(x): return f{i + 1}(x + 'a') + f{i + 1}(x + 'b')\n" for i in range(n))
        + f"def f{n}(x): return x\ny = f0('')"
    ),
    "classes in a chain": lambda n: (
        "class A0: pass\n" + "".join(f"class A{i + 1}(A{i}): pass\n" for i in range(n))
    ),
    "bases": lambda n: (
        "".join(f"class A{i}: pass\n" for i in range(n))
        + "class B("
        + ", ".join(f"A{i}" for i in range(n))
        + "): pass"
    ),
    "diamonds": lambda n: (
        "class A0: pass\nclass B0: pass\n"
        + "".join(f"class A{i + 1}(A{i}, B{i}): pass\nclass B{i + 1}(A{i}, B{i}): pass\n" for i in range(n))
    ),
    "ladder of classes": lambda n: (
        "class A0: pass\n"
        + "".join(
            f"class A{i + 1}({', '.join(f'A{j}' for j in range(i, -1, -1))}): x = 1\n"
            for i in range(min(n, 400))
        )
    ),
    "assignments": lambda n: "x = 1\n" * n,
    "different assignments": lambda n: "".join(f"x{i} = {i}\n" for i in range(n)),
    "targets": lambda n: "x = " * n + "1",
    "unpacked targets": lambda n: ", ".join(f"x{i}" for i in range(n)) + f", = range({n})",
    "global": lambda n: "def f():\n global " + ", ".join(f"x{i}" for i in range(n)) + "\nf()",
    "arguments": lambda n: "def f(" + ", ".join(f"a{i}=1" for i in range(n)) + "): pass\nf()",
    "arguments of a call": lambda n: (
        "def f(*a, **k): pass\nf(" + ", ".join(f"a{i}=1" for i in range(n)) + ")"
    ),
    "dictionary": lambda n: "x = {" + ", ".join(f"{i}: {i}" for i in range(n)) + "}",
    "list": lambda n: "x = [" + "1, " * n + "]",
    "list of names": lambda n: "a = []\nx = [" + "a, " * n + "]",
    "all": lambda n: "__all__ = [" + ", ".join(f"'x{i}'" for i in range(n)) + "]",
    "string": lambda n: "x = '" + "a" * n + "'",
    "strings": lambda n: "x = (" + "'a' " * n + ")",
    "bytes": lambda n: "x = b'" + "\\xff" * n + "'",
    "triple quotes": lambda n: "x = '''" + "a\n" * n + "'''",
    "unclosed string": lambda n: "x = '''" + "a\n" * n,
    "unclosed parenthesis": lambda n: "x = (" + "a,\n" * n,
    "closed too often": lambda n: "x = 1" + ")" * n,
    "number": lambda n: "x = " + "9" * n,
    "hexadecimal": lambda n: "x = 0x" + "f" * n,
    "float": lambda n: "x = 0." + "9" * n + "e99999",
    "comment": lambda n: "# " + "x" * n,
    "comments": lambda n: "# x\n" * n,
    "suppressions": lambda n: "# parity: ignore[" + "PAR101," * n + "] x",
    "suppressed lines": lambda n: "import nope  # parity: ignore[PAR101] x\n" * n,
    "semicolons": lambda n: "x = 1;" * n + "x",
    "continued lines": lambda n: "x = 1 + \\\n" * n + "1",
    "empty lines": lambda n: "\n" * n,
    "blanks": lambda n: " " * n + "x = 1",
    "tabs and blanks": lambda n: (
        "if 1:\n" + "".join(("\t" if i % 2 else " ") * (i % 9 + 1) + "x\n" for i in range(n))
    ),
    "form feeds": lambda n: "\f" * n + "x = 1",
    "identifier": lambda n: "x" * n + " = 1",
    "identifier of other scripts": lambda n: "变" * n + " = 1",
    "names that become one": lambda n: "ﬁ" * n + " = 1\nprint(" + "fi" * n + ")",
    "codings": lambda n: f"# -*- coding: {'x' * n} -*-",
    "named characters": lambda n: "x = '" + "\\N{DIGIT ONE}" * n + "'",
    "returns": lambda n: "def f():\n" + " if x: return 1\n" * n + " import nope\nx = 0\nf()",
    "dels": lambda n: "x = 1\ndel x\n" * n,
    "docstring": lambda n: '"""' + "x\n" * n + '"""',
    "future": lambda n: "from __future__ import annotations\n" * n,
    "type comments": lambda n: "x = 1 # type: " + "List[" * n,
    "raise from": lambda n: (
        "try:\n raise E\nexcept Exception as e:\n" + " try: raise A from e\n except: pass\n" * n
    ),
}
"""More and more of the same, one behind the other."""

GROWING: dict[str, str] = {
    "power of ten": "x = 10 ** 10 ** 10",
    "powers of powers": "x = 9 ** 9 ** 9 ** 9",
    "shift": "x = 1 << 10 ** 12",
    "shift in place": "x = 1\nfor i in range(100): x <<= 1 << i",
    "squares": "x = 3\nfor i in range(60): x = x * x",
    "squares in place": "x = 3\nfor i in range(60): x **= 2",
    "factorial": "x = 1\nfor i in range(1, 100000): x *= i",
    "factorial by a function": "import math\nx = math.factorial(10 ** 7)",
    "pow": "x = pow(10, 10 ** 9)",
    "pow of a huge modulus": "x = pow(3, 10 ** 4000, 10 ** 4000)",
    "int of text": "x = int('9' * 10 ** 6)",
    "int of text in base 36": "x = int('z' * 10 ** 6, 36)",
    "text of int": "x = str(10 ** 5000)",
    "repr of int": "x = '%d' % (1 << 10 ** 7)",
    "hexadecimal": "x = hex(1 << 10 ** 9)",
    "text times": "x = 'a' * 10 ** 9",
    "text times text": "x = 'a' * 10 ** 5\ny = x.replace('a', x)",
    "text times, twice": "x = 'a' * 99999\nx = x * 99999",
    "bytes times": "x = b'a' * 10 ** 9",
    "bytearray": "x = bytearray(10 ** 10)",
    "bytes": "x = bytes(10 ** 10)",
    "list times": "x = [0] * 10 ** 9",
    "tuple times": "x = (0,) * 10 ** 9",
    "list of lists times": "x = [[[0] * 1000] * 1000] * 1000",
    "list of a range": "x = list(range(10 ** 9))",
    "range beyond": "x = range(10 ** 100)\ny = len(x)\nz = x[10 ** 50]",
    "sum of a range": "x = sum(range(10 ** 10))",
    "set of a range": "x = set(range(10 ** 9))",
    "sorted range": "x = sorted(range(10 ** 9), reverse=True)",
    "max of a range": "x = max(range(10 ** 10))",
    "membership": "x = -1 in (i for i in range(10 ** 10))",
    "any": "x = any(i < 0 for i in range(10 ** 10))",
    "dictionary of a range": "x = dict.fromkeys(range(10 ** 9))",
    "comprehension": "x = [i for i in range(10 ** 9)]",
    "product of comprehensions": "r = range(1000)\nx = [(a, b, c, d) for a in r for b in r for c in r for d in r]",
    "dictionary comprehension": "x = {i: str(i) * i for i in range(10 ** 6)}",
    "doubled list": "x = [1]\nwhile True: x = x + x",
    "doubled list in place": "x = [1]\nfor i in range(64): x += x",
    "extended": "x = [1]\nfor i in range(64): x.extend(x)",
    "starred": "x = [1]\nfor i in range(64): x = [*x, *x]",
    "starred dictionary": "x = {1: 1}\nfor i in range(64): x = {**x, i: x}",
    "nested in itself": "x = []\nfor i in range(10 ** 6): x = [x]",
    "pairs": "x = ()\nfor i in range(64): x = (x, x)\nprint(x)\ny = x == x\nz = repr(x)\nh = hash(x)",
    "pairs of lists": "x = []\nfor i in range(64): x = [x, x]\ny = str(x)\nimport copy\nz = copy.deepcopy(x)",
    "pairs, twice": "x = y = ()\nfor i in range(64):\n x = (x, x)\n y = (y, y)\nif x == y: import nope",
    "dictionary of itself": "x = {}\nx['x'] = x\ny = str(x)\nz = x == x\nimport json\njson.dumps(x)",
    "list of itself": "x = []\nx.append(x)\ny = repr(x)\nz = x == [x]\nfor a in x: x.append(a)",
    "appended while it is gone through": "x = [1]\nfor i in x: x.append(i)",
    "dictionary that grows": "x = {}\ni = 0\nwhile True:\n x[i] = i\n i += 1",
    "doubled text": "x = 'a'\nwhile True: x += x",
    "doubled text in a f-string": "x = 'a'\nfor i in range(64): x = f'{x}{x}'",
    "doubled by format": "x = 'a'\nfor i in range(64): x = '{0}{0}'.format(x)",
    "doubled by percent": "x = 'a'\nfor i in range(64): x = '%s%s' % (x, x)",
    "doubled by join": "x = 'ab'\nfor i in range(64): x = x.join([x, x, x])",
    "doubled by replace": "x = 'aa'\nfor i in range(64): x = x.replace('a', 'aa')",
    "doubled by os.path.join": "import os\nx = 'a'\nfor i in range(64): x = os.path.join(x, x)",
    "doubled path": "from pathlib import Path\nx = Path('a')\nfor i in range(64): x = x / x",
    "doubled bytes": "x = b'a'\nfor i in range(64): x = x + x",
    "doubled and decoded": "x = b'ab'\nfor i in range(64): x = (x + x).decode().encode()",
    "doubled repr": 'x = "\\\\\'"\nfor i in range(64): x = repr(x)',
    "percent width": "x = '%1000000000d' % 1",
    "percent star": "x = '%*d' % (10 ** 9, 1)",
    "percent precision": "x = '%.1000000000f' % 1.0",
    "format width": "x = '{:1000000000}'.format(1)",
    "format nested width": "w = 10 ** 9\nx = f'{1:{w}}'",
    "format attribute": "x = '{0.__class__.__mro__[1].__subclasses__}'.format(1)",
    "format builtin": "x = format(1, '>1000000000')",
    "centred": "x = 'a'.center(10 ** 9)",
    "ljust": "x = 'a'.ljust(10 ** 9)",
    "zfill": "x = '1'.zfill(10 ** 9)",
    "expandtabs": "x = '\\t'.expandtabs(10 ** 9)",
    "split": "x = ('a ' * 10 ** 7).split()",
    "join of a range": "x = ','.join(map(str, range(10 ** 8)))",
    "translate": "x = ('a' * 50000).translate({97: 'b' * 50000})",
    "regular expression": "import re\nx = re.match('(a+)+$', 'a' * 60 + 'b')",
    "regular expression, nested": "import re\nx = re.compile('(' * 5000 + 'a' + ')' * 5000)",
    "regular expression, counted": "import re\nx = re.compile('((a{1,1000}){1,1000}){1,1000}')",
    "sub": "import re\nx = re.sub('a', 'b' * 10 ** 5, 'a' * 10 ** 5)",
    "while true": "while True: pass",
    "while true with state": "x = 0\nwhile True: x += 1",
    "while with two states": "x, y = 0, 1\nwhile x >= 0: x, y = y, x + y",
    "while not": "x = 0\nwhile not x < 0: x = x * 2 + 1",
    "collatz": "n = 27\nwhile True: n = n // 2 if n % 2 == 0 else 3 * n + 1",
    "while with text": "x = ''\nwhile len(x) >= 0: x += 'a'",
    "while with a list": "x = []\nwhile True:\n x.append(len(x))",
    "while of a call": "def f(): return True\nwhile f(): f()",
    "loops in loops": "for a in range(100):\n for b in range(100):\n  for c in range(100):\n   for d in range(100): x = a",
    "loops of imports": "import importlib\nfor i in range(10 ** 9): importlib.import_module(f'nope{i}')",
    "imports of growing names": "import importlib\nx = 'a'\nwhile True:\n x += '.a'\n importlib.import_module(x)",
    "recursion": "def f(): f()\nf()",
    "recursion twice": "def f(n): f(n + 1); f(n + 1)\nf(0)",
    "recursion of a lambda": "f = lambda n: f(n + 1)\nf(0)",
    "recursion of a lambda that guards": "f = lambda n: n and f(n - 1) + f(n - 1)\nf(100)",
    "recursion by two": "def f(): g()\ndef g(): f()\nf()",
    "fibonacci": "def f(n): return n if n < 2 else f(n - 1) + f(n - 2)\nx = f(60)",
    "ackermann": "def a(m, n):\n if m == 0: return n + 1\n if n == 0: return a(m - 1, 1)\n return a(m - 1, a(m, n - 1))\na(4, 4)",
    "hanoi": "def h(n, a, b, c):\n if n: h(n - 1, a, c, b); h(n - 1, c, b, a)\nh(64, 1, 2, 3)",
    "y combinator": "y = lambda f: (lambda x: f(lambda *a: x(x)(*a)))(lambda x: f(lambda *a: x(x)(*a)))\n"
    "y(lambda f: lambda n: f(n + 1))(0)",
    "omega": "(lambda x: x(x))(lambda x: x(x))",
    "omega of three": "(lambda x: x(x)(x))(lambda x: x(x)(x))",
    "church numerals": "t = lambda f: lambda x: f(f(x))\nx = t(t)(t)(t)(t)(t)(lambda n: n + 1)(0)",
    "recursion limit": "import sys\nsys.setrecursionlimit(10 ** 9)\ndef f(n): return f(n + 1)\nf(0)",
    "generator without end": "def g():\n while True: yield 1\nx = list(g())",
    "generator that grows": "def g():\n x = 1\n while True:\n  yield x\n  x *= 2\nfor i in g(): pass",
    "generator of itself": "def g(): yield from g()\nlist(g())",
    "generators in a chain": "x = range(10)\nfor i in range(10 ** 4): x = map(lambda a: a, x)\nlist(x)",
    "generators of each other": "def g(n):\n yield n\n yield from g(n + 1)\nfor x in g(0): pass",
    "itertools": "import itertools\nx = list(itertools.count())\ny = list(itertools.product(range(100), repeat=10))",
    "permutations": "from itertools import permutations\nfor p in permutations(range(30)): pass",
    "cycle": "from itertools import cycle\nfor x in cycle([1]): pass",
    "iter with a sentinel": "for x in iter(lambda: 1, 2): pass",
    "iterator of its own": "class I:\n def __iter__(self): return self\n def __next__(self): return 1\nfor x in I(): pass",
    "getitem without end": "class S:\n def __getitem__(self, i): return i\nfor x in S(): pass",
    "getattr": "class A:\n def __getattr__(self, name): return getattr(self, name + 'x')\nA().x",
    "getattribute": "class A:\n def __getattribute__(self, name): return self.y\nA().x",
    "getattr of a module": "def __getattr__(name): return globals()[name + 'x'] if 0 else __getattr__(name)\nimport main\nmain.x",
    "setattr": "class A:\n def __setattr__(self, n, v): self.x = v\nA().y = 1",
    "property": "class A:\n @property\n def x(self): return self.x\nA().x",
    "descriptor": "class D:\n def __get__(self, o, t): return o.x\nclass A: x = D()\nA().x",
    "call": "class A:\n def __call__(self): return self()\nA()()",
    "new": "class A:\n def __new__(cls): return A()\nA()",
    "init": "class A:\n def __init__(self): self.a = A()\nA()",
    "init subclass": "class A:\n def __init_subclass__(cls): type('B', (A,), {})\nclass C(A): pass",
    "metaclass": "class M(type):\n def __call__(cls): return cls()\nclass A(metaclass=M): pass\nA()",
    "metaclass of itself": "class M(type):\n def __new__(m, n, b, d): return m(n, b, d)\nclass A(metaclass=M): pass",
    "prepare": "class M(type):\n @classmethod\n def __prepare__(m, n, b): return m.__prepare__(n, b)\nclass A(metaclass=M): pass",
    "set name": "class D:\n def __set_name__(s, o, n): setattr(o, n + 'x', D()); s.__set_name__(o, n)\nclass A: x = D()",
    "class of itself": "class A: pass\nA.__bases__ = (A,)\nA.__class__ = A\nA()",
    "mro entries": "class E:\n def __mro_entries__(s, b): return (E(),)\nclass A(E()): pass",
    "class getitem": "class A:\n def __class_getitem__(c, k): return A[k]\nA[1]",
    "equality": "class A:\n def __eq__(s, o): return o == s\nA() == A()",
    "hash": "class A:\n def __hash__(s): return hash(s)\n{A(): 1}",
    "length": "class A:\n def __len__(s): return len(s)\nlen(A())\nbool(A())",
    "repr": "class A:\n def __repr__(s): return f'{s!r}{s!r}'\nstr(A())",
    "add": "class A:\n def __add__(s, o): return s + o\nA() + A()",
    "context": "class A:\n def __enter__(s):\n  with s: pass\n def __exit__(s, *a): return s.__exit__()\nwith A(): pass",
    "context that swallows": "class A:\n def __enter__(s): return s\n def __exit__(s, *a): return True\n"
    "while True:\n with A(): import nope",
    "exceptions": "def f():\n try: raise ValueError\n except ValueError: f()\n finally: f()\nf()",
    "exception in a loop": "while True:\n try: import nope\n except ImportError: continue",
    "finally that returns": "def f():\n while True:\n  try: return 1\n  finally: continue\nf()",
    "decorator": "def d(f): return d(f)\n@d\ndef f(): pass",
    "decorator of decorators": "def d(f):\n def w(*a): return d(w)(*a)\n return w\n@d\ndef f(): pass\nf()",
    "decorators that call twice": "def d(f): return lambda: (f(), f())\nf = lambda: 1\nfor i in range(64): f = d(f)\nf()",
    "closures": "f = lambda x: x\nfor i in range(10 ** 5): f = (lambda g: lambda x: g(x))(f)\nf(1)",
    "composed": "def c(f, g): return lambda x: f(g(x))\nf = lambda x: x + x\nfor i in range(40): f = c(f, f)\nf('a')",
    "partial": "from functools import partial, reduce\nf = print\nfor i in range(10 ** 5): f = partial(f, i)\nf()",
    "reduce": "from functools import reduce\nx = reduce(lambda a, b: a * b, range(1, 10 ** 6))",
    "cached": "from functools import cache\n@cache\ndef f(n): return f(n + 1)\nf(0)",
    "exec": "x = 'exec(x)'\nexec(x)",
    "eval": "x = 'eval(x)'\neval(x)",
    "exec of growing text": "s = 's = s + s; exec(s)'\nexec(s)",
    "compile": "compile('(' * 10 ** 6, 'x', 'exec')",
    "import of itself": "import main\nimport importlib\nwhile True: importlib.reload(main)",
    "dunder import": "while True: __import__('main')",
    "import hooks": "import sys\nclass F:\n def find_spec(s, n, p=None, t=None): return __import__(n + 'x')\n"
    "sys.meta_path.insert(0, F())\nimport nope",
    "builtins": "import builtins\nbuiltins.__import__ = lambda *a, **k: __import__(*a)\nimport nope",
    "path that grows": "import sys\nfor i in range(10 ** 6): sys.path.append(f'/app/{i}')\nimport nope",
    "path in itself": "import sys\nsys.path = sys.path * 10 ** 6\nimport nope",
    "path with odd entries": "import sys\nsys.path[:0] = [None, 1, b'x', '\\0', 'a' * 10000, '', '/', '//', '\\ud800']\nimport nope",
    "modules": "import sys\nsys.modules['gone2'] = sys.modules\nsys.modules.clear()\nimport gone2.a.b",
    "modules that are none": "import sys\nsys.modules['main'] = None\nsys.modules['os'] = 1\nimport main, os.path",
    "package path": "__path__ = ['.'] * 1000\nimport main.main.main.main",
    "globals": "for i in range(10 ** 6): globals()[f'x{i}'] = i",
    "locals": "locals()['x'] = locals()\nx['x']['x']['x']['x']['import'] = 1",
    "vars": "class A: pass\na = A()\na.__dict__ = vars(a)\nvars(a)['a'] = a\na.a.a.a.a",
    "setattr of many": "class A: pass\nfor i in range(10 ** 6): setattr(A, 'x' * i, i)",
    "type": "x = type\nfor i in range(10 ** 5): x = type('A', (x,), {})",
    "enum": "import enum\nE = enum.Enum('E', {f'x{i}': i for i in range(10 ** 5)})",
    "dataclasses": "from dataclasses import make_dataclass\nD = make_dataclass('D', [f'x{i}' for i in range(10 ** 5)])",
    "namedtuple": "from collections import namedtuple\nT = namedtuple('T', ' '.join(f'x{i}' for i in range(10 ** 5)))",
    "typevars": "from typing import *\nx = int\nfor i in range(64): x = Union[x, List[x], Dict[x, x]]",
    "or of types": "x = int\nfor i in range(10 ** 4): x = x | list[x]",
    "string annotations": "from typing import get_type_hints\nclass A:\n x: 'A.x'\nget_type_hints(A)",
    "glob": "import glob\nfor f in glob.glob('/**', recursive=True): __import__(f)",
    "walk": "import os\nfor d, n, f in os.walk('/'): os.makedirs(d + '/x')",
    "listdir": "import os\nfor n in os.listdir('.') * 10 ** 6: __import__(n[:-3])",
    "open": "open('main.py').read() * 10 ** 9\nopen('/dev/zero').read()\nopen('\\0')\nopen('a' * 10 ** 5)",
    "read itself": "exec(open(__file__).read())",
    "runpy": "import runpy\nrunpy.run_path(__file__)\nrunpy.run_module('main')",
    "pkgutil": "import pkgutil\nfor m in pkgutil.walk_packages(['/app'] * 10 ** 5): __import__(m.name)",
    "environment": "import os\nfor i in range(10 ** 6): os.environ[f'A{i}'] = os.environ.get('A', '') * 2",
    "chdir": "import os\nwhile True: os.chdir('..')\nos.chdir('/' * 10 ** 6)",
    "exit handlers": "import atexit\nwhile True: atexit.register(print)",
    "threads": "import threading\nwhile True: threading.Thread(target=lambda: __import__('gone')).start()",
    "async": "import asyncio\nasync def f():\n while True: await asyncio.gather(f(), f())\nasyncio.run(f())",
    "processes": "import subprocess, sys\nwhile True: subprocess.run([sys.executable, __file__])",
    "zip": "x = list(zip(*[range(10 ** 5)] * 10 ** 4))",
    "slices": "x = 'a' * 10 ** 5\nfor i in range(10 ** 6): y = x[i:] + x[:i]",
    "slice assignment": "x = [1]\nfor i in range(64): x[1:1] = x",
    "slice step": "x = list(range(10 ** 5))[::10 ** -1] if 0 else 'abc'[::0]",
    "negative index": "x = [1][-10 ** 30]\ny = 'a'[10 ** 30]",
    "deletes": "x = {i: i for i in range(1000)}\nfor k in x: del x[k]",
    "set operations": "x = {1}\nfor i in range(10 ** 6): x |= {i} | x",
    "frozensets": "x = frozenset()\nfor i in range(10 ** 4): x = frozenset({x})",
    "division": "x = 1 / 0\ny = 1 % 0\nz = 0 ** -1",
    "floats": "x = 1e308 * 10\ny = int(x)\nz = int(float('nan'))",
    "complex": "x = (1j ** 1e300) ** 1e300",
    "rounding": "x = round(10 ** 4000, -10 ** 9)",
    "decimal": "from decimal import *\nx = Decimal(10) ** 10 ** 10",
    "fractions": "from fractions import Fraction\nx = Fraction(1, 3) ** 10 ** 8",
    "chr": "x = chr(-1) + chr(10 ** 30) + chr(0xd800)",
    "odd names": "import importlib\nfor n in ('', '.', '..', '\\0', '\\ud800', 'a' * 10 ** 5, '/', '../x', ' ', 'a..b', '1', None, 1): "
    "importlib.import_module(n)",
    "relative beyond": "import importlib\nimportlib.import_module('.' * 10 ** 5 + 'x', 'a' + '.a' * 1000)",
    "while true in a handler": "try: import nope\nexcept ImportError:\n while True: x = 1",
    "nothing": "",
    "unreachable": "import sys\nif sys.version_info > (3,) * 10 ** 6: import nope",
    "version": "import sys\nif sys.version_info[10 ** 9] > 1: import nope\nif sys.version_info[:2] * 10 ** 9 > (): import nope",
}
"""What needs a few lines only."""

WRAPPERS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("", lambda code: code),
    ("", lambda code: code),
    ("in a function, ", lambda code: "def outer():\n" + indented(code) + "\nouter()"),
    ("in a class, ", lambda code: "class Outer:\n" + indented(code)),
    (
        "in a method, ",
        lambda code: "class Outer:\n def __init__(self):\n" + indented(code, "  ") + "\nOuter()",
    ),
    ("in a try, ", lambda code: "try:\n" + indented(code) + "\nexcept Exception: pass"),
    ("in a try with finally, ", lambda code: "try:\n" + indented(code) + "\nfinally: import gone"),
    ("in a loop, ", lambda code: "for outer in range(50):\n" + indented(code)),
    (
        "in a loop in a loop, ",
        lambda code: "for o in range(1000):\n for p in range(1000):\n" + indented(code, "  "),
    ),
    ("in a condition, ", lambda code: "import os\nif os.getenv('OUTER'):\n" + indented(code)),
    (
        "in a with, ",
        lambda code: "import contextlib\nwith contextlib.suppress(Exception):\n" + indented(code),
    ),
    (
        "in a function that calls itself, ",
        lambda code: "def outer():\n" + indented(code) + "\n outer()\nouter()",
    ),
    ("in a function that is not called, ", lambda code: "def outer():\n" + indented(code)),
    ("in a generator, ", lambda code: "def outer():\n" + indented(code) + "\n yield 1\nlist(outer())"),
    (
        "in a decorator, ",
        lambda code: "def outer(f):\n" + indented(code) + "\n return f\n@outer\ndef g(): pass",
    ),
    (
        "in an async function, ",
        lambda code: "import asyncio\nasync def outer():\n" + indented(code) + "\nasyncio.run(outer())",
    ),
    (
        "for the type checker, ",
        lambda code: "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n" + indented(code),
    ),
)


def blocks(head: str, n: int, inner: str) -> str:
    n = min(n, 800)
    return "".join(" " * i + head + "\n" for i in range(n)) + " " * n + inner


def closers(line: str, n: int) -> str:
    n = min(n, 800)
    return "\n".join(" " * i + line for i in range(n - 1, -1, -1))


def indented(code: str, by: str = " ") -> str:
    return "\n".join(by + line for line in (code or "pass").split("\n"))


def snippet(random: Random) -> tuple[str, str]:
    table = random.choice((NESTED, LONG, GROWING, GROWING))
    name = random.choice(list(table))
    made = table[name]
    if isinstance(made, str):
        return name, made
    return name, made(size(random, 10_000))[:LARGEST]


def wrapped(random: Random) -> tuple[str, str]:
    name, code = snippet(random)
    for _ in range(random.choice((1, 1, 1, 2))):
        before, wrap = random.choice(WRAPPERS)
        if len(code) + code.count("\n") < LARGEST:
            name, code = before + name, wrap(code)
    return name, code


def project(name: str, main: str | bytes, **others: Content) -> Input:
    data = main if isinstance(main, bytes) else encoded(main)
    return Input(
        name,
        {
            "Dockerfile": DOCKERFILE,
            ".dockerignore": "gone.py\n",
            "gone.py": "",
            "main.py": data + encoded(MISSING),
            **{key.replace("__", "/"): value for key, value in others.items()},
        },
    )


def one(random: Random) -> Input:
    return project(*wrapped(random))


def several(random: Random) -> Input:
    parts = [wrapped(random) for _ in range(random.randint(2, 4))]
    return project(" + ".join(name for name, _ in parts), "\n".join(code for _, code in parts))


def in_a_module(random: Random) -> Input:
    """Imported by a module between, which is imported again and again."""
    name, code = wrapped(random)
    how = random.choice(
        ("import b", "from b import *", "from b import x", "import importlib\nimportlib.import_module('b')")
    )
    return project(f"imported, {name}", f"import a\n{how}", **{"a.py": how, "b.py": encoded(code)})


def many_modules(random: Random) -> Input:
    n = size(random, 1_000)
    shapes: dict[str, Callable[[int], str]] = {
        "chain": lambda i: f"import m{i + 1}",
        "chain of stars": lambda i: f"from m{i + 1} import *\nx{i} = 1",
        "cycle": lambda i: f"import m{(i + 1) % n}",
        "cycle of stars": lambda i: f"from m{(i + 1) % n} import *\nx{i} = 1",
        "cycle of names": lambda i: f"from m{(i + 1) % n} import x\nx = 1",
        "all of some": lambda i: "\n".join(f"import m{(i * 7 + j) % n}" for j in range(min(n, 50))),
        "two of each": lambda i: f"import m{(2 * i + 1) % n}, m{(2 * i + 2) % n}",
        "calls": lambda i: f"import m{i + 1}\ndef f(): return m{i + 1}.f() + m{i + 1}.f()\nf()",
        "stars of two": lambda i: f"from m{i + 1} import *\nfrom m{i + 2} import *\ny{i} = 1",
        "reloads": lambda i: f"import importlib, m{(i + 1) % n} as m\nimportlib.reload(m)",
        "guards": lambda i: f"try: import m{i + 1}\nexcept ImportError: import m{i + 2}",
        "getattr": lambda i: (
            f"def __getattr__(name):\n import m{(i + 1) % n} as m\n return getattr(m, name)\n"
            f"import m{(i + 1) % n}\nm{(i + 1) % n}.x"
        ),
    }
    shape = random.choice(list(shapes))
    return project(
        f"modules: {shape}",
        "import m0",
        **{f"m{i}.py": shapes[shape](i) for i in range(n)},
        **{f"m{n}.py": "import gone"},
    )


def deep_packages(random: Random) -> Input:
    n = size(random, 400)
    name = random.choice(("a", "ab", "__pycache__", "site-packages", "os"))
    files: dict[str, Content] = {}
    folder = ""
    for _ in range(n):
        folder += f"{name}/"
        files[f"{folder}__init__.py"] = random.choice(
            (f"from . import {name}", "", "from .. import *", f"from .{name} import x")
        )
    dotted = ".".join([name] * n)
    return project("deep packages", f"import {dotted}\nfrom {dotted} import y", **files)


VALID = '''"""A service."""
from __future__ import annotations
import os, sys, json
from dataclasses import dataclass, field
from . import settings
try:
    import uvloop
except ImportError:
    uvloop = None
__all__ = ["App", *settings.NAMES]
NAMES = {name: value for name, value in os.environ.items() if name.startswith("APP_")}
if sys.version_info >= (3, 11) and not NAMES.get("OLD"):
    import tomllib
else:
    import tomli as tomllib
@dataclass(frozen=True)
class App:
    name: str = "x"
    parts: list[str] = field(default_factory=list)
    def load(self, *names: str, **more: int) -> dict[str, int]:
        for name in names:
            module = __import__(f"plugins.{name}", fromlist=["x"])
            getattr(module, "register", lambda app: None)(self)
        return {**more, "n": sum(len(p) for p in self.parts)}
    async def run(self):
        async with self as a, open("x.json") as f:
            match json.load(f):
                case {"a": [1, *rest], **other} if rest: await a.go(rest)
                case str() | None: pass
def main(argv=None) -> int:
    with open(os.path.join(os.path.dirname(__file__), "data.txt")) as f:
        text = f.read()
    app = App(name=f"{text!r:>{10}}", parts=[p for p in text.split(",") if p])
    app.load("a", "b")
    while text := text[1:]:
        if len(text) < 2: break
    return 0
if __name__ == "__main__":
    sys.exit(main())
'''
WORDS = (
    *"if else elif for while try except finally with as def class return yield lambda import from in is not and or".split(),
    *"( ) [ ] { } : , ; . = == := + - * ** / // % @ & | ^ ~ < > <= -> ... ! \\ ' \" ''' \"\"\" f' b' # \n \n\n \t".split(
        " "
    ),
    *"x y os sys gone main self None True 0 1 1.5 1j 0x1 1_0 '' 'a' async await match case type global nonlocal del".split(),
    *("raise", "assert", "pass", "break", "continue", "print", "__import__('gone')", "\n    ", "\n        "),
)


def changed(random: Random) -> Input:
    return project("changed program", mutated(random, encoded(VALID)))


def soup(random: Random) -> Input:
    return project("words in any order", " ".join(random.choice(WORDS) for _ in range(size(random, 5_000))))


def noise(random: Random) -> Input:
    return project("any bytes", random.randbytes(size(random, 50_000)))


def odd_text(random: Random) -> Input:
    line = random.choice(
        (
            "import {}",
            "from {} import x",
            "from x import {}",
            "import importlib; importlib.import_module('''{}''')",
            "__import__('''x{}''')",
            "open('''{}''')",
            "x = '''{}'''; __import__(x)",
            "raise SystemExit('''{}''')",
            "raise ValueError('''{}''')",
            "# {}",
            "import nope # parity: ignore[PAR101] {}",
            "import nope # parity: ignore[{}]",
            "# -*- coding: {} -*-",
            "{} = 1",
            "x = {}",
            "import sys; sys.path.insert(0, '''{}'''); import nope",
            "import os; os.environ['''{}'''] = '''{}'''; os.chdir('''{}''')",
            "class {}: pass",
            "assert 0, '''{}'''",
        )
    )
    odd = "".join(random.choice(ODD) for _ in range(random.randint(1, 3)))
    return project(f"odd text in {line}", repeated(random, line.replace("{}", odd) + "\n", 50))


def wild(random: Random) -> Input:
    """A program that is valid, and whose values and loops are drawn."""
    return project("drawn program", "\n".join(_statement(random, 0) for _ in range(size(random, 40))))


_NAMES = "abcde"


def _statement(random: Random, depth: int) -> str:
    pad = " " * depth
    name = random.choice(_NAMES)
    if depth > 5:
        return f"{pad}{name} = {_expression(random, 2)}"
    body = "\n".join(_statement(random, depth + 1) for _ in range(random.randint(1, 3)))
    match random.randrange(14):
        case 0:
            return f"{pad}for {name} in {_expression(random, 2)}:\n{body}"
        case 1:
            return f"{pad}while {_expression(random, 2)}:\n{body}"
        case 2:
            return f"{pad}if {_expression(random, 2)}:\n{body}\n{pad}else:\n{body}"
        case 3:
            return f"{pad}def {name}({random.choice(_NAMES)}=1, *z, **k):\n{body}\n{pad} return {_expression(random, 2)}"
        case 4:
            return f"{pad}class {name}({random.choice(('', 'object', 'dict', 'list', name))}):\n{body}"
        case 5:
            return (
                f"{pad}try:\n{body}\n{pad}except {random.choice(('Exception', 'ImportError', name))}:\n{body}"
            )
        case 6:
            return (
                f"{pad}{name} {random.choice(('+=', '*=', '**=', '<<=', '|=', '='))} {_expression(random, 3)}"
            )
        case 7:
            return f"{pad}{name}.{random.choice(_NAMES)} = {_expression(random, 2)}"
        case 8:
            return f"{pad}{name}[{_expression(random, 1)}] = {_expression(random, 2)}"
        case 9:
            return (
                f"{pad}import {random.choice(('os', 'sys', 'nope', 'main', 'gone', 'importlib'))} as {name}"
            )
        case 10:
            return f"{pad}{name}.{random.choice(('append', 'extend', 'update', 'add'))}({_expression(random, 2)})"
        case 11:
            return f"{pad}with {_expression(random, 1)} as {name}:\n{body}"
        case 12:
            return f"{pad}{name}, *{random.choice(_NAMES)} = {_expression(random, 2)}"
        case _:
            return f"{pad}{name} = {_expression(random, 3)}"


def _expression(random: Random, depth: int) -> str:
    if depth <= 0:
        return random.choice(
            (*_NAMES, "1", "0", "'ab'", "[]", "{}", "()", "10**5", "b'x'", "None", "1.5", "''")
        )
    a, b = _expression(random, depth - 1), _expression(random, depth - 2)
    name = random.choice(_NAMES)
    return random.choice(
        (
            f"({a} {random.choice('+ - * ** // % << >> | & == < in and or is'.split())} {b})",
            f"{name}({a})",
            f"{name}({a}, *{b})",
            f"[{a} for {name} in {b}]",
            f"{{{a}: {b}}}",
            f"[{a}, *{b}]",
            f"({a}, {b})",
            f"(lambda {name}: {a})({b})",
            f"(lambda {name}: {a})",
            f"({a} if {b} else {a})",
            f"f'{{{name}}}{{{name}!r}}'",
            f"({a})[{b}]",
            f"({a})[{b}:]",
            f"({a}).{name}",
            f"str({a})",
            f"list({a})",
            f"range({a})",
            f"len({a})",
            f"('%s' % ({a},))",
            f"({a}).join([{b}])",
            f"getattr({name}, {a}, {b})",
            f"__import__({a})",
            f"isinstance({a}, {b})",
            f"type({a})",
            f"dict(a={a}, **{b})",
            f"sorted({a}, key=lambda {name}: {b})",
            f"max({a}, {b})",
            f"({name} := {a})",
        )
    )


TEMPLATES = (
    one,
    one,
    one,
    several,
    in_a_module,
    many_modules,
    deep_packages,
    changed,
    soup,
    noise,
    odd_text,
    wild,
    wild,
)
