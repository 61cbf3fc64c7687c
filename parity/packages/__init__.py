"""Distributions: what is declared, what a lock file closes over, which modules each brings."""
