"""What a shell knows at one moment: variables, working directory, arguments, functions, options."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from parity.shell.status import Status
from parity.shell.syntax import Statement, Unparsed

LONGEST_VALUE = 100_000
"""Characters of a variable; a longer value is not kept."""

SET_BY_SHELL = frozenset(
    """
    HOME HOSTNAME PPID RANDOM SECONDS LINENO UID EUID GROUPS SHLVL TERM SHELL SHELLOPTS BASHOPTS BASH
    BASHPID BASH_VERSION BASH_VERSINFO HOSTTYPE MACHTYPE OSTYPE OPTIND OPTARG OLDPWD REPLY PIPESTATUS
    EPOCHSECONDS FUNCNAME BASH_LINENO BASH_COMMAND PATH _
    """.split()
)
"""Never unset as far as can be told, even where nobody assigns them."""


KEPT = frozenset("PATH HOME IFS PYTHONPATH VIRTUAL_ENV CONDA_PREFIX LANG".split())
"""Taken to be as they are where a file of settings that cannot be read is loaded."""


class Value(Struct, frozen=True):
    """A variable's value: `parts` has one element unless it is a bash array; None cannot be told.

    `depends_on`: the variables it was made of that may be set when the container starts.
    """

    parts: tuple[str | None, ...]
    array: bool = False
    depends_on: frozenset[str] = frozenset()

    @property
    def text(self) -> str | None:
        return self.parts[0] if self.parts else ""


UNTOLD = Value((None,))


class State(Struct):
    """One shell process at one moment; a branch that may not be taken gets a copy.

    `working_directory`  an image path, None where it cannot be told
    `arguments`          `$1`, `$2`, ...; None where even their number is not known
    `gone`               names that were unset on purpose: empty for certain
    `certain`            False while it is not known whether the statements are reached
    `may_have_ended`     an `exit` or `exec` may have happened already
    `may_have_left`      a `break` or `continue` may have happened in the loop at hand
    `open`               a text that cannot be told may have set any variable
    """

    variables: dict[str, Value]
    exported: set[str]
    working_directory: str | None
    name: str
    arguments: tuple[str | None, ...] | None
    functions: dict[str, Statement] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    errexit: bool = False
    nounset: bool = False
    pipefail: bool = False
    noglob: bool = False
    allexport: bool = False
    certain: bool = True
    may_have_ended: bool = False
    may_have_left: bool = False
    last: Status = Status.SUCCESS
    folders: tuple[str | None, ...] = ()
    previous_folder: str | None = None
    open: bool = False

    @classmethod
    def start(
        cls,
        environment: Mapping[str, str],
        working_directory: str,
        name: str,
        arguments: tuple[str | None, ...],
    ) -> State:
        variables = {key: Value((text,)) for key, text in environment.items()}
        variables["IFS"] = Value((" \t\n",))
        return cls(variables, set(environment), working_directory, name, arguments)

    def copy(self) -> State:
        return State(
            dict(self.variables),
            set(self.exported),
            self.working_directory,
            self.name,
            self.arguments,
            dict(self.functions),
            set(self.gone),
            self.errexit,
            self.nounset,
            self.pipefail,
            self.noglob,
            self.allexport,
            self.certain,
            self.may_have_ended,
            self.may_have_left,
            self.last,
            self.folders,
            self.previous_folder,
            self.open,
        )

    def assign(self, name: str, value: Value) -> None:
        if sum(len(part or "") for part in value.parts) > LONGEST_VALUE:
            value = UNTOLD
        self.variables[name] = value
        self.gone.discard(name)
        if self.allexport:
            self.exported.add(name)

    def open_up(self) -> None:
        """Something that cannot be told has set variables (`export $(cat .env)`); those of the system are kept."""
        self.open = True
        self.gone.clear()
        for name in self.variables.keys() - KEPT:
            self.variables[name] = UNTOLD

    @property
    def more_variables(self) -> bool:
        """May a program find variables that are not known, PYTHONPATH among them?"""
        return self.open or ("PYTHONPATH" in self.exported and self.variables.get("PYTHONPATH") == UNTOLD)

    def unset(self, name: str) -> None:
        self.variables.pop(name, None)
        self.exported.discard(name)
        self.gone.add(name)

    def environment(self) -> dict[str, str]:
        """What a program started now would inherit, as far as it is known."""
        known = {name: self.variables[name].text for name in self.exported if name in self.variables}
        return {name: text for name, text in known.items() if text is not None}

    def merge(self, other: State) -> None:
        """Either of the two happened: keep what they agree on."""
        for name in self.variables.keys() | other.variables.keys():
            mine, theirs = self.variables.get(name), other.variables.get(name)
            if mine != theirs:
                self.variables[name] = UNTOLD
        self.exported &= other.exported
        self.gone &= other.gone
        if self.working_directory != other.working_directory:
            self.working_directory = None
        if self.arguments != other.arguments:
            self.arguments = None
        for name, body in other.functions.items():
            if self.functions.setdefault(name, body) != body:
                self.functions[name] = Unparsed(f"the function {name}", 0)
        self.errexit = self.errexit and other.errexit
        self.nounset = self.nounset and other.nounset
        self.may_have_ended = self.may_have_ended or other.may_have_ended
        self.may_have_left = self.may_have_left or other.may_have_left
        self.open = self.open or other.open
        if self.last is not other.last:
            self.last = Status.UNKNOWN
