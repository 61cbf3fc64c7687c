"""The three answers to a question: found, fails (certain or likely), not checked. Nothing else decides them."""
