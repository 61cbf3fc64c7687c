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
