"""Which form of start command answers to which program? Written by scripts/write_start_registry.py."""

from __future__ import annotations

from parity.programs.loading import rows

GENERAL = ("frameworks.django", "starts.aws_lambda", "starts.interpreter")
"""Asked about every command: the first before the program's own form, the others behind it."""

FORMS = rows("""
frameworks.airflow: airflow
frameworks.alembic: alembic
frameworks.celery: celery
frameworks.django: django-admin django-admin.py
frameworks.fastapi: fastapi
frameworks.flask: flask
frameworks.locust: locust
frameworks.queues: arq dramatiq dramatiq-gevent huey_consumer huey_consumer.py rq rqworker taskiq
starts.aerich: aerich
starts.bentoml: bentoml
starts.dagster: dagster dagster-daemon dagster-webserver
starts.daphne: daphne
starts.faust: faust
starts.functions_framework: functions-framework functions_framework
starts.granian: granian
starts.gunicorn: gunicorn
starts.hypercorn: hypercorn
starts.invoke: inv invoke
starts.litestar: litestar
starts.nameko: nameko
starts.pages: bokeh chainlit gradio mesop panel streamlit
starts.pytest: py.test pytest
starts.ray_serve: serve
starts.sanic: sanic
starts.scrapy: scrapy
starts.tools: black flower ipython jupyter jupyter-lab jupyter-notebook jupyter-server jupyterhub jupyterlab
    mkdocs mlflow mypy notebook pip pip-compile pip3 ruff tensorboard
starts.uvicorn: uvicorn
starts.uwsgi: pyuwsgi uwsgi uwsgi_python uwsgi_python3
starts.waitress: waitress-serve
""")
"""Program -> the module with its `recognise`."""

PROGRAM_OF_MODULE = rows("""
aerich: aerich
airflow: airflow
alembic: alembic
arq: arq
awslambdaric: awslambdaric
bokeh: bokeh
celery: celery celery.__main__ celery.bin.celery
chainlit: chainlit
circusd: circus.circusd
daphne: daphne
django-admin: django
dotenv: dotenv
dramatiq: dramatiq
fastapi: fastapi fastapi_cli
faust: faust
flask: flask
functions-framework: functions_framework
gradio: gradio
granian: granian
gunicorn: gunicorn gunicorn.app.wsgiapp
honcho: honcho
huey_consumer: huey.bin.huey_consumer
hypercorn: hypercorn
invoke: invoke
jupyter: jupyter
jupyterlab: jupyterlab
litestar: litestar
locust: locust
mesop: mesop
mlflow: mlflow
notebook: notebook
opentelemetry-instrument: opentelemetry.instrumentation.auto_instrumentation
panel: panel
pip: pip
pipenv: pipenv
poetry: poetry
pytest: pytest
rq: rq rq.cli
sanic: sanic
scrapy: scrapy scrapy.cmdline
streamlit: streamlit streamlit.web.cli
supervisord: supervisor.supervisord
taskiq: taskiq
uv: uv
uvicorn: uvicorn
waitress-serve: waitress
""")
"""What `python -m` runs that is also a program."""
