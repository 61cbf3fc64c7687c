"""What is a program capable of whose work cannot be followed, and where? One row a program.

A row says which kind of change it can make (`May`). Where it can make it follows from its words: the folders that its
options name, absolute paths, else its working directory.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parity.model.location import May

PACKAGE_MANAGERS = tuple(
    "apt-get apt dpkg apk yum dnf microdnf rpm zypper pacman brew snap tdnf aptitude".split()
)
"""System package managers: /usr, /etc, /var; a library or a program there may come or go."""
INSTALLERS = tuple(
    "pip pip3 pipx uv uvx poetry pdm pipenv conda mamba micromamba easy_install hatch flit rye pixi".split()
)
"""Python's: site-packages and virtual environments (and the cache)."""

ROWS: dict[May, str] = {
    May.NOTHING: """
        nginx apachectl apache2ctl httpd caddy haproxy ldconfig localedef locale-gen dpkg-reconfigure ssh-keygen
        pytest tox nox coverage mypy pyright ruff black isort flake8 pylint bandit pre-commit safety pip-audit
        hadolint shellcheck eslint prettier jest vitest trivy syft grype cosign openssl update-ca-certificates
        redis-cli psql pg_isready mysql mysqladmin mongosh curl-config pg_config setcap sysctl ulimit
        python:-m:pytest python:-m:unittest python:-m:mypy python:-m:ruff python:-m:coverage python:-m:compileall
        python:-m:site python:-m:pip:check go:test go:vet cargo:test npm:test npm:audit
    """,
    May.ASSETS: """
        flask alembic aerich celery rq dramatiq dbt scrapy streamlit jupyter superset
        npm npx yarn pnpm bun bunx node deno vite webpack rollup esbuild parcel gulp grunt tsc ng nuxt next
        tailwindcss postcss sass sassc lessc stylus uglifyjs terser svgo browserify
        msgfmt pybabel gettext django-admin:compilemessages mkdocs sphinx-build hugo jekyll zensical
        go cargo rustc rustup gcc g++ cc clang cmake ninja meson mvn gradle dotnet javac swift zig ghc stack cabal
        composer gem bundle bower volta corepack nvm fnm asdf
        opentelemetry-bootstrap playwright patchright chromedriver fc-cache convert ffmpeg pandoc
        python:-m:nltk.downloader python:-m:textblob.download_corpora python:-m:babel python:-m:playwright
        sqlite3 pg_dump mysqldump initdb
    """,
    May.DISTRIBUTIONS: f"""
        {" ".join(INSTALLERS)}
        python:-m:pip python:-m:spacy python:-m:ensurepip spacy playwright:install
    """,
    May.SYSTEM: f"""
        {" ".join(PACKAGE_MANAGERS)} add-apt-repository
    """,
    May.GENERATED: """
        protoc buf grpc_tools.protoc python:-m:grpc_tools.protoc prisma datamodel-codegen openapi-generator
        openapi-generator-cli openapi-python-client swagger-codegen ariadne-codegen strawberry betterproto
        cython cythonize maturin mypyc swig pyuic5 pyuic6 pyrcc5 pyside6-uic pyside6-rcc thrift flatc capnp antlr4
        sqlacodegen sqlc python:-m:setuptools_scm versioneer python:-m:mypyc
    """,
    May.SOURCES: """
        git svn hg curl wget aria2c aws gsutil gcloud az rclone rsync scp sftp tar unzip 7z unrar bsdtar cpio
        poetry:build uv:build pdm:build hatch:build flit:build rye:build python:-m:build pip:wheel maturin:build
        huggingface-cli hf kaggle gdown dvc git-lfs s3cmd mc oras skopeo crane docker
    """,
}
"""By what each can make: a program, or with colons between its first words (`python:-m:pytest`, `go:test`)."""

_BY_WORDS = {tuple(row.split(":")): may for may, rows in ROWS.items() for row in rows.split()}

TARGETS = frozenset(
    """
    -o -O -d -C -t --output --out --out-dir --outdir --output-dir --output-path --output-file --outputPath
    --prefix --root --dest --destination --dest-dir --target --target-dir --local-dir --directory --dir
    --directory-prefix --install-dir --build-dir --dist-dir --cache-dir --path --to --save-path --download-dir
    """.split()
)
"""Options whose value is a file or a folder that is written."""
VARIABLES = ("DESTDIR", "PREFIX", "prefix", "OUT", "OUTDIR", "OUT_DIR", "OUTPUT_DIR", "BUILD_DIR", "DIST_DIR")
"""Words `NAME=value`, of make mostly, that name a folder that is written."""
OF_ARCHIVES = frozenset(("aws/install",))
"""Installers that lie in an archive, with its folder: that of the AWS CLI keeps to /usr/local/aws-cli and bin."""
LONGEST = 4096
ASKS = frozenset(("--version", "-version", "-V", "-v", "--help", "-h", "version"))
"""The only argument of a program that says something of itself."""


def capability(words: Sequence[str | None]) -> May:
    """The kind of change that a command is capable of. `words`: its program and its arguments."""
    program = (words[0] or "").split("/")
    if "/".join(program[-2:]) in OF_ARCHIVES:
        return May.ELSEWHERE
    words = (program[-1] or None, *words[1:])
    if len(words) == 2 and words[1] in ASKS:
        return May.NOTHING
    known = [word for word in words[:4] if word is not None]
    for count in range(len(known), 0, -1):
        may = _BY_WORDS.get(tuple(known[:count]))
        if may is not None:
            return may
    return May.ANYTHING


def targets(words: Sequence[str | None]) -> Iterator[str]:
    """The paths that its arguments name as written, and all absolute paths among them; as written."""
    is_target = False
    for word in words:
        if word is None or len(word) > LONGEST:
            is_target = False
            continue
        name, equals, value = word.partition("=")
        if is_target and not word.startswith("-"):
            yield word
        elif equals and value and (name in TARGETS or name in VARIABLES or value.startswith("/")):
            yield value
        elif word.startswith("/"):
            yield word
        elif word[:2] in ("-o", "-C", "-d") and len(word) > 2 and not word.startswith("--"):
            yield word[2:]
        is_target = word in TARGETS
