"""Wrong calls and hostile input: a message with a place and a next step, status 2, never a traceback."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT, Answer, ask, ask_process


def refused(answer: Answer, *words: str) -> None:
    assert answer.status == 2
    assert "Traceback" not in answer.err + answer.out
    for word in words:
        assert word in answer.err + answer.out


def test_no_dockerfile(tmp_path: Path) -> None:
    refused(ask("check", str(tmp_path)), "no Dockerfile", "-f FILE")


def test_no_such_folder() -> None:
    refused(ask("check", "no/such/folder"), "no/such/folder")


def test_path_is_a_dockerfile(project: Path) -> None:
    """Paths are relative to the current folder, or to the Dockerfile's own where it lies elsewhere."""
    assert ask("check", str(project / "Dockerfile")).status == 0
    assert "Dockerfile  python main.py" in ask("check", "Dockerfile", cwd=project).out


def test_misspelt_dockerfile(project: Path) -> None:
    refused(ask("check", str(project), "-f", "Dockerfil"), "Dockerfil", "did you mean Dockerfile?")


def test_dockerfile_outside_of_path(project: Path) -> None:
    (project / "sub").mkdir()
    refused(ask("check", str(project / "sub"), "-f", "../Dockerfile"), "outside of PATH")


def test_a_dockerfile_beside_its_context(tmp_path: Path) -> None:
    for name in ("docker/Dockerfile", "app/main.py"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("FROM python:3.12\n")
    answer = ask("check", "app", "-f", "../docker/Dockerfile", cwd=tmp_path)
    refused(answer, "outside of PATH", "give . as PATH")


@pytest.mark.parametrize("target", ["nowhere", "Dockerfile"])
def test_a_link_that_leads_nowhere(tmp_path: Path, target: str) -> None:
    (tmp_path / "Dockerfile").symlink_to(target)
    refused(ask("check", str(tmp_path)), "Dockerfile is a link that leads nowhere")
    refused(ask("check", str(tmp_path), "-f", "Dockerfile"), "Dockerfile is a link that leads nowhere")


@pytest.mark.parametrize(
    "name",
    ["dockerfile-parse.json", "Dockerfile.j2", "dockerfile.sh", "Dockerfile.md", "Dockerfile.dockerignore"],
)
def test_what_is_named_after_a_dockerfile_and_is_none(project: Path, name: str) -> None:
    (project / name).write_text("{{ not }} one\n")
    assert ask("check", str(project)).status == 0


def test_exclude_leaves_nothing(project: Path) -> None:
    (project / "parity.toml").write_text('exclude = ["**"]\n')
    refused(ask("check", str(project)), "parity.toml:1: no Dockerfile", "fix exclude")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[tool.parity\n", ("pyproject.toml:1: this is not valid TOML",)),
        ('[tool.parity]\nfail-on = "eror"\n', ("pyproject.toml:2", "did you mean error?")),
        ('[[tool.parity.images]]\ndockerfile = "Dockerfile"\npython = "2.7"\n', ("pyproject.toml:3", "3.12")),
        ('[[tool.parity.images]]\ndockerfile = "Dockerfile"\nplatform = "arm"\n', ("pyproject.toml:3",)),
    ],
)
def test_a_configuration_that_is_wrong_says_where(project: Path, text: str, words: tuple[str, ...]) -> None:
    (project / "pyproject.toml").write_text(text)
    refused(ask("check", str(project)), *words)


def test_the_pyproject_of_others_is_not_judged(project: Path) -> None:
    (project / "pyproject.toml").write_text("[project\n")
    assert ask("check", str(project)).status == 0


def test_the_reason_is_on_standard_error(project: Path) -> None:
    (project / "Dockerfile").write_text("FROM python:3.12\nCOPPY . .\n")
    for options in (
        (),
        ("--quiet",),
        ("--format", "json"),
        ("--write-baseline", str(project / "known.json")),
    ):
        answer = ask("check", str(project), *options)
        assert answer.status == 2
        assert answer.err == "error: Dockerfile:2:1: unknown instruction: COPPY\n  did you mean COPY?\n"


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="there is no setpriv")
@pytest.mark.parametrize(
    ("name", "status", "told"),
    [
        ("Dockerfile", 2, "error: Dockerfile: cannot be read: Permission denied"),
        (".dockerignore", 2, "error: Dockerfile: .dockerignore cannot be read: Permission denied"),
        ("parity.toml", 2, "error: parity.toml cannot be read: Permission denied"),
        ("shop", 0, "not checked whether shop.cart is there: shop cannot be listed: Permission denied"),
        ("shop/cart.py", 0, "not checked whether shop.cart is there: shop/cart.py cannot be read"),
    ],
)
def test_what_may_not_be_read_is_told(project: Path, name: str, status: int, told: str) -> None:
    for file, text in (
        (".dockerignore", ""),
        ("parity.toml", ""),
        ("shop/cart.py", ""),
        ("shop/__init__.py", ""),
    ):
        (project / file).parent.mkdir(exist_ok=True)
        (project / file).write_text(text)
    (project / "main.py").write_text("import shop.cart\n")
    (project / name).chmod(0)
    given = "-dac_override,-dac_read_search"  # what root may, and nobody else
    command = ["setpriv", "--bounding-set", given, "--inh-caps", given] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*command, sys.executable, "-m", "parity", "check", str(project)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    (project / name).chmod(0o755)
    assert (done.returncode, "Traceback" in done.stderr) == (status, False)
    assert told in done.stdout + done.stderr


def test_misspelt_stage(project: Path) -> None:
    refused(ask("check", str(project), "--target", "buidler"), "buidler")


@pytest.mark.parametrize("option", ["--pyhton", "--formt"])
def test_misspelt_option(project: Path, option: str) -> None:
    refused(ask_process("check", str(project), option, "x"), option, "No such option")


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (("--python", "three"), "three"),
        (("--format", "yaml"), "yaml"),
        (("--select", "PAR999"), "PAR999"),
        (("--build-context", "x"), "NAME=VALUE"),
        (("--context", "nowhere"), "nowhere"),
        (("--python", "2.7"), "not a version of Python 3"),
        (("--platform", "amd"), "write it like linux/amd64"),
        (("--entrypoint", ""), "not a command"),
        (("--entrypoint", "'uvicorn x"), "not a command"),
        (("--baseline", "no.json"), "parity check --write-baseline no.json writes it"),
        (("--output", "no/such/folder.txt"), "make it first"),
        (("--write-baseline", "no/such/folder.txt"), "make it first"),
        (("--config", "no.toml"), "parity init"),
    ],
)
def test_wrong_values(project: Path, options: tuple[str, ...], word: str) -> None:
    refused(ask("check", str(project), *options), word)


def test_unknown_rule() -> None:
    refused(ask("rule", "PAR998"), "PAR998")


def test_a_build_that_docker_refuses_says_where(project: Path) -> None:
    (project / "Dockerfile").write_text("FROM python:3.12\nCOPPY . .\n")
    refused(ask("check", str(project)), "Dockerfile:2", "COPPY")


def test_one_image_hides_no_other(project: Path) -> None:
    (project / "Dockerfile.bad").write_text("FROM\n")
    answer = ask("check", str(project))
    assert answer.status == 2
    assert "Dockerfile  python main.py" in answer.out
    assert "Dockerfile.bad" in answer.out


def test_not_a_python_image(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(
        'FROM nginx\nCOPY . /usr/share/nginx/html\nCMD ["nginx", "-g", "daemon off;"]\n'
    )
    answer = ask("check", str(tmp_path))
    assert answer.status == 0
    assert "not checked: the start command runs no known Python program" in answer.out


def test_a_closed_pipe_is_no_error(project: Path) -> None:
    status = os.system(
        f"cd {project} && python -m parity files {project} | head -n 1 > {project}/out 2> {project}/err"
    )
    assert status == 0
    assert (project / "err").read_text() == ""


@pytest.mark.parametrize("name", ["a\x1b[31m.py", "a\nb.py", "\udcff.py", "-rf", "$(touch x)", "a b", "..."])
def test_strange_file_names_change_nothing_on_the_terminal(project: Path, name: str) -> None:
    (project / name).write_text("")
    answer = ask("files", str(project))
    assert answer.status == 0
    assert "\x1b" not in answer.out
    assert ask("check", str(project)).status == 0


@pytest.mark.parametrize("command", ["check", "files", "graph", "init"])
def test_nothing_of_the_checkout_is_imported(project: Path, command: str) -> None:
    """`python -m` puts the current folder first on `sys.path`."""
    for name in ("random", "json", "typer", "libcst", "yaml", "tomllib", "shlex", "usercustomize"):
        (project / f"{name}.py").write_text(f"open({str(project / 'ran')!r}, 'a').write({name!r})\n")
    (project / "main.py").write_text("import circular.a\n")
    (project / "compose.yaml").write_text("services: {web: {build: .}}\n")
    answer = ask_process(command, ".", cwd=project)
    assert answer.status in (0, 1), answer.err
    assert not (project / "ran").exists()


LINES = (
    "FROM python:3.12", "FROM scratch AS a", "FROM a", "ARG X=1", "ENV A=$X B=${A:-$Y}", "WORKDIR /app", "COPY . .",
    "COPY --from=a / /", "COPY [\"a\", ", "ADD a.tar.gz /", "RUN rm -rf /app && cd $X", "RUN <<E", "E", "RUN [\"x\"]",
    "CMD python main.py", "CMD [\"python\", \"-m\", \"main\"]", "ENTRYPOINT", "COPY <<E /app/x.py", "# escape=`",
    "ONBUILD COPY . .", "USER nobody", "SHELL [\"bash\", \"-c\"]", "RUN for i in *; do mv $i b; done", "\\",
    "COPY --chown=1 --parents ./* /",
)  # fmt: skip
CODE = (
    "import main", "from . import x", "from main import *", "import json as j", "x = (", "def f():", "    import a.b",
    "class A(B): pass", "try:", "except ImportError:", "    pass", "if True:", "import sys; sys.path.insert(0, 'x')",
    "del json", "from importlib import import_module", "import_module('a.' + x)", "match x:", "    case 1: pass",
    "f'{'", "open(__file__ + 'x')", "async def g(): await h()", "print(f()())", "lambda: (yield)", "é = 1",
    "raise SystemExit", "\x00", "import_module('\\ud800')", "open('a\\0b')", "getattr(json, '\\udcff')",
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    dockerfile=st.lists(st.sampled_from(LINES), max_size=12) | st.binary(max_size=200),
    ignore=st.lists(st.sampled_from(["*", "!main.py", "**/a", "[", "!", "#", "a/**/b", "\\"]), max_size=5)
    | st.binary(max_size=60),
    code=st.lists(st.sampled_from(CODE), max_size=12) | st.binary(max_size=200),
    seed=st.integers(0, 1000),
)
def test_no_input_makes_a_traceback(
    tmp_path: Path,
    dockerfile: list[str] | bytes,
    ignore: list[str] | bytes,
    code: list[str] | bytes,
    seed: int,
) -> None:
    for name, content in (("Dockerfile", dockerfile), (".dockerignore", ignore), ("main.py", code)):
        data = content if isinstance(content, bytes) else "\n".join(content).encode()
        (tmp_path / name).write_bytes(data)
    command = random.Random(seed).choice(
        [("check",), ("files",), ("why", "main"), ("check", "--entrypoint", "python main.py")]
    )
    answer = (
        ask(command[0], *command[1:2], str(tmp_path))
        if command[0] == "why"
        else ask(command[0], str(tmp_path), *command[1:])
    )
    assert answer.status in (0, 1, 2)
    assert "internal error" not in answer.err
    assert "Traceback" not in answer.err + answer.out
