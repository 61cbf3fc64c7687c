"""The forms of what came of the start-up tests, one file each."""
