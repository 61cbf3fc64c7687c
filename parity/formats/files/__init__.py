"""How the files of an image are written: one file a format."""
