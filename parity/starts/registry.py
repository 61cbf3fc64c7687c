"""The forms of start commands, one file each, here and in frameworks/.

They are loaded when a command is first asked about.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from parity.startup.entrypoint import Recognise

FORMS = (
    "frameworks.django",
    "starts.uvicorn",
    "starts.gunicorn",
    "starts.hypercorn",
    "starts.daphne",
    "starts.granian",
    "starts.waitress",
    "starts.uwsgi",
    "frameworks.celery",
    "frameworks.queues",
    "frameworks.flask",
    "frameworks.fastapi",
    "starts.pages",
    "frameworks.alembic",
    "frameworks.airflow",
    "frameworks.locust",
    "starts.pytest",
    "starts.aws_lambda",
    "starts.tools",
    "starts.interpreter",
)
"""Modules with a function `recognise`, the most specific first; console scripts of the project come after them."""

PROGRAM_OF_MODULE = {
    **{name: name for name in ("uvicorn", "gunicorn", "hypercorn", "daphne", "granian", "celery", "flask")},
    **{name: name for name in ("fastapi", "streamlit", "chainlit", "gradio", "mesop", "panel", "bokeh")},
    **{name: name for name in ("alembic", "pytest", "dramatiq", "arq", "taskiq", "awslambdaric", "rq")},
    **{name: name for name in ("jupyter", "airflow", "notebook", "jupyterlab", "mlflow", "pip", "locust")},
    "gunicorn.app.wsgiapp": "gunicorn",
    "waitress": "waitress-serve",
    "celery.__main__": "celery",
    "celery.bin.celery": "celery",
    "fastapi_cli": "fastapi",
    "streamlit.web.cli": "streamlit",
    "rq.cli": "rq",
    "huey.bin.huey_consumer": "huey_consumer",
    "django": "django-admin",
    "supervisor.supervisord": "supervisord",
    "honcho": "honcho",
    "circus.circusd": "circusd",
    "opentelemetry.instrumentation.auto_instrumentation": "opentelemetry-instrument",
    "dotenv": "dotenv",
    "uv": "uv",
    "poetry": "poetry",
    "pipenv": "pipenv",
}
"""What `python -m` runs that is also a program."""


@cache
def forms() -> tuple[Recognise, ...]:
    """The `recognise` of each form, in order."""
    return tuple(import_module(f"parity.{name}").recognise for name in FORMS)
