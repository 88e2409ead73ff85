"""What is used stays: the service refuses to delete an entity that others need, and names them."""

from collections.abc import Iterable

from local_azure.arm.errors import ArmError
from local_azure.arm.references import service_id
from local_azure.arm.store import Entity


def require_unused(kind: str, name: str, users: Iterable[Entity]) -> None:
    """Raise ArmError (400), in the words that the service has for a backend, when somebody uses an entity.

    `kind` and `name` say what is to be deleted; the users are named by their ids within the service.
    """
    paths = [user.id.removeprefix(service_id(user.id)) for user in users]
    if paths:
        used_by = "".join(f"{path}\r\n" for path in paths)
        message = f"The {kind} '{name}' is used by the following entities:\r\n{used_by}"
        raise ArmError(400, "ValidationError", message, details=())
