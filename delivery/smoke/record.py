"""What smoke tests saw, as data: written by the job that runs them, read by whoever reports on them. Holds no key."""

from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from delivery.records import SMOKE_SUFFIX


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SmokeOutcome(StrEnum):
    """How it went with one version of a model."""

    ANSWERED = "answered"
    """As its contract promises."""
    FAILED = "failed"
    NOT_CALLED = "not called"
    """There was nothing to call, or nothing to call it with."""


class SmokeResult(_Record):
    """One version of a model."""

    model: str
    version: str
    """Such as `v1`; empty for a model of which no version was found."""
    outcome: SmokeOutcome
    owner: str = ""
    """The e-mail address of the team that owns the model; empty where nobody describes it any more."""
    url: str = ""
    """The URL that was called; empty where none was."""
    status: int | None = None
    """The HTTP status of the last answer; None where there was none."""
    milliseconds: float | None = None
    """How long that answer took; None where there was none."""
    tries: int = 0
    """How often it was called; more than once when the answers before might have passed by themselves."""
    reason: str = ""
    """Why it failed or was not called, as a phrase."""

    def __str__(self) -> str:
        """Return model and version."""
        return f"{self.model} {self.version}".strip()


class SmokeRecord(_Record):
    """The smoke tests of one environment."""

    environment: str
    results: tuple[SmokeResult, ...] = ()
    """By model and version."""

    @property
    def failed(self) -> tuple[SmokeResult, ...]:
        """Return what did not answer as it should."""
        return self._of(SmokeOutcome.FAILED)

    @property
    def answered(self) -> tuple[SmokeResult, ...]:
        """Return what answered as it should."""
        return self._of(SmokeOutcome.ANSWERED)

    @property
    def not_called(self) -> tuple[SmokeResult, ...]:
        """Return what was not called."""
        return self._of(SmokeOutcome.NOT_CALLED)

    def _of(self, outcome: SmokeOutcome) -> tuple[SmokeResult, ...]:
        return tuple(each for each in self.results if each.outcome is outcome)


def write(record: SmokeRecord, folder: Path) -> Path:
    """Write the record into `folder`, which is made; return its file, `<environment>.smoke.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{record.environment}{SMOKE_SUFFIX}"
    file.write_text(record.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return file
