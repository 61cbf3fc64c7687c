"""What do setup.py, setup.cfg and pyproject.toml tell setuptools about packages and data files?

setuptools: `config/{setupcfg,pyprojecttoml}.py`. setup.py gives the keywords first, setup.cfg and then
pyproject.toml replace them.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from parity.packages.project import Project, strings, table
from parity.packages.setup_script import FindPackages, holds_undecided


class Configuration(Struct, frozen=True):
    """`packages`: names or finders; None: not given. `undecided`: only running setup.py would tell."""

    packages: tuple[str | FindPackages, ...] | None = None
    package_dir: Mapping[str, str] = field(default_factory=dict)
    modules: tuple[str, ...] | None = None
    data: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    without_data: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    include_data: bool = False
    scripts: tuple[str, ...] = ()
    extensions: bool = False
    custom: bool = False
    undecided: bool = False


def read_configuration(project: Project) -> Configuration:
    """All three, the later ones replacing what the earlier say."""
    settings = _from_setup_py(project)
    settings = _from_setup_cfg(project, settings)
    return _from_pyproject(project, settings)


def _from_setup_py(project: Project) -> Configuration:
    call = project.setup_call
    if call is None:
        return Configuration()
    decisive = ("packages", "package_dir", "py_modules")
    told_elsewhere = "packages" in project.table("tool", "setuptools")
    undecided = any(call.is_undecided(name) for name in decisive) and not told_elsewhere
    packages = call.get("packages")
    modules = call.get("py_modules")
    raw = call.get("package_dir")
    return Configuration(
        packages=None if packages is None else _packages(packages),
        package_dir={k: v for k, v in raw.items() if isinstance(v, str)} if isinstance(raw, Mapping) else {},
        modules=None if modules is None else strings(modules),
        data=_patterns(call.get("package_data")),
        without_data=_patterns(call.get("exclude_package_data")),
        include_data=call.get("include_package_data") not in (None, False),
        scripts=strings(call.get("scripts")),
        extensions=call.get("ext_modules") not in (None, [], ()),
        custom=call.get("cmdclass") not in (None, {}),
        undecided=undecided or holds_undecided(packages),
    )


def _packages(value: object) -> tuple[str | FindPackages, ...]:
    if isinstance(value, FindPackages):
        return (value,)
    if isinstance(value, list | tuple):
        return tuple(one for one in value if isinstance(one, str | FindPackages))
    return strings(value)


def _patterns(value: object) -> Mapping[str, tuple[str, ...]]:
    if not isinstance(value, Mapping):
        return {}
    return {("" if key == "*" else str(key)): strings(patterns) for key, patterns in value.items()}


def _listed(text: str) -> tuple[str, ...]:
    """setup.cfg: one a line, or with commas."""
    parts = text.splitlines() if "\n" in text.strip() else text.split(",")
    return tuple(part.strip() for part in parts if part.strip())


def _listed_patterns(section: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    return {("" if key == "*" else key): _listed(text) for key, text in section.items()}


def _from_setup_cfg(project: Project, settings: Configuration) -> Configuration:
    options = project.setup_cfg.get("options")
    if options is None:
        return settings
    if "package_dir" in options:
        pairs = (line.partition("=") for line in _listed(options["package_dir"]))
        settings = replace(settings, package_dir={name.strip(): path.strip() for name, _, path in pairs})
    if "packages" in options:
        given = options["packages"].strip()
        if given in ("find:", "find_namespace:"):
            section = project.setup_cfg.get("options.packages.find", {})
            finder = FindPackages(
                section.get("where", ".").strip() or ".",
                _listed(section.get("exclude", "")),
                _listed(section.get("include", "")) or ("*",),
                given == "find_namespace:",
            )
            settings = replace(settings, packages=(finder,), undecided=False)
        else:
            settings = replace(settings, packages=_listed(given), undecided=False)
    if "py_modules" in options:
        settings = replace(settings, modules=_listed(options["py_modules"]))
    if "include_package_data" in options:
        settings = replace(
            settings, include_data=options["include_package_data"].lower() in ("1", "true", "yes")
        )
    if "scripts" in options:
        settings = replace(settings, scripts=_listed(options["scripts"]))
    if data := project.setup_cfg.get("options.package_data"):
        settings = replace(settings, data=_listed_patterns(data))
    if without := project.setup_cfg.get("options.exclude_package_data"):
        settings = replace(settings, without_data=_listed_patterns(without))
    return settings


def _from_pyproject(project: Project, settings: Configuration) -> Configuration:
    tool = project.table("tool", "setuptools")
    if not tool and "project" not in project.pyproject:
        return settings
    call = project.setup_call
    told = call is not None and call.get("include_package_data") is not None
    default = (
        settings.include_data
        if told or "include_package_data" in project.setup_cfg.get("options", {})
        else True
    )
    settings = replace(settings, include_data=tool.get("include-package-data", default) is True)
    if isinstance(raw := tool.get("package-dir"), Mapping):
        settings = replace(settings, package_dir={k: v for k, v in raw.items() if isinstance(v, str)})
    given = tool.get("packages")
    if isinstance(given, list):
        settings = replace(settings, packages=strings(given))
    elif isinstance(given, Mapping):
        options = table(given, "find")
        where = strings(options.get("where")) or (".",)
        finders = tuple(
            FindPackages(
                folder,
                strings(options.get("exclude")),
                strings(options.get("include")) or ("*",),
                options.get("namespaces", True) is not False,
            )
            for folder in where
        )
        settings = replace(settings, packages=finders)
    if "py-modules" in tool:
        settings = replace(settings, modules=strings(tool["py-modules"]))
    if "package-data" in tool:
        settings = replace(settings, data=_patterns(tool["package-data"]))
    if "exclude-package-data" in tool:
        settings = replace(settings, without_data=_patterns(tool["exclude-package-data"]))
    if "script-files" in tool:
        settings = replace(settings, scripts=strings(tool["script-files"]))
    return replace(settings, extensions=settings.extensions or bool(tool.get("ext-modules")))
