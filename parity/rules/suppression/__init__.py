"""What the user does not want to hear again: comments in the source, and a baseline of known findings."""
