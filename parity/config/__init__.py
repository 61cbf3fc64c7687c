"""What the user asks for: options and configuration, found and checked."""
