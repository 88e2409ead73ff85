"""What a delivery saw and did, as data: written by the jobs that run stacks, read by whoever reports on them.

Records cross machines as JSON files. They hold no secret: the engine puts `[secret]` in a secret's place, and whoever
writes one does so with what no program marked, but Azure calls a credential (delivery/report/hidden.py).
"""

from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from delivery.errors import DeliveryError
from delivery.stacks import StackId
from shared.projects import MODEL, split_model_stack

SECRET = "[secret]"  # noqa: S105 - what the engine prints in place of one
"""Stands in the place of a secret value."""

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What the engine prints for a value that only an update will know (sdk/go/common/resource/plugin/rpc.go)."""

SMOKE_SUFFIX = ".smoke.json"
"""How the names of the records of smoke tests end, which lie in the same folder (delivery/smoke/record.py)."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Operation(StrEnum):
    """What is done with the stacks."""

    PREVIEW = "preview"
    UP = "up"
    REFRESH = "refresh"
    DESTROY = "destroy"
    DRIFT = "drift"
    """A preview of a refresh: what Azure has that the state does not know."""


class Action(StrEnum):
    """What happens, or would happen, to one resource."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"


class Outcome(StrEnum):
    """How it went with one stack."""

    DONE = "done"
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    """It ended cleanly in its middle, because somebody asked for it."""
    NOT_BEGUN = "not begun"
    """Something before it failed, or somebody stopped the delivery."""


def type_of(urn: str) -> str:
    """Return the type token that a URN holds."""
    return urn.split("::")[2].rpartition("$")[2]


class ResourceChange(_Record):
    """One resource that changes."""

    urn: str
    """`urn:pulumi:<stack>::<project>::<types>::<name>`."""
    action: Action
    before: dict[str, JsonValue] | None = None
    """The inputs in the state, without credentials; None for a creation. For drift: as the state remembers it."""
    after: dict[str, JsonValue] | None = None
    """The inputs that the program asks for; None for a deletion. For drift: as it is in Azure."""
    paths: tuple[str, ...] = ()
    """The properties that differ, such as `value` or `properties.tags["owner"]`, as the engine names them."""
    forces: tuple[str, ...] = ()
    """Those of them that cannot change in place, and so replace the resource."""
    secrets_differ: bool = False
    """Whether a credential in it changes, which `before` and `after` do not show."""

    @property
    def type(self) -> str:
        """Return the type token, such as `azure-native:apimanagement:ApiPolicy`."""
        return type_of(self.urn)

    @property
    def name(self) -> str:
        """Return the resource's name in its program."""
        return self.urn.split("::", maxsplit=3)[3]


class KeptResource(_Record):
    """One resource that stays as it is."""

    urn: str
    inputs: dict[str, JsonValue]

    @property
    def type(self) -> str:
        """Return the type token."""
        return type_of(self.urn)


class StackRecord(_Record):
    """What happened with one stack, or would."""

    project: str
    name: str
    outcome: Outcome
    reasons: tuple[str, ...] = ()
    """Why it was chosen: phrases such as `shared/model/api.py changed`."""
    owner: str = ""
    """The e-mail address of the team that owns the model; of the layers below only where drift was looked for."""
    changes: tuple[ResourceChange, ...] = ()
    unchanged: int = 0
    """Resources that stay as they are."""
    kept: tuple[KeptResource, ...] = ()
    """Operations and schemas that stay, of APIs of which others change: what that means depends on who uses what."""
    destroys: bool = False
    """Whether the stack as a whole is destroyed, because its model or environment is gone."""
    error: str = ""
    """Sentences for a person; empty unless it failed."""
    held: str = ""
    """The revision to which the model was rolled back, as long as it is held there; else empty."""
    notes: tuple[str, ...] = ()
    """Sentences on what the reader must not miss: a recovery, an upstream change that is not visible here."""
    seconds: float = 0.0
    """How long it took; not a part of reports, which say the same for the same input."""

    @property
    def stack(self) -> StackId:
        """Return which stack it is."""
        return StackId(self.project, self.name)

    @property
    def model(self) -> str | None:
        """Return the model whose stack it is; None for a foundation or a platform."""
        return split_model_stack(self.name)[0] if self.project == MODEL else None


class DeliveryRecord(_Record):
    """One operation on stacks of one environment."""

    environment: str
    operation: Operation
    revision: str = ""
    """The commit that it is about; empty for a tree with changes that are not committed."""
    base: str = ""
    """The commit that it was compared with; empty when it was compared with what is deployed, or with nothing."""
    part: str = ""
    """Which part of the stacks, as `2/3`, where several runners share them; empty for all."""
    stacks: tuple[StackRecord, ...] = ()
    """In the order in which they are delivered."""
    notes: tuple[str, ...] = ()
    """Sentences on the whole: a renamed model, a rollback that is held."""

    @property
    def is_clean(self) -> bool:
        """Tell whether everything was done."""
        return all(each.outcome is Outcome.DONE for each in self.stacks)


def write(record: DeliveryRecord, folder: Path) -> Path:
    """Write the record into `folder`, which is made; return its file, `<environment>.<operation>[.<part>].json`."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = [
        record.environment,
        record.operation,
        *([record.part.replace("/", "-of-")] if record.part else []),
    ]
    file = folder / f"{'.'.join(parts)}.json"
    file.write_text(record.model_dump_json(indent=1) + "\n", encoding="utf-8")
    return file


def forget(folder: Path) -> None:
    """Remove the records of earlier operations from `folder`; what else lies there stays."""
    for file in folder.glob("*.json"):
        file.unlink()


def read(folder: Path) -> tuple[DeliveryRecord, ...]:
    """Return the records below `folder`, by the names of their files: each artifact may have a folder of its own.

    Those of smoke tests are left out. Raises DeliveryError when there is none, or a file is no record.
    """
    found = (file for file in folder.rglob("*.json") if not file.name.endswith(SMOKE_SUFFIX))
    files = sorted(found, key=lambda file: file.name)
    if not files:
        raise DeliveryError(f"{folder} holds no record of a delivery: name the folder given as --results.")
    return tuple(_read(file) for file in files)


def _read(file: Path) -> DeliveryRecord:
    try:
        return DeliveryRecord.model_validate_json(file.read_bytes())
    except ValidationError as error:
        raise DeliveryError(
            f"{file} is no record of a delivery ({error.error_count()} faults): remove it, or let it be written anew."
        ) from error
