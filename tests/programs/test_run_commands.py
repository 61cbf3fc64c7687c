"""What single commands of RUN do to the files."""

import pytest

from parity.build.run import ShellRun
from parity.build.step import ResolvedMount, RunStep
from parity.dockerfile.instructions import Heredoc
from parity.model.errors import ParityError
from parity.model.location import Location
from parity.shell.status import Status
from parity.tree.memory import MemoryTree
from tests.support.written_tree import WrittenTree

START = {
    "/app/a.py": "A = 1\n",
    "/app/pkg/__init__.py": "",
    "/app/pkg/m.py": "M = 1\n",
    "/app/pkg/t_dev.py": "",
    "/app/pkg/deep/x.py": "",
    "/app/crlf.sh": "a\r\nb\r\n",
    "/app/mk.sh": "#!/bin/sh\nmkdir made && cd made && echo $1 > name\n",
    "/app/empty": None,
}


def ran(text, *, shell="/bin/sh", heredocs=(), mounts=(), extra=None, environment=None):
    tree = WrittenTree(dict(START))
    step = RunStep(
        text,
        None,
        heredocs,
        environment or {},
        "/app",
        None,
        (shell, "-c"),
        mounts,
        Location("Dockerfile", 4),
    )
    ShellRun(extra or {}).run(step, tree)
    return tree


TREE = tuple(path.removeprefix("/app/") for path in START)
PKG = ("pkg/__init__.py", "pkg/m.py", "pkg/t_dev.py", "pkg/deep/x.py")
CRLF = "a\r\nb\r\n"
RSYNCED = {
    "empty/__init__.py": "",
    "empty/m.py": "M = 1\n",
    "empty/t_dev.py": "",
    "empty/deep": "dir",
    "empty/deep/x.py": "",
}
RSYNCED_LESS = {"empty/pkg": "dir", "empty/pkg/__init__.py": "", "empty/pkg/m.py": "M = 1\n"}


def difference(tree):
    """What was added or changed (None: removed)."""
    before, after = WrittenTree(dict(START)).listing(), tree.listing()
    return {
        path.removeprefix("/app/"): after.get(path)
        for path in sorted({*before, *after})
        if before.get(path) != after.get(path)
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mkdir -p x/y && touch x/y/z.py", {"x": "dir", "x/y": "dir", "x/y/z.py": ""}),
        ("mkdir -p x/{a,b}", {"x": "dir", "x/{a,b}": "dir"}),
        ("rm -rf pkg/deep pkg/t*.py nothing", {"pkg/deep": None, "pkg/deep/x.py": None, "pkg/t_dev.py": None}),
        ("rm -rf pkg/deep pkg/deep/. && touch yes", {"pkg/deep": None, "pkg/deep/x.py": None, "yes": ""}),
        ("rm -rf pkg/deep/. || touch no", {"no": ""}),
        ("rm pkg/m.py; true", {"pkg/m.py": None}),
        ("rmdir empty", {"empty": None}),
        ("mv a.py b.py", {"a.py": None, "b.py": "A = 1\n"}),
        ("mv a.py pkg", {"a.py": None, "pkg/a.py": "A = 1\n"}),
        ("mv a.py crlf.sh -t empty", {"a.py": None, "crlf.sh": None, "empty/a.py": "A = 1\n", "empty/crlf.sh": CRLF}),
        ("cp a.py b.py", {"b.py": "A = 1\n"}),
        ("cp -r pkg/deep new", {"new": "dir", "new/x.py": ""}),
        ("cp -r pkg/deep empty", {"empty/deep": "dir", "empty/deep/x.py": ""}),
        ("cp -r pkg/deep/. empty", {"empty/x.py": ""}),
        ("cp -aT pkg/deep empty", {"empty/x.py": ""}),
        ("ln -s pkg lib", {"lib": "-> pkg"}),
        ("ln -sf /x a.py", {"a.py": "-> /x"}),
        ("install -D -m 644 a.py x/b.py", {"x": "dir", "x/b.py": "A = 1\n"}),
        ("install -d x/y", {"x": "dir", "x/y": "dir"}),
        ('echo "V = \'$V\'" > v.py', {"v.py": "V = '1.2'\n"}),
        ("printf 'N = \"%s\"\\n' $V >> a.py", {"a.py": 'A = 1\nN = "1.2"\n'}),
        ("cat > v.py <<E\nV = $V\nE", {"v.py": "V = 1.2\n"}),
        ("cat > v.py <<'E'\nV = $V\nE", {"v.py": "V = $V\n"}),
        ("echo x | tee v.py w.py", {"v.py": "x\n", "w.py": "x\n"}),
        ("cd pkg && rm m.py", {"pkg/m.py": None}),
        ("(cd pkg && rm m.py) && touch z", {"pkg/m.py": None, "z": ""}),
        ("find . -name '*_dev.py' -delete", {"pkg/t_dev.py": None}),
        ("find . -type d -name deep -exec rm -rf {} +", {"pkg/deep": None, "pkg/deep/x.py": None}),
        ("find . -name '*.py' ! -path './pkg/*' -exec rm {} \\;", {"a.py": None}),
        ("find pkg -name '*.py' | xargs rm -f", dict.fromkeys(PKG)),
        ("rsync -a pkg/ empty/", RSYNCED),
        ("rsync -a --exclude='*_dev.py' --exclude deep pkg empty", RSYNCED_LESS),
        ("sed -i s/1/2/ a.py", {"a.py": "A = 2\n"}),
        ("sed -i 2q a.py", {"a.py": "?"}),
        ("dos2unix crlf.sh", {"crlf.sh": "a\nb\n"}),
        ("wget -q https://x/y.tgz -O f.tgz", {"f.tgz": "?"}),
        ("curl -fsSL https://x/y.tgz -o f.tgz", {"f.tgz": "?"}),
        ("curl -LO https://x/y.tgz", {"y.tgz": "?"}),
        ("python -m compileall -q -b pkg", {f"{path}c": "?" for path in PKG}),
        ("sh mk.sh one", {"made": "dir", "made/name": "one\n"}),
        ("chmod +x mk.sh && ./mk.sh two", {"made": "dir", "made/name": "two\n"}),
        ("bash -c 'mkdir {p,q}'", {"p": "dir", "q": "dir"}),
        ("sudo -u app env A=1 touch z", {"z": ""}),
        ("apt-get update && apt-get install -y gcc && rm -rf /var/lib/apt/lists/*", {}),
        ("useradd -m app && chown -R app /app", {"/home": "dir", "/home/app": "dir"}),
        ("adduser --disabled-password --gecos '' web && cd /home/web && touch x",
            {"/home": "dir", "/home/web": "dir", "/home/web/x": ""}),
        ("useradd -M -r -d /srv/s s && useradd -g root -md /srv/t t", {"/srv": "dir", "/srv/t": "dir"}),
        ("addgroup g && adduser --no-create-home u && adduser u g", {}),
        ("sed -i.bak s/A/B/ a.py", {"a.py": "B = 1\n", "a.py.bak": "A = 1\n"}),
        ("echo m.py t_dev.py | xargs -I{} mv pkg/{} . || true", {}),
        ("printf 'm.py\\n t_dev.py\\n' | xargs -I{} mv pkg/{} .",
            {"pkg/m.py": None, "pkg/t_dev.py": None, "m.py": "M = 1\n", "t_dev.py": ""}),
        ("for f in $(ls pkg); do touch $f.txt; done", {
            "__init__.py.txt": "", "deep.txt": "", "m.py.txt": "", "t_dev.py.txt": ""}),
        ("ls mk.sh crlf.sh | xargs rm", {"mk.sh": None, "crlf.sh": None}),
        ("ls missing > list 2>/dev/null || touch no", {"list": "", "no": ""}),
        ("ln -s ../a.py pkg/l.py && cp -rL pkg q && rm -r pkg && mv q pkg", {"pkg/l.py": "A = 1\n"}),
        ("chmod -x mk.sh; test -x mk.sh && touch yes || touch no", {"no": ""}),
        ("chmod u+x mk.sh && chmod a=r,go-r mk.sh; test -x mk.sh && touch yes || touch no", {"no": ""}),
        ("pip install --no-cache-dir -r a.py", {}),
        ("python -c 'import a; print(a.A)'", {}),
        ("npm ci", {}),
        ("if [ -f a.py ]; then rm a.py; else rm -r pkg; fi", {"a.py": None}),
        ("test -d missing || mkdir missing", {"missing": "dir"}),
        ("for f in pkg/*.py; do mv $f ${f%.py}.txt; done; rm -r pkg/deep", {
            "pkg/__init__.py": None, "pkg/m.py": None, "pkg/t_dev.py": None, "pkg/__init__.txt": "",
            "pkg/m.txt": "M = 1\n", "pkg/t_dev.txt": "", "pkg/deep": None, "pkg/deep/x.py": None}),
        ("D=$(mktemp -d) && cd $D && curl -O https://x/y && rm -rf $D", {}),
        ("[ -n \"$(uname)\" ] && rm a.py || true", {"a.py": "unknown"}),
        ("if nproc; then echo 1 > a.py; fi", {"a.py": "?"}),
        ("grep -q x a.py && touch yes || true", {}),
    ],
)  # fmt: skip
def test_files_after(text, expected):
    assert difference(ran(text, environment={"V": "1.2"})) == expected


@pytest.mark.parametrize(
    "text",
    [
        "test -f missing && rm a.py",
        "rm missing",
        "mkdir a.py",
        "cp pkg x",
        "cp missing x",
        "mv missing x",
        "cd missing && ls",
        "set -e; rm missing; true",
        "rmdir pkg",
        "echo x > missing/x",
        "ls || exit 3; false",
        "apt-get install x && false",
        "./missing.sh",
        "if ls; then exit 1; else exit 2; fi",
        "touch missing/x",
        "grep x a.py || rm missing",
    ],
)
def test_steps_that_fail(text):
    if text == "grep x a.py || rm missing":
        ran(text)  # grep may succeed
        return
    with pytest.raises(ParityError) as error:
        ran(text)
    assert error.value.location == Location("Dockerfile", 4)


@pytest.mark.parametrize(
    ("text", "known", "unknown"),
    [
        ("make", [], ["/app/gen.py", "/app/pkg/gen.py"]),
        ("make -C /srv", ["/opt/x"], ["/app/gen.py", "/srv/gen.py"]),
        ("git clone https://x/y.git", ["/app/z.py"], ["/app/y/z.py"]),
        ("unzip a.py -d lib", ["/app/z.py"], ["/app/lib/z.py"]),
        (
            "python -m grpc_tools.protoc -I. --python_out=pkg x.proto",
            ["/app/pkg/z.py"],
            ["/app/pkg/x_pb2.py"],
        ),
        ("python build.py", [], ["/app/z.py", "/opt/x"]),
        ("python -m compileall -b -q -x t_dev pkg", ["/app/z.py", "/app/z.pyc"], ["/app/pkg/m.pyc"]),
        (
            "python -m playwright install --with-deps chromium",
            ["/app/z.py", "/app/x"],
            ["/root/.cache/ms-playwright/x"],
        ),
        ("PLAYWRIGHT_BROWSERS_PATH=/b playwright install", ["/app/z.py", "/root/.cache/x"], ["/b/x"]),
        ("DEBUG=0 django-admin migrate", ["/opt/x"], ["/app/db.sqlite3"]),
        ("python -m venv /venv", ["/app/z.py"], ["/venv/bin/python"]),
        ("python -c 'import a'", ["/app/z.py", "/app/z.pyc"], ["/app/__pycache__/a.cpython-311.pyc"]),
        ("wget -q https://x/y-$(uname -m).deb", ["/app/z.py", "/opt/x"], ["/app/y-1.deb"]),
        ("curl https://x | xargs rm", ["/opt/x"], ["/app/a.py", "/app/pkg/m.py"]),
        ("useradd -m app", ["/home/app/x.py"], ["/etc/passwd", "/home/app/.bashrc"]),
        ("useradd app", [], ["/home/app", "/etc/shadow-"]),
        ("pip install x", ["/app/z.py"], ["/usr/local/lib/python3.11/site-packages/x.py"]),
        ("npm run build", [], ["/app/dist/x"]),
        ("hatch build -t wheel /wheels", ["/opt/x"], ["/wheels/x.whl", "/app/dist/x.whl"]),
        ("npm install", ["/app/z.py"], ["/app/node_modules/x"]),
        ("if then", [], ["/app/z.py"]),
        ("ls | grep x && touch maybe || true", ["/app/z.py"], ["/app/maybe"]),
        ("$UNKNOWN_TOOL x", [], []),
    ],
)
def test_what_cannot_be_told(text, known, unknown):
    from parity.model.location import Unknown
    from parity.tree.base import Absent

    tree = ran(text)
    assert [p for p in known if not isinstance(tree.lookup(p), Absent)] == []
    assert [p for p in unknown if not isinstance(tree.lookup(p), Unknown)] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("find . -type d -name deep | xargs rm -rf", {"pkg/deep": None, "pkg/deep/x.py": None}),
        ("find . -type d -name .git | xargs rm -rf", {}),
        ("find . -name 'a.*' -print0 | xargs -0 -r rm", {"a.py": None}),
        (
            r"find . | grep -E '(_dev|/deep/x)\.py$' | xargs rm -rf",
            {"pkg/t_dev.py": None, "pkg/deep/x.py": None},
        ),
        ("find pkg | grep -v py | grep deep | xargs rm -rf", {"pkg/deep": None, "pkg/deep/x.py": None}),
        ("find pkg -name '*_dev.py' | xargs -I{} rm -f {}", {"pkg/t_dev.py": None}),
        ("find . -name '[am].py' -size +9k | xargs rm", {"a.py": "unknown", "pkg/m.py": "unknown"}),
        ("find . -type d -empty -name 'e*' | xargs rm -r", {"empty": "unknown"}),
        ("find pkg -name '*.py' | xargs chmod 700", {}),
        ("find pkg -name m.py | xargs mv -t empty", dict.fromkeys(TREE, "unknown")),
    ],
)
def test_what_find_finds_where_anything_may_have_been_written(text, expected):
    assert {p: difference(ran(f"make && {text}")).get(p) for p in expected} == expected
    before, after = (ran(run).listing() for run in ("make", f"make && {text}"))
    kept = [path for path in before if path.startswith("/app/") and path[5:] not in expected]
    assert "mv" in text or [path for path in kept if after.get(path) != before[path]] == []


def test_a_heredoc_is_a_script():
    body = Heredoc("EOF", 'set -e\necho "B = 7" > b.py\nrm a.py\n', True, 5)
    assert difference(ran("", heredocs=(body,))) == {"a.py": None, "b.py": "B = 7\n"}


def test_a_heredoc_with_an_interpreter():
    body = Heredoc("EOF", "#!/usr/bin/env bash\nmkdir {x,y}\n", True, 5)
    assert difference(ran("", heredocs=(body,))) == {"x": "dir", "y": "dir"}


def test_a_heredoc_as_input():
    body = Heredoc("EOF", "B = 7\n", True, 5)
    assert difference(ran("cat <<EOF > b.py && rm a.py", heredocs=(body,))) == {
        "a.py": None,
        "b.py": "B = 7\n",
    }


def test_mounts_are_seen_and_not_kept():
    source = MemoryTree({"lib/x.py": "X\n", "lib/sub/y.py": ""})
    mount = ResolvedMount("bind", "/app/lib", source, "/lib")
    tree = ran("[ -f lib/x.py ] && cp lib/x.py copied.py && cp -r lib/sub . && touch lib/z", mounts=(mount,))
    assert difference(tree) == {"copied.py": "X\n", "sub": "dir", "sub/y.py": ""}


def test_further_commands_come_first():
    def pip(call, files):
        files.write("/app/installed", " ".join(call.argv[1:]).encode())
        return Status.SUCCESS

    for text in ("pip install .", "python -m pip install .", "pip3 install ."):
        assert difference(ran(text, extra={"pip": pip})) == {"installed": "install ."}
