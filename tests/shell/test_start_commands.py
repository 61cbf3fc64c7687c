"""Which commands do start-up scripts come to?"""

import pytest

from parity.model.command import Command
from parity.model.location import Location
from parity.shell.commands import commands_of, follow_scripts
from parity.shell.interpret import Dialect
from parity.tree.base import Entry, FileKind
from parity.tree.memory import MemoryTree

ENTRYPOINT = """#!/bin/sh
set -e
if [ "$1" = "migrate" ]; then
    exec python -m app.migrate
fi
exec "$@"
"""
ROLE = """
case "$ROLE" in
  web) exec uvicorn web.main:app ;;
  worker) exec celery -A jobs.app worker ;;
esac
"""
FILES = MemoryTree(
    {
        "usr/local/bin/docker-entrypoint.sh": ENTRYPOINT,
        "app/start.sh": ROLE,
        "app/boot.sh": "#!/bin/sh\nset -e\npython -m app.migrate\nexec gunicorn -b 0.0.0.0:80 app.wsgi:application\n",
        "app/src/main.py": "",
        "app/env.sh": "export MODE=prod\nrun() { exec python $MODE.py; }\n",
        "app/nested.sh": '#!/usr/bin/env bash\nexec ./boot.sh "$@"\n',
        "app/data.bin": b"\x7fELF",
    }
)


def shown(commands: tuple[Command, ...]) -> list[str]:
    """`argv @folder`, `?` in front where it may not run, `~` where its failure is survived."""
    return [
        ("" if c.certain else "? ")
        + ("" if c.fatal else "~ ")
        + " ".join("<?>" if a is None else a for a in c.argv)
        + f" @{c.working_directory}"
        for c in commands
    ]


@pytest.mark.parametrize(
    ("argv", "environment", "expected"),
    [
        (["docker-entrypoint.sh", "python", "-m", "app.run"], {}, ["python -m app.run @/app"]),
        (["docker-entrypoint.sh", "migrate"], {}, ["python -m app.migrate @/app"]),
        (["sh", "/app/start.sh"], {"ROLE": "worker"}, ["celery -A jobs.app worker @/app"]),
        (["sh", "/app/start.sh"], {"ROLE": "web"}, ["uvicorn web.main:app @/app"]),
        (
            ["sh", "/app/start.sh"],
            {},
            ["? uvicorn web.main:app @/app", "? celery -A jobs.app worker @/app"],
        ),
        (["/bin/sh", "-c", "cd src && python main.py"], {}, ["python main.py @/app/src"]),
        (
            ["./boot.sh"],
            {},
            ["python -m app.migrate @/app", "gunicorn -b 0.0.0.0:80 app.wsgi:application @/app"],
        ),
        (
            ["./nested.sh"],
            {},
            ["python -m app.migrate @/app", "gunicorn -b 0.0.0.0:80 app.wsgi:application @/app"],
        ),
        (["./data.bin", "x"], {}, ["./data.bin x @/app"]),
        (["tini", "--", "./boot.sh"], {}, ["tini -- ./boot.sh @/app"]),
    ],
)
def test_commands_are_followed_into_scripts(argv, environment, expected):
    command = Command(tuple(argv), environment, "/app", Location("Dockerfile", 9))
    assert shown(follow_scripts(command, FILES)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("python a.py; python b.py", ["~ python a.py @/app", "python b.py @/app"]),
        ("python a.py && python b.py", ["python a.py @/app", "python b.py @/app"]),
        ("python a.py || true; python b.py", ["~ python a.py @/app", "python b.py @/app"]),
        ("python a.py || exit 1; python b.py", ["python a.py @/app", "python b.py @/app"]),
        ("celery worker & exec gunicorn app:app", ["~ celery worker @/app", "gunicorn app:app @/app"]),
        ("set -e\npython a.py\npython b.py", ["python a.py @/app", "python b.py @/app"]),
        (
            "set -e\nif python a.py; then python b.py; fi\npython c.py",
            ["~ python a.py @/app", "? python b.py @/app", "python c.py @/app"],
        ),
        ('[ -z "$SECRET" ] && exit 1; exec python a.py', ["python a.py @/app"]),
        ('if [ -z "$SECRET" ]; then echo missing; exit 1; else python a.py; fi', ["? python a.py @/app"]),
        (
            'if [ "$DEBUG" = 1 ]; then exec flask run; fi; exec gunicorn a:b',
            ["? flask run @/app", "gunicorn a:b @/app"],
        ),
        ("exec gunicorn ${APP:-main:app} --port $PORT", ["gunicorn main:app --port <?> @/app"]),
        ("uvicorn $MODULE", ["uvicorn <?> @/app"]),
        (". ./env.sh; run", ["python prod.py @/app"]),
        ("source env.sh && run", ["python prod.py @/app"]),
        (
            "until nc -z db 5432; do sleep 1; done; exec python a.py",
            ["~ nc -z db 5432 @/app", "? ~ sleep 1 @/app", "python a.py @/app"],
        ),
        ("for m in a b; do python $m.py; done", ["~ python a.py @/app", "~ python b.py @/app"]),
        ('A=(--x "y z"); A+=(w); exec python "${A[@]}"', ["python --x y z w @/app"]),
        ("mkdir -p run && cd run && python a.py", ["mkdir -p run @/app", "python a.py @/app/run"]),
        ("cd nowhere && python a.py", []),
        ("if [ -f /app/env.sh ]; then python a.py; else python b.py; fi", ["python a.py @/app"]),
        ('f() { python "$1"; return 1; }; f x || python y', ["~ python x @/app", "python y @/app"]),
        ('eval "python a.py"', ["python a.py @/app"]),
        ("(cd src; python main.py); python b.py", ["~ python main.py @/app/src", "python b.py @/app"]),
        ("X=1 python a.py | tee log", ["~ python a.py @/app", "tee log @/app"]),
        ("if then fi", ["? <?> @/app"]),
        ('exec python "$(dirname "$0")/main.py"', ["python ./main.py @/app"]),
        ("cd $(dirname /app/src/main.py) && python main.py", ["python main.py @/app/src"]),
        ("while true; do python w.py; sleep 1; done", ["~ python w.py @/app", "~ sleep 1 @/app"]),
    ],
)
def test_commands_of_a_text(text, expected):
    found = commands_of(text, FILES, {}, "/app", name="./run.sh", dialect=Dialect.BASH)
    assert shown(found) == expected


def test_places_are_lines_of_the_script_in_the_checkout():
    tree = MemoryTree(
        {"app/boot.sh": Entry(FileKind.FILE, source="/deploy/boot.sh", content=b"#!/bin/sh\n\npython a.py\n")}
    )
    (command,) = follow_scripts(Command(("/app/boot.sh",), {}, "/", Location("Dockerfile", 3)), tree)
    assert command.location == Location("deploy/boot.sh", 3)


def test_environment_is_what_is_exported():
    (command,) = commands_of("A=1; export B=2; C=3 python x", FILES, {"D": "4"}, "/app")
    assert dict(command.environment) == {"B": "2", "C": "3", "D": "4"}
