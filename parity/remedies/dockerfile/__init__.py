"""Edits of the Dockerfile and of the ignore file beside it, as their writer would write them."""
