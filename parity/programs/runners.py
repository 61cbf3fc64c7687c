"""Which command do Python's own runners start: `uv run`, `conda run`, `coverage run`, `opentelemetry-instrument`, ...?

Each takes a Command and gives the one that it runs; None if it is another program, or what it runs is not known.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from parity.model.command import Command
from parity.programs.interpreter import invocation
from parity.programs.options import Options, options, read
from parity.programs.program import in_folder, name_of, rest_of, words_of
from parity.tree.base import join
from parity.tree.which import DEFAULT_PATH


def unwrap_uv(command: Command) -> Command | None:
    """`uv run [options] program`: a path that ends in `.py` is run by Python, `-m` names a module.

    uv: the project's environment (UV_PROJECT_ENVIRONMENT, `.venv`) comes first on PATH.
    """
    if name_of(command) != "uv":
        return None
    before = read(words_of(command), UV)
    if before.unclear or before.operands[:1] != ("run",):
        return None
    given = read(before.operands[1:], UV)
    places = ("--directory", "--project")
    if given.unclear or not given.operands or not (before.told(*places) and given.told(*places)):
        return None
    first = given.operands[0]
    if first is None:
        return None
    folder = (
        before.value("--directory") or given.value("--directory") or command.environment.get("UV_WORKING_DIR")
    )
    moved = replace(command, working_directory=in_folder(command, folder or ""))
    project = in_folder(moved, before.value("--project") or given.value("--project") or "")
    if not given.has("--no-project", "--active", "--isolated"):
        chosen = command.environment.get("UV_PROJECT_ENVIRONMENT") or ".venv"
        moved = _activated(moved, join(project, chosen))
    if given.has("-m", "--module"):
        return replace(moved, argv=("python", "-m", *given.operands))
    if given.has("-s", "--script", "--gui-script") or first.lower().endswith((".py", ".pyw", ".pyz")):
        return replace(moved, argv=("python", *given.operands))
    return replace(moved, argv=given.operands)


UV = options(
    "--extra --no-extra --group --no-group --only-group --no-editable-package --env-file --with -w"
    " --with-editable"
    " --with-requirements --package --python-platform --index --default-index --index-url -i"
    " --extra-index-url"
    " --find-links -f --index-strategy --keyring-provider --upgrade-package -P --upgrade-group --resolution"
    " --prerelease --prerelease-package --fork-strategy --exclude-newer --exclude-newer-package"
    " --no-sources-package --reinstall-package --link-mode --config-setting -C --config-settings-package"
    " --no-build-isolation-package --no-build-package --no-binary-package --cache-dir --refresh-package"
    " --python -p --color --allow-insecure-host --directory --project --config-file --config-settings",
    "--all-extras --no-dev --dev --only-dev --no-default-groups --all-groups --module -m"
    " --no-editable --exact"
    " --no-env-file --isolated --active --no-active --no-sync --locked --frozen --script -s --gui-script"
    " --all-packages --no-project --no-index --upgrade -U --no-sources --reinstall --compile-bytecode"
    " --no-build-isolation --no-build --no-binary --require-build-hashes --no-cache -n --refresh"
    " --managed-python --no-managed-python --no-python-downloads --quiet -q --verbose -v --system-certs"
    " --native-tls --offline --no-progress --no-config --help -h --show-settings --preview --no-preview"
    " --python-preference --no-build-logs",
    interspersed=False,
)


def _activated(command: Command, prefix: str, variable: str = "VIRTUAL_ENV") -> Command:
    """With an environment's programs first on PATH. `variable`: which names it."""
    path = command.environment.get("PATH", DEFAULT_PATH)
    environment = {**command.environment, variable: prefix, "PATH": f"{join(prefix, 'bin')}:{path}"}
    return replace(command, environment=environment)


def unwrap_conda(command: Command) -> Command | None:
    """`conda run -n name program`, mamba and micromamba too, and the entry script of mambaorg/micromamba."""
    words = words_of(command)
    if name_of(command) == "_entrypoint.sh":
        words = ("run", *words)
    elif name_of(command) not in ("conda", "mamba", "micromamba") or words[:1] != ("run",):
        return None
    given = read(words[1:], _CONDA)
    if given.unclear or not given.operands or not given.told("--cwd", "-n", "-p", "--name", "--prefix"):
        return None
    root = command.environment.get("MAMBA_ROOT_PREFIX") or "/opt/conda"
    name = given.value("-n", "--name") or command.environment.get("ENV_NAME", "base")
    prefix = given.value("-p", "--prefix") or (root if name == "base" else join(root, f"envs/{name}"))
    folder = given.value("--cwd")
    moved = replace(command, working_directory=in_folder(command, folder)) if folder else command
    return rest_of(_activated(moved, prefix, "CONDA_PREFIX"), given.operands)


_CONDA = options(
    "-n --name -p --prefix --cwd -r --root-prefix --attach -a -e --env --label",
    "--no-capture-output --live-stream -v --verbose --dev --debug-wrapper-scripts --clean-env -d --detach",
    interspersed=False,
)


def unwrap_dotenv(command: Command) -> Command | None:
    """`dotenv [-f file] run program` (python-dotenv), `dotenv -e file -- program` (dotenv-cli)."""
    if name_of(command) != "dotenv":
        return None
    words = words_of(command)
    given = read(words, options("-f --file -q --quote -e --export", "--version", interspersed=False))
    if given.operands[:1] == ("run",):
        rest = read(given.operands[1:], options("", "--override --no-override", interspersed=False))
        return rest_of(command, rest.operands)
    return rest_of(command, words[words.index("--") + 1 :]) if "--" in words else None


def unwrap_opentelemetry(command: Command) -> Command | None:
    """opentelemetry-instrument: puts the working directory on PYTHONPATH, then runs the program."""
    if name_of(command) != "opentelemetry-instrument":
        return None
    words = list(words_of(command))
    while words and (words[0] or "").startswith("-"):
        word = words.pop(0) or ""
        if "=" not in word and word not in ("--version", "--help", "-h") and words:
            words.pop(0)
    before = command.environment.get("PYTHONPATH", "")
    entries = [entry for entry in before.split(":") if entry]
    if command.working_directory not in entries:
        entries.insert(0, command.working_directory)
    environment = {**command.environment, "PYTHONPATH": ":".join(entries)}
    return rest_of(replace(command, environment=environment), tuple(words))


def unwrap_python_runner(command: Command) -> Command | None:
    """`debugpy`, `coverage run`, `hupper`, `kernprof`, `viztracer`, `memray run`, `scalene`, `pyinstrument`.

    Each runs a script or `-m module` as `python` would; as programs and as `python -m`.
    """
    called = invocation(command)
    if called is not None and called.module is not None:
        python, name, words = command.argv[0], called.module, called.rest
    else:
        python, name, words = "python", name_of(command), words_of(command)
    table = RUNNERS.get(name)
    if table is None:
        return None
    action, table_options = table
    if action:
        if words[:1] != (action,):
            return None
        words = words[1:]
    given = read(words, table_options)
    if given.unclear:
        return None
    if not given.operands or given.operands[0] is None:
        return None
    mark = ("-m",) if given.has("-m", "--module") else ()
    return replace(command, argv=(python, *mark, *given.operands))


def _runner(valued: str, flags: str = "", action: str = "") -> tuple[str, Options]:
    """`-m` is a flag here: the first operand is then the module."""
    return action, options(valued, flags, interspersed=False)


RUNNERS: Mapping[str, tuple[str, Options]] = {
    "debugpy": _runner(
        "--listen --connect --configure-subProcess --log-to --pid --adapter-access-token",
        "--wait-for-client --log-to-stderr -m",
    ),
    "coverage": _runner(
        "--concurrency --context --data-file --include --omit --rcfile --source --save-signal",
        "--append -a --branch --parallel-mode -p --pylib -L --timid --debug -m --module",
        "run",
    ),
    "hupper": _runner("-w --shutdown-interval", "-m"),
    "kernprof": _runner("-o -s -i -u -p", "-l -b -v -z -m --line-by-line --builtin --view"),
    "viztracer": _runner("-o --output_file --tracer_entries --max_stack_depth", "-m --quiet -u --"),
    "memray": _runner(
        "-o --output --live-port", "-m -f -q --live --native --follow-fork --force --quiet", "run"
    ),
    "pyinstrument": _runner("-o -r --outfile --renderer -i --interval", "-m --html --text --show-all"),
    "cProfile": _runner("-o -s", "-m"),
    "trace": _runner(
        "-f -C --file --coverdir --ignore-module --ignore-dir", "-t -c -l -T --trace --count --module"
    ),
}


def unwrap_watchfiles(command: Command) -> Command | None:
    """`watchfiles "program arguments" folder`; a dotted function instead is not followed."""
    if name_of(command) != "watchfiles":
        return None
    given = read(
        words_of(command),
        options(
            "--ignore-paths --target-type --filter --args --verbosity --sigint-timeout --grace-period"
            " --sigkill-timeout --ignore-permission-denied",
            "--non-recursive --verbose --quiet --version --help",
        ),
    )
    text = given.operands[0] if given.operands else None
    if text is None or (" " not in text and given.value("--target-type") != "command"):
        return None
    return replace(command, argv=("/bin/sh", "-c", text))
