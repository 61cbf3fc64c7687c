"""The files that bring `parity` into a repository: configuration, CI, hook, editor task. One file each."""
