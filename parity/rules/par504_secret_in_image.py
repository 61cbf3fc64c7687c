"""A key, a credential, settings with values or the history of the repository gets into the image.

## Why it matters

Whoever can pull the image has it. An image that is pushed to a public registry is read by programs that look for just
that, within minutes.

## Example

```dockerfile
FROM python:3.12-slim
WORKDIR /app
COPY . .
RUN rm -f deploy/server.key
CMD ["python", "-m", "shop"]
```

with a private key in `deploy/server.key`. The layer of `COPY` has it, whatever a later layer removes: `docker save`
shows each of them.

## How to fix it

- Keep the file out with a line of `.dockerignore`, and change what has been published.
- A build that needs it: `RUN --mount=type=secret`. A container that needs it: a mount, or the environment.

## When it is not reported

- Keys in folders of tests, examples and documents.
- Settings (`.env`) that git has, unless a value looks like a secret, and those that only show what there is
  (`.env.example`).
- What lies deep below a folder that is copied, or in a stage that the image is not made from.

Files are told by their names and a look at how they begin: private keys, `.env`, `.git` with its history, `.netrc`,
`.git-credentials`, `.pypirc`, `.npmrc`, credentials of clouds, clusters and registries; values of `ENV` and `ARG` by
the known forms of tokens. No value is ever shown.
"""

from __future__ import annotations

from collections.abc import Iterator

from parity.analysis.analysis import Analysis
from parity.analysis.secrets import Secret, secrets_of
from parity.model.finding import Finding, Remedy, Severity
from parity.remedies.absence import keep_out
from parity.rules.base import Rule


def check(analysis: Analysis) -> Iterator[Finding]:
    for secret in secrets_of(analysis):
        notes: tuple[str, ...] = ()
        if secret.removed_by is not None:
            notes = (f"{secret.removed_by} removes it, and the layer of the COPY has it all the same",)
        yield rule.finding(
            f"{secret.name} gets into the image: {secret.what}",
            location=secret.by,
            image_path=secret.image_path or None,
            remedies=(_remedy(analysis, secret),),
            notes=notes,
        )


def _remedy(analysis: Analysis, secret: Secret) -> Remedy:
    if not secret.checkout_path:
        return Remedy("hand it to the step that needs it: RUN --mount=type=secret")
    kept = keep_out(analysis.image.context, secret.checkout_path)
    return kept or Remedy("do not copy it")


rule = Rule("PAR504", "secret-in-image", Severity.WARNING, check)
