"""What a program does to files: one file a program, or family of programs."""
