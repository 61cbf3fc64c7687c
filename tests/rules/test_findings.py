"""What the rules make of less usual projects: severities, causes, and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.rules.test_rules import findings_of

DOCKERFILE = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "main.py"]\n'


def told(folder: Path, files: dict[str, str]) -> list[dict[str, Any]]:
    for name, text in {"Dockerfile": DOCKERFILE, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf8")
    return findings_of(folder)


def one(folder: Path, files: dict[str, str]) -> dict[str, Any]:
    (finding,) = told(folder, files)
    return finding


def test_a_broken_file_that_only_an_uncalled_function_imports_is_a_warning(tmp_path: Path) -> None:
    """The container starts."""
    finding = one(tmp_path, {"main.py": "def later():\n    import broken\n", "broken.py": "x = (\n"})
    assert (finding["code"], finding["severity"]) == ("PAR401", "warning")


@pytest.mark.parametrize(
    ("ignored", "told_as"), [("frozen.py", ("warning", "likely")), ("other.py", ("error", "certain"))]
)
def test_a_copied_file_that_git_leaves_out_is_written_before_the_build(
    tmp_path: Path, ignored: str, told_as: tuple[str, str]
) -> None:
    dockerfile = DOCKERFILE.replace("COPY . .", "COPY main.py frozen.py ./")
    finding = one(tmp_path, {"Dockerfile": dockerfile, "main.py": "", ".gitignore": f"{ignored}\n"})
    assert finding["code"] == "PAR601"
    assert (finding["severity"], finding["confidence"]) == told_as
    assert (".gitignore" in finding["message"]) is (told_as[0] == "warning")


@pytest.mark.parametrize(
    ("step", "told_as"),
    [
        ("aws s3 cp s3://x/geo.tar.gz ./geo.tar.gz", ("warning", "likely")),
        ("make-it > geo.tar.gz", ("warning", "likely")),
        ("tar -tf geo.tar.gz", ("error", "certain")),
        ("curl -O https://x/other-geo.tar.gz", ("error", "certain")),
    ],
)
def test_a_copied_file_that_a_workflow_makes(tmp_path: Path, step: str, told_as: tuple[str, str]) -> None:
    files = {
        "Dockerfile": DOCKERFILE.replace("COPY . .", "COPY main.py geo.tar.gz ./"),
        "main.py": "",
        ".github/workflows/build.yml": f"jobs:\n  a:\n    steps:\n      - run: {step}\n",
    }
    finding = next(found for found in told(tmp_path, files) if found["code"] == "PAR601")
    assert (finding["severity"], finding["confidence"]) == told_as


def test_the_output_of_a_program_that_an_installer_runs_is_not_missing(tmp_path: Path) -> None:
    dockerfile = (
        "FROM python:3.12-slim AS req\nWORKDIR /s\nRUN uvx poetry@2.2.1 export -o requirements.txt\n"
        "FROM python:3.12-slim\nWORKDIR /app\nCOPY --from=req /s/requirements.txt .\nCOPY main.py .\n"
        'CMD ["python", "main.py"]\n'
    )
    assert told(tmp_path, {"Dockerfile": dockerfile, "main.py": ""}) == []


@pytest.mark.parametrize(("shell", "codes"), [("", []), ('SHELL ["/bin/bash", "-c"]\n', ["PAR101"])])
def test_only_bash_is_known_to_read_two_equals_signs(tmp_path: Path, shell: str, codes: list[str]) -> None:
    """dash: `[: unexpected operator`, status 2, so that nothing is removed there."""
    run = "RUN if [ prod == prod ]; then rm svc.py; fi\n"
    dockerfile = DOCKERFILE.replace("CMD", f"{shell}{run}CMD")
    findings = told(tmp_path, {"Dockerfile": dockerfile, "main.py": "import svc\n", "svc.py": ""})
    assert [finding["code"] for finding in findings] == codes


@pytest.mark.parametrize(
    ("source", "severity"),
    [("import new\n", "error"), ("def later():\n    import new\n", "warning")],
)
def test_syntax_of_a_newer_python_is_a_matter_of_the_version(
    tmp_path: Path, source: str, severity: str
) -> None:
    finding = one(
        tmp_path,
        {
            "Dockerfile": DOCKERFILE.replace("3.12", "3.11"),
            "main.py": source,
            "new.py": "class Box[T]: ...\n",
        },
    )
    assert (finding["code"], finding["severity"]) == ("PAR402", severity)
    assert finding["cause"]["kind"] == "python-version"
    assert "3.12" in finding["cause"]["detail"]


CAUGHT = "try:\n    {}\nexcept {}:\n    raise RuntimeError('not usable')\n"


@pytest.mark.parametrize(
    ("statement", "caught", "files", "code"),
    [
        ("import gone", "ImportError", {"gone.py": "", ".dockerignore": "gone.py\n"}, "PAR101"),
        ("import nowhere", "ImportError", {}, "PAR104"),
        ("from there import name", "ImportError", {"there.py": ""}, "PAR105"),
        ("import broken", "SyntaxError", {"broken.py": "x = (\n"}, "PAR401"),
        ("import imp", "ImportError", {}, "PAR402"),
        ("open('a.txt')", "OSError", {"a.txt": "", ".dockerignore": "a.txt\n"}, "PAR501"),
    ],
)
def test_what_a_handler_turns_into_another_exception_is_told_by_its_own_rule(
    tmp_path: Path, statement: str, caught: str, files: dict[str, str], code: str
) -> None:
    finding = one(tmp_path, {**files, "main.py": CAUGHT.format(statement, caught)})
    assert (finding["code"], finding["exception"]) == (code, "RuntimeError")
    assert finding["exception_text"] == "not usable"
    assert finding["location"]["line"] == 4


def test_an_exception_that_is_turned_twice_is_told_by_the_first_rule(tmp_path: Path) -> None:
    twice = "try:\n    import a\nexcept RuntimeError as error:\n    raise SystemError('no a') from error\n"
    files = {"main.py": twice, "a.py": CAUGHT.format("import gone", "ImportError"), "gone.py": ""}
    finding = one(tmp_path, {**files, ".dockerignore": "gone.py\n"})
    assert (finding["code"], finding["exception"], finding["module"]) == ("PAR101", "SystemError", "gone")


def test_a_plain_module_in_place_of_a_package(tmp_path: Path) -> None:
    finding = one(
        tmp_path,
        {
            "Dockerfile": DOCKERFILE.replace("CMD", "COPY lib/tools.py .\nRUN rm -r tools\nCMD"),
            "main.py": "import tools.helpers\n",
            "tools/__init__.py": "",
            "tools/helpers.py": "",
            "lib/tools.py": "",
        },
    )
    assert (finding["code"], finding["cause"]["kind"]) == ("PAR103", "shadowed")
    assert finding["cause"]["location"]["line"] == 4
    assert finding["message"] == "tools is a plain module in the image, so tools.helpers is not found"


def test_a_plain_module_that_hides_a_package_in_both_worlds(tmp_path: Path) -> None:
    files = {"scripts/main.py": "import tools.helpers\n", "scripts/tools.py": "", "tools/helpers.py": ""}
    dockerfile = DOCKERFILE.replace('"main.py"', '"scripts/main.py"').replace(
        "CMD", "ENV PYTHONPATH=/app\nCMD"
    )
    finding = one(tmp_path, {"Dockerfile": dockerfile, "tools/__init__.py": "", **files})
    assert finding["code"] == "PAR104"


@pytest.mark.parametrize("source", ["import shop\n", "import shop.prices\n"])
def test_a_package_beside_the_search_path(tmp_path: Path, source: str) -> None:
    finding = one(tmp_path, {"main.py": source, "src/shop/__init__.py": "", "src/shop/prices.py": ""})
    assert (finding["code"], finding["module"]) == ("PAR101", "shop")
    assert finding["message"] == "shop is in the image, but not on Python's search path"
    assert finding["cause"]["detail"] == "it is in the image at /app/src/shop/__init__.py"


@pytest.mark.parametrize(
    ("source", "fix"),
    [
        ("import zebras\n", "add zebras to what the image installs, or correct the name"),
        ("import shop.price\n", "correct the name: there is shop.prices"),
        ("import shop.zebra\n", "correct the name, or add the module"),
    ],
)
def test_what_to_do_about_a_module_that_nothing_has(tmp_path: Path, source: str, fix: str) -> None:
    finding = one(tmp_path, {"main.py": source, "shop/__init__.py": "", "shop/prices.py": ""})
    assert (finding["code"], finding["fix"]) == ("PAR104", fix)


def test_a_file_that_hides_a_standard_module(tmp_path: Path) -> None:
    finding = one(tmp_path, {"main.py": "from random import choice\n", "random.py": ""})
    assert (finding["code"], finding["cause"]["kind"]) == ("PAR105", "shadowed")
    assert finding["fix"] == "give random.py another name"


@pytest.mark.parametrize(
    ("files", "path", "line"),
    [
        ({"backend/.dockerignore": "**/models\n"}, "backend/.dockerignore", "!shop/models\n"),
        (
            {
                "backend/Dockerfile": "FROM python:3.12\nWORKDIR /app\nCOPY shop/*.py shop/\n"
                'CMD ["python", "-m", "shop"]\n'
            },
            "backend/Dockerfile",
            "COPY shop/models shop/models\n",
        ),
    ],
)
def test_edits_speak_of_paths_in_the_build_context(
    tmp_path: Path, files: dict[str, str], path: str, line: str
) -> None:
    (tmp_path / "parity.toml").write_text(
        '[[images]]\ndockerfile = "backend/Dockerfile"\ncontext = "backend"\n'
    )
    finding = one(
        tmp_path,
        {
            "backend/Dockerfile": DOCKERFILE.replace('"main.py"', '"-m", "shop"'),
            "backend/shop/__init__.py": "",
            "backend/shop/__main__.py": "import shop.models\n",
            "backend/shop/models/__init__.py": "",
            **files,
        },
    )
    (edit,) = finding["edits"]
    assert (finding["code"], edit["path"], edit["replacement"]) == ("PAR101", path, line)


def test_a_missing_copy_goes_into_the_stage_that_is_copied(tmp_path: Path) -> None:
    finding = one(
        tmp_path,
        {
            "Dockerfile": "FROM python:3.12 AS build\nWORKDIR /src\nCOPY shop shop\n"
            "FROM python:3.12\nWORKDIR /app\nCOPY --from=build /src /app\n"
            'CMD ["python", "-m", "shop"]\n',
            "shop/__init__.py": "",
            "shop/__main__.py": "import lib\n",
            "lib/__init__.py": "",
        },
    )
    assert finding["cause"]["location"]["line"] == 3
    (edit,) = finding["edits"]
    assert (edit["start_line"], edit["replacement"]) == (4, "COPY lib lib\n")


@pytest.mark.parametrize(
    ("base", "message"),
    [
        ("scratch", "the image has no start command; nothing was checked"),
        (
            "registry.example.com/team/base:1",
            "the Dockerfile has no start command, and its base image is not known; nothing was checked",
        ),
        ("python:3.12", "no Python program is recognised in: python3; nothing was checked"),
    ],
)
def test_an_image_without_a_command_of_its_own(tmp_path: Path, base: str, message: str) -> None:
    finding = one(tmp_path, {"Dockerfile": f"FROM {base}\nCOPY . .\n"})
    assert (finding["code"], finding["message"]) == ("PAR603", message)
    assert finding["location"]["path"] == "Dockerfile"


def test_a_source_that_another_context_has(tmp_path: Path) -> None:
    (tmp_path / "api/docker").mkdir(parents=True)
    for name in ("api/a.txt", "api/b.txt", "c.txt"):
        (tmp_path / name).write_text("")
    (tmp_path / "api/docker/Dockerfile").write_text(
        "FROM python:3.12-slim\nCOPY a.txt b.txt c.txt /\nCMD python\n"
    )
    assert [finding["fix"] for finding in findings_of(tmp_path) if finding["code"] == "PAR601"] == [
        "correct the path, or build with --context ., which has it"
    ]


def test_a_source_that_is_nowhere(tmp_path: Path) -> None:
    dockerfile = DOCKERFILE.replace("COPY . .", "COPY nothing.txt main.py .\nCOPY --from=0 /nothing /")
    stage = "FROM python:3.12-slim\n"
    found = told(tmp_path, {"Dockerfile": stage + dockerfile, "main.py": ""})
    assert [(finding["code"], finding["cause"]["detail"], finding["fix"]) for finding in found] == [
        ("PAR601", "it is not in the build context", "correct the path, or build with another context"),
        ("PAR601", "0 has no /nothing", "correct the path, or make it in 0"),
    ]


def test_a_gap_in_a_function_is_told_though_an_installer_may_bring_what_it_likes(tmp_path: Path) -> None:
    finding = one(
        tmp_path,
        {
            "Dockerfile": (
                "FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt main.py ./\n"
                'RUN pip install -r requirements.txt\nCMD ["python", "main.py"]\n'
            ),
            "requirements.txt": "flask\n",
            "main.py": "def report():\n    import totals\n",
            "totals.py": "",
        },
    )
    assert (finding["code"], finding["severity"], finding["confidence"]) == ("PAR102", "warning", "likely")


@pytest.mark.parametrize(("base", "program"), [("python:2.7", "python"), ("python:3.12", "python2")])
def test_python_2_is_not_replayed(tmp_path: Path, base: str, program: str) -> None:
    dockerfile = f'FROM {base}\nWORKDIR /app\nCOPY . .\nCMD ["{program}", "main.py"]\n'
    finding = one(tmp_path, {"Dockerfile": dockerfile, "main.py": "import ConfigParser\nprint 'x'\n"})
    assert finding["code"] == "PAR603"
    assert "Python 2" in finding["message"]


@pytest.mark.parametrize(("program", "confidence"), [("python", "likely"), ("python3", "certain")])
def test_where_the_version_is_unknown_it_may_be_python_2_that_compiles_it(
    tmp_path: Path, program: str, confidence: str
) -> None:
    dockerfile = f'FROM ubuntu:18.04\nWORKDIR /app\nCOPY . .\nCMD ["{program}", "main.py"]\n'
    findings = told(tmp_path, {"Dockerfile": dockerfile, "main.py": "print 'x'\n"})
    assert [one["confidence"] for one in findings if one["code"] == "PAR401"] == [confidence]


def test_a_name_that_is_only_deleted_later_is_missing(tmp_path: Path) -> None:
    files = {"shop/__init__.py": "from . import _build\nVERSION = _build.VERSION\ndel _build\n"}
    finding = one(tmp_path, {"main.py": "import shop\n", **files})
    assert (finding["code"], finding["message"]) == ("PAR105", "shop does not define _build")


@pytest.mark.parametrize(
    "command", ["celery --broker=redis://redis:6379/0 flower --port=5555", "celery -b redis:// inspect ping"]
)
def test_celery_without_an_application_imports_its_configuration(tmp_path: Path, command: str) -> None:
    dockerfile = DOCKERFILE.replace('["python", "main.py"]', command).replace(
        "COPY . .", "COPY . .\nRUN pip install celery flower"
    )
    assert told(tmp_path, {"Dockerfile": dockerfile, "main.py": ""}) == []
    finding = one(tmp_path, {"Dockerfile": dockerfile, "celeryconfig.py": "from main import gone\n"})
    assert (finding["code"], finding["module"]) == ("PAR105", "main")


@pytest.mark.parametrize(
    ("script", "codes"),
    [
        ("exec python main.py\n", []),
        ("exec python main.py\r\n", ["PAR602"]),
        ("exec python -m main\r\n", ["PAR602"]),
        ("export PYTHONPATH=/app/lib\r\nexec python other.py", ["PAR104"]),
        ("export PYTHONPATH=/app/lib\nexec python other.py", []),
        ("rm -f main.py\r\nexec python main.py", []),
    ],
)
def test_a_carriage_return_is_part_of_a_word_of_a_script(
    tmp_path: Path, script: str, codes: list[str]
) -> None:
    """dash and bash: `can't open file '/app/main.py\\r'`."""
    files = {"Dockerfile": DOCKERFILE.replace('"python", "main.py"', '"sh", "start.sh"'), "main.py": ""}
    (tmp_path / "start.sh").write_bytes(script.encode())
    assert [
        finding["code"]
        for finding in told(tmp_path, {**files, "other.py": "import inner\n", "lib/inner.py": ""})
    ] == codes
