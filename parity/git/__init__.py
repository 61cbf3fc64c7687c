"""What git has of the checkout: read from the repository's own files. git itself is never run."""
