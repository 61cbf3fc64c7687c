"""Small projects of every build backend and layout."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent


@dataclass(frozen=True)
class Sample:
    """`files`: a project folder; names alone stand for files with something small in them."""

    name: str
    config: dict[str, str]
    others: str

    @property
    def files(self) -> dict[str, str]:
        found = {path: dedent(text) for path, text in self.config.items()}
        for path in self.others.split():
            stem = path.replace("/", "_").replace(".", "_")
            found[path] = f"NAME = {stem!r}\n" if path.endswith(".py") else f"{stem}\n"
        return found


def toml(backend: str, text: str = "", *, name: str = "shop", project: str = "") -> dict[str, str]:
    requires = backend.partition(".")[0]
    header = f'[build-system]\nrequires = ["{requires}"]\nbuild-backend = "{backend}"\n'
    table = f'[project]\nname = "{name}"\nversion = "1"\n{dedent(project)}\n'
    return {"pyproject.toml": header + table + dedent(text)}


SETUPTOOLS, HATCH, POETRY = "setuptools.build_meta", "hatchling.build", "poetry.core.masonry.api"
FLIT, PDM, UV = "flit_core.buildapi", "pdm.backend", "uv_build"
SHOP = "shop/__init__.py shop/core.py shop/plugins/__init__.py shop/plugins/mail.py shop/data.json"
SRC = "src/shop/__init__.py src/shop/core.py src/shop/plugins/__init__.py src/shop/plugins/mail.py src/shop/data.json"
ASIDE = "tests/__init__.py tests/test_a.py docs/conf.py README.md"

SAMPLES = [
    Sample("setuptools listed", toml(SETUPTOOLS, '[tool.setuptools]\npackages = ["shop"]'), SHOP),
    Sample(
        "setuptools listed in src",
        toml(SETUPTOOLS, '[tool.setuptools]\npackages = ["shop"]\npackage-dir = {"" = "src"}'),
        SRC,
    ),
    Sample("setuptools automatic flat", toml(SETUPTOOLS), f"{SHOP} {ASIDE} shop/templates/a.html"),
    Sample(
        "setuptools automatic src", toml(SETUPTOOLS), f"{SRC} {ASIDE} src/shop/templates/a.html src/tool.py"
    ),
    Sample("setuptools automatic module", toml(SETUPTOOLS), "shop.py conftest.py"),
    Sample("setuptools two packages", toml(SETUPTOOLS), f"{SHOP} config/settings.yaml"),
    Sample(
        "setuptools find",
        toml(
            SETUPTOOLS,
            """
            [tool.setuptools.packages.find]
            include = ["shop*"]
            exclude = ["shop.plugins*"]
            """,
            project='scripts = {shop = "shop.core:main"}',
        ),
        f"{SHOP} {ASIDE} shop/templates/a.html shop/generated/b.py",
    ),
    Sample(
        "setuptools find without namespaces",
        toml(
            SETUPTOOLS,
            """
            [tool.setuptools.packages.find]
            where = ["src"]
            namespaces = false
            """,
        ),
        f"{SRC} src/shop/loose/a.py src/other/__init__.py",
    ),
    Sample(
        "setuptools find in two places",
        toml(SETUPTOOLS, '[tool.setuptools.packages.find]\nwhere = ["lib", "src"]\n'),
        "lib/one/__init__.py lib/one/a.py src/two/__init__.py src/two/b.py",
    ),
    Sample(
        "setuptools namespace package",
        toml(SETUPTOOLS, '[tool.setuptools.packages.find]\nwhere = ["src"]\n'),
        "src/acme/shop/__init__.py src/acme/shop/core.py",
    ),
    Sample(
        "setuptools package data",
        toml(
            SETUPTOOLS,
            """
            [tool.setuptools]
            include-package-data = false
            [tool.setuptools.packages.find]
            where = ["src"]
            [tool.setuptools.package-data]
            "*" = ["*.json"]
            shop = ["templates/**/*.html"]
            [tool.setuptools.exclude-package-data]
            shop = ["secret.json"]
            """,
        ),
        f"{SRC} src/shop/secret.json src/shop/templates/a.html src/shop/templates/x/b.html src/shop/templates/c.txt"
        " src/shop/py.typed src/shop/api.pyi",
    ),
    Sample(
        "setuptools manifest",
        {
            **toml(SETUPTOOLS, '[tool.setuptools.packages.find]\nwhere = ["src"]\n'),
            "MANIFEST.in": "graft src/shop/static\nrecursive-include src *.html\n"
            "global-exclude *.bak\nprune src/shop/static/raw\n",
        },
        f"{SRC} src/shop/static/a.css src/shop/static/raw/b.css src/shop/static/c.bak src/shop/t/d.html",
    ),
    Sample(
        "setuptools modules",
        toml(SETUPTOOLS, '[tool.setuptools]\npy-modules = ["shop", "shop_tools"]'),
        "shop.py shop_tools.py other.py",
    ),
    Sample(
        "setuptools package folder elsewhere",
        toml(
            SETUPTOOLS,
            '[tool.setuptools]\npackages = ["shop", "shop.plugins"]\n'
            'package-dir = {shop = "code", "shop.plugins" = "extra"}',
        ),
        "code/__init__.py code/a.py extra/__init__.py extra/b.py",
    ),
    Sample(
        "setuptools missing package",
        toml(SETUPTOOLS, '[tool.setuptools]\npackages = ["shop", "shop.gone"]'),
        SHOP,
    ),
    Sample(
        "setup.cfg",
        {
            "setup.py": "from setuptools import setup\nsetup()\n",
            "setup.cfg": """
                [metadata]
                name = shop
                version = 1
                [options]
                packages = find:
                package_dir =
                    = src
                include_package_data = true
                [options.packages.find]
                where = src
                exclude =
                    tests*
                [options.package_data]
                * = *.json
                [options.entry_points]
                console_scripts =
                    shopctl = shop.core:main
                    shop-mail = shop.plugins.mail:send [mail]
                """,
        },
        f"{SRC} src/tests/__init__.py",
    ),
    Sample(
        "setup.py find_packages",
        {
            "setup.py": """
                from setuptools import find_packages, setup
                with open("README.md") as file:
                    text = file.read()
                setup(
                    name="shop", version="1", long_description=text,
                    packages=find_packages(exclude=["tests", "tests.*"]),
                    package_data={"shop": ["*.json"]},
                    entry_points={"console_scripts": ["shop=shop.core:main"]},
                )
                """,
        },
        f"{SHOP} {ASIDE} shop/loose/a.py",
    ),
    Sample(
        "setup.py listed",
        {
            "setup.py": """
                import setuptools
                PACKAGES = ["shop"]
                setuptools.setup(name="shop", version="1", packages=PACKAGES + ["shop.plugins"],
                    package_dir={"": "src"}, py_modules=["tool"], scripts=["bin/run"])
                """,
            "bin/run": "#!/usr/bin/env python\nimport shop\n",
        },
        f"{SRC} src/tool.py",
    ),
    Sample(
        "setup.py find_namespace_packages",
        {
            "setup.py": """
                from setuptools import setup, find_namespace_packages
                setup(name="shop", version="1", package_dir={"": "src"},
                    packages=find_namespace_packages("src", include=["acme.*"]))
                """,
        },
        "src/acme/shop/__init__.py src/acme/shop/a.py src/other/b.py",
    ),
    Sample("hatch by name", toml(HATCH, project='scripts = {shop = "shop.core:main"}'), f"{SHOP} {ASIDE}"),
    Sample("hatch by name in src", toml(HATCH, name="Shop"), f"{SRC} {ASIDE}"),
    Sample("hatch module", toml(HATCH), "shop.py other.py"),
    Sample("hatch namespace", toml(HATCH), "acme/shop/__init__.py acme/shop/a.py acme/b.py"),
    Sample("hatch finds nothing", toml(HATCH, name="store"), SHOP),
    Sample(
        "hatch packages",
        toml(HATCH, '[tool.hatch.build.targets.wheel]\npackages = ["src/shop", "lib/tools"]'),
        f"{SRC} lib/tools/__init__.py lib/other.py",
    ),
    Sample(
        "hatch include and exclude",
        toml(
            HATCH,
            """
            [tool.hatch.build.targets.wheel]
            include = ["shop", "*.yaml"]
            exclude = ["/shop/plugins", "*.json"]
            """,
        ),
        f"{SHOP} {ASIDE} config.yaml",
    ),
    Sample(
        "hatch ignored by git",
        {**toml(HATCH), ".gitignore": "*.json\n/shop/plugins/\n!keep.json\n# x\n"},
        f"{SHOP} shop/keep.json shop/__pycache__/x.txt",
    ),
    Sample(
        "hatch artifacts",
        {
            **toml(HATCH, '[tool.hatch.build]\nartifacts = ["shop/data.json"]'),
            ".gitignore": "*.json\n",
        },
        f"{SHOP} shop/other.json",
    ),
    Sample(
        "hatch only-include and sources",
        toml(
            HATCH,
            """
            [tool.hatch.build.targets.wheel]
            only-include = ["src/shop", "assets"]
            sources = {"src" = "", "assets" = "shop/assets"}
            """,
        ),
        f"{SRC} assets/a.txt src/other.py",
    ),
    Sample(
        "hatch force-include",
        toml(
            HATCH,
            """
            [tool.hatch.build.targets.wheel.force-include]
            "extra/config.yaml" = "shop/config.yaml"
            "more" = "shop/more"
            """,
        ),
        f"{SHOP} extra/config.yaml more/a.txt more/b/c.txt",
    ),
    Sample(
        "hatch sources listed",
        toml(
            HATCH,
            """
            [tool.hatch.build.targets.wheel]
            include = ["src/**/*.py"]
            sources = ["src"]
            """,
        ),
        SRC,
    ),
    Sample(
        "poetry by name",
        {
            "pyproject.toml": """
                [tool.poetry]
                name = "my-shop"
                version = "1"
                description = ""
                authors = []
                exclude = ["my_shop/data.json", "my_shop/secret"]
                [tool.poetry.scripts]
                shop = "my_shop.core:main"
                [build-system]
                requires = ["poetry-core"]
                build-backend = "poetry.core.masonry.api"
                """,
        },
        "my_shop/__init__.py my_shop/core.py my_shop/data.json my_shop/t/a.html my_shop/secret/b.py other/c.py",
    ),
    Sample("poetry project table in src", toml(POETRY), f"{SRC} {ASIDE}"),
    Sample(
        "poetry packages",
        toml(
            POETRY,
            """
            [tool.poetry]
            packages = [
                {include = "shop", from = "lib"},
                {include = "tools/**/*.py"},
                {include = "deep", from = "lib", to = "shop/sub"},
            ]
            include = [{path = "notes.txt", format = ["sdist", "wheel"]}]
            """,
        ),
        "lib/shop/__init__.py lib/shop/a.json lib/deep/__init__.py lib/deep/x.py tools/a.py tools/b/c.py tools/d.txt"
        " notes.txt",
    ),
    Sample("poetry finds nothing", toml(POETRY, name="store"), SHOP),
    Sample("flit package", toml(FLIT, project='description = "x"'), f"{SHOP} {ASIDE}"),
    Sample(
        "flit module in src",
        toml(FLIT, name="my-shop", project='description = "x"'),
        "src/my_shop.py other.py",
    ),
    Sample(
        "flit named",
        toml(
            FLIT,
            '[tool.flit.module]\nname = "acme.shop"',
            project='description = "x"\nscripts = {a = "acme.shop:main"}',
        ),
        "acme/shop/__init__.py acme/other.py",
    ),
    Sample("pdm packages", toml(PDM), f"{SHOP} {ASIDE} other/__init__.py loose/a.py single.py"),
    Sample("pdm src", toml(PDM), f"{SRC} {ASIDE} src/single.py"),
    Sample("pdm modules", toml(PDM), "a.py b.py"),
    Sample(
        "pdm includes",
        toml(
            PDM,
            """
            [tool.pdm.build]
            includes = ["shop", "config/*.yaml", "single.py"]
            excludes = ["shop/plugins", "**/*.json"]
            """,
        ),
        f"{SHOP} config/a.yaml config/b.txt single.py other/__init__.py",
    ),
    Sample(
        "pdm package-dir",
        toml(PDM, '[tool.pdm.build]\npackage-dir = "lib"'),
        "lib/shop/__init__.py lib/shop/a.py",
    ),
    Sample(
        "uv by name",
        toml(UV, name="My.Shop"),
        "src/my_shop/__init__.py src/my_shop/a.py src/my_shop/d.json src/b.py",
    ),
    Sample(
        "uv flat and named",
        toml(
            UV,
            """
            [tool.uv.build-backend]
            module-root = ""
            module-name = ["shop", "tools"]
            wheel-exclude = ["/shop/plugins", "*.json"]
            """,
        ),
        f"{SHOP} {ASIDE} tools/__init__.py",
    ),
    Sample(
        "uv namespace",
        toml(UV, '[tool.uv.build-backend]\nmodule-name = "acme.shop"'),
        "src/acme/shop/__init__.py src/acme/other.py",
    ),
    Sample("uv finds nothing", toml(UV, name="store"), SRC),
]
