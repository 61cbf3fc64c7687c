"""Lock files: which distributions, of which version, does an installer take from one?"""
