"""The programs that start Python code, one file a form."""
