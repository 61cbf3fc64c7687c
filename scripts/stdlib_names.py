"""Writes which names of the standard library come and go: stdlib_names.py OUTPUT PYTHON...

PYTHON are interpreters on Linux, one for each version, oldest first. Each imports every module of its own standard
library, one process for each. OUTPUT is `parity/python/data/stdlib_names.json`:

    {"versions": ["3.8", ...], "names": {MODULE: {NAME: [minor versions that have it]}}}

Written are public names that some version of the module lacks. Left out are modules (they may be imported all the
same), and what a module with a `__getattr__` may still have.
"""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))


def names_of(name):
    """Public name -> is it no module; None where the module makes names up."""
    import importlib
    import types

    module = importlib.import_module(name)
    if "__getattr__" in vars(module):
        return None
    return {
        key: not isinstance(value, types.ModuleType)
        for key, value in vars(module).items()
        if not key.startswith("_")
    }


def tell():
    import stdlib_tables

    stdlib_tables.probe = lambda name, _path: names_of(name)
    print(json.dumps(stdlib_tables.each_apart(stdlib_tables.modules())))


def main(output, pythons):
    told = {}
    for python in pythons:
        version = subprocess.check_output(
            [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], text=True
        ).strip()
        told[version] = json.loads(
            subprocess.check_output([python, "-W", "ignore", __file__, "--tell"], text=True)
        )
    names = {}
    for module in sorted(set().union(*told.values())):
        having = {version: table[module] for version, table in told.items() if table.get(module)}
        changing = {}
        for name in sorted(set().union(*having.values()) if having else ()):
            versions = [version for version, table in having.items() if name in table]
            is_value = all(having[version][name] for version in versions)
            if is_value and len(versions) < len(having):
                # A version whose module cannot be asked may have it.
                unasked = [v for v, table in told.items() if module in table and v not in having]
                changing[name] = sorted(int(version.partition(".")[2]) for version in (*versions, *unasked))
        if changing:
            names[module] = changing
    with open(output, "w") as file:
        lines = ",\n".join(
            f"{json.dumps(m)}:{json.dumps(n, separators=(',', ':'))}" for m, n in names.items()
        )
        file.write(f'{{"versions":{json.dumps(list(told))},"names":{{\n{lines}\n}}}}\n')


if sys.argv[1] == "--tell":
    tell()
else:
    main(sys.argv[1], sys.argv[2:])
