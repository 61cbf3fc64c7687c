"""Which paths does a pattern name? One file a dialect."""
