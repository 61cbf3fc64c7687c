"""Which file of frameworks knows which calls? Written by scripts/write_start_registry.py."""

FRAMEWORKS = {
    "aiohttp": "asgi",
    "arq": "arq_calls",
    "asgi": "asgi",
    "celery": "celery_calls",
    "click": "click_calls",
    "decouple": "environment",
    "django": "django_calls",
    "environ": "environment",
    "fastapi": "asgi",
    "flask": "flask_calls",
    "litestar": "asgi",
    "logging": "logging_config",
    "quart": "asgi",
    "sanic": "asgi",
    "scrapy": "scrapy_calls",
    "split_settings": "split_settings",
    "starlette": "asgi",
    "werkzeug": "werkzeug_calls",
}
"""By the first part of a call's name. A file is loaded when it is asked."""
