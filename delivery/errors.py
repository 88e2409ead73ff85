"""What the engine says when it fails, as a sentence with a remedy."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from delivery.stacks import StackId

if TYPE_CHECKING:
    from delivery.records import ResourceChange

_ANSI = re.compile(r"\x1b\[[0-9;]*m|<\{%[^%]*%\}>")


class DeliveryError(Exception):
    """A stack could not be deployed; the message is a sentence (or a few) that a person can act on."""

    changes: Mapping[str, int] = MappingProxyType({})
    """What was changed before it failed; see `delivery.engine.Deployed`."""
    resources: "tuple[ResourceChange, ...]" = ()
    """The resources that were changed before it failed."""


class AlreadyExistsError(DeliveryError):
    """Resources exist in Azure that the stack's state does not know: an update was cut off while it made them."""

    def __init__(self, message: str, resource_ids: tuple[str, ...]) -> None:
        """Keep the ids of the resources, each an ARM id."""
        super().__init__(message)
        self.resource_ids = resource_ids


class NameReservedError(DeliveryError):
    """Azure keeps a deleted resource, and with it the name that the stack gives to a new one."""


# The words of azure-native, and those for a child of a resource that has a default.
_EXISTS = re.compile(r"cannot create already existing (?:sub)?resource '(?P<id>[^']+)'")


def existing(message: str) -> str | None:
    """Return the ARM id of the resource that exists already, where an error's message says so."""
    found = _EXISTS.search(message)
    return found["id"] if found else None


def failure(
    stack: StackId, diagnostics: tuple[str, ...], stderr: str, imports: tuple[str, ...] = ()
) -> DeliveryError:
    """Return the error for a failed deployment of `stack`; see `explain`.

    `imports` are commands that take what exists already into the stack's state.
    """
    message = explain(stack, diagnostics, stderr)
    if imports:
        message = "\n".join(
            (message, _NOT_TAKEN_OVER.format(stack=stack), *(f"  {each}" for each in imports))
        )
    if _RESERVED.search("\n".join(diagnostics)):
        return NameReservedError(message)
    found = tuple(dict.fromkeys(_EXISTS.findall("\n".join(diagnostics))))
    return AlreadyExistsError(message, found) if found else DeliveryError(message)


_NOT_TAKEN_OVER = (
    "{stack} is to create what is there already, and no update that was cut off had begun to make it: so it is left "
    'alone. Delete it, or take it over (docs/operating.md, "What exists already"), and deliver again:'
)

# The words of API Management and of Key Vault.
_RESERVED = re.compile(r"ServiceAlreadyExistsInSoftDeletedState|already exists in deleted state")


@dataclass(frozen=True)
class _Known:
    """A failure of the engine that has one cause and one remedy."""

    pattern: re.Pattern[str]
    sentence: str


_KNOWN = (
    _Known(
        _RESERVED,
        "{stack} needs a name that Azure keeps for a deleted resource: purge the API Management service (`az apim "
        'deletedservice purge`) or the vault (`az keyvault purge`), or bring it back. docs/operating.md, "Taking an '
        'environment down", tells how and for how long.',
    ),
    _Known(
        re.compile(
            r"AADSTS\d+|DefaultAzureCredential|[Pp]lease run '?az login|ChainedTokenCredential|CredentialUnavailable"
        ),
        "Nobody is logged in to Azure, or the login has expired, so {stack} cannot be worked on: run `az login`; in a "
        "workflow, azure/login comes first, with AZURE_CLIENT_ID of the job's environment and `id-token: write`.",
    ),
    _Known(
        re.compile(r"secrets manager: secrets \(code=Unknown\).*?https://(?P<vault>[^/]+)/", re.DOTALL),
        "The key that encrypts the secrets of {stack} cannot be reached in the vault {vault}: see whether "
        "`secretsprovider` in environments/ names the right vault and key, and whether this machine reaches it.",
    ),
    _Known(
        re.compile(
            r"secrets manager: secrets \(code=PermissionDenied\).*?https://(?P<vault>[^/]+)/", re.DOTALL
        ),
        "This login may not use the key that encrypts the secrets of {stack}, in the vault {vault}: it needs the role "
        "Key Vault Crypto User on it (`./dev bootstrap` assigns it).",
    ),
    _Known(
        re.compile(r"incorrect passphrase|passphrase must be set"),
        "The passphrase does not open the secrets of {stack}: set PULUMI_CONFIG_PASSPHRASE to the one that "
        "the stack was created with (`./dev env local` prints that of `local`), and leave `encryptionsalt` in "
        "the stack's file as it was committed.",
    ),
    _Known(
        re.compile(r"unknown stack \"?(?:organization/)?(?P<upstream>[^\s\"]+)\"?"),
        "{stack} reads the outputs of {upstream}, which was never deployed: deploy {upstream} first "
        "(`./dev local` deploys all layers in order).",
    ),
    _Known(
        re.compile(
            r"unsupported checkpoint version|(not supported by|newer than what) this version of the Pulumi CLI"
        ),
        "The checkpoint of {stack} was written by a newer Pulumi than this one (`./dev toolchain` tells which it is): "
        "put the newer one first on PATH; for the environment `local`, `./dev local reset` starts afresh too.",
    ),
    _Known(
        # pkg/backend/diy/lock.go
        re.compile(
            r"currently locked by.*?created by (?P<who>\S+) \(pid (?P<pid>\d+)\) at (?P<since>\S+)", re.DOTALL
        ),
        "{stack} is locked by an update that {who} (process {pid}) began at {since}: wait until it ends; if that "
        "process is gone, run `pulumi cancel --yes -s {name}` in stacks/{project}.",
    ),
    _Known(
        re.compile(r"the stack is currently locked by"),
        "{stack} is locked by another update: wait until it ends; if its process is gone, "
        "run `pulumi cancel --yes -s {name}` in stacks/{project}.",
    ),
    _Known(
        # Popen's code of a process that a signal ended; such an engine has no last words.
        re.compile(r"\Acode: -(?P<signal>\d+)\Z"),
        "The engine that worked on {stack} was ended by signal {signal} in its middle, by somebody or by a machine "
        "without memory: the next run takes back what it left.",
    ),
)


def plain(text: str) -> str:
    """Return `text` without colour codes of terminals and of the engine's own markup."""
    return _ANSI.sub("", text)


def explain(stack: StackId, diagnostics: tuple[str, ...], stderr: str) -> str:
    """Return why the deployment of `stack` failed.

    `diagnostics` are the engine's error messages in their order, `stderr` what the CLI wrote. A known failure
    becomes one sentence; any other is reported in the engine's own words.
    """
    words = "\n".join((*diagnostics, plain(stderr)))
    for known in _KNOWN:
        if found := known.pattern.search(words):
            return known.sentence.format(
                stack=stack, name=stack.name, project=stack.project, **found.groupdict()
            )
    said = essential(diagnostics)
    return f"{stack} failed:\n" + "\n".join(
        f"  {line}" for line in "\n".join(said or [plain(stderr).strip()]).splitlines()
    )


def essential(diagnostics: tuple[str, ...]) -> list[str]:
    """Return the messages that say why something failed, without those that only say that it did."""
    return [message for message in diagnostics if not _is_echo(message, diagnostics)]


def _is_echo(message: str, diagnostics: tuple[str, ...]) -> bool:
    """Tell whether the engine says with `message` only that something failed, or repeats what failed."""
    return bool(_IS_ECHO.search(message)) or message.removeprefix(_REPEATED) in set(diagnostics) - {message}


# The engine repeats a failure once more on the stack, and says that the update failed.
_REPEATED = "an unhandled error occurred: "
_IS_ECHO = re.compile(
    r"^\s*(update failed|preview failed|resource registration failed|an unhandled error occurred: program exited.*)\s*$"
)
