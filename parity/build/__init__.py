"""Instructions and a build context -> the image: what each instruction does."""
