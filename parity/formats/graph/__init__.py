"""How an import graph is written: one file a format."""
