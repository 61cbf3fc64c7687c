"""The start-up, statement by statement in CPython's order, without running any of it."""
