"""Which file of frameworks knows which calls? Written by scripts/write_start_registry.py."""

FRAMEWORKS = {
    "aiohttp": "asgi",
    "apscheduler": "apscheduler_calls",
    "arq": "arq_calls",
    "asgi": "asgi",
    "celery": "celery_calls",
    "click": "click_calls",
    "decouple": "environment",
    "django": "django_calls",
    "environ": "environment",
    "fastapi": "asgi",
    "flask": "flask_calls",
    "hydra": "hydra_calls",
    "litestar": "asgi",
    "logging": "logging_config",
    "omegaconf": "hydra_calls",
    "pydantic": "pydantic_calls",
    "pydantic_settings": "pydantic_calls",
    "quart": "asgi",
    "sanic": "asgi",
    "scrapy": "scrapy_calls",
    "split_settings": "split_settings",
    "starlette": "asgi",
    "tornado": "tornado_calls",
    "werkzeug": "werkzeug_calls",
}
"""By the first part of a call's name. A file is loaded when it is asked."""
