"""Files, a search path, a Python version and a command -> the import graph and the start-up. Knows no Docker."""
