"""A stand-in for the Azure CLI: keeps a small world in a file, and answers as `az` does.

The answers have the shape of Azure CLI 2.91 (`az COMMAND --output json`); of the members of a resource it keeps those
that somebody reads here. Options that a command does not have are refused, as `az` refuses them. Each call is logged.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeAlias
from uuid import NAMESPACE_URL, uuid5

if TYPE_CHECKING:  # a call of `az` that loads pydantic takes three times as long
    from pydantic import JsonValue

JsonObject: TypeAlias = "dict[str, JsonValue]"

WORLD = "AZURE_CLI_STAND_IN_WORLD"
"""The variable that names the file of the world."""

_NOT_FOUND = 3
_USAGE = 2


@dataclass
class World:
    """What exists, what was called, and what goes wrong."""

    subscription: str
    tenant: str
    logged_in: bool = True
    user: str = "operator@contoso.example"
    is_person: bool = True
    resources: dict[str, JsonObject] = field(default_factory=dict)
    """By command and name, such as `storage account stcontoso`."""
    assignments: list[JsonObject] = field(default_factory=list)
    calls: list[list[str]] = field(default_factory=list)
    fails: dict[str, str] = field(default_factory=dict)
    """By the beginning of a command: what it fails with."""

    @property
    def written(self) -> list[str]:
        """The commands that were to change something."""
        return [" ".join(call) for call in self.calls if writes(call)]


def writes(call: list[str]) -> bool:
    """Return whether a call is to change something."""
    words = [word for word in call if not word.startswith("-")]
    return not ("show" in words or "list" in words or call[:3] == ["rest", "--method", "get"])


@dataclass(frozen=True)
class Kind:
    """How the answer about a resource is made of the options that it is written with."""

    command: str
    named_by: tuple[str, ...]
    """The options that name it; all but the last name what it is in."""
    members: dict[str, str]
    """Where the answer has the value of an option, with dots."""
    needs: tuple[str, ...] = ()
    """The keys of resources without which it cannot be made, with options in braces."""
    other: tuple[str, ...] = ()
    """Options that it takes and nobody reads."""


_GROUP = "group {--resource-group}"
_ACCOUNT = "storage account {--account-name}"
_KINDS = (
    Kind("provider", ("--namespace",), {}, other=("--wait",)),
    Kind("group", ("--name",), {"--location": "location"}),
    Kind(
        "storage account",
        ("--name",),
        {
            "--location": "location", "--kind": "kind", "--sku": "sku.name",
            "--allow-blob-public-access": "allowBlobPublicAccess",
            "--allow-shared-key-access": "allowSharedKeyAccess",
            "--allow-cross-tenant-replication": "allowCrossTenantReplication",
            "--https-only": "enableHttpsTrafficOnly", "--min-tls-version": "minimumTlsVersion",
        },
        needs=(_GROUP,),
        other=("--resource-group",),
    ),
    Kind(
        "storage account blob-service-properties",
        ("--account-name",),
        {
            "--enable-versioning": "isVersioningEnabled",
            "--enable-delete-retention": "deleteRetentionPolicy.enabled",
            "--delete-retention-days": "deleteRetentionPolicy.days",
            "--enable-container-delete-retention": "containerDeleteRetentionPolicy.enabled",
            "--container-delete-retention-days": "containerDeleteRetentionPolicy.days",
        },
        needs=(_ACCOUNT,),
        other=("--resource-group",),
    ),
    Kind(
        "storage container-rm",
        ("--storage-account", "--name"),
        {"--public-access": "publicAccess"},
        needs=("storage account {--storage-account}",),
        other=("--resource-group",),
    ),
    Kind(
        "keyvault",
        ("--name",),
        {
            "--location": "location", "--retention-days": "properties.softDeleteRetentionInDays",
            "--enable-rbac-authorization": "properties.enableRbacAuthorization",
            "--enable-purge-protection": "properties.enablePurgeProtection",
        },
        needs=(_GROUP,),
        other=("--resource-group",),
    ),
    Kind("identity", ("--name",), {"--location": "location"}, needs=(_GROUP,), other=("--resource-group",)),
    Kind(
        "identity federated-credential",
        ("--identity-name", "--name"),
        {"--issuer": "issuer", "--subject": "subject", "--audiences": "audiences"},
        needs=("identity {--identity-name}",),
        other=("--resource-group",),
    ),
    Kind(
        "lock",
        ("--resource-group", "--name"),
        {"--lock-type": "level", "--notes": "notes"},
        needs=(_GROUP,),
    ),
)  # fmt: skip

_PUBLIC = {"off": "None", "blob": "Blob", "container": "Container"}


class Cli:
    """One call."""

    def __init__(self, world: World, words: list[str]) -> None:
        self.world = world
        self.command = list(_leading(words))
        self.options = _options(words[len(self.command) :])

    def answer(self) -> JsonValue:
        """Carry the command out and return what is printed."""
        match self.command:
            case ["account", "show"]:
                return self._account()
            case ["ad", "signed-in-user", "show"]:
                return {"id": identifier(self.world.user), "userPrincipalName": self.world.user}
            case ["ad", "sp", "show"]:
                return {"id": identifier(self.options["--id"]), "appId": self.options["--id"]}
            case ["rest"]:
                return self._rest()
            case ["role", "assignment", verb]:
                return self._assignment(verb)
            case [*of, verb]:
                return self._resource(" ".join(of), verb)
        raise SystemExit(_USAGE)

    def _account(self) -> JsonObject:
        user: JsonObject = {
            "name": self.world.user, "type": "user" if self.world.is_person else "servicePrincipal",
        }  # fmt: skip
        return {
            "id": self.world.subscription,
            "tenantId": self.world.tenant,
            "state": "Enabled",
            "user": user,
        }

    def _resource(self, command: str, verb: str) -> JsonValue:
        kind = next((kind for kind in _KINDS if kind.command == command), None)
        if kind is None:
            _fail(_USAGE, f"'{command}' is misspelled or not recognized by the system.")
        self._refuse_unknown(kind)
        key = " ".join((command, *(self.options.get(option, "") for option in kind.named_by)))
        if verb == "list":
            return self._inside(command, kind)
        found = self._found(kind, key)
        if verb == "show":
            return found if found is not None else self._absent(kind, key)
        for need in kind.needs:
            if need.format_map(self.options) not in self.world.resources:
                self._absent(kind, need)
        if verb in ("create", "register"):
            found = {**(found or {}), **self._born(kind, key)}
        elif found is None:
            self._absent(kind, key)
        for option, path in kind.members.items():
            if option in self.options:
                _put(found, path, _value(option, self.options[option]))
        self.world.resources[key] = found
        return found

    def _found(self, kind: Kind, key: str) -> JsonObject | None:
        if kind.command == "provider" and key not in self.world.resources:
            # Every subscription has heard of every provider.
            return {"namespace": self.options["--namespace"], "registrationState": "NotRegistered"}
        return self.world.resources.get(key)

    def _inside(self, command: str, kind: Kind) -> list[JsonValue]:
        """Return what there is of a kind in the thing that the options name."""
        outer = " ".join((command, *(self.options[option] for option in kind.named_by[:-1]), ""))
        if kind.needs[0].format_map(self.options) not in self.world.resources:
            self._absent(kind, outer)
        return [value for key, value in self.world.resources.items() if key.startswith(outer)]

    def _born(self, kind: Kind, key: str) -> JsonObject:
        """Return what Azure gives a new resource by itself, and make what comes with it."""
        if kind.command == "provider":
            return {"registrationState": "Registered"}
        if kind.command == "storage account":
            self.world.resources[f"storage account blob-service-properties {self.options['--name']}"] = {
                "isVersioningEnabled": None, "deleteRetentionPolicy": {"enabled": False, "days": None},
                "containerDeleteRetentionPolicy": None,
            }  # fmt: skip
        if kind.command == "identity federated-credential":
            return {"name": self.options["--name"]}
        if kind.command == "identity":
            return {
                "clientId": identifier(f"client of {key}"),
                "principalId": identifier(f"principal of {key}"),
            }
        return {}

    def _absent(self, kind: Kind, key: str) -> NoReturn:
        code = "ResourceGroupNotFound" if kind.command == "group" else "ResourceNotFound"
        _fail(_NOT_FOUND, f"({code}) The Resource '{key}' was not found.\nCode: {code}")

    def _refuse_unknown(self, kind: Kind) -> None:
        known = {*kind.named_by, *kind.members, *kind.other}
        if unknown := sorted(self.options.keys() - known):
            _fail(_USAGE, f"unrecognized arguments: {' '.join(unknown)}")

    def _rest(self) -> JsonValue:
        """Azure Resource Manager by itself; here only for keys, which lie in a vault."""
        url = self.options["--url"].partition("?")[0]
        vault = url.split("/vaults/")[1].split("/")[0]
        key = f"rest {url}"
        if self.options["--method"] == "put":
            if f"keyvault {vault}" not in self.world.resources:
                _fail(1, 'Not Found({"error":{"code":"ParentResourceNotFound","message":"No vault."}})')
            body: JsonObject = json.loads(self.options["--body"])
            self.world.resources.setdefault(key, {"id": url, **body})
        if key not in self.world.resources:
            _fail(1, 'Not Found({"error":{"code":"KeyNotFound","message":"The key was not found."}})')
        return self.world.resources[key]

    def _assignment(self, verb: str) -> JsonValue:
        principal = self.options.get("--assignee-object-id")
        if verb == "list":
            return [each for each in self.world.assignments if each["principalId"] == principal]
        if verb == "update":
            changed: JsonObject = json.loads(self.options["--role-assignment"])
            same = [
                number for number, each in enumerate(self.world.assignments) if each["id"] == changed["id"]
            ]
            self.world.assignments[same[0]] = changed
            return changed
        scope, role = self.options["--scope"], self.options["--role"]
        made: JsonObject = {
            "id": f"{scope}/providers/Microsoft.Authorization/roleAssignments/{len(self.world.assignments)}",
            "name": str(len(self.world.assignments)), "scope": scope,
            "roleDefinitionId": f"/subscriptions/{self.world.subscription}/providers/Microsoft.Authorization/"
            f"roleDefinitions/{role}",
            "principalId": principal, "principalType": self.options["--assignee-principal-type"],
            "condition": self.options.get("--condition"), "conditionVersion": self.options.get("--condition-version"),
            "description": self.options["--description"],
        }  # fmt: skip
        self.world.assignments.append(made)
        return made


def identifier(name: str) -> str:
    """Return the GUID that a thing of this name has in every world."""
    return str(uuid5(NAMESPACE_URL, name))


def _leading(words: list[str]) -> list[str]:
    return words[: next((n for n, word in enumerate(words) if word.startswith("-")), len(words))]


def _options(words: list[str]) -> dict[str, str]:
    options: dict[str, str] = {}
    for word in words:
        if word.startswith("--"):
            options[word] = ""
        else:
            options[list(options)[-1]] = word
    for always in ("--only-show-errors", "--output"):
        options.pop(always)
    return options


def _value(option: str, word: str) -> JsonValue:
    if option == "--audiences":
        return [word]
    if option == "--public-access":
        return _PUBLIC[word]
    if word in ("true", "false"):
        return word == "true"
    return int(word) if word.isdecimal() else word


def _put(resource: JsonObject, path: str, value: JsonValue) -> None:
    *outer, name = path.split(".")
    for part in outer:
        inner = resource.get(part)
        resource[part] = inner = inner if isinstance(inner, dict) else {}
        resource = inner
    resource[name] = value


def _fail(code: int, message: str) -> NoReturn:
    sys.stderr.write(f"ERROR: {message}\n")
    raise SystemExit(code)


def load(file: Path) -> World:
    """Return the world that a file holds."""
    return World(**json.loads(file.read_bytes()))


def save(file: Path, world: World) -> None:
    """Write the world into a file."""
    file.write_text(json.dumps(asdict(world), indent=1))


def main(words: list[str]) -> None:
    """Answer one call; the world is written back also when it fails."""
    file = Path(os.environ[WORLD])
    world = load(file)
    world.calls.append(words)
    try:
        if not world.logged_in:
            _fail(1, "Please run 'az login' to setup account.")
        line = " ".join(words)
        for beginning, message in world.fails.items():
            if line.startswith(beginning):
                _fail(1, message)
        sys.stdout.write(json.dumps(Cli(world, words).answer(), indent=2))
    finally:
        save(file, world)


if __name__ == "__main__":
    main(sys.argv[1:])
