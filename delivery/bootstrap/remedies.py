"""What the Azure CLI says when a command fails, with what to do about it."""

import re

_AGAIN = "What was done before stays; run `./dev bootstrap` again to go on."
_NOTHING = "Nothing was changed."

_OWNER = (
    "Who bootstraps needs the role Owner on the subscription, or Contributor and Role Based Access Control "
    "Administrator without a condition."
)
_DELETED = (
    "A deleted thing keeps this name: bring it back (`az keyvault recover`), or choose another name in the "
    "environment's file."
)
_TAKEN = (
    "The name is taken by somebody in Azure: choose another one in the environment's file, and in the settings that "
    "repeat it."
)
_REMEDIES = (
    (r"AuthorizationFailed|does not have authorization|AuthorizationPermissionMismatch", _OWNER),
    (
        r"az login|AADSTS\d+|[Ii]nteractive authentication is needed",
        "The login is missing or has expired: run `az login`.",
    ),
    (r"deleted state|soft.?deleted|VaultAlreadySoftDeleted", _DELETED),
    (r"AlreadyTaken|AlreadyInUse|VaultAlreadyExists|already in use", _TAKEN),
    (
        r"RequestDisallowedByPolicy",
        "A policy of the organization forbids it: ask who answers for Azure policies.",
    ),
    (r"ScopeLocked", "A lock forbids it: somebody with the role Owner has to remove the lock for the while."),
    (
        r"Connection|Max retries exceeded|timed out",
        "Azure cannot be reached: see to the network, and try again.",
    ),
    (r"unrecognized arguments|misspelled or not recognized", "Update the Azure CLI (`az upgrade`)."),
)


def failure(command: str, stderr: str, *, something_done: bool) -> str:
    """Return the sentences about a command that failed: which, what az said, what to do."""
    said = stderr.strip() or "nothing"
    found = next((remedy for pattern, remedy in _REMEDIES if re.search(pattern, said)), "")
    lines = [f"`{command}` failed. The Azure CLI said:", *(f"  {line}" for line in said.splitlines())]
    return "\n".join([*lines, " ".join(filter(None, (found, _AGAIN if something_done else _NOTHING)))])
