"""What a framework imports, beyond what the code itself says: one file a framework."""
