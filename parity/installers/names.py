"""Which file here has which program? Written by scripts/write_registries.py from their COMMANDS."""

FILE_OF = {
    "conda": "conda",
    "conda-lock": "conda_lock",
    "mamba": "conda",
    "micromamba": "conda",
    "pdm": "pdm",
    "pip": "pip",
    "pip-compile": "pip_tools",
    "pip-sync": "pip_tools",
    "pip3": "pip",
    "pipenv": "pipenv",
    "pipx": "pipx",
    "pixi": "pixi",
    "poetry": "poetry",
    "python": "setup_py",
    "uv": "uv",
    "virtualenv": "venv",
}
