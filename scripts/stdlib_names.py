"""Writes which names of the standard library come and go, and which stay: stdlib_names.py OUTPUT LASTING PYTHON...

PYTHON are interpreters on Linux, one for each version, oldest first. Each imports every module of its own standard
library, one process for each. OUTPUT is `parity/python/data/stdlib_names.json`:

    {"versions": ["3.8", ...], "names": {MODULE: {NAME: [minor versions that have it]}}}

Written are public names that some version of the module lacks. Left out are modules: they may be imported all the
same. A module with a `__getattr__` is asked for every name that another version lists.

LASTING is `stdlib_lasting.json`: for each module, in one text, the names (and modules) that all of its versions have.
"""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))


def names_of(name):
    """Has the module a `__getattr__`, and public name -> is it no module."""
    import importlib
    import types

    namespace = vars(importlib.import_module(name))
    values = {
        key: not isinstance(value, types.ModuleType)
        for key, value in namespace.items()
        if not key.startswith("_")
    }
    return ["__getattr__" in namespace, values]


def names_made_up(name, wanted):
    """Those of the wanted names that the module has when it is asked."""
    import importlib

    module = importlib.import_module(name)
    return [one for one in wanted if hasattr(module, one)]


def tell():
    import stdlib_tables

    stdlib_tables.probe = lambda name, _path: names_of(name)
    print(json.dumps(stdlib_tables.each_apart(stdlib_tables.modules())))


def tell_made_up():
    import stdlib_tables

    stdlib_tables.probe = names_made_up
    print(json.dumps(stdlib_tables.each_apart(json.load(sys.stdin))))


def ask(python, what, question=None):
    command = [python, "-S", "-I", "-W", "ignore", os.path.abspath(__file__), what]
    return json.loads(subprocess.check_output(command, input=json.dumps(question).encode()))


def main(output, lasting, pythons):
    answers = {}
    for python in pythons:
        version = subprocess.check_output(
            [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"], text=True
        ).strip()
        answers[version] = {module: one for module, one in ask(python, "--tell").items() if one}
    every = {}
    for table in answers.values():
        for module, (_dynamic, values) in table.items():
            every.setdefault(module, set()).update(values)
    having = {}
    for python, (version, table) in zip(pythons, answers.items()):  # noqa: B905 - the oldest has no `strict`
        wanted = {module: sorted(every[module]) for module, (dynamic, _values) in table.items() if dynamic}
        made_up = ask(python, "--tell-made-up", wanted)
        having[version] = {
            # A module that fails to answer may have every name.
            module: {*values, *(made_up[module] or every[module])} if dynamic else set(values)
            for module, (dynamic, values) in table.items()
        }
    names, stay = {}, {}
    for module in sorted(every):
        versions = [version for version, table in having.items() if module in table]
        modules = {
            n for t in answers.values() if module in t for n, value in t[module][1].items() if not value
        }
        changing = {}
        for name in sorted(every[module] - modules):
            minors = [int(v.partition(".")[2]) for v in versions if name in having[v][module]]
            if len(minors) < len(versions):
                changing[name] = minors
        if changing:
            names[module] = changing
        stay[module] = " ".join(sorted(every[module] - set(changing)))
    with open(output, "w") as file:
        lines = ",\n".join(
            f"{json.dumps(m)}:{json.dumps(n, separators=(',', ':'))}" for m, n in names.items()
        )
        file.write(f'{{"versions":{json.dumps(list(having))},"names":{{\n{lines}\n}}}}\n')
    with open(lasting, "w") as file:
        file.write("{" + ",\n".join(f"{json.dumps(m)}:{json.dumps(n)}" for m, n in stay.items()) + "}\n")


if sys.argv[1] == "--tell":
    tell()
elif sys.argv[1] == "--tell-made-up":
    tell_made_up()
else:
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
