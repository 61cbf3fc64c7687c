"""The options that the commands share, once, and what they come to as Settings."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from copy import copy
from enum import Enum
from functools import partial, wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Concatenate, ParamSpec, get_args, get_type_hints

import typer
from msgspec import Struct
from typer.models import OptionInfo

from parity.config.settings import Settings
from parity.model.errors import ParityError
from parity.tree.reader import LARGEST_FILE, real_path

if TYPE_CHECKING:
    from parity.cache.cache import Cache
    from parity.config.asked import Asked

LOOK_AT = "What to look at"
OUTPUT = "Output"
RULES = "Rules"
NO_CACHE = ("no_cache", "cache_dir")
"""The options of the cache, which are idle for a command that keeps no answers."""
P = ParamSpec("P")


class Color(Enum):
    """When to write colours."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


PathArgument = Annotated[
    Path,
    typer.Argument(
        metavar="[PATH]",
        help="A repository, a folder in it, or a Dockerfile.",
        show_default="the current folder",
        readable=False,  # what may not be read is said as of any other folder
    ),
]
DockerfileOption = Annotated[
    list[str] | None,
    typer.Option(
        "-f",
        "--dockerfile",
        metavar="FILE",
        help="A Dockerfile, relative to PATH (-: standard input); may be repeated. "
        "Without it every Dockerfile below PATH is looked at.",
        rich_help_panel=LOOK_AT,
    ),
]


def _look_at(flag: str, metavar: str, text: str, *, default: bool | str = True) -> OptionInfo:
    """An option that says which image is looked at, or how."""
    option: OptionInfo = typer.Option(
        flag, metavar=metavar, help=text, show_default=default, rich_help_panel=LOOK_AT
    )
    return option


ContextOption = Annotated[
    str | None,
    _look_at(
        "--context",
        "DIR",
        "The build context: a folder, relative to PATH.",
        default="what compose or a workflow says, else the folder that has the COPY sources",
    ),
]
TargetOption = Annotated[
    str | None,
    _look_at("--target", "STAGE", "The stage to build.", default="what compose says, else the last one"),
]
BuildArgOption = Annotated[
    list[str] | None,
    _look_at("--build-arg", "NAME=VALUE", "A build argument, as for docker build; may be repeated."),
]
BuildContextOption = Annotated[
    list[str] | None,
    _look_at("--build-context", "NAME=DIR", "A further build context, as for docker build; may be repeated."),
]
EntrypointOption = Annotated[
    str | None,
    _look_at("--entrypoint", "'COMMAND'", "The start command to follow, instead of the image's own."),
]
PythonOption = Annotated[
    str | None,
    _look_at("--python", "VERSION", "The image's Python, such as 3.12, where its base image does not say."),
]
PlatformOption = Annotated[
    str | None,
    _look_at("--platform", "OS/ARCH", "The platform that the image is built for.", default="linux/amd64"),
]
ConfigOption = Annotated[
    Path | None,
    _look_at(
        "--config",
        "FILE",
        "The file with the configuration.",
        default="parity.toml or pyproject.toml of PATH",
    ),
]
SelectOption = Annotated[
    list[str] | None,
    typer.Option(
        "--select",
        metavar="CODES",
        help="Only these rules: codes, beginnings of codes, or names (PAR101,PAR3,syntax-error).",
        rich_help_panel=RULES,
    ),
]
IgnoreOption = Annotated[
    list[str] | None,
    typer.Option(
        "--ignore", metavar="CODES", help="All rules but these, named as for --select.", rich_help_panel=RULES
    ),
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "--output", metavar="FILE", help="Write to FILE, not to standard output.", rich_help_panel=OUTPUT
    ),
]
ColorOption = Annotated[
    Color,
    typer.Option(
        "--color", help="Colours; auto: on a terminal, unless NO_COLOR is set.", rich_help_panel=OUTPUT
    ),
]
QuietOption = Annotated[
    bool, typer.Option("-q", "--quiet", help="No report, only the exit status.", rich_help_panel=OUTPUT)
]
VerboseOption = Annotated[
    bool,
    typer.Option(
        "-v",
        "--verbose",
        help="Show each image on its own, infos as well, and everything that is not known.",
        rich_help_panel=OUTPUT,
    ),
]
JobsOption = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        metavar="N",
        min=1,
        help="Check N images in parallel, a process for each.",
        show_default="one for each processor and four images",
    ),
]
NoCacheOption = Annotated[
    bool,
    typer.Option(
        "--no-cache",
        help="Use no answers of earlier runs, and keep none.",
        rich_help_panel=OUTPUT,
    ),
]
CacheDirOption = Annotated[
    Path | None,
    typer.Option(
        "--cache-dir",
        metavar="DIR",
        help="Where the answers of earlier runs are kept.",
        show_default="the user's cache folder",
        rich_help_panel=OUTPUT,
    ),
]


class Options(Struct, frozen=True, kw_only=True):
    """What the user said with the shared options, by their names."""

    path: PathArgument = Path()
    dockerfile: DockerfileOption = None
    context: ContextOption = None
    target: TargetOption = None
    build_arg: BuildArgOption = None
    build_context: BuildContextOption = None
    entrypoint: EntrypointOption = None
    python: PythonOption = None
    platform: PlatformOption = None
    config: ConfigOption = None
    select: SelectOption = None
    ignore: IgnoreOption = None
    output: OutputOption = None
    color: ColorOption = Color.AUTO
    quiet: QuietOption = False
    verbose: VerboseOption = False
    jobs: JobsOption = None
    no_cache: NoCacheOption = False
    cache_dir: CacheDirOption = None

    def cache(self) -> Cache | None:
        """Where this run may find answers of earlier ones."""
        if self.no_cache:
            return None
        from parity.cache.cache import Cache
        from parity.cache.place import cache_folder

        folder = cache_folder(self.cache_dir, self.path)
        return None if folder is None else Cache(folder)

    def settings(self, python_environment: Path | None = None, cache: Cache | None = None) -> Settings:
        """Raises ParityError for options and configurations that name what is not there."""
        from parity.config.asked import STANDARD_INPUT, Asked

        asked = Asked(
            dockerfiles=tuple(self.dockerfile or ()),
            context=self.context,
            target=self.target,
            build_args=tuple(self.build_arg or ()),
            build_contexts=tuple(self.build_context or ()),
            entrypoint=self.entrypoint,
            python=self.python,
            platform=self.platform,
            config=self.config,
            python_environment=python_environment,
            standard_input=_standard_input() if STANDARD_INPUT in (self.dockerfile or ()) else None,
        )
        wanted, unwanted = _codes("--select", self.select), self.unwanted
        find = partial(_settings, self.path, asked, wanted, unwanted)
        if cache is None:
            return find()
        environment = tuple((name, os.environ.get(name)) for name in asked.build_args)
        key = cache.key("settings", real_path(Path.cwd()), self.path, asked, environment, wanted, unwanted)
        return cache.answer(key, Settings, find)

    @property
    def unwanted(self) -> tuple[str, ...]:
        """The rules that `--ignore` leaves out."""
        return _codes("--ignore", self.ignore)


def _settings(path: Path, asked: Asked, select: tuple[str, ...], ignore: tuple[str, ...]) -> Settings:
    from parity.config.discover import discover

    settings = discover(path, asked, select=select, ignore=ignore)
    if select or ignore or settings.configured_codes:
        from parity.rules.registry import require_known

        require_known((*select, *ignore))
        for code, place in settings.configured_codes:
            require_known((code,), place)
    return settings


Command = Callable[Concatenate[Options, P], None]


def looks_at_images(*idle: str) -> Callable[[Command[P]], Callable[..., None]]:
    """Gives a command the shared options: it takes Options before its own parameters.

    Every such command takes all of them, so that one line of options serves them all. Those that are `idle`
    change nothing about this command's answer, and its `--help` leaves them out.
    """

    def decorate(command: Command[P]) -> Callable[..., None]:
        @wraps(command)
        def run(*args: P.args, **every: P.kwargs) -> None:
            own: Any = dict(every)
            shared = {name: own.pop(name) for name in Options.__struct_fields__}
            command(Options(**shared), *args, **own)

        signature = Signature(_parameters(command, idle))
        run.__signature__ = signature  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in signature.parameters.values()}
        return run

    return decorate


def _parameters(command: Callable[..., None], idle: tuple[str, ...]) -> list[Parameter]:
    """In the order of `--help`: arguments of the command, what to look at, its options, what becomes of the answer."""
    _, *own = signature(command, eval_str=True).parameters.values()
    hints = get_type_hints(Options, include_extras=True)
    shared = [
        Parameter(
            name,
            Parameter.KEYWORD_ONLY,
            default=default,
            annotation=_hidden(hints[name]) if name in idle else hints[name],
        )
        for name, default in zip(Options.__struct_fields__, Options.__struct_defaults__, strict=True)
    ]
    at = Options.__struct_fields__.index("output")
    arguments = [one for one in own if one.default is Parameter.empty]
    options = [one for one in own if one.default is not Parameter.empty]
    return [
        one.replace(kind=Parameter.KEYWORD_ONLY) for one in (*arguments, *shared[:at], *options, *shared[at:])
    ]


def _hidden(annotation: Any) -> Any:
    """The annotation of an option, left out of `--help`."""
    kind, option = get_args(annotation)
    option = copy(option)
    option.hidden = True
    return Annotated[kind, option]


def _standard_input() -> bytes:
    """The Dockerfile that `-f -` stands for."""
    try:
        data = sys.stdin.buffer.read(LARGEST_FILE + 1)
    except (OSError, AttributeError):  # it is closed, or a folder
        raise ParityError("-f - is standard input, and that cannot be read") from None
    if len(data) > LARGEST_FILE:
        raise ParityError(f"the Dockerfile of standard input is larger than {LARGEST_FILE >> 20} MB")
    return data


def rule_codes(option: str, given: list[str] | None) -> tuple[str, ...]:
    """The same, of rules that there are."""
    from parity.rules.registry import require_known

    codes = _codes(option, given)
    if codes:
        require_known(codes)
    return codes


def _codes(option: str, given: list[str] | None) -> tuple[str, ...]:
    """Codes, names or beginnings of codes, separated by commas. Raises ParityError where there is none."""
    codes = tuple(code.strip() for part in given or () for code in part.split(",") if code.strip())
    if given and not codes:
        raise ParityError(f"{option} names no rule", hint="parity rule lists them")
    return codes
