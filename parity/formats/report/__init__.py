"""How a report of `check` is written: one file a format."""
