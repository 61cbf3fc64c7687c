"""Every rule, one file a code: `parNNN_name.py` with a `rule`. A new rule is one new file."""
