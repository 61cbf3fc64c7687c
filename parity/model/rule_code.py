"""Which rules does a word of the user name: in an option, a configuration, or a comment?"""

from __future__ import annotations


def names_rule(word: str, code: str, name: str) -> bool:
    """Is `word` the rule's code, the beginning of it, or the rule's name?"""
    return bool(word) and (code.startswith(word.upper()) or name == word)
