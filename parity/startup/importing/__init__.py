"""The import system: where a module is found, what it is, and what CPython says where it is not."""
