"""What is told of one image, besides its findings: what was looked at, and what is not known."""

from __future__ import annotations

from msgspec.structs import replace

from parity.analysis.analysis import Analysis
from parity.config.settings import ImageSettings
from parity.model.finding import Confidence, Finding
from parity.model.report import Checked, EntrypointReport, ImageReport, Unchecked
from parity.verdict.cost import Cost


def report_of(asked: ImageSettings, analysis: Analysis, findings: list[Finding]) -> ImageReport:
    command = analysis.command
    first = analysis.startups[0] if analysis.startups else None
    entrypoint = None
    if command is not None and first is not None:
        modules = tuple(dict.fromkeys(m for s in analysis.startups for m in s.entrypoint.modules))
        argv = tuple(argument or "" for argument in command.argv)
        entrypoint = EntrypointReport(argv, first.entrypoint.kind, modules, command.location)
    return ImageReport(
        dockerfile=asked.dockerfile[1:],
        context=asked.context[1:] or ".",
        target=asked.target,
        service=asked.service.name if asked.service else None,
        names=asked.names,
        context_guessed=asked.context_guessed,
        python=str(analysis.python) if analysis.python else None,
        workdir=analysis.image.config.working_directory,
        search_path=tuple(f for f in first.search_path if f.startswith("/")) if first else (),
        entrypoint=entrypoint,
        unknowns=tuple(_unchecked(cost) for cost in analysis.costs),
        findings=tuple(
            sorted(
                (_on_a_guess(finding, asked) for finding in findings),
                key=lambda f: (f.severity.rank, f.confidence.value),
            )
        ),
        sources=_sources(analysis),
        checked=_checked(analysis),
    )


def _checked(analysis: Analysis) -> Checked:
    modules = {m.source or m.image_path for s in analysis.startups for m in s.modules}
    followed = {m.source or m.image_path for s in analysis.startups for m in s.modules if m.in_image}
    own = {subject for cost in analysis.costs for subject in cost.own}
    packages = {one.name.partition(".")[0] for s in analysis.startups for one in s.outside}
    open_packages = {subject for cost in analysis.costs for subject in cost.packages}
    return Checked(len(modules) if followed or own else 0, len(own), len(packages), len(open_packages))


def _unchecked(cost: Cost) -> Unchecked:
    return Unchecked(cost.doubt.reason, cost.doubt.location, cost.own, cost.packages)


def _on_a_guess(finding: Finding, asked: ImageSettings) -> Finding:
    """Nothing that rests on a guessed context is certain."""
    if not asked.context_guessed or finding.confidence is not Confidence.CERTAIN:
        return finding
    note = "not certain: the build context is a guess (name another with --context)"
    return replace(finding, confidence=Confidence.LIKELY, notes=(*finding.notes, note))


def _sources(analysis: Analysis) -> tuple[str, ...]:
    """The files of the checkout that the answer rests on."""
    modules = (module.source for startup in analysis.startups for module in startup.modules if module.source)
    files = (analysis.dockerfile, analysis.image.context.ignore.path, *modules)
    return tuple(dict.fromkeys(path for path in files if path))
