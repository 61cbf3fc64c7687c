"""A module while it is being imported: what `sys.modules` holds in the simulation."""

from __future__ import annotations

import ast
from enum import Enum
from functools import lru_cache

from msgspec import Struct, field

from parity.model.location import Unknown
from parity.startup.state.namespace import Namespace
from parity.startup.state.values import ANYTHING, Constant, External, Function, Items, Value

MODULE_ATTRIBUTES = frozenset(
    (
        "__name__ __doc__ __package__ __loader__ __spec__ __file__ __cached__ __builtins__ __dict__ "
        "__class__ __annotations__ __path__ __init__ __new__ __getattribute__ __setattr__ __delattr__ "
        "__repr__ __eq__ __hash__ __dir__ __reduce__ __reduce_ex__ __sizeof__ __str__ __ne__ __format__ "
        "__init_subclass__ __subclasshook__ __lt__ __le__ __gt__ __ge__ __getstate__ __annotate__"
    ).split()
)
"""What every module object has without binding it (CPython: Objects/moduleobject.c)."""


class State(Enum):
    """`LOADING` is CPython's `__spec__._initializing`."""

    LOADING = "loading"
    LOADED = "loaded"


class Module(Struct, eq=False):
    """One entry of `sys.modules`.

    `name`           "__main__" for the program itself
    `import_name`    the dotted name that finds its file, also for `__main__`
    `image_path`     where it is, or would be, in the image; "" for a namespace package
    `source`         its checkout path (absolute in the checkout tree), "" where it has none there
    `file`           its `__file__`, where that is not its image path
    `compiled_as`    of a file of bytecode: what tracebacks call its source (`__code__.co_filename`)
    `folders`        `__path__` in the image, None unless it is a package
    `local_folders`  the checkout folders that correspond to them
    `in_image`       False for a module that the image lacks: the checkout's, so that the check goes on
    `doubt`          why it may be in the image, and the checkout's stands for it
    `shared`         of a folder without `__init__.py`: why a package, or another part, of its name may be elsewhere
    `path_unknown`   why more folders may be in its `__path__`; `listed`: the list, once somebody got hold of it
    `package`        what relative imports start from; None for a script; `package_known`: can that be told?
    `namespace`      its globals
    `loading`        its submodules that are being imported
    `body`           its statements, for telling what a partially initialised module binds later
    """

    name: str
    import_name: str
    image_path: str
    source: str
    folders: tuple[str, ...] | None = None
    local_folders: tuple[str, ...] = ()
    in_image: bool = True
    package: str | None = ""
    state: State = State.LOADING
    namespace: Namespace = field(default_factory=Namespace)
    loading: list[Module] = field(default_factory=list)
    body: tuple[ast.stmt, ...] = ()
    line: int = 0
    shared: Unknown | None = None
    compiled_as: str = ""
    file: str = ""
    doubt: Unknown | None = None
    path_unknown: Unknown | None = None
    listed: Items | None = None
    package_known: bool = True

    @property
    def shown(self) -> str:
        """The name for people."""
        return self.import_name or self.name

    @property
    def is_namespace(self) -> bool:
        """A namespace package has folders and no file."""
        return self.folders is not None and not self.image_path

    def attribute(self, name: str) -> Value | None:
        """`getattr` without a module `__getattr__`: None where it certainly fails."""
        found = self.namespace.get(name)
        if found is not None:
            return found
        if name == "__name__":
            return Constant(self.name)
        if name == "__file__":
            return Constant(self.image_path) if self.image_path else None
        if name == "__path__":
            if self.folders is None:
                return None
            self.listed = self.listed or Items("list", [Constant(folder) for folder in self.folders])
            return self.listed
        if name == "__package__":
            return Constant(self.package)
        if name == "__builtins__":
            return External("builtins")
        return ANYTHING if name in MODULE_ATTRIBUTES else None

    @property
    def getattr(self) -> Value | None:
        """A module-level `__getattr__` (PEP 562), where one is bound."""
        found = self.namespace.get("__getattr__")
        return found if found is None or isinstance(found, Function) else ANYTHING

    @property
    def is_open(self) -> bool:
        return self.namespace.open


def stand_in_module(name: str) -> Module:
    """What a program has put into `sys.modules` itself: it may have any name, and is no package that is looked into."""
    module = Module(name, name, "", "", package=name.rpartition(".")[0], state=State.LOADED)
    module.namespace.open = True
    return module


def line_of_binding(body: tuple[ast.stmt, ...], name: str, after: int = 0) -> int:
    """The first line below `after` on which a module-level statement binds `name`; 0 if none does."""
    for line, bound in bindings(body):
        if bound == name and line > after:
            return line
    return 0


@lru_cache(maxsize=5_000)
def rebound(body: tuple[ast.stmt, ...]) -> frozenset[str]:
    """The names of a module that functions of it may bind (`global`)."""
    found: set[str] = set()
    todo: list[ast.AST] = list(body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Global):
            found.update(node.names)
        else:  # no expression holds a statement
            todo += [one for one in child_nodes(node) if not isinstance(one, ast.expr)]
    return frozenset(found)


def child_nodes(node: ast.AST) -> list[ast.AST]:
    """As `ast.iter_child_nodes`, in half of its time and without contexts, which have nothing to tell but to `Name`."""
    found: list[ast.AST] = []
    for name in node._fields:
        if name == "ctx":
            continue
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            found.append(value)
        elif isinstance(value, list):
            found += [one for one in value if isinstance(one, ast.AST)]
    return found


def bindings(body: tuple[ast.stmt, ...] | list[ast.stmt], *, deleted: bool = False) -> list[tuple[int, str]]:
    """Every (line, name) that statements of this block may bind, in order; functions are not entered.

    `deleted`: those that `del` unbinds, too: they are names of the block as well.
    """
    found: list[tuple[int, str]] = []
    todo: list[ast.AST] = list(reversed(body))
    while todo:
        node = todo.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found.append((node.lineno, node.name))
                continue
            case ast.Import():
                found += [(node.lineno, (a.asname or a.name).partition(".")[0]) for a in node.names]
                continue
            case ast.ImportFrom():
                found += [(node.lineno, a.asname or a.name) for a in node.names]
                continue
            case ast.Name(ctx=ast.Store()):
                found.append((node.lineno, node.id))
                continue
            case ast.Name():
                if deleted and isinstance(node.ctx, ast.Del):
                    found.append((node.lineno, node.id))
                continue
            case ast.ExceptHandler() if node.name:
                found.append((node.lineno, node.name))
            case ast.MatchAs() | ast.MatchStar() if node.name:
                found.append((node.lineno, node.name))
            case ast.MatchMapping() if node.rest:
                found.append((node.lineno, node.rest))
            case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                found += [(n.lineno, n.target.id) for n in ast.walk(node) if isinstance(n, ast.NamedExpr)]
                continue
        todo += reversed(child_nodes(node))
    return found
