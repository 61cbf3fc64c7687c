"""Writes parity/python/data/stdlib.json from real interpreters: stdlib_tables.py PYTHON ...

For each version: the names of the builtins module (with what `site` adds), the modules that are loaded before
any program, and what each top-level module of the standard library imports when it is imported.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

PROBE = r'''
import ast, builtins, json, sys
import importlib.util, pkgutil, os

def caught(node):
    for handler in node.handlers:
        names = [n.id for n in ast.walk(handler.type) if isinstance(n, ast.Name)] if handler.type else ["Exception"]
        if {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"} & set(names):
            return True
    return False

def imports(body, package, found):
    for node in body:
        if isinstance(node, ast.Import):
            found += [[a.name, None] for a in node.names]
        elif isinstance(node, ast.ImportFrom):
            name = node.module or ""
            if node.level:
                base = package.rsplit(".", node.level - 1)[0] if node.level > 1 else package
                name = base + "." + name if name else base
            if name != "__future__":
                found.append([name, [a.name for a in node.names if a.name != "*"]])
        elif isinstance(node, ast.Try):
            if not caught(node):
                imports(node.body, package, found)
        elif isinstance(node, ast.ClassDef):
            imports(node.body, package, found)
    return found

names = getattr(sys, "stdlib_module_names", None) or [m.name for m in pkgutil.iter_modules([os.path.dirname(os.__file__)])]
table = {}
for name in sorted(names):
    if name.startswith("_pyrepl") or name in ("test", "idlelib", "lib2to3", "turtledemo", "site-packages", "antigravity", "this"):
        continue
    try:
        spec = importlib.util.find_spec(name)
    except Exception:
        continue
    if spec is None or not spec.origin or not spec.origin.endswith(".py") or "site-packages" in spec.origin:
        continue
    tree = ast.parse(open(spec.origin, "rb").read())
    found = imports(tree.body, name if spec.submodule_search_locations else "", [])
    if found:
        table[name] = found
extra = ["exit", "quit", "copyright", "credits", "license", "help"]
print(json.dumps({"loaded": sys.builtin_module_names, "builtins": sorted(set(dir(builtins)) | set(extra)), "imports": table}))
'''


def main() -> None:
    data: dict[str, object] = {}
    for python in sys.argv[1:]:
        version = subprocess.run(
            [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], capture_output=True, text=True, check=True
        ).stdout.strip()
        said = subprocess.run([python, "-E", "-s", "-c", PROBE], capture_output=True, text=True, check=True).stdout
        with tempfile.TemporaryDirectory() as folder:  # no packages, so no .pth file imports anything
            subprocess.run([python, "-m", "venv", "--without-pip", folder], check=True)
            loaded = subprocess.run(
                [f"{folder}/bin/python", "-E", "-s", "-c", "import sys; print(*sys.modules)"],
                capture_output=True,
                text=True,
                check=True,
            ).stdout.split()
        probed = json.loads(said)
        data[version] = probed | {"loaded": sorted({*loaded, *probed["loaded"]} - {"__main__"})}
    place = Path(__file__).parent.parent / "parity/python/data/stdlib.json"
    place.parent.mkdir(exist_ok=True)
    place.write_text(json.dumps(data, separators=(",", ":"), sort_keys=True) + "\n", "utf8")
    print(f"{place.name}: {place.stat().st_size} bytes, versions {', '.join(data)}")


if __name__ == "__main__":
    main()
