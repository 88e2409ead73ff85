"""What `./dev compat` shows: for people, and as JSON."""

from collections.abc import Iterable, Sequence

from pydantic import JsonValue
from rich.console import Console
from rich.markup import escape

from delivery.compat.gate import Finding, of_versions
from delivery.report.markdown import visible
from delivery.report.words import counted, listed, plain


def show(findings: Sequence[Finding], environments: Sequence[str], base: str, console: Console) -> None:
    """Print the differences by model and version, breaking ones first, and how many there are."""
    for (model, version), group in of_versions(findings).items():
        console.print(f"[bold]{escape(f'{model} {version}'.strip())}[/bold]")
        for finding in group:
            console.print(_line(finding, environments), soft_wrap=True)
    console.print(escape(summary(findings, base)), soft_wrap=True)


def summary(findings: Iterable[Finding], base: str) -> str:
    """Return the outcome in one sentence."""
    found = list(findings)
    breaking = [finding for finding in found if finding.difference.breaking]
    failing = [finding for finding in breaking if finding.fails]
    if not found:
        return f"Nothing differs for consumers since {base}."
    excused = len(breaking) - len(failing)
    parts = [f"{len(breaking)} breaking" if breaking else "none breaking"]
    parts += [f"{excused} of these excused"] if excused else []
    return f"{counted(len(found), 'difference')} since {base}, {', '.join(parts)}."


def as_json(findings: Iterable[Finding], base: str) -> dict[str, JsonValue]:
    """Return the same as data; `base` is the commit that was compared with."""
    found = list(findings)
    return {
        "base": base,
        "fails": any(finding.fails for finding in found),
        "differences": [_as_json(finding) for finding in found],
    }


def _line(finding: Finding, environments: Sequence[str]) -> str:
    difference = finding.difference
    verdict = "[red]breaking[/red]  " if difference.breaking else "compatible"
    where = (
        "" if finding.environments == tuple(environments) else f" (in {plain(listed(finding.environments))})"
    )
    excuse = f" Not counted: {finding.excuse}." if finding.excuse else ""
    return f"  {verdict}  {escape(_line_of(difference.sentence + where))}.{escape(excuse)}"


def _line_of(text: str) -> str:
    """Return a text on one line, without anything that a terminal would obey: a contract may hold it."""
    return " ".join(visible(text).split())


def _as_json(finding: Finding) -> dict[str, JsonValue]:
    difference, place = finding.difference, finding.difference.place
    return {
        "model": finding.model,
        "version": finding.version,
        "environments": list(finding.environments),
        "breaking": difference.breaking,
        "fails": finding.fails,
        "excuse": finding.excuse,
        "rule": difference.rule.value,
        "sentence": difference.sentence,
        "operation": place.operation,
        "part": place.part.value,
        "name": place.name,
        "media-type": place.media_type,
        "path": place.path,
        "old": difference.old,
        "new": difference.new,
    }
