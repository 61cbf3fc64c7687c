"""Which file here has which program? Written by scripts/write_registries.py from their COMMANDS."""

from parity.programs.loading import rows

FILE_OF = rows("""
conda: conda mamba micromamba
conda_lock: conda-lock
pdm: pdm
pip: pip pip3
pip_tools: pip-compile pip-sync
pipenv: pipenv
pipx: pipx
pixi: pixi
poetry: poetry
setup_py: python
system_packages: apk apt apt-get aptitude brew dnf dpkg microdnf pacman rpm snap tdnf yum zypper
uv: uv
venv: virtualenv
""")
