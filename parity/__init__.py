"""Says, without building, whether the start-up of a Docker image would find every module it imports."""

__version__ = "0.1.0"
