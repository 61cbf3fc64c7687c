"""The command line: options in, text and exit status out. Loads what a command needs, when it runs."""
