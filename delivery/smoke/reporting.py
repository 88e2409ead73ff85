"""What smoke tests saw, for people: lines for a terminal, sentences for what failed, Markdown for a workflow."""

from collections.abc import Iterator

from delivery.report.markdown import code, table, text
from delivery.smoke.record import SmokeOutcome, SmokeRecord, SmokeResult

_SIGNS = {SmokeOutcome.ANSWERED: "✓", SmokeOutcome.FAILED: "✗", SmokeOutcome.NOT_CALLED: "-"}


def lines(record: SmokeRecord) -> Iterator[str]:
    """Yield a line for each version, with its status and what its answer took; last, how many answered."""
    width = max((len(str(each)) for each in record.results), default=0)
    for each in record.results:
        yield f"{_SIGNS[each.outcome]} {each!s:<{width}}  {_told(each)}"
    yield f"{record.environment}: {_counts(record)}"


def sentences(record: SmokeRecord) -> str:
    """Return a sentence for each version that failed: what is wrong, and who owns it."""
    return "\n".join(_sentence(each, record.environment) for each in record.failed)


def markdown(record: SmokeRecord) -> str:
    """Return a section of Markdown: the outcome as a whole, what failed and was not called, a row for each version."""
    remarks = [f"- **{text(str(each))}** does not work: {_reason_markdown(each)}" for each in record.failed]
    remarks += [f"- {text(str(each))} was not called: {text(_reason(each))}" for each in record.not_called]
    rows = [_row(each) for each in (*record.failed, *record.not_called, *record.answered)]
    parts = (
        f"### Smoke tests in {text(record.environment)}: {_counts(record)}",
        "\n".join(remarks),
        table(("", "Model", "Answer", "Owner", "Took"), rows, numbers=1) if rows else "",
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _row(result: SmokeResult) -> tuple[str, ...]:
    answer = f"{_answer(result)} {_tries(result)}".strip()
    owner = code(result.owner) if result.owner else ""
    return (_SIGNS[result.outcome], text(str(result)), answer, owner, _took(result))


def _told(result: SmokeResult) -> str:
    if result.outcome is SmokeOutcome.NOT_CALLED:
        return f"not called: {_reason(result)}"
    return f"{_answer(result):<9} {_took(result):>8}  {_tries(result)}".rstrip()


def _answer(result: SmokeResult) -> str:
    """Return the status, marked where it is not what is wrong."""
    if result.status is None:
        return "no answer" if result.url else result.outcome.value
    return str(result.status)


def _took(result: SmokeResult) -> str:
    return "" if result.milliseconds is None else f"{result.milliseconds:.0f} ms"


def _tries(result: SmokeResult) -> str:
    return f"after {result.tries} tries" if result.tries > 1 else ""


def _why(result: SmokeResult) -> str:
    called = f"{result.url}, " if result.url else ""
    tries = f" ({_tries(result)})" if result.tries > 1 else ""
    return f"does not work: {called}{_reason(result)}{tries}."


def _reason(result: SmokeResult) -> str:
    """Return the reason on one line, without the full stop that some of them bring along."""
    return " ".join(result.reason.split()).rstrip(".")


def _reason_markdown(result: SmokeResult) -> str:
    called = f"{code(result.url)}, " if result.url else ""
    tries = f" ({_tries(result)})" if result.tries > 1 else ""
    return f"{called}{text(_reason(result))}{tries}"


def _sentence(result: SmokeResult, environment: str) -> str:
    owner = f" Its owner is {result.owner}." if result.owner else ""
    return f"{result} in {environment} {_why(result)}{owner}"


def _counts(record: SmokeRecord) -> str:
    counts = ((record.answered, "answered"), (record.failed, "failed"), (record.not_called, "not called"))
    return ", ".join(f"{len(results)} {word}" for results, word in counts if results) or "nothing to call"
