"""How much of the code is the local Azure: an instrument that should not outgrow the product."""

from collections.abc import Iterable
from pathlib import Path

LIMIT = 40  # per cent


def line(texts: Iterable[tuple[Path, str]]) -> str:
    """Tell local_azure's share of the lines of Python that are neither blank nor tests."""
    counts = {
        name: sum(1 for row in text.splitlines() if row.strip())
        for name, text in texts
        if name.suffix == ".py" and name.parts[0] != "tests"
    }
    total = sum(counts.values())
    local = sum(count for name, count in counts.items() if name.parts[0] == "local_azure")
    share = 100 * local / total if total else 0.0
    advice = (
        f"; above {LIMIT} %: see whether every part serves a stack, a policy or a test"
        if share > LIMIT
        else ""
    )
    return f"local_azure is {share:.0f} % of {total} lines of code without tests{advice}"
