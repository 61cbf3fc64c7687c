"""Text of a Dockerfile -> instructions. Evaluates nothing."""
