"""Writes the tables of the standard library in parity/python/data: stdlib_tables.py PYTHON...

PYTHON are interpreters, one for each version, oldest first. Each imports every module of its own standard
library, one process for each, and says what `parity.python.stdlib` wants to know:

- loaded: the modules in `sys.modules` when a script begins, and those that are built in or frozen;
- builtins: the names of `builtins`, with those that `site` adds;
- imports: what each module imports while it is imported: statements that run on Linux, outside of functions, in
  order, less those whose ImportError is caught.

They go to `stdlib.json`, by version.
This file runs under every one of the interpreters: it is written in the Python of the oldest.
"""

import json
import os
import subprocess
import sys
import tempfile

LEFT_OUT = {
    "test",
    "tests",
    "idlelib",
    "turtledemo",
    "site-packages",
    "__pycache__",
    "_bundled",
    "__phello__",
}
NOT_IMPORTED = {"antigravity", "this", "__main__", "__hello__", "_testcapi"}
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
            name for name in folders if (name not in LEFT_OUT and "-" not in name) or name == "lib-dynload"
        )
        for name in files:
            stem, _, rest = name.partition(".")
            if rest == "py" or (rest.endswith("so") and inside == ["lib-dynload"]):
                parts = package if stem == "__init__" else [*package, stem]
                dotted = ".".join(parts)
                left_out = not parts or "-" in dotted or dotted in NOT_IMPORTED or parts[-1] == "__main__"
                if not left_out and not parts[-1].startswith(("_test", "xx", "_xx")):
                    found[dotted] = os.path.join(folder, name) if rest == "py" else None
    return found


def probe(name, path):
    """In a process of its own: imports the module; its names and its imports, None if it cannot be imported."""
    import importlib

    module = importlib.import_module(name)
    names = sorted(vars(module))
    if path is None:
        return [names, []]
    import ast

    with open(path, "rb") as file:
        tree = ast.parse(file.read())
    found = []
    package = name if path.endswith("__init__.py") else name.rpartition(".")[0]
    walk(tree.body, package, vars(module), found)
    return [names, found]


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


def frozen(names):
    """The modules that the interpreter takes from itself whatever `sys.path` says (3.11 on)."""
    import importlib.machinery

    if sys.version_info < (3, 11):  # noqa: UP036 - this file runs under every version asked
        return []
    return [name for name in names if importlib.machinery.FrozenImporter.find_spec(name) is not None]


def ask(python):
    """All answers of one interpreter, asked in an empty virtual environment: nothing but the library."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([python, "-m", "venv", "--without-pip", folder], check=True)
        script = os.path.join(folder, "script.py")
        clean = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": folder}

        def run(*argv):
            command = [os.path.join(folder, "bin", "python"), *argv]
            return json.loads(subprocess.run(command, env=clean, stdout=subprocess.PIPE, check=True).stdout)

        with open(script, "w") as file:
            file.write("import sys\nloaded = sorted(sys.modules)\nimport builtins, json\n")
            file.write("print(json.dumps([loaded, sorted(vars(builtins)), list(sys.version_info[:2])]))\n")
        loaded, names, version = run(script)
        answers, fixed = run("-I", os.path.abspath(__file__), "--probe")
    return {
        "version": ".".join(map(str, version)),
        "startup": [name for name in loaded if name != "__main__"],
        "builtins": names,
        "fixed": fixed,
        "modules": {name: answer for name, answer in answers.items() if answer is not None},
    }


ALIKE = (
    "encodings.", "lib2to3.", "distutils.", "ctypes.macholib", "pydoc_data.", "tkinter.", "ensurepip.", "venv.",
    "curses.", "msilib.",
)  # fmt: skip


def imports_of(modules, loaded):
    """Module -> what it imports, less what no file can take the place of; submodules that `from` loads named too."""
    table = {}
    for name, answer in sorted(modules.items()):
        if not answer or name.startswith(ALIKE):
            continue
        rows = []
        for module, names in answer[1]:
            if module.partition(".")[0] in loaded:
                continue
            rows.append([module, None if names is None else [one for one in names if one != "*"]])
            rows += [[module + "." + one, None] for one in names or () if module + "." + one in modules]
        if rows:
            table[name] = rows
    return table


def main(pythons):
    told = {}
    for python in pythons:
        answer = ask(python)
        loaded = sorted(set(answer["startup"] + answer["fixed"]))
        told[answer["version"]] = {
            "builtins": answer["builtins"],
            "imports": imports_of(answer["modules"], set(loaded)),
            "loaded": loaded,
        }
    folder = os.path.join(
        os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "parity", "python", "data"
    )
    with open(os.path.join(folder, "stdlib.json"), "w") as file:
        json.dump(told, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["--probe"]:
        every = modules()
        answers = each_apart(every)
        names = sorted({*every, *sys.builtin_module_names})
        print(json.dumps([answers, sorted({*sys.builtin_module_names, *frozen(names)})]))
    else:
        main(sys.argv[1:])
