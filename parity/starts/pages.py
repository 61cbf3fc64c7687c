"""Which file do the programs run that serve one script: streamlit, chainlit, gradio, mesop, panel, bokeh?

Read from streamlit 1.67, chainlit 2.12, gradio 6.31, mesop 1.3, panel 1.9. All put the script's folder first.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from parity.model.command import Command
from parity.programs.options import Arguments, options, read
from parity.programs.program import in_folder, is_folder, name_of, script_folder, unique, words_of
from parity.startup.entrypoint import Entrypoint, ExecuteFile, ImportModule, RunFile, Step
from parity.tree.base import FileTree, join

STREAMLIT = options("--log_level", "--help --version", interspersed=False, dotted=True)
CHAINLIT = options(
    "--host --port --root-path --ssl-cert --ssl-key",
    "--ci --debug --headless --no-cache --watch -c -d -h -w --help",
)
GRADIO = options("--demo-name --watch-dirs --encoding", "--watch-library --no-watch-library --help")
MESOP = options("--port --env_port --path --host", "--prod --noprod --debug --nodebug --help", dotted=True)
SERVE = options(
    "--port --address --log-level --log-format --log-file --use-config --unix-socket --ssl-certfile"
    " --ssl-keyfile --ssl-password --allow-websocket-origin --prefix --index --num-procs --session-ids"
    " --keep-alive --check-unused-sessions --unused-session-lifetime --stats-log-frequency"
    " --mem-log-frequency"
    " --auth-module --cookie-secret --session-token-expiration --websocket-max-message-size"
    " --websocket-compression-level --websocket-compression-mem-level --ico-path --static-dirs --basic-auth"
    " --oauth-provider --oauth-key --oauth-secret --oauth-redirect-uri --oauth-extra-params --num-threads"
    " --login-endpoint --logout-endpoint --auth-template --setup --liveness-endpoint --rest-provider"
    " --rest-endpoint --rest-session-info --root-path --plugins --admin-endpoint --admin-log-level",
    "--show --dev --autoreload --warm --global-loading-spinner --admin --profiler --reuse-sessions --liveness"
    " --use-xheaders --disable-index --disable-index-redirect --glob --help -h",
    many="--args",
    abbreviated=True,
)


def _script(
    command: Command, tree: FileTree, name: str | None, step: Callable[[str], Step]
) -> Entrypoint | None:
    """`name` as the operand was written."""
    if not name or name.startswith(("http://", "https://")) or "\0" in name:
        return None
    path = in_folder(command, name)
    folder = path.rpartition("/")[0] or "/"
    return Entrypoint(name_of(command), command, unique(folder, *script_folder(command, tree)), (step(path),))


def streamlit(command: Command, tree: FileTree) -> Entrypoint | None:
    """`streamlit run script.py`. It runs when the first visitor comes."""
    before = read(words_of(command), STREAMLIT)
    if before.operands[:1] != ("run",):
        return None
    given = read(before.operands[1:], STREAMLIT)
    return _script(command, tree, _only(given, first=True), RunFile)


def chainlit(command: Command, tree: FileTree) -> Entrypoint | None:
    """`chainlit run script.py`: executed under a name that is not `__main__`."""
    words = words_of(command)
    if words[:1] != ("run",):
        return None
    return _script(command, tree, _only(read(words[1:], CHAINLIT)), ExecuteFile)


def gradio(command: Command, tree: FileTree) -> Entrypoint | None:
    """`gradio script.py [demo]` starts `python -u script.py`."""
    name = _only(read(words_of(command), GRADIO), first=True)
    if name is None or not name.endswith(".py"):
        return None
    return _script(command, tree, name, RunFile)


def mesop(command: Command, tree: FileTree) -> Entrypoint | None:
    """`mesop script.py` imports the script under its own name."""
    name = _only(read(words_of(command), MESOP))
    if name is None or not name.endswith(".py"):
        return None
    return _script(
        command, tree, name, lambda path: ImportModule(path.rpartition("/")[2].removesuffix(".py"))
    )


def serve(command: Command, tree: FileTree) -> Entrypoint | None:
    """`panel serve script.py folder`: a folder's main.py."""
    words = words_of(command)
    if words[:1] != ("serve",):
        return None
    given = read(words[1:], SERVE)
    if given.unclear or not given.operands or None in given.operands:
        return None
    steps: list[Step] = []
    folders: list[str] = []
    for name in given.operands:
        path = in_folder(command, name or "")
        if path.endswith((".ipynb", ".md")):
            continue
        path = join(path, "main.py") if is_folder(tree, path) else path
        if not path.endswith(".py"):
            return None
        steps.append(ExecuteFile(path))
        folders.append(path.rpartition("/")[0] or "/")
    return Entrypoint(name_of(command), command, unique(*folders), tuple(steps))


def _only(given: Arguments, *, first: bool = False) -> str | None:
    """The one operand (or the first, where more may follow)."""
    if given.unclear or not given.operands or (len(given.operands) > 1 and not first):
        return None
    return given.operands[0]


PROGRAMS: Mapping[str, Callable[[Command, FileTree], Entrypoint | None]] = {
    "streamlit": streamlit,
    "chainlit": chainlit,
    "gradio": gradio,
    "mesop": mesop,
    "panel": serve,
    "bokeh": serve,
}


def recognise(command: Command, tree: FileTree) -> Entrypoint | None:
    form = PROGRAMS.get(name_of(command))
    return form(command, tree) if form is not None else None


BY_MODULE = {"streamlit.web.cli": "streamlit", **{name: name for name in PROGRAMS}}
