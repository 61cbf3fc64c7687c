"""What to do about a cause: a sentence, and the edits that do it."""
