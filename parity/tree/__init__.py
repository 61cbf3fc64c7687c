"""Sets of files behind one protocol: the checkout, the build context, an image."""
