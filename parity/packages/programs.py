"""Which distribution brings the program that a command starts?"""

from __future__ import annotations

from parity.model.command import Command

PROGRAMS = {
    **{
        name: name
        for name in (
            *"uvicorn gunicorn hypercorn daphne granian celery rq dramatiq arq flask".split(),
            *"fastapi streamlit chainlit alembic pytest gradio locust ddtrace debugpy honcho".split(),
        )
    },
    "waitress-serve": "waitress",
    "huey_consumer": "huey",
    "huey_consumer.py": "huey",
    "django-admin": "django",
    "ddtrace-run": "ddtrace",
    "watchmedo": "watchdog",
    "newrelic-admin": "newrelic",
    "opentelemetry-instrument": "opentelemetry-instrumentation",
}
"""Names that system packages do not take, in general: not uwsgi, supervisord, jupyter."""

TOOLS = {
    "supervisord": "supervisor",
    "circusd": "circus",
    "honcho": "honcho",
    "uwsgi": "uwsgi",
    "jupyter": "jupyter-core",
    "jupyter-lab": "jupyterlab",
    "mlflow": "mlflow",
    "scrapy": "scrapy",
    "dagster": "dagster",
    "dagster-daemon": "dagster",
    "dagster-webserver": "dagster-webserver",
    "prefect": "prefect",
    "litestar": "litestar",
    "sanic": "sanic",
    "functions-framework": "functions-framework",
    "bentoml": "bentoml",
    "nameko": "nameko",
    "faust": "faust-streaming",
    "aerich": "aerich",
    "invoke": "invoke",
}
"""Programs that system packages bring, too, or other tools."""


def program_of(command: Command) -> tuple[str, str] | None:
    """The program (`gunicorn`, also of `python -m gunicorn`) and its distribution; None for any other."""
    words = [word or "" for word in command.argv]
    name = words[0].rpartition("/")[2] if words else ""
    if name.startswith("python") and words[1:2] == ["-m"] and len(words) > 2:
        name = words[2]
    return (name, PROGRAMS[name]) if name in PROGRAMS else None
