"""What the check tells people."""

from collections.abc import Iterator

from delivery.check.repository import Report
from delivery.report.words import counted


def lines(report: Report) -> Iterator[str]:
    """Yield the lines of a report: what is wrong, or else what is worth knowing, and the sum of it."""
    for title, problems in (
        ("The repository", report.problems),
        *((each.model, each.problems) for each in report.models),
    ):
        if problems:
            yield title
            yield from (f"  {problem}" for problem in problems)
            yield ""
    notes = [note for each in report.models for note in each.notes]
    if notes and not report.count:
        yield "Worth knowing:"
        yield from (f"  {note}" for note in notes)
        yield ""
    yield _sum(report)


def _sum(report: Report) -> str:
    count = counted(len(report.models), "model")
    if report.count:
        wrong = sum(bool(each.problems) for each in report.models)
        of_models = f" in {wrong} of {count}" if wrong else ""
        return f"{counted(report.count, 'problem')}{of_models}."
    versions = counted(sum(each.versions for each in report.models), "version")
    return f"All is right: {count} with {versions} in {', '.join(report.environments)}."
