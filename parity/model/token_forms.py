"""Values that are credentials, by the forms that those who issue them give them."""

from __future__ import annotations

import re

TOKEN = re.compile(
    r"""
    (?<![A-Za-z0-9_-])(?:
      (?:AKIA|ASIA)(?![A-Z0-9]*EXAMPLE)[A-Z0-9]{16}        # AWS
    | gh[pousr]_[A-Za-z0-9]{36,} | github_pat_[A-Za-z0-9_]{60,}
    | glpat-[A-Za-z0-9_-]{20,}
    | xox[abeprs]-[A-Za-z0-9-]{20,}                        # Slack
    | (?:sk|rk)_live_[A-Za-z0-9]{20,}                      # Stripe
    | AIza[A-Za-z0-9_-]{35}                                # Google
    | npm_[A-Za-z0-9]{36} | pypi-AgEI[A-Za-z0-9_-]{50,} | hf_[A-Za-z0-9]{34}
    | sk-(?:ant-|proj-)[A-Za-z0-9_-]{40,}
    | SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}             # SendGrid
    )(?![A-Za-z0-9_-])
    """,
    re.VERBOSE,
)
HIDDEN = "…"


def masked(text: str) -> str:
    """The text as it may be shown, without such values."""
    return TOKEN.sub(HIDDEN, text)


_SECRET_NAME = re.compile(
    r"(?i)SECRET|TOKEN|PASSWORD|PASSWD|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|CREDENTIAL|_DSN$"
)
_PASSWORD_IN_URL = re.compile(r"://[^/\s:@]*:[^/\s@]+@")


def is_secret(name: str, value: str) -> bool:
    """May a variable hold a credential, by its name or the form of its value?"""
    return bool(_SECRET_NAME.search(name) or _PASSWORD_IN_URL.search(value) or TOKEN.search(value))
