"""The forms of a comparison of two images, one file each."""
