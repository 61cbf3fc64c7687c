"""Where a repository is, and what it says of a folder in it."""

from __future__ import annotations

from pathlib import Path

from parity.git.ignore import Ignored
from parity.git.work_tree import CleanTree, WorkTree
from parity.tree.base import ABSENT, Entry
from parity.tree.disk import DiskTree
from tests.support.checked import lay_out
from tests.support.repositories import git, needs_git, repository

FILES = {"app/__init__.py": "", "app/main.py": "", ".gitignore": "lib/\n"}
NEW = {"app/lib/a.py": "", "app/new.py": ""}


def work_tree(folder: Path) -> WorkTree:
    return WorkTree(DiskTree(folder), folder)


def said(ignored: Ignored | None) -> tuple[str, str] | None:
    return (str(ignored.location), ignored.place) if ignored else None


def test_without_a_repository_nothing_is_told(tmp_path: Path) -> None:
    lay_out(tmp_path, FILES | NEW)
    assert work_tree(tmp_path).untracked(["/app/new.py"]) == ()
    assert work_tree(tmp_path).tracks("/app/new.py")


@needs_git
def test_a_repository_that_has_nothing_yet_says_nothing(tmp_path: Path) -> None:
    lay_out(tmp_path, FILES)
    git(tmp_path, "init", "-q")
    assert work_tree(tmp_path).untracked(["/app/main.py"]) == ()


@needs_git
def test_files_that_git_does_not_have(tmp_path: Path) -> None:
    lay_out(repository(tmp_path, FILES), NEW)
    tree = work_tree(tmp_path)
    asked = ["/app/lib/a.py", "/app/main.py", "/app/new.py"]
    assert tree.untracked(asked) == ("/app/lib/a.py", "/app/new.py")
    assert said(tree.ignored("/app/lib/a.py")) == (".gitignore:1", "/app/lib")
    assert tree.ignored("/app/new.py") is None
    assert tree.untracked_place("/app/lib/a.py") == "/app/lib"
    assert tree.untracked_place("/app/new.py") == "/app/new.py"


@needs_git
def test_a_folder_of_a_repository(tmp_path: Path) -> None:
    """The paths are those of the folder, and the files of patterns above it count."""
    lay_out(repository(tmp_path, {f"services/api/{name}": text for name, text in FILES.items()}), {})
    lay_out(tmp_path, {"services/api/app/x.log": "", ".gitignore": "*.log\n"})
    tree = work_tree(tmp_path / "services/api")
    assert tree.untracked(["/app/x.log", "/app/main.py"]) == ("/app/x.log",)
    assert said(tree.ignored("/app/x.log")) == ("../../.gitignore:1", "/app/x.log")


@needs_git
def test_the_repositorys_own_files_of_patterns(tmp_path: Path) -> None:
    root = repository(tmp_path, FILES)
    lay_out(root, {".git/info/exclude": "# mine\na.txt\n", "ignored by all": "b.txt\n!a.txt\n"})
    git(root, "config", "core.excludesFile", "ignored by all")
    tree = work_tree(root)
    assert said(tree.ignored("/app/a.txt")) == (".git/info/exclude:2", "/app/a.txt")
    assert said(tree.ignored("/app/b.txt")) == ("ignored by all:1", "/app/b.txt")


@needs_git
def test_a_linked_work_tree(tmp_path: Path) -> None:
    root = repository(tmp_path / "main", FILES)
    lay_out(root, {".git/info/exclude": "secret.py\n"})
    git(root, "commit", "-qm", "first")
    git(root, "worktree", "add", "-q", "../linked")
    linked = tmp_path / "linked"
    lay_out(linked, {"app/new.py": "", "app/secret.py": ""})
    assert (linked / ".git").is_file()
    assert work_tree(linked).untracked(["/app/main.py", "/app/new.py"]) == ("/app/new.py",)
    assert said(work_tree(linked).ignored("/app/secret.py")) == (".git/info/exclude:1", "/app/secret.py")


@needs_git
def test_a_submodule_has_an_index_of_its_own(tmp_path: Path) -> None:
    inner = repository(tmp_path / "inner", {"tool/__init__.py": ""})
    git(inner, "commit", "-qm", "first")
    root = repository(tmp_path / "outer", FILES)
    git(root, "submodule", "--quiet", "add", "../inner", "vendor/inner")
    lay_out(root, {"vendor/inner/tool/new.py": ""})
    asked = ["/vendor/inner/tool/__init__.py", "/vendor/inner/tool/new.py", "/app/main.py"]
    assert work_tree(root).untracked(asked) == ("/vendor/inner/tool/new.py",)
    index = root / ".git/modules/vendor/inner/index"
    index.write_bytes(index.read_bytes()[:40])
    assert work_tree(root).untracked(asked) == ()
    assert work_tree(root).tracks("/vendor/inner/tool/new.py")


@needs_git
def test_a_file_that_claims_to_lead_to_a_repository(tmp_path: Path) -> None:
    """`.git` may say anything; the repository above is the one then."""
    root = repository(tmp_path, FILES)
    lay_out(root, {"app/.git": "gitdir: /proc/self\n"})
    assert work_tree(root / "app").untracked(["/main.py", "/new.py"]) == ("/new.py",)


@needs_git
def test_the_checkout_as_a_clone_has_it(tmp_path: Path) -> None:
    lay_out(repository(tmp_path, FILES), NEW)
    clean = CleanTree(work_tree(tmp_path))
    assert clean.names("/app") == {"__init__.py", "main.py"}
    assert clean.names("/") == {"app", ".gitignore"}
    assert clean.lookup("/app/lib") == ABSENT == clean.lookup("/app/new.py")
    assert isinstance(clean.lookup("/app/main.py"), Entry)
    assert isinstance(clean.lookup("/"), Entry)
    assert clean.read("/.gitignore") == b"lib/\n"
