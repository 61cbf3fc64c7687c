"""Dockerfiles and ignore files that are meant to take long, to fill the memory, or to break whoever reads them."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.support.corpus.material import (
    LARGEST,
    ODD,
    Content,
    Input,
    Link,
    encoded,
    mutated,
    nested,
    repeated,
    size,
)

HEAD = "FROM python:3.12-slim\nWORKDIR /app\n"
END = 'COPY . .\nCMD ["python", "main.py"]\n'

REPEATED: dict[str, Callable[[int], str]] = {
    "arguments that double": lambda n: HEAD + "ARG A=aa\n" + "ARG A=${A}${A}\n" * n + "COPY $A .\n",
    "arguments of each other": lambda n: (
        "ARG A0=aa\n"
        + "".join(f"ARG A{i + 1}=${{A{i}}}${{A{i}}}\n" for i in range(n))
        + f"FROM python:$A{n}\n"
    ),
    "variables that double": lambda n: HEAD + "ENV A=aa\n" + "ENV A=$A$A\n" * n,
    "path that doubles": lambda n: (
        HEAD + "ENV PYTHONPATH=/a\n" + "ENV PYTHONPATH=$PYTHONPATH:$PYTHONPATH\n" * n
    ),
    "folder that doubles": lambda n: HEAD + "ENV A=a/\n" + "ENV A=$A$A\nWORKDIR $A\n" * n,
    "folders": lambda n: HEAD + "WORKDIR a\n" * n,
    "folders up": lambda n: HEAD + "WORKDIR ../..\n" * n,
    "long folder": lambda n: HEAD + "WORKDIR " + "a/" * n + "\n",
    "defaults": lambda n: HEAD + "ENV A=" + nested("${B:-", "b", "}", n) + "\n",
    "required": lambda n: HEAD + "ENV A=" + nested("${B:?", "b", "}", n) + "\n",
    "prefixes": lambda n: HEAD + "ENV A=" + "a" * n + "\nENV B=${A##" + "*a" * n + "b}\n",
    "replacements": lambda n: HEAD + "ENV A=" + "a" * n + "\n" + "ENV A=${A//a/aaaaaaaaaa}\n" * min(n, 20),
    "stages": lambda n: "".join(f"FROM s{i - 1} AS s{i}\n" if i else "FROM python AS s0\n" for i in range(n)),
    "stages with steps": lambda n: "".join(
        (f"FROM s{i - 1} AS s{i}\n" if i else "FROM python AS s0\n") + f"RUN touch /app/a{i}\n"
        for i in range(n)
    ),
    "stages of one name": lambda n: "FROM python AS a\n" + "FROM a AS a\n" * n,
    "stages of stages to come": lambda n: "".join(f"FROM s{i + 1} AS s{i}\n" for i in range(n)),
    "cycle of stages": lambda n: "".join(
        f"FROM s{(i + 1) % n} AS s{i}\nCOPY --from=s{(i + 2) % n} / /\n" for i in range(n)
    ),
    "stage of itself": lambda n: "FROM a AS a\nCOPY --from=a . .\n" * n,
    "copies between stages": lambda n: (
        "FROM python AS s0\nCOPY . /app\n"
        + "".join(
            f"FROM scratch AS s{i + 1}\nCOPY --from=s{i} /app /app\nCOPY --from=s{i} /app /app/a\n"
            for i in range(n)
        )
        + "WORKDIR /app\n"
    ),
    "copies of two stages": lambda n: (
        "FROM python AS s0\nCOPY . /app\nFROM python AS s1\nCOPY . /app\n"
        + "".join(
            f"FROM python AS s{i + 2}\nCOPY --from=s{i} /app /app\nCOPY --from=s{i + 1} /app /app\n"
            for i in range(n)
        )
        + "WORKDIR /app\n"
    ),
    "copies within": lambda n: (
        "FROM python AS s0\nCOPY . /a\n"
        + "".join(f"FROM s{i} AS s{i + 1}\nCOPY --from=s{i} / /b{i}\n" for i in range(n))
    ),
    "copy sources": lambda n: HEAD + "COPY " + " ".join(f"s{i}" for i in range(n)) + " ./\n",
    "copy of one": lambda n: HEAD + "COPY " + "main.py " * n + "./\n",
    "copies": lambda n: HEAD + "COPY . .\n" * n,
    "copies of files": lambda n: HEAD + "".join(f"COPY main.py m{i}.py\n" for i in range(n)),
    "copies with wildcards": lambda n: HEAD + "COPY " + "*/../" * n + "*.py ./\n",
    "copies of stars": lambda n: HEAD + "COPY " + "*a" * n + " ./\n",
    "excludes": lambda n: HEAD + "COPY " + "--exclude=**/a*b* " * n + ". .\n",
    "parents": lambda n: HEAD + "COPY --parents " + "./*/" * n + " ./\n",
    "flags": lambda n: HEAD + "COPY " + "--chown=a:b " * n + ". .\n",
    "json sources": lambda n: HEAD + "COPY [" + '"a", ' * n + '"."]\n',
    "json nested": lambda n: HEAD + "CMD " + nested("[", '"a"', "]", n) + "\n",
    "json string": lambda n: HEAD + 'CMD ["python", "' + "\\u0041" * n + '"]\n',
    "heredocs": lambda n: (
        HEAD + "COPY " + "".join(f"<<E{i} " for i in range(n)) + "./\n" + "".join(f"E{i}\n" for i in range(n))
    ),
    "unclosed heredocs": lambda n: HEAD + "COPY " + "<<E " * n + "./\nimport x\n",
    "unclosed heredoc": lambda n: HEAD + "RUN <<E\n" + "true\n" * n,
    "large heredoc": lambda n: HEAD + "COPY <<E main.py\n" + "import nope\n" * n + "E\n",
    "heredoc files": lambda n: (
        HEAD + "".join(f"COPY <<E m{i}.py\nimport m{i + 1}\nE\n" for i in range(n)) + "CMD python m0.py\n"
    ),
    "heredoc of variables": lambda n: (
        HEAD + "ENV A=" + "a" * n + "\nCOPY <<E main.py\n" + "$A" * min(n, 5_000) + "\nE\n"
    ),
    "continued": lambda n: HEAD + "RUN true \\\n" * n,
    "continued comments": lambda n: HEAD + "RUN true \\\n" + "# x\n" * n + "true\n",
    "empty lines": lambda n: HEAD + "RUN true \\\n" + "\n" * n + "true\n",
    "escape of its own": lambda n: "# escape=`\n" + HEAD + "RUN a `\n" * n,
    "directives": lambda n: "# syntax=x\n" * n + HEAD,
    "comments": lambda n: "#" + "x" * n + "\n" + "# a\n" * n + HEAD,
    "onbuild": lambda n: HEAD + "ONBUILD " * n + "RUN true\n",
    "onbuilds": lambda n: "FROM python AS a\n" + "ONBUILD COPY . .\n" * n + "FROM a\n",
    "triggers of triggers": lambda n: (
        "FROM python AS s0\nONBUILD RUN touch a\n"
        + "".join(f"FROM s{i} AS s{i + 1}\nONBUILD COPY . /a{i}\n" for i in range(n))
    ),
    "labels": lambda n: HEAD + "LABEL " + "a=b " * n + "\n",
    "variables": lambda n: HEAD + "ENV " + " ".join(f"A{i}=b" for i in range(n)) + "\n",
    "variable in turn": lambda n: HEAD + "".join(f"ENV A{i}=$A{i - 1}x\n" for i in range(n)),
    "unclosed variable": lambda n: HEAD + "ENV A=" + "${" * n + "\n",
    "quotes": lambda n: HEAD + "ENV A=" + "'\"" * n + "\n",
    "backslashes": lambda n: HEAD + "ENV A=" + "\\" * n + "\n",
    "shells": lambda n: HEAD + 'SHELL ["sh", "-c"]\n' * n,
    "users": lambda n: HEAD + "USER a:" + "9" * n + "\n",
    "ports": lambda n: HEAD + "EXPOSE " + "80 " * n + "\n",
    "volumes": lambda n: HEAD + "VOLUME " + "/app " * n + "\n",
    "mounts": lambda n: HEAD + "RUN " + "--mount=type=bind,source=.,target=/x " * n + "cp -r /x /app\n",
    "mounts of stages": lambda n: (
        "FROM python AS s0\n"
        + "".join(
            f"FROM python AS s{i + 1}\nRUN --mount=from=s{i},source=/,target=/m cp -r /m /app/m{i}\n"
            for i in range(n)
        )
    ),
    "health checks": lambda n: HEAD + "HEALTHCHECK " + "--interval=1s " * n + "CMD python main.py\n",
    "commands": lambda n: HEAD + 'CMD ["python", "main.py"]\n' * n,
    "arguments of a command": lambda n: HEAD + 'CMD ["python"' + ', "-u"' * n + ', "main.py"]\n',
    "additions": lambda n: HEAD + "ADD " + "https://x/y " * n + "./\n",
    "addition of an archive": lambda n: HEAD + "ADD a.tar.gz " + "a/" * n + "\n",
    "installs": lambda n: HEAD + "RUN pip install requests\n" * n,
    "long line": lambda n: HEAD + "RUN " + "a" * n + "\n",
    "long name": lambda n: HEAD + "COPY " + "a" * n + " /x\n",
    "long target": lambda n: HEAD + "COPY main.py /" + "a" * n + "\n",
    "deep target": lambda n: HEAD + "COPY main.py /" + "a/" * n + "\n",
    "removed again": lambda n: HEAD + "COPY . .\nRUN rm gone.py\n" * n,
    "renamed": lambda n: HEAD + "COPY . .\n" + "".join(f"RUN mv /app/a{i} /app/a{i + 1}\n" for i in range(n)),
    "renamed folders": lambda n: HEAD + "COPY . .\n" + "RUN mv /app /b && mv /b /app\n" * n,
    "folders in themselves": lambda n: HEAD + "COPY . .\n" + "RUN cp -r /app /app/a\n" * n,
    "linked": lambda n: (
        HEAD + "COPY . .\n" + "".join(f"RUN ln -s /l{i + 1} /l{i}\n" for i in range(n)) + "WORKDIR /l0\n"
    ),
    "linked round": lambda n: HEAD + "RUN ln -s /a /b && ln -s /b /a\nCOPY . /a\nWORKDIR /b\n" * n,
    "linked up": lambda n: HEAD + "RUN ln -s .. /app/a\nWORKDIR /app/" + "a/app/" * n + "\n",
    "no instruction": lambda n: "FOO bar\n" * n,
    "nothing": lambda n: "\n" * n,
    "only arguments": lambda n: "ARG A\n" * n,
    "platforms": lambda n: "FROM " + "--platform=$BUILDPLATFORM " * n + "python\n",
    "images": lambda n: "FROM " + "a/" * n + "python:" + "9" * n + "\n",
    "digest": lambda n: "FROM python@sha256:" + "a" * n + "\n",
    "versions": lambda n: "FROM python:3." + "9" * n + "\n",
}

ONE_LINE = (
    "ADD https://[::1 /x",
    "ADD http://[/x] .",
    "ADD git@x:y#:..:z .",
    "ADD --checksum=sha256:x https://x .",
    "COPY --from=0 / /",
    "COPY --from=99999999999999999999 / /",
    "COPY --from=-1 / /",
    "COPY --chmod=99999999999999999999999 . .",
    "COPY --link --parents --exclude= . .",
    "COPY ../../../../../../etc/passwd .",
    "COPY /proc/self/fd/0 .",
    "COPY [] [",
    'COPY ["", ""]',
    "COPY . ..",
    "COPY . /proc/self",
    "COPY [a-",
    "COPY [^] [!] [\\] ./",
    "COPY ** **/** ./",
    "WORKDIR",
    "WORKDIR $",
    "WORKDIR ${",
    "WORKDIR ${A:-${A:-",
    "WORKDIR C:\\x",
    "ENV",
    "ENV A",
    "ENV =x",
    "ENV A==B C=",
    "ENV PYTHONPATH=:::..:/:::",
    "ENV PYTHONHOME=/x PYTHONSTARTUP=main.py PYTHONSAFEPATH=1 PYTHONUTF8=9",
    "ARG A=${A}",
    "ARG A=${B} B=${A}",
    "ENV A=${A} B=${A:+$B}",
    "ENV A=${A##${A##${A##*}}} B=${A/a} C=${A//} D=${A%%%}",
    "SHELL []",
    "SHELL sh",
    'SHELL [""]',
    'SHELL ["python", "-c"]\nRUN import nope',
    'SHELL ["sh", "-c", "exit"]',
    "USER",
    "USER 99999999999999999999",
    "USER $A:$B:$C",
    "CMD",
    "CMD []",
    'CMD [""]',
    'CMD ["python", ""]',
    'CMD ["python", "-m", ""]',
    'CMD ["python", "-c"]',
    'CMD ["python", "-c", "\\ud800"]',
    'CMD ["python", "-m", "\\u0000"]',
    'CMD ["\\u001b[2J"]',
    'CMD ["python", "\x1b]0;x\x07.py"]',
    'CMD ["python", "-\x9b"]',
    "CMD python $A $B ${C",
    "CMD 'python main.py",
    'ENTRYPOINT ["sh", "-c", "$0 $@"]',
    'ENTRYPOINT ["python"]\nCMD ["-"]',
    'ENTRYPOINT ["python", "-X", "frozen_modules=x", "-W", "x", "-I", "-P", "-S", "-s", "-E"]',
    'ENTRYPOINT ["uvicorn", "a:b:c:d"]',
    'ENTRYPOINT ["uvicorn", ":"]',
    'ENTRYPOINT ["uvicorn", "main:", "--factory", "--app-dir", "\\u0000"]',
    'ENTRYPOINT ["gunicorn", "-c", "/dev/zero", "main:app()()()"]',
    'ENTRYPOINT ["gunicorn", "main:f(" ]',
    'ENTRYPOINT ["celery", "-A", "..", "worker"]',
    'ENTRYPOINT ["flask", "--app", "main:f(\'", "run"]',
    'ENTRYPOINT ["python", "manage.py", "runserver"]',
    'ENTRYPOINT ["python", "/proc/self/exe"]',
    'ENTRYPOINT ["python", "."]',
    'ENTRYPOINT ["python", "..", ".."]',
    'ENTRYPOINT ["pytest", "-p", "x", "--pyargs", "\\u202e"]',
    "HEALTHCHECK NONE NONE",
    "HEALTHCHECK CMD",
    "STOPSIGNAL 99999999999999",
    "EXPOSE 1-99999999999",
    "EXPOSE $A-$B",
    "VOLUME [",
    "ONBUILD",
    "ONBUILD ONBUILD ONBUILD RUN x",
    "ONBUILD FROM x",
    "MAINTAINER",
    "RUN",
    "RUN []",
    'RUN ["sh", "-c"]',
    "RUN --mount",
    "RUN --mount=",
    "RUN --mount=type=bind,from=0,source=/,target=/ rm -rf /app",
    "RUN --mount=type=cache,target=/app rm x",
    "RUN --mount=type=secret,id=x,target=/app/main.py cat",
    "RUN --network=x --security=y --device=z true",
    "RUN <<",
    "RUN <<'",
    "RUN << E\nE",
    "RUN <<E <<E\nE\nE",
    "RUN <<E\n#!/usr/bin/env python\nimport nope\nE",
    "RUN <<-\tE\n\tx\n\tE",
    "COPY <<E\nE",
    'COPY <<"E$A" /main.py\n$A\nE$A',
    "FROM",
    "FROM  AS",
    "FROM x AS y AS z",
    "FROM scratch",
    "FROM $A",
    "FROM ${A:-scratch}",
    "FROM python:${A",
    "FROM python:3.99999999999999999999",
    "FROM python:-1",
    "FROM python:3.12@",
    "FROM --platform= python",
    "FROM 0",
    "FROM a AS 0\nFROM 0",
    "FROM python AS python\nFROM python",
    "# escape=`\nFROM python",
    "# syntax=docker/dockerfile:99\n# check=error=true;skip=all",
    "#!/bin/sh",
)


def project(name: str, dockerfile: str | bytes, **others: Content) -> Input:
    data = dockerfile if isinstance(dockerfile, bytes) else encoded(dockerfile)
    return Input(
        name,
        {
            "Dockerfile": data,
            ".dockerignore": "gone.py\n",
            "gone.py": "",
            "main.py": "import gone\n",
            "a/b.py": "",
            **others,
        },
    )


def repetition(random: Random) -> Input:
    name = random.choice(list(REPEATED))
    return project(name, REPEATED[name](size(random, 10_000))[:LARGEST] + END)


def repetitions(random: Random) -> Input:
    names = random.sample(list(REPEATED), random.randint(2, 4))
    return project(" + ".join(names), "".join(REPEATED[name](size(random, 300)) for name in names) + END)


def lines(random: Random) -> Input:
    chosen = [random.choice(ONE_LINE) for _ in range(size(random, 12))]
    return project(chosen[0], HEAD + "\n".join(chosen) + "\n" + (END if random.random() < 0.7 else ""))


VALID = """# syntax=docker/dockerfile:1
ARG PYTHON=3.12
FROM python:${PYTHON}-slim AS build
ENV PIP_NO_CACHE_DIR=1 \\
    POETRY_VERSION=1.8
WORKDIR /build
COPY --link pyproject.toml requirements*.txt ./
RUN --mount=type=cache,target=/root/.cache \\
    python -m venv /venv && /venv/bin/pip install -r requirements.txt
FROM node:20 AS web
COPY web/ /web
RUN npm ci && npm run build
FROM python:${PYTHON}-slim
LABEL org.opencontainers.image.source="https://example.org/x" a='b c'
ENV PATH=/venv/bin:$PATH PYTHONPATH="/app:/app/lib"
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=web --chown=1000:1000 /web/dist ./static
COPY --exclude=tests . .
RUN <<EOF
set -e
rm -rf tests docs/*.md
find . -name '*.pyc' -delete
EOF
COPY <<"CONF" /app/conf.py
NAME = "x"
CONF
USER 1000
EXPOSE 8000/tcp
VOLUME ["/data"]
HEALTHCHECK --interval=30s CMD curl -f http://localhost:8000/ || exit 1
ENTRYPOINT ["python", "-u"]
CMD ["main.py", "--port", "8000"]
"""
WORDS = (
    (
        "FROM AS ARG ENV COPY ADD RUN CMD ENTRYPOINT WORKDIR USER SHELL ONBUILD VOLUME EXPOSE LABEL HEALTHCHECK --from= "
        "--chown= --link --exclude= --parents --mount=type=bind python:3.12 scratch a b . / ./ ../ * ** [ ] { } ' \" \\ $ ${ } "
        '$A ${A:-b} = <<E E , "a" ["a"] # main.py sh -c rm -rf mv cp 0 1'
    ).split()
    + ["\n"] * 12
    + ["\\\n"] * 4
)


def changed(random: Random) -> Input:
    data = mutated(random, encoded(VALID))
    return project("changed Dockerfile", data, **{"requirements.txt": "requests\n", "web/x.js": ""})


def soup(random: Random) -> Input:
    text = " ".join(random.choice(WORDS) for _ in range(size(random, 3_000)))
    return project("words in any order", HEAD + text + "\n" + END)


def noise(random: Random) -> Input:
    return project("any bytes", random.randbytes(size(random, 20_000)))


ODD_LINES = (
    *(
        "COPY {} .",
        "COPY main.py {}",
        "WORKDIR /a{}",
        "ENV {}={}",
        "ENV A='{}'",
        "ARG A={}",
        "USER {}",
        "LABEL a={}",
    ),
    *(
        "RUN {}",
        "CMD {}",
        'CMD ["python", "{}"]',
        "ENTRYPOINT {}",
        "SHELL {}",
        "FROM {}",
        "FROM python AS {}",
        "{}",
    ),
    *(
        "ADD {} .",
        "COPY --from={} a b",
        "RUN --mount={} x",
        "COPY <<{} x\n{}",
        "# {}",
        "ONBUILD {}",
        "VOLUME {}",
    ),
)


def odd_text(random: Random) -> Input:
    odd = "".join(random.choice(ODD) for _ in range(random.randint(1, 3)))
    line = random.choice(ODD_LINES)
    text = repeated(random, line.replace("{}", odd) + "\n", 20)
    return project(f"odd text in {line!r}", HEAD + text + END)


PATTERNS: dict[str, Callable[[int], str]] = {
    "stars": lambda n: "*a" * n + "b",
    "double stars": lambda n: "**/" * n + "b",
    "double stars and names": lambda n: "**/a/" * n + "b",
    "question marks": lambda n: "?" * n,
    "brackets": lambda n: "[a-z]" * n,
    "unclosed bracket": lambda n: "[" * n,
    "not": lambda n: "!" * n + "a",
    "backslashes": lambda n: "\\" * n,
    "lines": lambda n: "\n".join(f"a{i}" for i in range(n)),
    "lines that change": lambda n: "*\n!*\n" * n,
    "lines of stars": lambda n: "\n".join(f"**/*{i}*/**" for i in range(n)),
    "up": lambda n: "../" * n + "a",
    "long": lambda n: "a" * n,
    "deep": lambda n: "a/" * n,
    "comments": lambda n: "# a\n" * n,
    "blanks": lambda n: " \t" * n,
    "braces": lambda n: "{a,b}" * n,
    "plus": lambda n: "(a+)+" * n + "$",
}
LONG_NAMES = {f"{'a' * 100}/{'a' * 200}{n}.py": "" for n in range(3)}


def ignore_file(random: Random) -> Input:
    name = random.choice(list(PATTERNS))
    text = encoded(PATTERNS[name](size(random, 20_000))[:LARGEST])
    if random.random() < 0.3:
        text = mutated(random, text + b"\n*.pyc\n!keep.pyc\n/docs\n")
    where = random.choice((".dockerignore", ".dockerignore", "Dockerfile.dockerignore", ".gitignore"))
    return project(f"{where}: {name}", HEAD + END, **{**LONG_NAMES, where: text + b"\ngone.py\n"})


def many(random: Random) -> Input:
    """Hundreds of Dockerfiles, each of another name, some of them links."""
    files: dict[str, Content] = {}
    for i in range(size(random, 300)):
        folder = random.choice(("", f"d{i}/", f"a/b{i}/c/", "services/"))
        name = random.choice(("Dockerfile", f"Dockerfile.{i}", f"{i}.Dockerfile", "Containerfile"))
        files[folder + name] = random.choice(
            (
                HEAD + END,
                encoded(random.choice(ONE_LINE)),
                Link("Dockerfile"),
                Link("../Dockerfile"),
                "",
                b"\0",
            )
        )
    return project("many Dockerfiles", HEAD + END, **files)


TEMPLATES = (
    *(repetition, repetition, repetition, repetitions, lines, lines),
    *(changed, changed, soup, noise, odd_text, ignore_file, many),
)
