"""Writes the tables of the standard library in parity/python/data: stdlib_tables.py PYTHON...

PYTHON are interpreters, one for each version, oldest first; or the folder of the npm package pyodide, which is an
interpreter too (`node` runs it). Each imports every module of its own standard library, one process for each, and
says what `parity.python.stdlib` wants to know:

- modules: all that can be imported, those of other platforms too: files, built-in modules, and what importing these
  puts into `sys.modules` (`os.path`); packages: those of them that have a `__path__`;
- loaded: the modules in `sys.modules` when a script begins, and those that are built in or frozen;
- builtins: the names of `builtins`, with those that `site` adds;
- imports: what each module imports while it is imported: statements that run on Linux, outside of functions, in
  order, less those whose ImportError is caught.

The modules go to `stdlib_modules.json`, those of the same versions in one row; the rest to `stdlib.json`, by version.
Pyodide leaves out some modules that Linux has: of those the answers of the version before are taken.
This file runs under every one of the interpreters: it is written in the Python of the oldest.
"""

import json
import os
import subprocess
import sys
import tempfile

NO_MODULES = {"site-packages", "__pycache__", "_bundled", "test", "tests", "idle_test"}
"""Folders that hold no module of the standard library, or tests: distributors leave these out."""
NOT_IMPORTED = {"antigravity", "this", "__hello__", "__phello__", "idlelib", "turtledemo"}
CATCHING = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}


def modules():
    """The names of all modules of the running interpreter's library, with their source file or None."""
    import sysconfig

    found = dict.fromkeys(sys.builtin_module_names)
    library = sysconfig.get_path("stdlib")
    for folder, folders, files in os.walk(library):
        inside = os.path.relpath(folder, library).split(os.sep)
        package = [] if inside in (["."], ["lib-dynload"]) else inside
        if package and "__init__.py" not in files:
            folders[:] = []
            continue
        folders[:] = sorted(
            name for name in folders if (name not in NO_MODULES and "-" not in name) or name == "lib-dynload"
        )
        for name in files:
            stem, _, rest = name.partition(".")
            if rest == "py" or (rest.endswith("so") and inside == ["lib-dynload"]):
                parts = package if stem == "__init__" else [*package, stem]
                dotted = ".".join(parts)
                if parts and "-" not in dotted:
                    found[dotted] = os.path.join(folder, name) if rest == "py" else None
    return found


def is_imported(name):
    """Does it do nothing but define names?"""
    last = name.rpartition(".")[2]
    return (
        name.partition(".")[0] not in NOT_IMPORTED
        and last != "__main__"
        and not last.startswith(("_test", "xx", "_xx"))
    )


def probe(name, path):
    """In a process of its own: imports the module; what is in `sys.modules` then, and its imports."""
    import importlib

    module = importlib.import_module(name)
    loaded = {key: hasattr(value, "__path__") for key, value in sys.modules.items()}
    if path is None:
        return [loaded, []]
    import ast

    with open(path, "rb") as file:
        tree = ast.parse(file.read())
    found = []
    package = name if path.endswith("__init__.py") else name.rpartition(".")[0]
    walk(tree.body, package, vars(module), found)
    return [loaded, found]


def walk(body, package, namespace, found):
    import ast

    for node in body:
        if isinstance(node, ast.Import):
            found += [[alias.name, None] for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            base = parts[: len(parts) - node.level + 1] if node.level else []
            module = ".".join(base + ([node.module] if node.module else []))
            if module != "__future__":
                found.append([module, [alias.name for alias in node.names]])
        elif isinstance(node, ast.If):
            try:
                true = eval(compile(ast.Expression(node.test), "<test>", "eval"), dict(namespace))
            except Exception:
                continue  # a name that the module deleted
            walk(node.body if true else node.orelse, package, namespace, found)
        elif hasattr(node, "handlers"):
            caught = {
                getattr(part, "id", "")
                for handler in node.handlers
                for part in ast.walk(handler.type or ast.Name("BaseException", ast.Load()))
            }
            if not caught & CATCHING:
                walk(node.body + node.orelse + node.finalbody, package, namespace, found)
        elif isinstance(node, (ast.With, ast.ClassDef)):
            walk(node.body, package, namespace, found)


def each_apart(found):
    """`probe` for every module, each in a process forked from this one, which has imported next to nothing."""
    import marshal

    answers = {}
    for name, path in sorted(found.items()):
        if not is_imported(name):
            answers[name] = None
            continue
        read, write = os.pipe()
        child = os.fork()
        if not child:
            answer = None
            try:
                quiet = os.open(os.devnull, os.O_RDWR)
                for stream in (0, 1, 2):
                    os.dup2(quiet, stream)
                answer = probe(name, path)
            except BaseException:
                pass
            data = marshal.dumps(answer)
            while data:
                data = data[os.write(write, data) :]
            os._exit(0)
        os.close(write)
        data = b""
        while True:
            more = os.read(read, 1 << 16)
            if not more:
                break
            data += more
        os.close(read)
        os.waitpid(child, 0)
        answers[name] = marshal.loads(data) if data else None
    return answers


def each_here(found):
    """`probe` for every module where there are no processes, for pyodide."""
    answers = {}
    for name, path in sorted(found.items()):
        try:
            answers[name] = probe(name, path) if is_imported(name) else None
        except BaseException:
            answers[name] = None
    return answers


def frozen(names):
    """The modules that the interpreter takes from itself whatever `sys.path` says (3.11 on)."""
    import importlib.machinery

    if sys.version_info < (3, 11):  # noqa: UP036 - this file runs under every version asked
        return []
    return [name for name in names if importlib.machinery.FrozenImporter.find_spec(name) is not None]


def tell(answers_of):
    """What one interpreter says of its library."""
    import builtins

    every = modules()
    answers = answers_of(every)
    present = dict.fromkeys(every, False)
    for loaded, _imports in filter(None, answers.values()):
        tops = {name.partition(".")[0] for name in every}
        present.update(
            {name: is_package for name, is_package in loaded.items() if name.partition(".")[0] in tops}
        )
    for name, path in every.items():
        present[name] = present[name] or bool(path and path.endswith("__init__.py"))
    return {
        "version": ".".join(map(str, sys.version_info[:2])),
        "builtins": sorted(vars(builtins)),
        "fixed": sorted({*sys.builtin_module_names, *frozen(present)}),
        "present": {name: is_package for name, is_package in present.items() if name != "__main__"},
        # Since Python 3.10 each names the modules of all platforms.
        "named": sorted(getattr(sys, "stdlib_module_names", ())),
        "imports": {name: answer[1] for name, answer in answers.items() if answer},
    }


BEGINNING = """\
import sys
loaded = sorted(sys.modules)
import builtins, json
print(json.dumps([loaded, sorted(vars(builtins))]))
"""
NODE = """\
import { readFileSync } from "fs";
const { loadPyodide } = await import(process.argv[1] + "/pyodide.mjs");
const python = await loadPyodide({ env: {}, args: ["-S"] });
python.FS.writeFile("/stdlib_tables.py", readFileSync(process.argv[2]));
python.runPython("import shutil, sys, sysconfig; sys.path.append('/'); import stdlib_tables");
python.runPython("shutil.unpack_archive('/lib/python314.zip', sysconfig.get_path('stdlib'))");
python.runPython("sys.platform = 'linux'");
console.log(python.runPython("stdlib_tables.json.dumps(stdlib_tables.tell(stdlib_tables.each_here))"));
"""


def ask(python):
    """All answers of one interpreter, asked in an empty virtual environment: nothing but the library."""
    clean = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}

    def run(*command):
        return json.loads(subprocess.run(command, env=clean, stdout=subprocess.PIPE, check=True).stdout)

    script = os.path.abspath(__file__)
    if os.path.isdir(python):
        answer = run("node", "--input-type=module", "-e", NODE, os.path.abspath(python), script)
        return dict(answer, startup=None)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([python, "-m", "venv", "--without-pip", folder], check=True)
        clean["HOME"] = folder
        inside = os.path.join(folder, "bin", "python")
        first = os.path.join(folder, "script.py")
        with open(first, "w") as file:
            file.write(BEGINNING)
        loaded, names = run(inside, first)
        answer = run(inside, "-I", script, "--probe")
    return dict(answer, builtins=names, startup=[name for name in loaded if name != "__main__"])


ALIKE = (
    "encodings.", "lib2to3.", "distutils.", "ctypes.macholib", "pydoc_data.", "tkinter.", "ensurepip.", "venv.",
    "curses.", "msilib.", "idlelib.", "turtledemo.",
)  # fmt: skip


def imports_of(imports, present, loaded):
    """Module -> what it imports, less what no file can take the place of; submodules that `from` loads named too."""
    table = {}
    for name, statements in sorted(imports.items()):
        if name not in present or name.startswith(ALIKE):
            continue
        rows = []
        for module, names in statements:
            if module.partition(".")[0] in loaded or module not in present:
                continue
            rows.append([module, None if names is None else [one for one in names if one != "*"]])
            rows += [[module + "." + one, None] for one in names or () if module + "." + one in present]
        if rows:
            table[name] = rows
    return table


def completed(answer, before):
    """An answer of pyodide, with what the version before says of the modules that pyodide leaves out.

    What it was built with (`_bz2`) is no file on Linux's search path, so what is loaded is the older answer too.
    """
    named = set(answer["named"])
    older = {n: package for n, package in before["present"].items() if n.partition(".")[0] in named}
    present = {n: package for n, package in answer["present"].items() if n.partition(".")[0] in named}
    return dict(
        answer,
        present=dict(older, **present),
        imports=dict(before["imports"], **answer["imports"]),
        startup=[name for name in before["startup"] if name in present or name in older],
        fixed=[name for name in before["fixed"] if name in present or name in older],
    )


def in_rows(sets):
    """Version -> names, written as rows of the minor versions and the names that just these have."""
    rows = {}
    for name in sorted(set().union(*sets.values())):
        minors = tuple(int(v.partition(".")[2]) for v, names in sets.items() if name in names)
        rows.setdefault(minors, []).append(name)
    return sorted(rows.items())


def main(pythons):
    answers = {}
    for python in pythons:
        answer = ask(python)
        if answer["startup"] is None:
            answer = completed(answer, list(answers.values())[-1])
        answers[answer["version"]] = answer
    # What an interpreter names and has not is of another platform; those before 3.10 name none.
    first = next(answer for answer in answers.values() if answer["named"])
    elsewhere = set(first["named"]) - set(first["present"])
    told, modules, packages = {}, {}, {}
    for version, answer in answers.items():
        present = {*answer["present"], *(answer["named"] or elsewhere), "test"}
        loaded = sorted({*answer["startup"], *answer["fixed"]} & present)
        told[version] = {
            "builtins": answer["builtins"],
            "imports": imports_of(answer["imports"], present, set(loaded)),
            "loaded": loaded,
        }
        modules[version] = present
        packages[version] = {name for name, is_package in answer["present"].items() if is_package} | {"test"}
    folder = os.path.join(
        os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "parity", "python", "data"
    )
    with open(os.path.join(folder, "stdlib.json"), "w") as file:
        json.dump(told, file, separators=(",", ":"))
        file.write("\n")
    with open(os.path.join(folder, "stdlib_modules.json"), "w") as file:
        rows = {"modules": in_rows(modules), "packages": in_rows(packages)}
        json.dump(rows, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["--probe"]:
        print(json.dumps(tell(each_apart)))
    else:
        main(sys.argv[1:])
