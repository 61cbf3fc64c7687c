"""Dockerfile, .dockerignore and compose file -> the files and the configuration of an image. Knows no Python."""
