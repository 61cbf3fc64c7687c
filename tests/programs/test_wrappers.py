"""Which command does a wrapper run, in a RUN step and as a start command?"""

import shlex
import shutil
import subprocess

import pytest

from parity.build.run import ShellRun
from parity.build.step import RunStep
from parity.model.command import Command
from parity.model.location import Location
from parity.programs.wrappers import unwrap, unwrapped
from parity.shell.host import Call
from parity.shell.word import Word
from tests.support.written_tree import WrittenTree

WRAPPERS = (
    "sudo -uroot",
    "sudo -u root -E --",
    "sudo --user=root -n -H",
    "sudo --user root",
    "sudo -C 3",
    "doas -u app",
    "doas -uapp -n",
    "env",
    "env -u A",
    "env -uA --unset B",
    "time -p",
    "time --format %e",
    "nice",
    "nice -n 10",
    "nice -n -5",
    "nice -10",
    "nice --adjustment 5",
    "ionice -c3",
    "ionice -c 2 -n 7",
    "ionice --class idle",
    "setsid -w",
    "chrt -b 0",
    "chrt --other 0",
    "taskset 1",
    "taskset -c 0",
    "timeout 5",
    "timeout -k5 5",
    "timeout -s KILL 5s",
    "timeout --kill-after 5 10",
    "timeout --kill-after=5 --foreground 10",
    "nohup",
    "stdbuf -oL",
    "stdbuf -o L -e0",
    "stdbuf --output L",
    "flock /tmp/parity.lock",
    "flock --wait 5 /tmp/parity.lock",
    "gosu app",
    "su-exec app:app",
    "setpriv --reuid 0 --clear-groups",
    "setpriv --reuid=0 --keep-groups",
    "runuser -u root --",
    "chroot /",
    "xvfb-run -a -s '-screen 0'",
    "xvfb-run --server-args '-screen 0'",
    "tini -g --",
    "tini -s -p SIGTERM --",
    "dumb-init -r 15:3",
    "exec",
    "busybox",
    "sudo -u app nice -n 5 env -u B timeout 5",
)
"""What stands before a command and changes neither its folder nor its words."""


def inner_of(words, working_directory="/app", environment=None):
    """As a start command and as a call of a RUN step, wrappers off until none is left."""
    command = Command(tuple(words), environment or {}, working_directory)
    call = Call(tuple(Word(word) for word in words), environment or {}, working_directory)
    while (inner := unwrap(command)) is not None:
        command = inner
    while (called := unwrapped(call)) is not None:
        call = called
    assert (call.argv, call.environment, call.working_directory) == (
        command.argv,
        command.environment,
        command.working_directory,
    )
    return command


@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_a_wrapper_runs_the_rest_of_its_command_line(wrapper):
    words = [*shlex.split(wrapper), "rm", "-rf", "src", None]
    assert inner_of(words) == Command(("rm", "-rf", "src", None), {}, "/app")


@pytest.mark.parametrize(
    ("line", "argv", "environment", "folder"),
    [
        ("env -C /srv rm x", ["rm", "x"], {"A": "1"}, "/srv"),
        ("env --chdir=sub B=2 rm x", ["rm", "x"], {"A": "1", "B": "2"}, "/app/sub"),
        ("env -i B=2 rm x", ["rm", "x"], {"B": "2"}, "/app"),
        ("env - rm x", ["rm", "x"], {}, "/app"),
        ("env -u A rm x", ["rm", "x"], {}, "/app"),
        ("env -S 'B=2 rm -f' x", ["rm", "-f", "x"], {"A": "1", "B": "2"}, "/app"),
        ("env '-Srm \"a b\"' x", ["rm", "a b", "x"], {"A": "1"}, "/app"),
        ("env -S '-C /srv rm' x", ["rm", "x"], {"A": "1"}, "/srv"),
        ("sudo -D /srv B=2 rm x", ["rm", "x"], {"A": "1", "B": "2"}, "/srv"),
        ("su app -c 'rm x'", ["/bin/sh", "-c", "rm x"], {"A": "1"}, "/app"),
        ("runuser -u app rm x", ["rm", "x"], {"A": "1"}, "/app"),
        ("flock /tmp/lock -c 'rm x'", ["/bin/sh", "-c", "rm x"], {"A": "1"}, "/app"),
        ("wait-for-it.sh db:5432 -t 5 -- rm x", ["rm", "x"], {"A": "1"}, "/app"),
    ],
)
def test_what_a_wrapper_changes(line, argv, environment, folder):
    assert inner_of(shlex.split(line), environment={"A": "1"}) == Command(tuple(argv), environment, folder)


@pytest.mark.parametrize(
    "line",
    [
        "sudo --new option rm x",
        "env -S '\"a' rm",
        "chroot /srv rm x",
        "sudo -R /srv rm x",
        "timeout 5",
        "doas -s",
    ],
)
def test_a_wrapper_that_is_not_understood_stays(line):
    assert inner_of(shlex.split(line)).argv == tuple(shlex.split(line))


def test_words_that_are_handed_on_stay_as_the_shell_expanded_them():
    word = Word(None, prefix="/srv/")
    called = unwrapped(Call((Word("nice"), Word("rm"), word), {}, None))
    assert called is not None
    assert called.words == (Word("rm"), word)
    assert called.working_directory is None


def test_where_the_working_directory_is_not_known_a_move_within_it_is_not_followed():
    assert unwrapped(Call(tuple(map(Word, ("env", "-C", "x", "ls"))), {}, None)) is None


def after(text):
    """The files below /app when the step has run, and the folders that are not known any more."""
    tree = WrittenTree({"/app/src/a.py": "", "/app/b.py": ""})
    step = RunStep(text, None, (), {}, "/app", None, ("/bin/sh", "-c"), (), Location("Dockerfile", 4))
    ShellRun().run(step, tree)
    files = [path.removeprefix("/app/") for path, content in tree.listing().items() if content != "dir"]
    return files, [folder for folder, *_ in tree.obscured]


@pytest.mark.parametrize(
    "text",
    [
        "sudo -uroot rm -rf /app/src",
        "env -C /app rm -rf src",
        "env -C src rm a.py",
        "ionice -c3 rm -rf src",
        "setsid rm -rf src",
        "flock /tmp/lock rm -rf src",
        "flock /tmp/lock -c 'rm -rf src'",
        "chrt -b 0 doas -u app taskset 1 rm -rf src",
        "timeout --kill-after 5 10 rm -rf src",
        "su app -c 'rm -rf src'",
    ],
)
def test_a_step_runs_what_its_wrapper_runs(text):
    assert after(text) == (["b.py"], [])


@pytest.mark.parametrize("text", ["env", "env A=1", "env -0"])
def test_env_alone_prints(text):
    assert after(text) == (["b.py", "src/a.py"], [])


@pytest.mark.parametrize("text", ["env -C $(uname) rm -rf src", "sudo --new option rm -rf src"])
def test_a_step_whose_wrapper_is_not_understood_hides_its_folder(text):
    assert after(text) == (["b.py", "src/a.py"], ["/app", "/"])


@pytest.mark.parametrize(
    "line",
    [
        *(
            line
            for line in WRAPPERS
            if line.split()[0] in ("env", "nice", "setsid", "timeout", "nohup", "stdbuf")
        ),
        "env -C / -u A",
        "env --chdir=/usr B=2",
        "env -i B=2",
        "env -S 'B=2 nice'",
        "env '-S-u A' B=2",
        "nice -n 5 env B=3 timeout 5",
    ],
)
def test_as_the_real_program_does(line):
    words = shlex.split(line)
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed")
    shows = ["/bin/sh", "-c", 'echo "$PWD" "$A" "$B" "$#" "$1" "$2"', "sh", "-rf", "a b"]
    environment = {"A": "1", "PATH": "/usr/bin:/bin"}
    inner = inner_of([*words, *shows], "/tmp", environment)
    real = subprocess.run([*words, *shows], cwd="/tmp", env=environment, capture_output=True, check=True)
    ours = subprocess.run(
        [str(word) for word in inner.argv],
        cwd=inner.working_directory,
        env=dict(inner.environment),
        capture_output=True,
        check=True,
    )
    assert ours.stdout == real.stdout
