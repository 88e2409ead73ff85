"""The document: what a pull request or a delivery does to all stacks and environments."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from delivery.publish.document import marker
from delivery.records import DeliveryRecord, Operation
from delivery.report import drifted, parts
from delivery.report.fitting import LIMIT, Part, fit
from delivery.report.markdown import code, text
from delivery.report.stacks import Stack, stacks_of

MARKER = marker("preview")
"""The first line, by which the comment that is to be updated is found again."""

_NAMES = {
    Operation.PREVIEW: "Preview",
    Operation.UP: "Deployment",
    Operation.REFRESH: "Refresh",
    Operation.DESTROY: "Destruction",
    Operation.DRIFT: "Drift",
}
_SHORT = 10  # characters of a commit
_HEX = re.compile(r"[0-9a-f]{40,64}")
_LONGEST_COMMIT = 40
_FEW = 3
_LONGEST_URL = 2_000


@dataclass(frozen=True)
class Report:
    """The document, as long as it may be and whole."""

    text: str
    """At most `limit` bytes."""
    whole: str
    """Without a limit; equal to `text` when nothing had to be cut."""


def report(
    records: Sequence[DeliveryRecord],
    order: Sequence[str] = (),
    artifact_url: str = "",
    limit: int = LIMIT,
) -> Report:
    """Return the report on all records: the same for the same input, whatever ran first or took longer.

    `order` names the environments in the order in which they are deployed, `artifact_url` where the records and the
    whole report can be downloaded.
    """
    operations = [operation for operation in Operation if any(r.operation is operation for r in records)]
    sections: list[Part] = []
    titles = [_title(records, operation) for operation in operations]
    for place, operation in enumerate(operations):
        chosen = [record for record in records if record.operation is operation]
        stacks = stacks_of(chosen, operation, order)
        if place:
            sections.append(Part("", (parts.paragraph(titles[place]),)))
        sections.append(Part("", (parts.paragraph(parts.headline(stacks, operation)),)))
        sections += _sections(chosen, stacks, operation, order)
    head = f"{MARKER}\n{titles[0] if titles else '## Nothing to report'}"
    whole = fit(head, sections, "", limit=2**62).text
    return Report(fit(head, sections, _pointer(artifact_url), limit).text, whole)


def _title(records: Sequence[DeliveryRecord], operation: Operation) -> str:
    chosen = [record for record in records if record.operation is operation]
    revisions = _commits(record.revision for record in chosen)
    bases = _commits(record.base for record in chosen)
    title = f"## {_NAMES[operation]}"
    if revisions:
        title += f" of {revisions}"
    return f"{title}, compared with {bases}" if bases else title


def _commits(names: Iterable[str]) -> str:
    """Return commits, shortened, as code; `uncommitted` stands for a tree that is no commit."""
    short = {name[:_SHORT] if _HEX.fullmatch(name) else name[:_LONGEST_COMMIT] for name in names if name}
    return ", ".join(map(code, sorted(short)[:_FEW]))


def _sections(
    records: Sequence[DeliveryRecord], stacks: Sequence[Stack], operation: Operation, order: Sequence[str]
) -> list[Part]:
    first = [parts.failures(stacks), parts.not_begun(stacks), parts.notes(records, stacks, order)]
    if operation is Operation.DRIFT:
        return [*first, drifted.drifts(stacks)]
    return [
        *first,
        *parts.subjects(stacks, operation),
        parts.dangers(stacks),
        parts.counts(stacks),
        parts.details(stacks),
    ]


def _pointer(artifact_url: str) -> str:
    where = f"<{artifact_url}>" if _is_link(artifact_url) else text(artifact_url[:_LONGEST_URL])
    place = f"the artifact of this run: {where}" if artifact_url else "the artifact of this run"
    return f"_This report was cut to fit into a comment. The whole of it is in {place}_"


def _is_link(url: str) -> bool:
    """Tell whether it can stand between angle brackets."""
    return (
        url.startswith("https://")
        and len(url) <= _LONGEST_URL
        and url.isascii()
        and url.isprintable()
        and not set(url) & set(" <>\\`")
    )
