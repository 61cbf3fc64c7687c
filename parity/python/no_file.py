"""Under which file name is a text compiled? One that nothing can be read from.

CPython: `_PyErr_ProgramDecodedTextObject`: a syntax error opens the file that is named, to show the line; `<unknown>`
and `<module>` may be files of the folder that the tool is run in.
"""

NO_FILE = "/dev/null/module"
"""Linux: ENOTDIR; elsewhere there is no such folder."""
