"""What a base image brings."""
