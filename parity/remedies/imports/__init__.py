"""Edits of import statements: from where they take a name, and when they run."""
