"""What calls of the standard library do and give, as far as they decide what is imported or opened."""
