"""What statements and expressions do, in CPython's order."""
