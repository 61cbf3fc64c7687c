"""Which commands do start-up scripts come to, and what do they do to the files?"""

import subprocess

import pytest

from parity.model.command import Command
from parity.model.location import Location, Unknown
from parity.starts.recognise import recognise
from parity.tree.base import Entry, FileKind, child
from parity.tree.links import follow
from parity.tree.memory import MemoryTree
from tests.support.building import overlay

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
        "app/nested.sh": '#!/usr/bin/env bash\nexec sh ./boot.sh "$@"\n',
        "app/module": "web\n",
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
        (
            ["tini", "--", "./boot.sh"],
            {},
            ["python -m app.migrate @/app", "gunicorn -b 0.0.0.0:80 app.wsgi:application @/app"],
        ),
    ],
)
def test_commands_are_followed_into_scripts(argv, environment, expected):
    command = Command(tuple(argv), environment, "/app", Location("Dockerfile", 9))
    assert shown(recognise(command, overlay(FILES)).commands) == expected


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
        ('exec python "$(dirname "$0")/main.py"', ["~ dirname ./run.sh @/app", "python ./main.py @/app"]),
        (
            "cd $(dirname /app/src/main.py) && python main.py",
            ["~ dirname /app/src/main.py @/app", "python main.py @/app/src"],
        ),
        ("python -m $(head -n 1 module)", ["~ head -n 1 module @/app", "python -m web @/app"]),
        (
            'exec python -m $(echo "${APP:-web:app}" | sed s/:.*//)',  # the text may be another
            ["~ sed s/:.*// @/app", "python -m <?> @/app"],
        ),
        ("while true; do python w.py; sleep 1; done", ["python w.py @/app", "sleep 1 @/app"]),
        ("while :; do python w.py || true; sleep 1; done", ["~ python w.py @/app", "sleep 1 @/app"]),
        (
            "while true; do python w.py && break; done",
            ["~ python w.py @/app", "? ~ python w.py @/app"],
        ),
        (
            "(while true; do python w.py; done) & exec python a.py",
            ["~ python w.py @/app", "python a.py @/app"],
        ),
        ("python a.py; exit $?", ["python a.py @/app"]),
        (
            "if [ ! -f /data/c.yaml ]; then cp c.yaml /data/; exit; fi\nexec python a.py",
            ["cp c.yaml /data/ @/app", "python a.py @/app"],
        ),
        (
            "if [[ ! -d /data/x ]]; then python first.py; exit 0; fi\npython a.py",
            ["~ python first.py @/app", "python a.py @/app"],
        ),
        ("if [ a = a ]; then python first.py; exit; fi\npython a.py", ["python first.py @/app"]),
        ("if [ ! -f /x ]; then exec python first.py; fi\npython a.py", ["python first.py @/app"]),
        ("python a.py; exit 0", ["~ python a.py @/app"]),
        ("python a.py & wait $!", ["python a.py @/app"]),
        ("python a.py & wait", ["~ python a.py @/app"]),
        ("python a.py & python b.py; wait $!", ["~ python a.py @/app", "~ python b.py @/app"]),
        (
            'run() { while true; do "$@" & wait $!; return $?; done; }; run python a.py',
            ["python a.py @/app"],
        ),
    ],
)
def test_commands_of_a_text(text, expected):
    command = Command(("bash", "-c", text, "./run.sh"), {}, "/app")
    assert shown(recognise(command, overlay(FILES)).commands) == expected


def test_places_are_lines_of_the_script_in_the_checkout():
    tree = MemoryTree(
        {"app/boot.sh": Entry(FileKind.FILE, source="/deploy/boot.sh", content=b"#!/bin/sh\n\npython a.py\n")}
    )
    start = Command(("/app/boot.sh",), {}, "/", Location("Dockerfile", 3))
    (command,) = recognise(start, overlay(tree)).commands
    assert command.location == Location("deploy/boot.sh", 3)


def test_environment_is_what_is_exported():
    start = Command(("sh", "-c", "A=1; export B=2; C=3 python x"), {"D": "4"}, "/app")
    (command,) = recognise(start, overlay(FILES)).commands
    assert dict(command.environment) == {"B": "2", "C": "3", "D": "4"}


PROJECT = {
    "src/a.py": "import os\n",
    "src/b.py": "B = 1\n",
    "shop/__init__.py": "",
    "shop/secret.py.default": "URL = 'sqlite://'\n",
}
SCRIPTS = (
    "rm -rf src/a.py\nexec python src/a.py",
    "mv src/a.py src/c.py; python src/c.py",
    "cp shop/secret.py.default shop/secret.py\npython -m shop",
    "cp -r src copy && python copy/a.py; rm -r copy; python src/a.py",
    "sed -i 's/os/sys/' src/a.py\npython src/a.py",
    "sed -i.bak 's/os/sys/' src/a.py && python src/a.py",
    "touch src/c.py; mkdir -p made/deep; python src/c.py",
    "[ -f shop/secret.py ] || cp shop/secret.py.default shop/secret.py; python -m shop",
    "[ -d src ] && rm -rf src; python src/a.py",
    "env -C src mv a.py c.py; nice -n 1 rm src/b.py; python src/c.py",
    "printf '#!/bin/sh\\n' > /dev/null; cd src && rm a.py && cd .. && python src/a.py",
    "install -D src/a.py bin/a.py; python bin/a.py",
    "find src -name 'a*' -delete; python src/a.py",
    "mkdir run && mv src run/ && cd run && python src/a.py",
    "sh -c 'rm src/a.py'; python src/a.py",
)


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_process_starts_with_the_files_that_the_script_leaves(script, tmp_path):
    """As dash has them, where `python` writes down what is there."""
    project, bin_folder, seen = tmp_path / "app", tmp_path / "bin", tmp_path / "seen"
    for name, text in PROJECT.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text)
    bin_folder.mkdir()
    seen.mkdir()
    python = bin_folder / "python"
    python.write_text(f'#!/bin/sh\ncp -r "{project}" "{seen}/$(ls "{seen}" | wc -l)"\n')
    python.chmod(0o755)
    path = f"{bin_folder}:/usr/bin:/bin"
    subprocess.run(["dash", "-c", script], cwd=project, env={"PATH": path}, check=False)
    real = [
        {str(file.relative_to(folder)): file.read_text() for file in folder.rglob("*") if file.is_file()}
        for folder in sorted(seen.iterdir())
    ]
    tree = MemoryTree({f"app/{name}": text for name, text in PROJECT.items()})
    started = recognise(Command(("dash", "-c", script), {}, "/app"), overlay(tree)).started
    ours = [dict(_files(process.files, "/app")) for process in started]
    assert real
    assert ours == real


def _files(tree, folder):
    for name in tree.names(folder):
        path = child(folder, name)
        if tree.lookup(path).kind is FileKind.DIRECTORY:
            yield from _files(tree, path)
        else:
            yield path.removeprefix("/app/"), tree.read(path).decode()


@pytest.mark.parametrize(
    ("script", "doubtful", "known"),
    [
        ("cp /config/settings.py shop/settings.py", ["shop/settings.py"], ["shop/other.py", "src/a.py"]),
        ("cp ${FROM:-src/a.py} shop/settings.py", ["shop/settings.py"], ["shop/other.py"]),
        ('[ "$DEV" = 1 ] && cp src/a.py shop/dev.py', ["shop/dev.py"], ["shop/other.py"]),
        ('[ "$DEV" = 1 ] && rm -rf src', ["src/a.py"], ["shop/other.py"]),
        ("sed -i s/1/$PORT/ src/b.py", [], ["src/a.py", "shop/other.py"]),
        ('mkdir -p "$DATA"; chown app "$DATA"; rm -rf "$CACHE"', [], ["shop/other.py", "src/a.py"]),
        ("git clone https://example.org/x .", ["shop/other.py"], ["src/a.py"]),
        ("./wait-for-database", [], ["shop/other.py", "src/a.py"]),
        ("rm -rf src/b.py shop; ./generate", ["src/b.py", "shop/__init__.py"], ["src/c.py", "src/a.py"]),
        ("./generate; rm -rf src/b.py", [], ["src/b.py", "src/a.py"]),
        ("ln -s src/a.py shop/linked.py", [], ["shop/linked.py", "src/a.py"]),
        ("rm /config/absent.py; mv /config/absent.py .", [], ["src/a.py"]),
    ],
)
def test_what_the_container_may_do_otherwise_is_doubtful(script, doubtful, known):
    tree = MemoryTree({f"app/{name}": text for name, text in PROJECT.items()})
    command = Command(("sh", "-c", f"{script}\nexec python src/a.py"), {}, "/app")
    (process,) = recognise(command, overlay(tree)).started
    assert process.entrypoint.command.certain
    unknown = [
        name for name in (*doubtful, *known) if isinstance(process.files.lookup(f"/app/{name}"), Unknown)
    ]
    assert unknown == doubtful


@pytest.mark.parametrize(
    ("script", "link"),
    [
        ("ln -sf /config/settings.py shop/settings.py", "/app/shop/settings.py"),
        ("ln -s /config/settings.py shop/", "/app/shop/settings.py"),
        ("ln -s ../../config/settings.py shop/x.py", "/app/shop/x.py"),
    ],
)
def test_a_link_may_lead_to_a_volume(script, link):
    tree = MemoryTree({f"app/{name}": text for name, text in PROJECT.items()})
    command = Command(("sh", "-c", f"{script}\nexec python src/a.py"), {}, "/app")
    (process,) = recognise(command, overlay(tree)).started
    assert process.files.lookup(link).kind is FileKind.SYMLINK
    assert isinstance(follow(process.files, link).answer, Unknown)


@pytest.mark.parametrize(
    "script",
    [
        "sed -i s/1/$PORT/ src/b.py",
        'echo "PORT = $PORT" > src/b.py',
        "cat > src/b.py <<EOF\nPORT = $PORT\nEOF",
        "sed s/1/$PORT/ src/b.py > src/c.py; mv src/c.py src/b.py",
    ],
)
def test_a_text_that_depends_on_the_environment_is_not_known(script):
    tree = MemoryTree({f"app/{name}": text for name, text in PROJECT.items()})
    command = Command(("sh", "-c", f"{script}\nexec python src/b.py"), {}, "/app")
    (process,) = recognise(command, overlay(tree)).started
    assert isinstance(process.files.lookup("/app/src/b.py"), Entry)
    assert isinstance(process.files.read("/app/src/b.py"), Unknown)
