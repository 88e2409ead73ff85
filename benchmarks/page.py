"""The page that runs write: what dominates and the tables of one machine's work, then a part on deliveries."""

from collections.abc import Mapping, Sequence
from datetime import date

from benchmarks.stacks import EMPTY, IMPORTING, StackTimes
from benchmarks.table import Table, seconds

_TITLE = "# Benchmarks"
_ABOUT = (
    "Written by `./dev bench` (some six minutes), which works in a scratch copy on ports of its own. Figures of one "
    "machine are no promise for another: compare ratios, which are of the same run."
)
_ROUGH = " A quick run: the figures are rough."
_DELIVERIES = "## Deliveries"
_ABOUT_DELIVERIES = (
    "Written by `./dev bench-delivery` (some ten minutes): foundation, platform and {models} generated models, in a "
    "scratch copy that is a git repository, on its own local Azure."
)


def dominating(measured: Mapping[str, StackTimes], model: str) -> str:
    """Return where the time of a no-op preview of the stack titled `model` goes, in a few sentences."""
    whole, empty = measured[model].preview.median, measured[EMPTY].preview.median
    imports = max(0.0, measured[IMPORTING].preview.median - empty)
    rest = max(0.0, whole - empty - imports)
    return (
        f"A no-op preview of a model's stack takes {seconds(whole)}. {_share(empty, whole)} of that is the floor: what "
        "the engine, the language host with its look at the installed packages, and an empty Python program "
        f"take. {_share(imports, whole)} is the import of azure-native's API Management, which is large. The "
        f"remaining {_share(rest, whole)} is this repository's: the shared library, the plugin's start, and a request "
        "for each resource. `./dev local` adds a few short calls of the CLI for each stack: select, outputs, history."
    )


def _share(part: float, whole: float) -> str:
    return f"{100 * part / whole:.0f} % ({seconds(part)})"


def render(
    tables: Sequence[Table], dominates: Sequence[str], machine: str, day: date, *, rough: bool = False
) -> str:
    """Return the page; `rough` says that it is of a quick run."""
    head = [_TITLE, _ABOUT, about_run(machine, day, rough=rough), "## What dominates", *dominates]
    return "\n".join([*(f"{part}\n" for part in head), *(table.markdown() for table in tables)])


def render_deliveries(models: int, tables: Sequence[Table], told: str, about: str) -> str:
    """Return the part on deliveries of that many models; `about` is what `about_run` returns."""
    head = [_DELIVERIES, _ABOUT_DELIVERIES.format(models=models), about, told]
    return "\n".join([*(f"{part}\n" for part in head), *(table.markdown(level=3) for table in tables)])


def about_run(machine: str, day: date, *, rough: bool) -> str:
    """Return when and where a run was; `rough` says that it was a quick one."""
    return f"{day.isoformat()}, {machine}.{_ROUGH if rough else ''}"


def with_own_part(page: str, own: str) -> str:
    """Return `page` with its first part, up to that on deliveries, replaced by `own`."""
    _, heading, deliveries = page.partition(f"\n{_DELIVERIES}\n")
    return f"{own}{heading}{deliveries}"


def with_deliveries(page: str, deliveries: str) -> str:
    """Return `page` with its part on deliveries replaced, or added."""
    own, _, _ = page.partition(f"\n{_DELIVERIES}\n")
    return f"{own.rstrip()}\n\n{deliveries}".lstrip()
