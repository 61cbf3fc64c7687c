"""What the metadata in an image says: versions, the project's own, what is needed and not there."""

from __future__ import annotations

from parity.model.version import PythonVersion
from parity.packages.installed import InstalledPackages
from parity.tree.memory import MemoryTree

PYTHON = PythonVersion(3, 12)


def distribution(
    name: str, version: str, *needs: str, modules: tuple[str, ...] = (), url: str = ""
) -> dict[str, str]:
    info = f"site/{name}-{version}.dist-info"
    listed = "".join(f"{module}/__init__.py,,\n" for module in modules or (name,))
    files = {
        f"{info}/METADATA": f"Name: {name}\n"
        + "".join(f"Requires-Dist: {one}\n" for one in needs)
        + "\ntext\n",
        f"{info}/RECORD": listed,
    }
    return {**files, f"{info}/direct_url.json": url} if url else files


def installed(*distributions: dict[str, str], **further: str) -> InstalledPackages:
    files = {path: text for one in distributions for path, text in one.items()}
    return InstalledPackages(MemoryTree({**files, **further}), ["/site", "/nowhere"])


def test_versions_of_new_and_old_metadata() -> None:
    further = {"site/Foo_Bar-1.0-py3.12.egg-info/PKG-INFO": "", "site/old-2.egg-info": "", "site/no-info": ""}
    assert installed(distribution("PyYAML", "6.0"), **further).versions == {
        "pyyaml": "6.0",
        "foo-bar": "1.0",
        "old": "2",
    }


def test_the_first_folder_counts() -> None:
    files = {"a/x-1.dist-info/METADATA": "", "b/x-2.dist-info/METADATA": ""}
    assert InstalledPackages(MemoryTree(files), ["/a", "/b"]).versions == {"x": "1"}


def test_what_is_needed_and_not_there() -> None:
    web = distribution(
        "web",
        "1",
        "core>=2",
        'old; python_version < "3.9"',
        'win; sys_platform == "win32"',
        "x; extra == 'all'",
    )
    packages = installed(web, distribution("core", "2", "gone", "web"))
    assert packages.unmet(["web.app"], PYTHON) == ("gone",)
    assert packages.unmet(["core"], PYTHON) == ("gone",)
    assert packages.unmet(["other"], PYTHON) == ()


def test_what_only_some_machines_need_is_not_told() -> None:
    gpu = distribution(
        "gpu", "1", "nvidia; platform_machine == 'x86_64'", "arm; platform_machine == 'aarch64'"
    )
    both = distribution("both", "1", "c; platform_machine == 'x86_64' or platform_machine == 'aarch64'")
    assert installed(gpu).unmet(["gpu"], PYTHON) == ()
    assert installed(both).unmet(["both"], PYTHON) == ("c",)


def test_the_modules_of_all_that_is_needed() -> None:
    packages = installed(
        distribution("web", "1", "Core-Lib"),
        distribution("core_lib", "1", modules=("core", "core_more")),
        distribution("z", "1"),
    )
    assert packages.modules(["web"], PYTHON) == {"web", "core", "core_more"}


def test_the_project_itself() -> None:
    folder = '{"url": "file:///app", "dir_info": {"editable": false}}'
    wheel = '{"url": "file:///wheels/x.whl", "archive_info": {}}'
    packages = installed(
        distribution("shop", "1", url=folder),
        distribution("x", "1", url=wheel),
        distribution("y", "1", url="["),
    )
    assert packages.own_modules == {"shop"}
