"""Which command does a program run that does nothing else: `tini --`, `gosu user`, `poetry run`, ...?

Each wrapper takes a Command and gives the one that it runs, or None if it is not this wrapper, or if what it
runs cannot be told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from parity.model.command import Command
from parity.programs.interpreter import invocation
from parity.programs.options import Options, Word, options, read
from parity.programs.program import DEFAULT_PATH, in_folder, name_of, words_of
from parity.startup.entrypoint import Unwrap
from parity.tree.base import join

ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)


class Prefix(Struct, frozen=True):
    """A program that runs the rest of its command line.

    `action`    the word that must come first (`exec` of `chamber exec`)
    `operands`  how many operands stand before the command (a user, a duration)
    `separated` the command stands behind `--`; what comes before it does not matter
    """

    options: Options
    action: str = ""
    operands: int = 0
    separated: bool = False


def _prefix(
    valued: str = "", flags: str = "", *, action: str = "", operands: int = 0, separated: bool = False
) -> Prefix:
    return Prefix(options(valued, flags, interspersed=False, abbreviated=True), action, operands, separated)


PREFIXES: Mapping[str, Prefix] = {
    "tini": _prefix("-p -e", "-s -v -w -g -h -l --version"),
    "tini-static": _prefix("-p -e", "-s -v -w -g -h -l --version"),
    "docker-init": _prefix("-p -e", "-s -v -w -g -h -l --version"),
    "nvidia_entrypoint.sh": _prefix(),
    "catatonit": _prefix("", "-P -h -L -V -g"),
    "dumb-init": _prefix("--rewrite -r", "--single-child -c --verbose -v --help -h --version -V"),
    "gosu": _prefix(operands=1),
    "su-exec": _prefix(operands=1),
    "setuidgid": _prefix(operands=1),
    "s6-setuidgid": _prefix(operands=1),
    "chpst": _prefix("-u -U -b -e -/ -n -l -L -m -d -o -p -f -c -r -t -C", "-v -V -P -0 -1 -2"),
    "setpriv": _prefix(
        "--ambient-caps --bounding-set --inh-caps --securebits --regid --reuid --rgid --ruid --egid --euid"
        " --groups --pdeathsig --selinux-label --apparmor-profile",
        "--clear-groups --init-groups --keep-groups --no-new-privs --nnp --reset-env -d",
    ),
    "exec": _prefix("-a", "-c -l"),
    "command": _prefix("", "-p"),
    "nohup": _prefix(),
    "setsid": _prefix("", "-c -f -w --ctty --fork --wait"),
    "nice": _prefix("-n --adjustment"),
    "ionice": _prefix("-c -n --class --classdata", "-t --ignore"),
    "chrt": _prefix("-T -P -D", "-b -f -i -o -r -d -a -v", operands=1),
    "taskset": _prefix("", "-a -c --cpu-list", operands=1),
    "numactl": _prefix(
        "-i -m -N -C -p -P --interleave --membind --cpunodebind --physcpubind --preferred", "-l"
    ),
    "time": _prefix("-f -o --format --output", "-p -v -a --portability --verbose --append"),
    "timeout": _prefix(
        "-k --kill-after -s --signal", "-v --preserve-status --foreground --verbose", operands=1
    ),
    "stdbuf": _prefix("-i -o -e --input --output --error"),
    "unbuffer": _prefix("", "-p"),
    "catchsegv": _prefix(),
    "flock": _prefix("-w -E --timeout --wait --conflict-exit-code", "-s -x -e -u -n -o -F -v", operands=1),
    "xvfb-run": _prefix(
        "-e -f -n -p -s -w --error-file --auth-file --server-num --xauth-protocol --server-args --wait",
        "-a -l --auto-servernum --listen-tcp",
    ),
    "ddtrace-run": _prefix("", "-d -p -v --debug --profiling --version"),
    "newrelic-admin": _prefix(action="run-program"),
    "scout-apm": _prefix(),
    "sentry-cli": _prefix(separated=True),
    "elasticapm-run": _prefix("--config", "--debug"),
    "splunk-py-trace": _prefix(),
    "wait-for-it.sh": _prefix(separated=True),
    "wait-for-it": _prefix(separated=True),
    "wait-for": _prefix(separated=True),
    "wait-for.sh": _prefix(separated=True),
    "waitforit": _prefix(separated=True),
    "dockerize": _prefix(
        "-wait -timeout -template -delims -wait-http-header -stdout -stderr -wait-retry-interval -env"
        " -env-section -validate-cert -skip-tls-verify",
        "-no-overwrite -version -multiline",
    ),
    "wait4x": _prefix(separated=True),
    "chamber": _prefix(action="exec", separated=True),
    "aws-vault": _prefix(action="exec", separated=True),
    "aws-lambda-rie": _prefix("--log-level --runtime-interface-emulator-address"),
    "doppler": _prefix(action="run", separated=True),
    "op": _prefix(action="run", separated=True),
    "infisical": _prefix(action="run", separated=True),
    "envconsul": _prefix("-config -prefix -secret -once -upcase -log-level -vault-addr"),
    "vault-env": _prefix(),
    "berglas": _prefix(action="exec", separated=True),
    "sops": _prefix(action="exec-env", operands=1),
    "watchmedo": _prefix(action="auto-restart", separated=True),
    "pipenv": _prefix(action="run"),
    "pdm": _prefix("-p --project -s --site-packages", "", action="run"),
    "rye": _prefix("", "", action="run"),
    "hatch": _prefix("", "", action="run"),
    "poetry": _prefix("", "", action="run"),
}


def unwrap_prefix(command: Command) -> Command | None:
    prefix = PREFIXES.get(name_of(command))
    if prefix is None:
        return None
    words: tuple[Word, ...] = words_of(command)
    if prefix.action:
        while words and words[0] != prefix.action and (words[0] or "").startswith("-"):
            words = words[1:]
        if words[:1] != (prefix.action,):
            return None
        words = words[1:]
    if prefix.separated and "--" in words:
        return _then(command, words[words.index("--") + 1 :])
    if prefix.separated and name_of(command) not in ("watchmedo",):
        return None
    words = _without_untold_options(words, prefix.options)
    given = read(words, _WATCHMEDO if name_of(command) == "watchmedo" else prefix.options)
    if given.unclear or len(given.operands) <= prefix.operands:
        return None
    return _then(command, given.operands[prefix.operands :])


def _without_untold_options(words: tuple[Word, ...], known: Options) -> tuple[Word, ...]:
    """`--reuid=$ID --init-groups x`: what stands before one of the wrapper's own options is an option as well."""
    own = [number for number, word in enumerate(words) if word in known.flags or word in known.valued]
    if not own or None not in words[: own[0]]:
        return words
    return (*(word for word in words[: own[0]] if word is not None), *words[own[0] :])


_WATCHMEDO = options(
    "--directory -d --pattern -p --patterns --ignore-pattern -i --ignore-patterns --signal --kill-after"
    " --debounce-interval --interval",
    "--recursive -R --ignore-directories -D --no-restart-on-command-exit -q -v",
    interspersed=False,
)


def _then(command: Command, words: tuple[Word, ...]) -> Command | None:
    """The rest of the command line as a command."""
    words = words[1:] if words[:1] == ("--",) else words
    return replace(command, argv=words) if words and words[0] else None


def unwrap_env(command: Command) -> Command | None:
    """`env [-i] [-u NAME] [-C folder] [-S text] [NAME=value] program` (GNU coreutils), `sudo` likewise."""
    program = name_of(command)
    if program not in ("env", "sudo", "doas"):
        return None
    table = _ENV if program == "env" else _SUDO
    given = read(words_of(command), table)
    if given.unclear or not given.told("-C", "--chdir", "-D"):
        return None
    environment = {} if given.has("-i", "--ignore-environment") else dict(command.environment)
    for name in given.every("-u", "--unset") if program == "env" else ():
        environment.pop(name or "", None)
    words = given.operands
    for text in given.every("-S", "--split-string") if program == "env" else ():
        words = (*(text or "").split(), *words)
    while words and words[0] is not None and ASSIGNMENT.fullmatch(words[0]):
        name, _, value = words[0].partition("=")
        environment[name] = value
        words = words[1:]
    folder = given.value("-C", "--chdir", "-D")
    moved = replace(command, environment=environment)
    if folder:
        moved = replace(moved, working_directory=in_folder(command, folder))
    return _then(moved, words)


_ENV = options(
    "-u --unset -C --chdir -S --split-string",
    "-i --ignore-environment -0 --null -v --debug",
    interspersed=False,
)
_SUDO = options(
    "-u --user -g --group -h --host -p --prompt -C -D --chdir -r -t -T -U",
    "-E --preserve-env -H --set-home -n --non-interactive -S --stdin -b -k -i --login -s",
    interspersed=False,
)


def unwrap_su(command: Command) -> Command | None:
    """`su user -c "text"`, `runuser -u user -- program`, `chroot --userspec=u / program`."""
    program = name_of(command)
    if program == "chroot":
        given = read(words_of(command), options("--userspec --groups", "--skip-chdir", interspersed=False))
        return _then(command, given.operands[1:]) if given.operands[:1] == ("/",) else None
    if program not in ("su", "runuser"):
        return None
    words = [word for word in words_of(command) if word != "--"]
    given = read(words, _SU)
    text = given.value("-c", "--command")
    if text is not None and given.told("-c", "--command"):
        return replace(command, argv=("/bin/sh", "-c", text))
    if program == "runuser" and given.has("-u", "--user"):
        inner = read(words_of(command), replace(_SU, interspersed=False))
        return _then(command, inner.operands)
    return None


_SU = options("-c --command -s --shell -g --group -G -u --user -w", "-l --login -m -p -P -f -")


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


def _activated(command: Command, prefix: str) -> Command:
    """With a virtual environment's programs first on PATH."""
    path = command.environment.get("PATH", DEFAULT_PATH)
    environment = {**command.environment, "VIRTUAL_ENV": prefix, "PATH": f"{join(prefix, 'bin')}:{path}"}
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
    path = command.environment.get("PATH", DEFAULT_PATH)
    environment = {**command.environment, "CONDA_PREFIX": prefix, "PATH": f"{join(prefix, 'bin')}:{path}"}
    return _then(replace(moved, environment=environment), given.operands)


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
        return _then(command, rest.operands)
    return _then(command, words[words.index("--") + 1 :]) if "--" in words else None


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
    return _then(replace(command, environment=environment), tuple(words))


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


WRAPPERS: tuple[Unwrap, ...] = (
    unwrap_python_runner,
    unwrap_prefix,
    unwrap_env,
    unwrap_su,
    unwrap_uv,
    unwrap_conda,
    unwrap_dotenv,
    unwrap_opentelemetry,
    unwrap_watchfiles,
)
