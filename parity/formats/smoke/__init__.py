"""The forms of the start-up import test, one file each."""
