"""How the comparison of an image with its sources is written: one file a format."""
