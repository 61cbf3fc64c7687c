"""The start-up import test of an image: what it runs, what came of it, and whether that was predicted."""
