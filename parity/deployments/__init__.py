"""Which files build or start an image: one file a format."""
