"""A name much like the one that is written: of a path, a module, or what a module defines."""
