"""`check` as one self-contained page."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator

from parity import __version__
from parity.formats.excerpt import offsets
from parity.formats.naming import name_of
from parity.formats.page import element, page, text
from parity.formats.presentation import Presentation
from parity.formats.style import PLAIN
from parity.formats.words import (
    breaks,
    closing,
    costs_of,
    counts,
    exception_line,
    label_of,
    likely,
    plural,
    verdict_on,
)
from parity.model.finding import Edit, Finding, Severity
from parity.model.location import Location
from parity.model.report import ImageReport, Report, Unchecked, Verdict

_VERDICTS = (Verdict.FAILS, Verdict.UNCHECKED, Verdict.OK)
_KINDS = {Verdict.FAILS: "error", Verdict.UNCHECKED: "warning", Verdict.OK: "ok"}
_LONGEST = 400
"""Characters of a line that are shown."""


def render(report: Report, presentation: Presentation) -> str:
    """The page."""
    parts = ["<header>", element("h1", "parity"), element("p", closing(report, PLAIN), "soft"), "</header>"]
    if any(not _is_bare(image) for image in report.images):
        parts.append(_table(report))
    for failure in report.failures:
        place = f"{failure.location}: " if failure.location else ""
        parts += [
            "<article class=error>",
            f"<h3>{element('b', 'cannot be checked', 'error')} {text(failure.dockerfile)}</h3>",
            element("p", place + failure.message),
            *([element("p", failure.hint, "soft")] if failure.hint else []),
            "</article>",
        ]
    parts += [element("p", f"not looked at: {note.message}") for note in report.notes]
    for number, image in enumerate(report.images):
        if not _is_bare(image):
            parts += _image(image, number, presentation)
    parts += _bare(report.images)
    parts.append(element("footer", f"parity {__version__}", "soft"))
    return page(f"parity: {counts(report)}", "\n".join(parts))


def _table(report: Report) -> str:
    """The images, those with findings first; on a narrow screen a cell stands below the other, with its name."""
    numbered = sorted(enumerate(report.images), key=lambda pair: _VERDICTS.index(pair[1].verdict))
    rows = [_row(image, number) for number, image in numbered if not _is_bare(image)]
    heads = "".join(f"<th>{name}</th>" for name in ("image", "start command", "Python", "verdict"))
    numbers = "".join(f'<th class="n">{one.value}s</th>' for one in Severity)
    joined = "\n".join(rows)
    return f"<table>\n<thead><tr>{heads}{numbers}</tr></thead>\n<tbody>\n{joined}\n</tbody>\n</table>"


def _row(image: ImageReport, number: int) -> str:
    command = shlex.join(image.entrypoint.argv) if image.entrypoint else "no Python start command"
    told = ""
    for severity in Severity:
        count = sum(f.severity is severity for f in image.findings)
        none = "" if count else " none"
        told += f'<td class="n{none}" data-name="{severity.value}s">{count}</td>'
    verdict = "not checked" if image.verdict is Verdict.UNCHECKED else image.verdict.value
    return (
        f'<tr><td><a href="#image{number}">{text(name_of(image))}</a></td><td><code>{text(command)}</code></td>'
        f'<td data-name="Python">{text(image.python or "unknown")}</td>'
        f"<td>{element('b', verdict, _KINDS[image.verdict])}</td>{told}</tr>"
    )


def _is_bare(image: ImageReport) -> bool:
    """Is nothing to be said of it but that it starts no Python?"""
    return image.is_without_python and all(one.severity is Severity.INFO for one in image.findings)


def _bare(images: Iterable[ImageReport]) -> Iterator[str]:
    """The images that start no Python, folded: there is nothing to say of them."""
    names = [name_of(image) for image in images if _is_bare(image)]
    if names:
        yield f"<details><summary>{plural(len(names), 'image')} without a Python start command</summary><ul>"
        yield from (element("li", name) for name in names)
        yield "</ul></details>"


def _image(image: ImageReport, number: int, presentation: Presentation) -> Iterator[str]:
    yield f'<h2 id="image{number}">{text(name_of(image))}</h2>'
    if image.entrypoint is not None:
        yield element("p", f"{image.checked.modules} modules, workdir {image.workdir}", "soft")
    if image.verdict is not Verdict.FAILS:
        said = "not checked: " if image.verdict is Verdict.UNCHECKED else ""
        yield element("p", said + verdict_on(image), "warning" if said else "ok")
    for finding in image.findings:
        yield from _finding(finding, presentation)
    if image.unknowns:
        yield f"<details><summary>{plural(len(image.unknowns), 'step')} could not be read</summary><ul>"
        yield from (element("li", _step(one)) for one in image.unknowns)
        yield "</ul></details>"


def _step(one: Unchecked) -> str:
    cost = costs_of(one)
    return f"not checked {cost}: {one}" if cost else f"{one}; nothing depends on it"


def _finding(finding: Finding, presentation: Presentation) -> Iterator[str]:
    kind = finding.severity.value
    yield f"<article class={kind}>"
    yield f"<h3>{element('b', f'{kind} {finding.code}', kind)} {text(finding.message)}</h3>"
    yield element("p", finding.name + likely(finding), "soft")
    here, cause = finding.location, finding.cause
    if here is not None:
        yield from _excerpt(here, "", presentation)
    if cause is not None:
        if cause.location is not None and str(cause.location) != str(here):
            yield from _excerpt(cause.location, label_of(cause), presentation)
        elif cause.location is None:
            yield element("p", cause.detail)
    if len(finding.chain) > 1:
        yield "<details open><summary>start-up reaches it through</summary><ol>"
        for link in finding.chain:
            place = f"{link.path or link.image_path}:{link.line}"
            yield f"<li><code>{text(place)}</code> {element('span', link.module, 'soft')}</li>"
        yield "</ol></details>"
    yield "<dl>"
    for note in finding.notes:
        yield f"<dt>note</dt>{element('dd', note)}"
    if finding.exception:
        yield f"<dt>in the container</dt><dd><code>{text(exception_line(finding))}</code></dd>"
    if finding.also_breaks:
        yield f"<dt>also</dt>{element('dd', breaks(finding))}"
    if finding.fix:
        yield f"<dt>fix</dt>{element('dd', finding.fix)}"
    yield "</dl>"
    yield from (_edit(edit) for edit in finding.edits)
    yield "</article>"


def _excerpt(place: Location, label: str, presentation: Presentation) -> Iterator[str]:
    caption = f"{place} {label}" if label else str(place)
    yield f"<figure><figcaption>{text(caption)}</figcaption>"
    line = presentation.excerpt(place)
    if line is not None:
        start, end = offsets(line, place)
        first, last = max(start - _LONGEST, 0), end + _LONGEST
        before, span, after = line[first:start], line[start:end][:_LONGEST], line[end:last].rstrip("\r\n")
        number = f"<span class=no>{place.line}  </span>"
        yield f"<pre>{number}{text(_spaces(before))}<mark>{text(_spaces(span))}</mark>{text(_spaces(after))}</pre>"
    yield "</figure>"


def _spaces(part: str) -> str:
    return part.replace("\t", "    ")


def _edit(edit: Edit) -> str:
    verb = "insert before" if edit.end_line < edit.start_line else "replace" if edit.replacement else "remove"
    one = edit.end_line <= edit.start_line
    lines = f"line {edit.start_line}" if one else f"lines {edit.start_line}–{edit.end_line}"
    new = "\n".join(text(line) for line in edit.replacement.splitlines())
    shown = f"<pre>{new}</pre>" if new else ""
    return f"<figure><figcaption>{text(edit.path)}: {verb} {lines}</figcaption>{shown}</figure>"
