"""Answers of earlier runs, each kept with all that it rests on. A miss is never an error."""
