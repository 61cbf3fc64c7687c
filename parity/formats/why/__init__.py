"""How the answer to `why` is written: one file a format."""
