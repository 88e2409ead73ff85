"""What the engine has to know of a type of resource: a table entry, filled in by the files of `types`."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus

from local_azure.arm.addresses import Address
from local_azure.arm.errors import ArmError
from local_azure.arm.filters import Fields
from local_azure.arm.json_values import JsonObject
from local_azure.arm.store import Entity, Store


@dataclass(frozen=True, slots=True)
class Site:
    """Where this local Azure answers; known at start, never stored, so that another port changes nothing."""

    arm_url: str
    """Base URL without a slash at its end: `http://127.0.0.1:8400`."""
    gateway_url: str
    """Base URL of the gateway of every API Management service."""


@dataclass(frozen=True, slots=True)
class Write:
    """A PUT or PATCH on its way into the store: parents exist, fields and lengths are checked."""

    id: str
    """The id that the resource has or gets."""
    body: JsonObject
    """The whole resource as it shall be: the body of a PUT, or what a PATCH makes of the present one."""
    before: Entity | None
    """The resource as it is kept now, None when this creates it."""
    is_patch: bool
    store: Store

    @property
    def name(self) -> str:
        """Return the last segment of the id."""
        return self.id.rpartition("/")[2]

    @property
    def kept_secrets(self) -> dict[str, str]:
        """Return the secrets that stay when the body does not name them: a PATCH keeps, a PUT replaces."""
        return dict(self.before.secrets) if self.before and self.is_patch else {}


@dataclass(frozen=True, slots=True)
class Prepared:
    """What shall be kept of a write."""

    body: JsonObject
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Action:
    """A POST on a resource: `listSecrets`."""

    name: str
    run: Callable[[Entity, Store], JsonObject | Entity | None]
    """Does it, in a transaction; returns what is answered: a body, a resource to tell, or nothing."""
    status: int = HTTPStatus.OK
    is_list: bool = False
    """Whether what is answered is a list, told in pages."""


@dataclass(frozen=True, slots=True)
class Membership:
    """A collection whose members are relations without a body (`products/apis`): a view of link resources."""

    link_type: str
    """Type of the link resources: `Microsoft.ApiManagement/service/products/apiLinks`."""
    link_property: str
    """Property of a link that holds the id of the member: `apiId`."""
    member_type: str
    """Type of the members: `Microsoft.ApiManagement/service/apis`."""


@dataclass(frozen=True, slots=True)
class LongRunning:
    """Writes of a type that go on after their answer; what `provisioningState` tells meanwhile."""

    methods: frozenset[str]
    creating: str = "InProgress"
    updating: str = "InProgress"


NEVER = LongRunning(frozenset())
"""Every write is done when it is answered."""


def every_one(_told: JsonObject) -> None:
    """Let every deleted resource be ended before its time."""


@dataclass(frozen=True, slots=True)
class SoftDelete:
    """How a provider keeps what was deleted: for a while, with everything in it, and its name taken."""

    collection: str
    """Where the deleted ones are told: `deletedservices`."""
    id_property: str
    """Property that tells the id that a deleted one had: `serviceId`."""
    purge_action: str | None
    """The POST that ends a deleted one for good; None when DELETE does."""
    retention: Callable[[Entity], timedelta]
    """For how long a resource can be brought back."""
    describe: Callable[[Entity], JsonObject]
    """What is told of a deleted one beside its id and the dates."""
    wants_back: Callable[[JsonObject], bool]
    """Whether the body of a PUT asks for the deleted one instead of a new one."""
    name_taken: Callable[[str, bool], ArmError]
    """Refuses a new one by this name; the flag tells whether the deleted one lies in the same subscription."""
    not_restorable: Callable[[str], ArmError]
    """Refuses to bring back by this name what is not there to be brought back."""
    not_found: Callable[[str], ArmError]
    """Refuses a question after a deleted one by this name."""
    require_purgeable: Callable[[JsonObject], None] = every_one
    """Raises ArmError when the deleted one that is told so may not be ended before its time."""


@dataclass(frozen=True, slots=True)
class Read:
    """A GET: what is kept, and all that it may be told from."""

    entity: Entity
    store: Store
    site: Site
    query: Mapping[str, str] = field(default_factory=dict)
    state: str | None = None
    """The provisioning state while an operation on the resource goes on."""


def keep(write: Write) -> Prepared:
    """Keep the body as it is."""
    return Prepared(write.body)


def tell(read: Read) -> JsonObject:
    """Tell the body as it is kept."""
    return read.entity.body


def nothing_else(_entity: Entity, _store: Store) -> None:
    """Do nothing beside the write itself."""


def nothing_before(_entity: Entity, _store: Store, _query: Mapping[str, str]) -> None:
    """Let a resource go as it is."""


def always(_entity: Entity) -> bool:
    """List every resource."""
    return True


@dataclass(frozen=True, slots=True)
class ResourceType:
    """One type of resource."""

    name: str
    """Full type: `Microsoft.ApiManagement/service/apis`."""
    api_versions: tuple[str, ...]
    noun: str | None = None
    """How API Management calls the entity in `Api not found.`; None for resources of other providers."""
    is_tracked: bool = False
    """Whether the resource has a location and tags and is listed among the resources of its group."""
    is_extension: bool = False
    """Whether the resource can lie below any other resource."""
    only_name: str | None = None
    """The one name that such a resource can have: `policy`."""
    prepare: Callable[[Write], Prepared] = keep
    """Refuses what is wrong with a write (ArmError) and says what to keep."""
    present: Callable[[Read], JsonObject] = tell
    """The body that GET tells, without id, name and type."""
    after_write: Callable[[Entity, Store], None] = nothing_else
    """What else the provider writes with it, in the same transaction."""
    before_delete: Callable[[Entity, Store, Mapping[str, str]], None] = nothing_before
    """Refuses a deletion (ArmError) or removes what goes along; what lies below goes by itself."""
    soft_delete: SoftDelete | None = None
    """How a deleted one is kept for a while; None where it is gone at once."""
    actions: tuple[Action, ...] = ()
    membership: Membership | None = None
    is_listed: Callable[[Entity], bool] = always
    """Whether lists tell one."""
    filters: Fields = field(default_factory=dict)
    """What a list of them can be filtered by."""
    created_status: int = HTTPStatus.CREATED
    """Status that tells of a creation; a change is always told by 200."""
    deleted_status: int = HTTPStatus.OK
    """Status that tells of a deletion."""
    can_delete: bool = True
    long_running: LongRunning = NEVER
    """Which writes go on after their answer, which then tells where to ask how they are doing."""
    needs_if_match: bool = True
    """Whether PATCH and DELETE of an entity of API Management need the header `If-Match`; links do without."""

    @property
    def parent_type(self) -> str:
        """Return the type around this one; the namespace alone for a resource that lies in a group."""
        return self.name.rpartition("/")[0]


class Registry:
    """Every type of resource that this local Azure has, found without regard to case."""

    def __init__(self, types: Iterable[ResourceType]) -> None:
        """Index the types by name."""
        self._types = {entry.name.lower(): entry for entry in types}

    def all(self) -> tuple[ResourceType, ...]:
        """Return every type, in the order in which they were given."""
        return tuple(self._types.values())

    def find(self, name: str) -> ResourceType | None:
        """Return the type with this full name, None when there is none."""
        return self._types.get(name.lower())

    def of(self, address: Address) -> ResourceType | None:
        """Return the type of what is addressed, None when there is no such type."""
        return self.find(address.type)

    def soft_deleted(self) -> tuple[tuple[ResourceType, SoftDelete], ...]:
        """Return the types whose deleted resources are kept for a while."""
        return tuple((entry, entry.soft_delete) for entry in self._types.values() if entry.soft_delete)

    def namespaces(self) -> dict[str, tuple[ResourceType, ...]]:
        """Return the types by provider namespace."""
        names = sorted({entry.name.partition("/")[0] for entry in self._types.values()})
        return {
            name: tuple(t for t in self._types.values() if t.name.startswith(f"{name}/")) for name in names
        }
