"""A folder and its ignore file -> the build context: what the builder gets to see."""
