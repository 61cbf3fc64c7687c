"""Which files and which configuration the image of a Dockerfile has.

BuildKit: frontend/dockerfile/dockerfile2llb: dispatch, one function an instruction. Nothing is run: what a
RUN step does is asked of a `RunInterpreter`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec.structs import replace

from parity.build.bases.base import Base
from parity.build.bases.catalogue import find_base
from parity.build.bases.described import BaseOf
from parity.build.bases.tree import foreign_tree
from parity.build.copy import copy
from parity.build.copy_step import ROOT, CopySource, MissingSource, prepare
from parity.build.image import BuiltStage, Image, unknowns_of
from parity.build.scope import PROXIES, Scope, expand_at, global_scope, platform_arguments
from parity.build.sending import Sent
from parity.build.stage_state import StageState
from parity.build.stages import Source, find_parent, find_source, find_target, needed
from parity.build.step import ResolvedMount, RunInterpreter, RunStep
from parity.context.build_context import BuildContext
from parity.dockerfile.instructions import (
    Arg,
    Cmd,
    CommandLine,
    Copy,
    Dockerfile,
    Entrypoint,
    Env,
    From,
    Healthcheck,
    Instruction,
    Mount,
    Onbuild,
    Other,
    Run,
    Shell,
    Stage,
    User,
    Volume,
    Workdir,
)
from parity.image.builder import ImageBuilder
from parity.image.effort import A_RUN, MOST_LOOKED, Effort, walk
from parity.image.places import find_doubt, find_folder, refuse_long
from parity.image.tree import ImageTree
from parity.model.command import NOTHING
from parity.model.errors import ParityError
from parity.model.location import Location, Unknown
from parity.tree.base import FileTree, clean, join
from parity.tree.which import DEFAULT_PATH

PLATFORM = "linux/amd64"
NO_CONTEXTS: Mapping[str, FileTree] = MappingProxyType({})


def build(
    dockerfile: Dockerfile,
    *,
    context: BuildContext,
    target: str | None = None,
    build_args: Mapping[str, str] = NOTHING,
    named_contexts: Mapping[str, FileTree] = NO_CONTEXTS,
    run: RunInterpreter,
    checkout: FileTree,
    platform: str = PLATFORM,
    base_of: BaseOf = find_base,
) -> Image:
    """Evaluate the stages that `target` (None: the last one) needs.

    `named_contexts`: the folders of `--build-context`, by lower-case name. `checkout`: the tree that the
    `source` of an entry is a path of. `base_of` finds base images. Raises ParityError for a build that Docker
    refuses; a COPY source that is missing is told in `missing_sources` instead.
    """
    return _Build(dockerfile, context, build_args, named_contexts, run, checkout, platform, base_of).image(
        target
    )


class _Build:
    """One build at work."""

    def __init__(
        self,
        dockerfile: Dockerfile,
        context: BuildContext,
        build_args: Mapping[str, str],
        named_contexts: Mapping[str, FileTree],
        run: RunInterpreter,
        checkout: FileTree,
        platform: str,
        base_of: BaseOf,
    ) -> None:
        self.dockerfile = dockerfile
        self.context = context
        self.build_args = build_args
        self.named_contexts = named_contexts
        self.interpreter = run
        self.checkout = checkout
        self.platform = platform
        self.base_of = base_of
        self.effort = Effort()
        self.outer: dict[str, str] = {}
        self.states: dict[int, StageState] = {}
        self.missing: list[MissingSource] = []
        self.named: list[str] = []
        """What instructions name in the build context: absolute paths and patterns."""

    def image(self, target: str | None) -> Image:
        if not self.dockerfile.stages:
            raise ParityError("dockerfile contains no stages to build", Location(self.dockerfile.path))
        number = find_target(self.dockerfile, target)
        predefined = platform_arguments(self.platform, self.dockerfile.stages[number].name)
        self.outer = global_scope(self.dockerfile, self.build_args, predefined, self.effort)
        names = {stage.index: self.base_name(stage) for stage in self.dockerfile.stages}
        order = needed(self.dockerfile, number, names, self.named_contexts)
        for index in order:
            self.execute(self.dockerfile.stages[index])
        state = self.states[number]
        tree = state.files.snapshot()
        sent = Sent(self.context, self.named if any(one.unsent for one in self.missing) else ())
        return Image(
            tree,
            state.config,
            state.base,
            self.context,
            tuple(dict.fromkeys((*self.frontend(), *state.unknowns, *unknowns_of(tree)))),
            tuple(one for one in self.missing if not one.unsent or one.path not in sent),
            tuple(
                BuiltStage(i, self.dockerfile.stages[i].name, self.states[i].files.snapshot()) for i in order
            ),
        )

    def frontend(self) -> tuple[Unknown, ...]:
        name = self.dockerfile.frontend
        if name is None or name.partition("@")[0].rpartition(":")[0] in FRONTENDS or name in FRONTENDS:
            return ()
        return (
            Unknown(
                f"what the frontend {name} makes of the Dockerfile is not known",
                Location(self.dockerfile.path, 1),
            ),
        )

    # -- FROM

    def base_name(self, stage: Stage) -> str:
        written = stage.base.image
        name = expand_at(written, self.outer, self.dockerfile.escape, stage.base.location, self.effort)
        if not name:
            raise ParityError(f"base name ({written}) should not be blank", stage.base.location)
        return name

    def execute(self, stage: Stage) -> None:
        # A trigger may name the stage that it is executed in: it is given what that has by then.
        state = self.states[stage.index] = self.begin(stage)
        triggers, state.triggers = state.triggers, []
        for instruction in (*triggers, *stage.instructions):
            state.files.begin(instruction.location)
            self.dispatch(instruction, state)

    def begin(self, stage: Stage) -> StageState:
        if stage.name is not None and stage.name in self.named_contexts:
            return self.from_tree(stage, stage.name)
        name = self.base_name(stage)
        earlier = find_parent(self.dockerfile, name, stage.index)
        if earlier is not None:
            parent = self.states[earlier]
            return replace(
                parent,
                index=stage.index,
                files=ImageBuilder(parent.files.snapshot(), self.checkout, self.effort),
                scope=parent.scope.inherited(),
                cmd_is_own=False,
                triggers=list(parent.triggers),
                unknowns=list(parent.unknowns),
            )
        if name in self.named_contexts:
            return self.from_tree(stage, name)
        base = self.base_of(name)
        unknowns = [replace(base.unknown, location=stage.base.location)] if base.unknown else []
        return StageState(
            stage.index,
            base,
            ImageBuilder(ImageTree.of(base.tree, self.checkout), self.checkout, self.effort),
            self.scope({"PATH": DEFAULT_PATH} | dict(base.environment)),
            base.working_directory,
            base.user,
            base.shell,
            base.entrypoint,
            base.cmd,
            unknowns=unknowns,
        )

    def from_tree(self, stage: Stage, name: str) -> StageState:
        base = Base(name, self.named_contexts[name])
        files = ImageBuilder(ImageTree.of(base.tree, self.checkout), self.checkout, self.effort)
        return StageState(stage.index, base, files, self.scope({"PATH": DEFAULT_PATH}))

    def scope(self, environment: dict[str, str]) -> Scope:
        return Scope(self.dockerfile.escape, dict(environment), environment, self.effort)

    # -- the other instructions

    def dispatch(self, instruction: Instruction, state: StageState) -> None:
        match instruction:
            case Arg():
                state.scope.arg(instruction, self.build_args, self.outer)
            case Env():
                state.scope.env(instruction)
            case Copy():
                self.copy(instruction, state)
            case Run():
                self.run(instruction, state)
            case Workdir(path, location):
                self.workdir(state.scope.word(location)(path), state, location)
            case User(user, location):
                state.user = state.scope.word(location)(user)
            case Volume(paths, location):
                word = state.scope.word(location)
                state.volumes += tuple(join("/", word(path)) for path in paths)
            case Shell(command, _):
                state.shell = command
            case Entrypoint(command, location):
                state.entrypoint, state.entrypoint_at = _argv(command, state), location
                if not state.cmd_is_own:
                    state.cmd, state.cmd_at = None, None
            case Cmd(command, location):
                state.cmd, state.cmd_at = _argv(command, state), location
                state.cmd_is_own = True
            case Onbuild(inner, _):
                state.triggers.append(inner)
            case Other(_, location, refusal) if refusal:
                raise ParityError(refusal, location)
            case From() | Healthcheck() | Other():
                pass

    def workdir(self, path: str, state: StageState, location: Location) -> None:
        state.working_directory = join(state.working_directory, path)
        # BuildKit: NormalizeWorkdir leaves an absolute path as it is written.
        state.written_directory = path if path.startswith("/") else ""
        refuse_long(state.working_directory, location)
        self.effort.spend(walk(state.working_directory), location)
        if doubt := find_doubt(state.files, state.working_directory):
            for place in doubt.places:
                state.files.obscure(place, doubt.unknown)
            return
        place = find_folder(state.files, state.working_directory, location)
        state.files.make_directory(place, owner=state.user or ROOT)

    def copy(self, instruction: Copy, state: StageState) -> None:
        name = instruction.flag("from")
        source = (
            CopySource(self.context)
            if name is None
            else CopySource(self.source(Source(name, instruction.location)), name)
        )
        step = prepare(
            instruction,
            source,
            working_directory=state.working_directory,
            word=state.scope.word(instruction.location),
            body=state.scope.body(instruction.location),
        )
        if name is None:
            self.named += [clean(source) for source in step.sources]
        missing = copy(step, state.files)
        valueless = {
            word: name
            for written, word in zip(instruction.sources, step.sources, strict=True)
            if (name := state.scope.lacks(written)) is not None
        }
        for one in missing:
            name = valueless.get(one.written)
            if name is not None and one.hidden_by is None and not one.unsent:
                raise ParityError(
                    f"{one.written} is not found: the build argument {name} has no value",
                    instruction.location,
                    f"give it one: --build-arg {name}=..., or build-args in the configuration",
                )
        self.missing += missing

    def source(self, source: Source) -> FileTree:
        """The files that a `--from` or a mount means: a stage's, a named context's, or an image's."""
        if "$" in source.name:
            raise ParityError(
                "variable expansion is not supported for --from",
                source.location,
                "define a new stage with FROM using ARG from global scope as a workaround",
            )
        number = find_source(self.dockerfile, source)
        if number is None:
            named = self.named_contexts.get(source.name.lower())
            base = self.base_of(source.name) if named is None else None
            return named or (base.tree if base and base.unknown is None else foreign_tree(source.name))
        if number not in self.states:
            raise ParityError(
                f"stage {source.name} needs to be defined before current stage", source.location
            )
        return self.states[number].files.snapshot()

    def run(self, instruction: Run, state: StageState) -> None:
        self.effort.spend(A_RUN + 5 * len(state.scope.all), instruction.location)
        if self.effort.looked > MOST_LOOKED:
            unknown = Unknown("the build is too large to say what this step does", instruction.location)
            state.unknowns.append(unknown)
            state.files.obscure("/", unknown)
            return
        proxies = {k: v for k, v in self.build_args.items() if k.lower() in PROXIES}
        text = instruction.command.shell
        if text is not None and instruction.heredocs and LONE_HEREDOC.fullmatch(text):
            text = ""
        step = RunStep(
            text,
            instruction.command.exec,
            instruction.heredocs,
            {**proxies, **state.scope.all},
            state.working_directory,
            state.user,
            state.shell,
            tuple(self.mount(mount, state, instruction.location) for mount in instruction.mounts),
            instruction.location,
        )
        state.unknowns += self.interpreter.run(step, state.files)

    def mount(self, mount: Mount, state: StageState, location: Location) -> ResolvedMount:
        word = state.scope.word(location)
        kind = (mount.get("type") or "bind").lower()
        written = word(mount.get("target", "dst", "destination") or "") or _usual_target(kind, mount, word)
        target = join(state.working_directory, written)
        name = mount.get("from")
        source: FileTree | None = None
        if name:
            source = self.source(Source(name, location, may_be_number=False))
        elif kind == "bind":
            source = self.context
        path = join("/", word(mount.get("source", "src") or "/"))
        if source is self.context:
            self.named.append(path)
        return ResolvedMount(kind, target, source, path, kind != "bind" or _writable(mount))


LONE_HEREDOC = re.compile(r"\s*\d*<<-?[^<\s]+\s*")
FRONTENDS = ("docker/dockerfile", "docker.io/docker/dockerfile", "docker/dockerfile-upstream")


def _argv(command: CommandLine, state: StageState) -> tuple[str, ...] | None:
    return command.exec or None if command.exec is not None else (*state.shell, command.shell or "")


def _usual_target(kind: str, mount: Mount, word: Callable[[str], str]) -> str:
    """BuildKit: dispatchSecret, dispatchSSH."""
    if kind == "secret":
        return f"/run/secrets/{word(mount.get('source', 'src', 'id') or '').rpartition('/')[2]}"
    return "/run/buildkit/ssh_agent.0" if kind == "ssh" else "."


def _writable(mount: Mount) -> bool:
    if (value := mount.get("rw", "readwrite")) is not None:
        return value.lower() not in ("false", "0")
    return (mount.get("readonly", "ro") or "true").lower() in ("false", "0")
