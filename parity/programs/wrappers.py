"""Which command does a program run that does nothing else: `sudo -u app`, `env -C /app`, `timeout 5`, `tini --`, ...?

One table for the commands of RUN steps and for start commands.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from parity.model.command import Command
from parity.programs import runners
from parity.programs.arguments import CommandFunction
from parity.programs.options import Options, options, read
from parity.programs.options import Word as Text
from parity.programs.program import in_folder, name_of, rest_of, words_of
from parity.shell.host import Call
from parity.shell.outcome import UNREADABLE, Unreadable
from parity.shell.status import Status
from parity.shell.word import Word
from parity.tree.writable import WritableTree

Unwrap = Callable[[Command], "Command | None"]
"""A wrapper: the command that it runs (`tini -- python x.py` -> `python x.py`), else None."""
ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)


class Prefix(Struct, frozen=True):
    """A program that runs the rest of its command line.

    `action`    the word that must come first (`exec` of `chamber exec`)
    `operands`  how many operands stand before the command (a user, a duration)
    `separated` the command stands behind `--`; what comes before it does not matter
    `text`      the option behind the operands that hands a text to the shell (`flock file -c text`)
    """

    options: Options
    action: str = ""
    operands: int = 0
    separated: bool = False
    text: str = ""


def _prefix(
    valued: str = "",
    flags: str = "",
    *,
    action: str = "",
    operands: int = 0,
    separated: bool = False,
    text: str = "",
) -> Prefix:
    table = options(valued, flags, interspersed=False, abbreviated=True)
    return Prefix(table, action, operands, separated, text)


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
    "nice": _prefix("-n --adjustment", "-0 -1 -2 -3 -4 -5 -6 -7 -8 -9"),
    "ionice": _prefix("-c -n --class --classdata", "-t --ignore"),
    "chrt": _prefix(
        "-T -P -D --sched-runtime --sched-period --sched-deadline",
        "-b -d -f -i -o -r -e -R -v --batch --deadline --fifo --idle --other --rr --ext --reset-on-fork --verbose",
        operands=1,
    ),
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
    "busybox": _prefix(),
    "chronic": _prefix("", "-e -v"),
    "retry": _prefix("-t -d -m -n --times --delay --max-tries", "-u --until"),
    "setarch": _prefix(operands=1),
    "fakeroot": _prefix("-l -s -i -b --lib --faked -f --unknown-is-real", "-u -v -h"),
    "eatmydata": _prefix(),
    "catchsegv": _prefix(),
    "flock": _prefix(
        "-w -E --timeout --wait --conflict-exit-code",
        "-s -x -e -u -n -o -F -v --shared --exclusive --unlock --nb --nonblock --close --no-fork --verbose --fcntl",
        operands=1,
        text="-c --command",
    ),
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
    words: tuple[Text, ...] = words_of(command)
    if prefix.action:
        while words and words[0] != prefix.action and (words[0] or "").startswith("-"):
            words = words[1:]
        if words[:1] != (prefix.action,):
            return None
        words = words[1:]
    if prefix.separated and "--" in words:
        return rest_of(command, words[words.index("--") + 1 :])
    if prefix.separated and name_of(command) not in ("watchmedo",):
        return None
    words = _without_untold_options(words, prefix.options)
    given = read(words, _WATCHMEDO if name_of(command) == "watchmedo" else prefix.options)
    if given.unclear or len(given.operands) <= prefix.operands:
        return None
    rest = given.operands[prefix.operands :]
    if len(rest) == 2 and rest[0] in prefix.text.split():
        return replace(command, argv=("/bin/sh", "-c", rest[1]))
    return rest_of(command, rest)


def _without_untold_options(words: tuple[Text, ...], known: Options) -> tuple[Text, ...]:
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


def unwrap_env(command: Command) -> Command | None:
    """`env [-i] [-u NAME] [-C folder] [-S text] [NAME=value] program` (GNU coreutils: env.c)."""
    if name_of(command) != "env":
        return None
    given = read(words_of(command), _ENV)
    if given.unclear or not given.told("-C", "--chdir", "-u", "--unset", "-S", "--split-string"):
        return None
    bare = given.operands[:1] == ("-",)  # the old way to write `-i`
    environment = {} if bare or given.has("-i", "--ignore-environment") else dict(command.environment)
    for name in given.every("-u", "--unset"):
        environment.pop(name or "", None)
    inner = _in(replace(command, environment=environment), given.value("-C", "--chdir"))
    words = given.operands[bare:]
    texts = given.every("-S", "--split-string")
    if texts:
        try:
            split = [word for text in texts for word in shlex.split(text or "")]
        except ValueError:
            return None
        return unwrap_env(replace(inner, argv=("env", *split, *words)))
    return _with_variables(inner, words)


_ENV = options(
    "-u --unset -C --chdir -S --split-string -a --argv0",
    "-i --ignore-environment -0 --null -v --debug --block-signal --default-signal --ignore-signal"
    " --list-signal-handling",
    interspersed=False,
    abbreviated=True,
)


def prints_environment(call: Call, _files: WritableTree) -> Status | Unreadable:
    """`env` that runs nothing; None where it may run something."""
    given = read(call.argv[1:], _ENV)
    runs = any(word is None or not ASSIGNMENT.fullmatch(word) for word in given.operands)
    return UNREADABLE if runs or given.unclear or given.has("-S", "--split-string") else Status.UNKNOWN


def unwrap_sudo(command: Command) -> Command | None:
    """`sudo [-u user] [-D folder] [NAME=value] program` (sudo(8)), `doas [-u user] program` (doas(1))."""
    program = name_of(command)
    if program == "sudo":
        given = read(words_of(command), _SUDO)
        folder, opaque = given.every("-D", "--chdir"), given.has("-R", "--chroot")
    elif program == "doas":
        given = read(words_of(command), options("-a -C -u", "-L -n -s", interspersed=False))
        folder, opaque = (), given.has("-C", "-s")
    else:
        return None
    if given.unclear or opaque or None in folder:
        return None
    return _with_variables(_in(command, folder[-1] if folder else None), given.operands)


_SUDO = options(
    "-u --user -g --group -h --host -p --prompt -C --close-from -D --chdir -R --chroot -r --role -t --type"
    " -T --command-timeout -U --other-user",
    "-A --askpass -b --background -B --bell -E --preserve-env -e --edit -H --set-home -i --login -K"
    " --remove-timestamp -k --reset-timestamp -l --list -N --no-update -n --non-interactive -P"
    " --preserve-groups -S --stdin -s --shell -V --version -v --validate",
    interspersed=False,
    abbreviated=True,
)


def _in(command: Command, folder: str | None) -> Command:
    return replace(command, working_directory=in_folder(command, folder)) if folder else command


def _with_variables(command: Command, words: tuple[Text, ...]) -> Command | None:
    """`NAME=value ... program`."""
    environment = dict(command.environment)
    while words and words[0] is not None and ASSIGNMENT.fullmatch(words[0]):
        name, _, value = words[0].partition("=")
        environment[name] = value
        words = words[1:]
    return rest_of(replace(command, environment=environment), words)


def unwrap_su(command: Command) -> Command | None:
    """`su user -c "text"`, `runuser -u user -- program`, `chroot --userspec=u / program`."""
    program = name_of(command)
    if program == "chroot":
        given = read(words_of(command), options("--userspec --groups", "--skip-chdir", interspersed=False))
        return rest_of(command, given.operands[1:]) if given.operands[:1] == ("/",) else None
    if program not in ("su", "runuser"):
        return None
    words = [word for word in words_of(command) if word != "--"]
    given = read(words, _SU)
    text = given.value("-c", "--command")
    if text is not None and given.told("-c", "--command"):
        return replace(command, argv=("/bin/sh", "-c", text))
    if program == "runuser" and given.has("-u", "--user"):
        inner = read(words_of(command), replace(_SU, interspersed=False))
        return rest_of(command, inner.operands)
    return None


_SU = options("-c --command -s --shell -g --group -G -u --user -w", "-l --login -m -p -P -f -")


WRAPPERS: tuple[Unwrap, ...] = (
    runners.unwrap_python_runner,
    unwrap_prefix,
    unwrap_env,
    unwrap_sudo,
    unwrap_su,
    runners.unwrap_uv,
    runners.unwrap_conda,
    runners.unwrap_dotenv,
    runners.unwrap_opentelemetry,
    runners.unwrap_watchfiles,
)


def unwrap(command: Command) -> Command | None:
    """The command that this one runs and does nothing else; None where it is no wrapper, or that is not known."""
    inner = (unwrap_one(command) for unwrap_one in WRAPPERS)
    return next((one for one in inner if one is not None and one != command), None)


def unwrapped(call: Call) -> Call | None:
    """The same of a call of a shell. Words that are handed on stay as the shell expanded them."""
    if not call.words or call.argv[0] is None:
        return None
    outer = Command(call.argv, call.environment, call.working_directory or "/")
    inner = unwrap(outer)
    if inner is None or (call.working_directory is None and inner.working_directory != "/"):
        return None
    kept = 0
    for before, after in zip(reversed(outer.argv), reversed(inner.argv), strict=False):
        if before != after:
            break
        kept += 1
    first = (Word(text) for text in inner.argv[: len(inner.argv) - kept])
    return replace(
        call,
        words=(*first, *call.words[len(call.words) - kept :]),
        environment=inner.environment,
        working_directory=call.working_directory and inner.working_directory,
    )


COMMANDS: dict[str, CommandFunction] = {"env": prints_environment}
