"""The test as a shell, a Dockerfile, a workflow and a pod take it: what is pasted is what is run."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
import yaml

from parity.dockerfile.instructions import Healthcheck, Run
from parity.dockerfile.parse import parse
from parity.formats.smoke import docker, dockerfile, github, healthcheck, kubernetes
from parity.model.start_test import ImageTests, StartTest
from tests.conftest import ask

CODE = 'import runpy; runpy.run_path("/app/it\'s $HOME `x` \\\\ $(y).py")'
TEST = StartTest(("python", "-c", CODE), ("python", "it's.py"))
OTHER = StartTest(("python", "-c", "import jobs"), ("python", "jobs.py"))


def image(*tests: StartTest, has_shell: bool = True, **more: object) -> ImageTests:
    facts = {
        "dockerfile": "Dockerfile",
        "context": ".",
        "target": None,
        "service": None,
        "names": ("compose.yaml: api",),
        "build_args": (),
        "image": "",
        "environment": (),
        "working_directory": None,
        "user": None,
    }
    return ImageTests(**{**facts, **more}, has_shell=has_shell, tests=tests or (TEST,))  # type: ignore[arg-type]


def instructions(lines: str) -> list[object]:
    parsed = parse(b"FROM python:3.12-slim\n" + lines.encode(), "Dockerfile")
    return list(parsed.stages[0].instructions)


class TestDockerfile:
    def test_the_shell_gets_the_words_of_the_test(self) -> None:
        (step,) = instructions(dockerfile.lines(image()))
        assert isinstance(step, Run)
        assert shlex.split(step.command.shell or "") == list(TEST.argv)

    def test_without_a_shell_it_is_the_exec_form(self) -> None:
        (step,) = instructions(dockerfile.lines(image(has_shell=False)))
        assert isinstance(step, Run)
        assert step.command.exec == TEST.argv

    def test_each_program_has_a_step(self) -> None:
        lines = dockerfile.lines(image(TEST, OTHER)).splitlines()
        assert lines[1] == "RUN python -c 'import jobs'"
        assert len(lines) == 2

    def test_variables_of_python_stand_before_it_and_others_are_named(self) -> None:
        variables = (("PYTHONPATH", "/app/my lib"), ("TOKEN", "secret"))
        written = dockerfile.lines(image(OTHER, environment=variables, working_directory="/srv"))
        assert written == (
            "# without TOKEN, which compose.yaml: api sets: add what the import needs\n"
            "RUN cd /srv && PYTHONPATH='/app/my lib' python -c 'import jobs'\n"
        )


class TestHealthcheck:
    def test_it_is_the_exec_form_with_a_start_period(self) -> None:
        written = healthcheck.lines(image())
        (check,) = instructions(written)
        assert isinstance(check, Healthcheck)
        assert check.command is not None
        assert check.command.exec == TEST.argv
        assert "--start-period=60s" in written

    def test_several_programs_are_joined_by_the_shell(self) -> None:
        (check,) = instructions(healthcheck.lines(image(OTHER, OTHER)))
        assert isinstance(check, Healthcheck)
        assert check.command is not None
        assert check.command.exec == ("/bin/sh", "-c", "python -c 'import jobs' && python -c 'import jobs'")

    def test_without_a_shell_the_first_stands_for_all_and_that_is_said(self) -> None:
        written = healthcheck.lines(image(OTHER, TEST, has_shell=False))
        assert written.startswith("# without a shell only the first of several programs can be tested\n")
        assert written.endswith('CMD ["python", "-c", "import jobs"]\n')


class TestDocker:
    def test_the_container_is_started_as_the_service_does(self) -> None:
        written = docker.lines(
            image(image="team/api", environment=(("A", "b c"),), working_directory="/srv", user="10")
        )
        assert shlex.split(written) == [
            *("docker", "run", "--rm", "--network", "none", "--env", "A=b c", "--workdir", "/srv"),
            *("--user", "10", "--entrypoint", "python", "team/api", "-c", CODE),
        ]

    def test_the_value_of_a_secret_is_not_shown(self) -> None:
        variables = (("API_TOKEN", "abc"), ("URL", "postgres://me:pass@db/x"), ("MODE", "prod"))
        written = docker.lines(image(environment=variables))
        assert " --env API_TOKEN --env URL --env MODE=prod " in written

    def test_an_image_without_a_name_is_a_variable(self) -> None:
        assert ' --entrypoint python "$IMAGE" -c ' in docker.lines(image())


class TestWorkflow:
    def test_the_step_builds_and_runs(self) -> None:
        written = github.lines(image(target="app", build_args=(("V", "1 2"),), context="api"))
        (step,) = yaml.safe_load(written)
        assert step["name"] == "Imports of Dockerfile --target app (compose.yaml: api)"
        built, run = step["run"].splitlines()
        assert built == (
            "docker build --tag startup-test --file Dockerfile --target app --build-arg 'V=1 2' api"
        )
        assert shlex.split(run)[-2:] == ["-c", CODE]

    def test_nothing_is_put_in_by_github(self) -> None:
        test = StartTest(("python", "-c", 'open("${{ secrets.X }}").close()'), ("python",))
        assert "${{ secrets" not in github.lines(image(test))


class TestKubernetes:
    def test_the_probe_gets_the_words_of_the_test(self) -> None:
        probe = yaml.safe_load(kubernetes.lines(image()))["startupProbe"]
        words = [word.replace("$$(", "$(") for word in probe["exec"]["command"]]
        assert words == list(TEST.argv)
        assert "$$(y)" in probe["exec"]["command"][2]


class TestCommand:
    @pytest.mark.parametrize("name", ["dockerfile", "docker", "healthcheck", "github", "kubernetes"])
    def test_one_form_is_part_of_the_whole_text(self, name: str, project: Path) -> None:
        (project / "main.py").write_text("import lib\n")
        (project / "lib.py").write_text("")
        one = ask("smoke", str(project), "--format", name)
        title, _, lines = one.out.partition("\n")
        assert title == "# Dockerfile"
        assert lines in ask("smoke", str(project)).out
        assert one.status == 0

    def test_json_has_the_words_and_every_form(self, project: Path) -> None:
        (project / "main.py").write_text("import lib\n")
        (project / "lib.py").write_text("")
        answer = json.loads(ask("smoke", str(project), "--format", "json").out)
        (made,) = answer["images"]
        assert made["tests"] == [{"argv": ["python", "-c", "import lib"], "command": ["python", "main.py"]}]
        assert made["forms"]["dockerfile"] == "RUN python -c 'import lib'\n"
        assert sorted(made["forms"]) == ["docker", "dockerfile", "github", "healthcheck", "kubernetes"]

    def test_an_image_without_a_python_start_says_so(self, tmp_path: Path) -> None:
        (tmp_path / "Dockerfile").write_text('FROM nginx\nCMD ["nginx"]\n')
        answer = ask("smoke", str(tmp_path))
        assert answer.out == (
            "# Dockerfile\n# no Python start command is recognised; name one with --entrypoint\n"
        )
        assert answer.status == 0
