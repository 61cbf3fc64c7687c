"""The language server: what `check` finds, as files are typed."""
