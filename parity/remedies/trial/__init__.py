"""Edits are made in memory and the question is asked again: only what ends its finding is offered."""
