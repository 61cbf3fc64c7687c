"""Shell commands that are meant to take long, to fill the memory, or to break whoever reads them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.support.corpus.material import (
    LARGEST,
    ODD,
    Content,
    Input,
    encoded,
    mutated,
    nested,
    repeated,
    size,
)

REPEATED: dict[str, Callable[[int], str]] = {
    "substitutions": lambda n: "x=" + nested("$(", "echo a", ")", n),
    "backquotes": lambda n: "x=" + "`echo " * n + "a" + "`" * n,
    "quoted substitutions": lambda n: "x=" + nested('"$(echo ', "a", ')"', n),
    "subshells": lambda n: nested("( ", "true", " )", n),
    "groups": lambda n: nested("{ ", "true", "; }", n),
    "arithmetic": lambda n: "x=$((" + nested("(", "1", ")", n) + "))",
    "arithmetic sum": lambda n: "x=$((" + "1 + " * n + "1))",
    "arithmetic power": lambda n: "x=$((" + "9 ** " * n + "9))",
    "arithmetic in arithmetic": lambda n: "echo " + nested("$((1 + ", "1", "))", n),
    "arithmetic ternary": lambda n: "echo $((" + "1 ? 1 : " * n + "1))",
    "defaults": lambda n: "x=" + nested("${a:-", "b", "}", n),
    "removed prefixes": lambda n: "x=" + nested("${a##", "*", "}", n),
    "replaced patterns": lambda n: "a=" + "b" * n + "; x=${a//b/bbbbbbbb}",
    "pattern of stars": lambda n: "a=" + "b" * n + "; x=${a##" + "*b" * n + "c}",
    "case of stars": lambda n: "case " + "a" * n + " in " + "*a" * n + "b) rm gone.py;; esac",
    "case arms": lambda n: "case $X in " + "a) true;; " * n + "esac",
    "case in case": lambda n: nested("case a in *) ", "true", " ;; esac", n),
    "if in if": lambda n: nested("if true; then ", "true", "; fi", n),
    "unknown if in if": lambda n: (
        "".join(f'if [ -n "$A{i}" ]; then ' for i in range(n)) + "rm x" + "; fi" * n
    ),
    "elif": lambda n: "if false; then :; " + "elif [ $A ]; then rm x; " * n + "fi",
    "else with rm": lambda n: "".join(f"if [ $A{i} ]; then rm a{i}; else cp a b{i}; fi; " for i in range(n)),
    "for in for": lambda n: nested("for i in 1 2 3 4 5 6 7 8 9; do ", "true", "; done", n),
    "for of for": lambda n: (
        "".join(f"for i{i} in a b; do " for i in range(n))
        + "touch "
        + "$i0".join("" for _ in range(3))
        + "; done" * n
    ),
    "while in while": lambda n: nested("while true; do ", "break", "; done", n),
    "until in until": lambda n: nested("until false; do ", "rm x", "; done", n),
    "words of for": lambda n: "for i in " + "a " * n + "; do touch $i; done",
    "braces": lambda n: "touch " + "{a,b}" * n,
    "braces in braces": lambda n: "touch " + nested("{a,", "b", "}", n),
    "brace range": lambda n: "touch {1.." + "9" * min(n, 40) + "}",
    "brace range of range": lambda n: "touch " + "{1..100}" * n,
    "globs": lambda n: "rm -rf " + "*/" * n + "*",
    "globs in a name": lambda n: "rm -rf " + "*a" * n,
    "bracket globs": lambda n: "rm -rf " + "[a-z]" * n,
    "seq": lambda n: f"for i in $(seq 1 {'9' * min(n, 30)}); do touch f$i; done",
    "and": lambda n: "true" + " && true" * n,
    "or": lambda n: "false" + " || false" * n,
    "and or": lambda n: "cd a && rm b || cp a b; " * n,
    "unknown and or": lambda n: "foo && " * n + "rm x",
    "pipes": lambda n: "cat a" + " | cat" * n,
    "semicolons": lambda n: "true; " * n,
    "not": lambda n: "! " * n + "true",
    "redirections": lambda n: "true " + "> a " * n,
    "here documents": lambda n: (
        "cat " + "".join(f"<<E{i} " for i in range(n)) + "\n" + "".join(f"E{i}\n" for i in range(n))
    ),
    "unclosed here document": lambda n: "cat <<E\n" + "a\n" * n,
    "here strings": lambda n: "cat " + "<<< a " * n,
    "unclosed quote": lambda n: "echo 'a" + " b" * n,
    "unclosed substitution": lambda n: "echo " + "$(" * n,
    "unclosed braces": lambda n: "echo " + "${" * n,
    "unclosed if": lambda n: "if true; then " * n,
    "closed too often": lambda n: "true" + " fi" * n + " )" * n,
    "function in function": lambda n: nested("f() { ", "true", "; }", n) + "; f",
    "functions in a chain": lambda n: (
        "".join(f"f{i}() {{ f{i + 1}; }}; " for i in range(n)) + f"f{n}() {{ rm x; }}; f0"
    ),
    "functions in two chains": lambda n: (
        "".join(f"f{i}() {{ f{i + 1}; f{i + 1}; }}; " for i in range(n)) + f"f{n}() {{ rm x; }}; f0"
    ),
    "variables that double": lambda n: "x=ab; " + "x=$x$x; " * n + "touch $x",
    "variables of each other": lambda n: (
        "a0=aa; " + "".join(f"a{i + 1}=$a{i}$a{i}; " for i in range(n)) + f"export A=$a{n}"
    ),
    "words that double": lambda n: "set -- a b; " + 'set -- "$@" "$@"; ' * n + 'touch "$@"',
    "evals": lambda n: "eval " * n + "true",
    "eval of text that doubles": lambda n: "x='true;'; " + 'x="$x $x"; ' * n + 'eval "$x"',
    "sh of sh": lambda n: "sh -c " * n + "true",
    "env": lambda n: "env " * n + "true",
    "exec": lambda n: "exec " * n + "python main.py",
    "xargs": lambda n: "echo a | " + "xargs " * n + "rm",
    "find exec": lambda n: "find . " + "-exec sh -c " * n + "rm {} \\;",
    "find of many tests": lambda n: "find . " + "\\( -name a -o " * n + "-name b" + " \\)" * n + " -delete",
    "deep mkdir": lambda n: "mkdir -p " + "a/" * n,
    "mkdir of many": lambda n: "mkdir -p " + " ".join(f"d{i}/e/f" for i in range(n)),
    "touch of many": lambda n: "touch " + " ".join(f"f{i}" for i in range(n)),
    "rm of many": lambda n: "rm -f " + " ".join(f"f{i}.py" for i in range(n)),
    "mv in turn": lambda n: "".join(f"mv a{i} a{i + 1}; " for i in range(n)),
    "mv round": lambda n: "mv a b; mv b a; " * n,
    "cp into itself": lambda n: "cp -r . a; " * n,
    "ln of ln": lambda n: "".join(f"ln -s a{i + 1} a{i}; " for i in range(n)) + "cat a0",
    "ln of itself": lambda n: "ln -s a a; ln -s . b; rm -rf " + "b/" * n + "*; cp -r b/ c",
    "links to the root": lambda n: "ln -s / a; " * n + "rm -rf " + "a/" * n + "app/main.py",
    "cd": lambda n: "cd a; " * n,
    "cd up": lambda n: "cd ..; " * n + "rm -rf app",
    "cd of a long name": lambda n: "cd " + "a" * n,
    "echo into files": lambda n: "echo a >> a; " * n,
    "printf": lambda n: "printf '%s" + "%999999999d" * n + "' 1 > a",
    "printf of many": lambda n: "printf '" + "%b" * n + "' '\\0101' > main.py",
    "sed": lambda n: "sed -i " + "-e s/a/aa/g " * n + "main.py",
    "sed of groups": lambda n: "sed -i 's/" + "\\(a*\\)*" * n + "b/x/' main.py",
    "sed of a line that doubles": lambda n: "sed -i '" + "s/.*/&&/;" * n + "' main.py",
    "awk": lambda n: "awk '" + "{print}" * n + "' a > b",
    "tr": lambda n: "tr a " + "b" * n + " < main.py > b.py",
    "install": lambda n: "pip install " + " ".join(f"p{i}==1" for i in range(n)),
    "install -r": lambda n: "pip install " + "-r requirements.txt " * n,
    "constraints": lambda n: "pip install " + "-c requirements.txt " * n + "x",
    "extras": lambda n: "pip install 'x[" + "a," * n + "]'",
    "exports": lambda n: "".join(f"export A{i}=1; " for i in range(n)) + "python main.py",
    "paths": lambda n: "export PYTHONPATH=" + "/a:" * n + "$PYTHONPATH; python main.py",
    "path that doubles": lambda n: (
        "PYTHONPATH=/a; " + "PYTHONPATH=$PYTHONPATH:$PYTHONPATH; " * n + "export PYTHONPATH"
    ),
    "options": lambda n: "python " + "-X dev " * n + "main.py",
    "modules": lambda n: "python -m " + "a." * n + "a",
    "code": lambda n: "python -c '" + "import nope; " * n + "'",
    "code in code": lambda n: "python -c \"import os; os.system('" + "python -c x " * n + "')\"",
    "comments": lambda n: "true # " + "x" * n,
    "escapes": lambda n: "echo " + "\\" * n + "a",
    "dollars": lambda n: "echo " + "$" * n,
    "single dollar quotes": lambda n: "echo $'" + "\\x41" * n + "'",
    "assignments": lambda n: "a=1 " * n + "true",
    "long word": lambda n: "echo " + "a" * n,
    "many words": lambda n: "echo " + "a " * n,
    "positional": lambda n: "echo $" + "9" * n + " ${" + "9" * n + "}",
    "shift": lambda n: "shift " + "9" * n,
    "set": lambda n: "set " + "-e " * n,
    "traps": lambda n: "trap 'rm x' EXIT; " * n,
    "test": lambda n: "[ " + "! " * n + "-f x ]",
    "test of parentheses": lambda n: "[ " + "\\( " * n + "-f x" + " \\)" * n + " ]",
    "double brackets": lambda n: "[[ " + "( " * n + "-f x" + " )" * n + " ]]",
    "double brackets, or": lambda n: "[[ " + "-f x || " * n + "-f y ]] && rm x",
    "numbers": lambda n: "[ " + "9" * n + " -gt 1 ] && rm main.py",
    "chmod": lambda n: "chmod " + "9" * n + " main.py; chmod a+x" + ",a+x" * n + " main.py",
    "tar": lambda n: "tar xf " + "a.tar -C x " * n,
    "curl": lambda n: "curl " + "-o a http://x " * n,
    "git": lambda n: "git clone " * n + "http://x",
    "select": lambda n: "select x in " + "a " * n + "; do rm $x; done",
    "coproc": lambda n: "coproc " * n + "true",
    "ampersands": lambda n: "true & " * n,
    "double semicolons": lambda n: ";; " * n,
    "read": lambda n: "while read " + "a " * n + "; do rm $a; done < main.py",
    "ifs": lambda n: "IFS=a; x=" + "ba" * n + "; rm $x",
    "lengths": lambda n: "x=" + "a" * n + "; touch ${#x} ${x:" + "9" * n + "}",
    "indirections": lambda n: "a=a; echo ${!a}; " * n,
    "arrays": lambda n: "a=(" + "x " * n + "); rm ${a[@]}",
    "locals": lambda n: "f() { " + "local a=$a$a; " * n + "}; a=b; f",
    "aliases": lambda n: "alias a='a a'; a; " * n,
    "sources": lambda n: ". ./start.sh; " * n,
    "command -v": lambda n: "command " * n + "-v python",
}

SHORT = (
    "while true; do x=$x$x; done",
    "while :; do touch a$i; i=$((i + 1)); done",
    "until false; do mkdir -p a/a; cd a; done",
    "i=0; while [ $i -lt 1000000000 ]; do i=$((i+1)); rm f$i; done",
    "for i in $(seq 1 100000000); do touch $i; done",
    "for i in `cat main.py`; do for j in `cat main.py`; do touch $i$j; done; done",
    ":(){ :|:& };:",
    "f() { f; }; f",
    "f() { f & f & }; f",
    "f() { x=$x$x; f; }; x=a; f",
    'f() { "$@"; }; f f f f f f',
    'eval \'eval "$x"\'; x=\'eval "$x"\'; eval "$x"',
    "x='$x'; eval echo $x; eval eval eval echo \\$x",
    ". ./start.sh",
    "sh start.sh",
    'exec ./start.sh "$@"',
    "sh -c 'sh start.sh; . ./start.sh'",
    'bash -c "$0"; bash -c "$BASH_COMMAND"',
    "while read x; do . $x; done < start.sh",
    "cat start.sh | sh",
    "cat start.sh start.sh > start.sh; sh start.sh",
    "cp start.sh a.sh; sh a.sh",
    "cat main.py main.py > main.py",
    "cat /dev/zero > main.py; yes > a.py; dd if=/dev/zero of=b.py",
    "head -c 1000000000000 /dev/urandom > main.py",
    "ln -s /dev/zero main.py",
    "truncate -s 1E main.py; fallocate -l 1T main.py",
    "mkdir a; mv a a/a; mv . a; rm -rf ..; cd $(pwd); cd -",
    "rm -rf /*; rm -rf /; rm -rf $X/*",
    "find / -exec cp {} / \\;",
    "cp -r / /app; cp -r /proc /app",
    "mount --bind / /app; chroot /app",
    "trap 'exec sh start.sh' EXIT; exit",
    "trap 'sh start.sh' ERR; false",
    "exec 3<>main.py; cat <&3 >&3",
    "set -- $(cat main.py); while [ $# -gt 0 ]; do rm $1; done",
    "PATH=.:; PYTHONPATH=$PATH$PATH; python main.py",
    "echo $((1/0)) $((9223372036854775807+1)) $((-9223372036854775808/-1)) $((1<<64)) $((08)) $((x=x+1))",
    "x=x; echo $((x)); y=z; z=y; echo $((y))",
    'x="x+x"; echo $((x))',
    "a='a[$(a)]'; echo $((a))",
    "printf -v x '%1000000000s' ; echo ${x// /xx}",
    "echo {a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}",
    "echo {1..1000000000} {a..z}{a..z}{a..z}{a..z}{a..z}{a..z}",
    "rm */../*/../*/../*/../*/../*/../*/../*/../*/../*/../*/../*",
    "shopt -s globstar extglob; rm **/**/**/**/**/**/**/*; rm +(+(+(a)))",
    "case $(cat main.py) in *) case x in $(cat main.py)) ;; esac ;; esac",
    "python - <<E\nimport nope\nE",
    'python -c "$(cat main.py)"',
    "python -c 'while True: pass'",
    "python main.py & wait; exec python -m main | tee; python",
    "python -m python -m main; python -m -c; python -- -- main.py; python -",
    "if python main.py; then python main.py; else exec python main.py; fi",
    'exec "$@"; exec "$0"; exec $*; exec',
    "exec gosu root tini -- dumb-init su-exec env -i nice nohup timeout 1 python main.py",
    "gunicorn -c gunicorn.py main:main; uvicorn main:app --factory; celery -A main worker; flask --app main run",
    "pip install -r <(echo x); pip install -r requirements.txt -c <(cat requirements.txt)",
    "set -e; set -o pipefail; set -u; echo $UNSET; false | true; ! true; rm main.py",
    "return; break 1000000000; continue 99999; exit 99999999999999999999",
    "function f { :; }; function g() ( exit 1 ); f; g; unset -f f; f",
    "<<A <<B cat; cat\nA\nB\n",
    "cat <<-'E O F'\n\tx\n\tE O F\n",
    "x=1 y=$x z=$y$(echo $x) env | sh",
    "\\e\\x\\i\\t; 'ex'it; e\"x\"it; $(echo exit)",
)


def snippet(random: Random) -> tuple[str, str]:
    if random.random() < 0.3:
        line = random.choice(SHORT)
        return line.split("\n")[0][:40], line
    name = random.choice(list(REPEATED))
    return name, REPEATED[name](size(random, 10_000))[:LARGEST]


WRAPPERS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("", lambda line: line),
    ("", lambda line: line),
    ("", lambda line: line),
    ("in a subshell, ", lambda line: f"({line}\n)"),
    ("in a function, ", lambda line: f"f() {{ {line}\n}}; f"),
    ("in a loop, ", lambda line: f"for o in 1 2 3 4 5 6 7 8 9; do {line}\ndone"),
    ("in a loop without end, ", lambda line: f"while true; do {line}\ndone"),
    ("in a condition, ", lambda line: f'if [ "$OUTER" ]; then {line}\nfi'),
    ("as a condition, ", lambda line: f"if {line}\nthen rm gone.py; fi"),
    ("in a substitution, ", lambda line: f"x=$({line}\n)"),
    ("in a pipe, ", lambda line: f"cat main.py | {{ {line}\n}} | sh"),
    ("quoted, ", lambda line: "sh -c '" + line.replace("'", "'\\''") + "'"),
    ("evaluated, ", lambda line: "eval '" + line.replace("'", "'\\''") + "'"),
    ("behind and, ", lambda line: f"true && {line}\nrm gone.py"),
    ("behind an unknown program, ", lambda line: f"make && {line}"),
)


def wrapped(random: Random) -> tuple[str, str]:
    name, line = snippet(random)
    for _ in range(random.choice((1, 1, 2))):
        before, wrap = random.choice(WRAPPERS)
        name, line = before + name, wrap(line)
    return name, line[:LARGEST]


def project(name: str, steps: str, start: str = '["python", "main.py"]', **others: Content) -> Input:
    script = others.pop("script", None)
    files: dict[str, Content] = {
        "Dockerfile": encoded(f"FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n{steps}\nCMD {start}\n"),
        ".dockerignore": "gone.py\n",
        "gone.py": "",
        "main.py": "import gone\n",
        "requirements.txt": "requests\n",
        **({} if script is None else {"start.sh": script}),
    }
    return Input(name, files)


def as_run(line: str) -> str:
    """The command in one RUN, each line end hidden from the Dockerfile."""
    return "RUN " + line.replace("\n", " \\\n")


def run(random: Random) -> Input:
    name, line = wrapped(random)
    return project(f"RUN {name}", as_run(line))


def run_heredoc(random: Random) -> Input:
    name, line = wrapped(random)
    head = random.choice(
        (
            "RUN <<HD",
            "RUN <<'HD'",
            "RUN <<-HD",
            "RUN bash <<HD",
            "RUN cat <<HD > x.sh && sh x.sh",
            "RUN python <<HD",
        )
    )
    return project(f"{head}, {name}", f"{head}\n{line}\nHD")


def runs(random: Random) -> Input:
    parts = [wrapped(random) for _ in range(random.randint(2, 12))]
    return project(
        "RUNs " + ", ".join(name for name, _ in parts)[:80], "\n".join(as_run(line) for _, line in parts)
    )


def script(random: Random) -> Input:
    name, line = wrapped(random)
    head = random.choice(
        (
            "#!/bin/sh\n",
            "#!/bin/bash\nset -e\n",
            "#!/usr/bin/env python\n",
            "",
            "#!/app/start.sh\n",
            "\ufeff#!/bin/sh\n",
        )
    )
    end = random.choice(
        ("\nexec python main.py\n", '\nexec "$@"\n', "\n. ./start.sh\n", "\nsh ./start.sh\n", "")
    )
    text = head + line + end
    if random.random() < 0.15:
        text = text.replace("\n", "\r\n")
    start = random.choice(
        (
            '["sh", "start.sh"]',
            '["./start.sh"]',
            '["./start.sh", "python", "main.py"]',
            "sh start.sh",
            ". ./start.sh",
        )
    )
    step = random.choice(
        (
            "RUN chmod +x start.sh",
            "",
            "RUN sh start.sh",
            "RUN . ./start.sh",
            'ENTRYPOINT ["sh", "/app/start.sh"]',
        )
    )
    return project(f"script, {name}", step, start, script=encoded(text))


def command(random: Random) -> Input:
    name, line = wrapped(random)
    return project(
        f"CMD {name}", random.choice(("", 'SHELL ["bash", "-c"]', "USER x")), line.replace("\n", " ")
    )


VALID = """#!/bin/bash
set -euo pipefail
export APP_HOME="${APP_HOME:-/app}" WORKERS=${WORKERS:-$(( $(nproc) * 2 + 1 ))}
wait_for() {
  local host=$1 port=${2:-5432} i
  for i in $(seq 1 30); do
    if nc -z "$host" "$port" 2>/dev/null; then return 0; fi
    sleep 1
  done
  echo >&2 "no $host:$port"; return 1
}
case "${1:-}" in
  web|"") shift || true; exec gunicorn -w "$WORKERS" main:app "$@" ;;
  worker) exec celery -A main worker ;;
  -*) set -- python main.py "$@" ;;
  *) ;;
esac
if [ -f "$APP_HOME/.env" ] && [ ! -d /tmp/x ]; then
  while IFS='=' read -r key value; do [[ $key =~ ^[A-Z_]+$ ]] && export "$key=$value"; done < "$APP_HOME/.env"
fi
cat > /tmp/conf.py <<EOF
name = "${HOSTNAME}"
EOF
find . -name '*.pyc' -delete -o -path ./tests -prune -exec rm -rf {} +
python -c "import main; print(main.x)" || { rm -rf gone.py; exit 1; }
exec "$@"
"""
WORDS = (
    *(
        "if then else elif fi for in do done while until case esac ;; { } ( ) [ ] [[ ]] && || | & ; ! $ ` ' \" \\ # < > >> << <<E E "
        "$( ${ $(( )) } $x ${x} $@ $* $# $? x=1 x export cd rm -rf cp mv ln -s mkdir -p touch echo printf cat sed -i find . / .. * "
        "python main.py -m -c pip install -r requirements.txt sh start.sh eval exec set -e local function f() true false return exit"
    ).split(),
    *("\n", "\n", "\t", " "),
)


def changed(random: Random) -> Input:
    start = random.choice(('["./start.sh", "python", "main.py"]', '["bash", "start.sh"]'))
    step = random.choice(("", "RUN bash start.sh web"))
    return project("changed script", step, start, script=mutated(random, encoded(VALID)))


def soup(random: Random) -> Input:
    text = " ".join(random.choice(WORDS) for _ in range(size(random, 3_000)))
    if random.random() < 0.5:
        return project("words in any order", as_run(text))
    return project(
        "script of words in any order", "RUN sh start.sh", '["bash", "start.sh"]', script=encoded(text)
    )


ODD_LINES = (
    "rm {}",
    "cd {}",
    "touch {}",
    "echo '{}' > x",
    "export {}=1",
    "x='{}'; rm $x",
    "cp main.py {}",
    "python {}",
    "pip install {}",
    "{}",
)


def odd_text(random: Random) -> Input:
    odd = "".join(random.choice(ODD) for _ in range(random.randint(1, 3)))
    line = random.choice(ODD_LINES).replace("{}", odd)
    text = repeated(random, line + "\n", 20)
    return random.choice(
        (
            project("odd text", as_run(line)),
            project("odd text in a start", "", line.replace("\n", " ")),
            project("odd text in a script", "RUN sh start.sh", '["sh", "start.sh"]', script=encoded(text)),
        )
    )


TEMPLATES = (run, run, run_heredoc, runs, script, script, command, changed, soup, odd_text)
