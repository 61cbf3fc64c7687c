"""`[tool.parity]` and parity.toml: what they say is done, and what is misspelt is told with its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from parity.config import schema
from parity.config.keys import BASE, IMAGE, TOP
from parity.config.load import load
from parity.model.errors import ParityError
from tests.conftest import ROOT, ask

DOCKERFILE = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n'


def images(path: Path, *options: str) -> list[dict[str, object]]:
    answer = ask("check", str(path), "--format", "json", *options)
    assert answer.status in (0, 1), answer.err
    return list(json.loads(answer.out)["images"])


def test_the_published_schema_is_that_of_the_keys() -> None:
    published = ROOT / "parity" / "config" / "parity.schema.json"
    assert published.read_text() == schema.rendered()
    top = json.loads(published.read_text())["properties"]
    assert set(top) == {key.name for key in TOP} | {"images", "bases"}
    assert set(top["images"]["items"]["properties"]) == {key.name for key in IMAGE}
    assert set(top["bases"]["additionalProperties"]["properties"]) == {key.name for key in BASE}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("parity.toml", 'ignore = ["PAR101"]\n'),
        ("pyproject.toml", '[project]\nname = "x"\n[tool.parity]\nignore = ["missing-module"]\n'),
    ],
)
def test_both_files_are_read(project: Path, file: str, text: str) -> None:
    (project / "main.py").write_text("import gone.x\n")
    (project / "gone").mkdir()
    (project / "gone/x.py").write_text("")
    (project / ".dockerignore").write_text("gone\n")
    assert ask("check", str(project)).status == 1
    (project / file).write_text(text)
    assert ask("check", str(project)).status == 0


def test_declared_images_are_the_ones_that_are_checked(project: Path) -> None:
    (project / "Dockerfile.old").write_text("FROM\n")
    (project / "api").mkdir()
    (project / "api/Dockerfile").write_text("FROM python:3.11\nCOPY app.py /\n")
    (project / "api/app.py").write_text("")
    (project / "parity.toml").write_text(
        '[[images]]\ndockerfile = "Dockerfile"\npython = "3.13"\n'
        '[[images]]\ndockerfile = "api/Dockerfile"\ncontext = "api"\nentrypoint = ["python", "/app.py"]\n'
    )
    first, second = images(project)
    assert (first["dockerfile"], first["context"], first["python"]) == ("Dockerfile", ".", "3.13")
    assert (second["dockerfile"], second["context"]) == ("api/Dockerfile", "api")
    entrypoint = second["entrypoint"]
    assert isinstance(entrypoint, dict)
    assert entrypoint["argv"] == ["python", "/app.py"]
    assert [image["dockerfile"] for image in images(project, "-f", "api/Dockerfile")] == ["api/Dockerfile"]


def test_excluded_dockerfiles_are_not_looked_at(project: Path) -> None:
    (project / "docs").mkdir()
    (project / "docs/Dockerfile").write_text("FROM\n")
    (project / "parity.toml").write_text('exclude = ["docs/"]\n')
    assert [image["dockerfile"] for image in images(project)] == ["Dockerfile"]


def test_options_come_before_the_configuration(project: Path) -> None:
    (project / "parity.toml").write_text('[[images]]\ndockerfile = "Dockerfile"\npython = "3.11"\n')
    assert [image["python"] for image in images(project, "--python", "3.13")] == ["3.13"]


def test_what_a_private_base_brings(project: Path) -> None:
    (project / "Dockerfile").write_text(DOCKERFILE.replace("python:3.12-slim", "registry.example/team/py:7"))
    (project / "main.py").write_text("import gone.x\n")
    (project / "gone").mkdir()
    (project / "gone/x.py").write_text("")
    (project / ".dockerignore").write_text("gone\n")
    (without,) = images(project)
    assert without["python"] is None
    assert without["unknowns"]
    (project / "parity.toml").write_text(
        '[bases."registry.example/team/py"]\nlike = "python:3.12-slim"\nworkdir = "/srv"\nenv = {MODE = "x"}\n'
    )
    (told,) = images(project)
    assert (told["python"], told["unknowns"]) == ("3.12", [])
    findings = told["findings"]
    assert isinstance(findings, list)
    assert [(finding["code"], finding["confidence"]) for finding in findings] == [("PAR101", "certain")]
    config = json.loads(ask("files", str(project), "--format", "json").out)["images"][0]["config"]
    assert config["env"]["MODE"] == "x"


def test_fail_on(project: Path) -> None:
    (project / "main.py").write_text("import nothing_of_ours\n")
    (project / "Dockerfile").write_text(DOCKERFILE.replace("main.py", "other.py"))
    assert ask("check", str(project)).status == 1
    (project / "parity.toml").write_text('fail-on = "never"\n')
    assert ask("check", str(project)).status == 0
    assert ask("check", str(project), "--fail-on", "error").status == 1


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('select = ["PAR1"]\nslect = []\n', 2, "did you mean select?"),
        ('[[images]]\ncontext = "."\n', 1, "has no dockerfile"),
        ('[[images]]\ndockerfile = "Dockerfile"\ncontxt = "."\n', 3, "did you mean context?"),
        ('ignore = "PAR101"\n', 1, "must be a list of texts"),
        ('fail-on = "errors"\n', 1, "one of error, warning, info, never, unchecked"),
        ('[[images]]\ndockerfile = "Dockerfile"\npython = "three"\n', 3, "not a version of Python"),
        ("images = 3\n", 1, "[[images]]"),
        ('[bases."x"]\n', 1, "nothing is said"),
        ('[bases."x"]\nenvironment = 3\n', 2, "there is no key environment"),
        ("x = = 1\n", 1, "not valid TOML"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(project: Path, text: str, line: int, words: str) -> None:
    (project / "parity.toml").write_text(text)
    with pytest.raises(ParityError) as refused:
        load(project, None)
    assert refused.value.location is not None
    assert (refused.value.location.path, refused.value.location.line) == ("parity.toml", line)
    assert words in str(refused.value)
    answer = ask("check", str(project))
    assert (answer.status, answer.out) == (2, "")


def test_an_unknown_rule_in_the_configuration(project: Path) -> None:
    (project / "parity.toml").write_text('ignore = ["PAR999"]\n')
    answer = ask("check", str(project))
    assert answer.status == 2
    assert "PAR999" in answer.err


def test_a_named_configuration(project: Path, tmp_path: Path) -> None:
    (project / "other.toml").write_text('[[images]]\ndockerfile = "Dockerfile"\npython = "3.9"\n')
    assert [image["python"] for image in images(project, "--config", str(project / "other.toml"))] == ["3.9"]
    answer = ask("check", str(project), "--config", "nowhere.toml")
    assert answer.status == 2
    assert "nowhere.toml" in answer.err


@pytest.mark.parametrize(
    ("files", "dockerfile", "context"),
    [
        (("backend/.dockerignore",), "COPY . .", "backend"),
        (("backend/pyproject.toml", "pyproject.toml"), "COPY . .", "backend"),
        (("app.py",), "COPY . .", "."),
        (("backend/requirements.txt", "app.py"), "COPY app.py .", "."),
        (("backend/app.py", "backend/requirements.txt"), "COPY app.py .", "backend"),
    ],
)
def test_the_context_of_a_dockerfile_in_a_folder(
    tmp_path: Path, files: tuple[str, ...], dockerfile: str, context: str
) -> None:
    (tmp_path / "backend").mkdir()
    for name in files:
        (tmp_path / name).write_text("")
    (tmp_path / "backend/Dockerfile").write_text(f"FROM python:3.12\n{dockerfile}\nCMD python\n")
    assert [image["context"] for image in images(tmp_path)] == [context]


@pytest.mark.parametrize(
    ("files", "copied", "context"),
    [
        (("services/api/app.py",), "app.py", "services/api"),
        (("services/api/docker/app.py", "services/api/app.py"), "app.py", "services/api/docker"),
        (("services/api/app.py", "app.py"), "app.py", "."),
        (("services/api/app.py",), ".", "."),
    ],
)
def test_the_context_may_be_a_folder_in_between(
    tmp_path: Path, files: tuple[str, ...], copied: str, context: str
) -> None:
    (tmp_path / "services/api/docker").mkdir(parents=True)
    for name in files:
        (tmp_path / name).write_text("")
    (tmp_path / "services/api/docker/Dockerfile").write_text(
        f"FROM python:3.12\nCOPY {copied} /\nCMD python\n"
    )
    assert [image["context"] for image in images(tmp_path)] == [context]


def findings(path: Path, *options: str) -> list[tuple[str, str, str]]:
    return [
        (finding["code"], finding["severity"], finding["location"]["path"])
        for image in images(path, *options)
        for finding in image["findings"]  # type: ignore[attr-defined]
    ]


def test_a_rule_has_the_severity_that_the_configuration_gives_it(project: Path) -> None:
    (project / "main.py").write_text("import nowhere_at_all\n")
    assert findings(project) == [("PAR104", "error", "main.py")]
    (project / "parity.toml").write_text('[severity]\nPAR1 = "info"\nunresolved-module = "warning"\n')
    assert findings(project) == [("PAR104", "warning", "main.py")]
    assert images(project)[0]["verdict"] == "ok"
    assert [ask("check", str(project), *more).status for more in ((), ("--fail-on", "warning"))] == [0, 1]


def test_rules_are_ignored_in_files_that_patterns_name(project: Path) -> None:
    (project / "main.py").write_text("import nowhere_at_all\nimport shop.late\n")
    (project / "shop").mkdir()
    (project / "shop/late.py").write_text("import not_there_either\n")
    for text, left in (
        ('"shop/" = ["PAR104"]', ["main.py"]),
        ('"*.py" = ["unresolved-module"]', []),
        ('"/late.py" = ["PAR1"]', ["main.py", "shop/late.py"]),
        ('"late.py" = ["PAR2"]\n"main.py" = ["PAR1", "PAR2"]', ["shop/late.py"]),
    ):
        (project / "parity.toml").write_text(f"[per-file-ignores]\n{text}\n")
        assert [path for _, _, path in findings(project)] == left, text


def test_patterns_are_relative_to_the_folder_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    service = tmp_path / "services/api"
    service.mkdir(parents=True)
    (service / "Dockerfile").write_text(
        'FROM python:3.12-slim\nWORKDIR /app\nCOPY services/api .\nCMD ["python", "main.py"]\n'
    )
    (service / "main.py").write_text("import nowhere_at_all\n")
    (service / "parity.toml").write_text('[per-file-ignores]\n"/main.py" = ["PAR104"]\n')
    assert findings(service) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[severity]\nPAR101 = "fatal"\n', "parity.toml:2: PAR101 must be one of error, warning, info"),
        ('[severity]\nPAR999 = "info"\n', "parity.toml:1: there is no rule PAR999"),
        ('[per-file-ignores]\n"a.py" = "PAR101"\n', "per-file-ignores must be a table of lists of texts"),
        ('[per-file-ignores]\n"a.py" = ["PAR999"]\n', "parity.toml:1: there is no rule PAR999"),
        ('[per-file-ignores]\n"!" = ["PAR101"]\n', "parity.toml:1: per-file-ignores: "),
    ],
)
def test_severities_and_patterns_that_mean_nothing(project: Path, text: str, told: str) -> None:
    (project / "parity.toml").write_text(text)
    answer = ask("check", str(project))
    assert (answer.status, told in answer.err) == (2, True), answer.err
