"""What consumers of a version have to know beside its contract."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.contract import Header
from shared.contracts.version_place import VersionPlace


@dataclass(frozen=True)
class VersionMark:
    """How a request tells the version that it calls."""

    place: VersionPlace
    """Where it stands."""
    name: str = ""
    """The name of the header or query parameter; empty where the path tells the version."""


@dataclass(frozen=True)
class Token:
    """The tokens of Microsoft Entra ID that open an API."""

    audiences: tuple[str, ...]
    """The audiences of accepted tokens."""
    tenant_id: str
    """The GUID of the tenant that issues them."""

    @property
    def configuration_url(self) -> str:
        """Return where the tenant describes itself to clients (OpenID Connect discovery)."""
        return f"https://login.microsoftonline.com/{self.tenant_id}/v2.0/.well-known/openid-configuration"

    @property
    def scopes(self) -> tuple[str, ...]:
        """Return the scopes to ask for, one for each audience: every permission that the client was given."""
        return tuple(f"{audience}/.default" for audience in self.audiences)


@dataclass(frozen=True)
class Ending:
    """The end of a version that serves no more, or not for long."""

    retired: bool
    """Whether it has ended: every call is answered 410."""
    since: date | None
    """The day from which on consumers should leave it; None where nobody wrote it down."""
    sunset: date | None
    """The last day on which it serves; None where nobody wrote it down."""
    successor: str | None
    """The version to use instead; None where there is none."""


@dataclass(frozen=True)
class Publication:
    """Where a version is, who may call it, and what it is called."""

    model: str
    """The model's name."""
    version: str
    """The version, such as ``v1``."""
    summary: str
    """What the model tells."""
    owner: str
    """The e-mail address of the team that owns the model."""
    gateway_url: str
    """Where the gateway answers, without a slash at its end."""
    mark: VersionMark
    """How a request tells the version."""
    products: tuple[str, ...]
    """The products that offer it."""
    key_header: str | None
    """The header that carries a subscription key; None where no key is asked for."""
    token: Token | None
    """The tokens that open it; None where no token is asked for."""
    calls: int
    """Calls that one caller may make in each period."""
    renewal_period: int
    """Seconds of a period."""
    largest_checked: int
    """Bytes up to which the gateway compares a body with the contract."""
    larger_pass: bool
    """Whether a larger body goes to the model server as it is, or else is refused."""
    ending: Ending | None = None
    """The end of the version; None while nothing is known of one."""
    headers: tuple[Header, ...] = ()
    """The headers that each answer carries, whatever the operation."""
    gateway_error: str = ""
    """The name of the schema of the gateway's own errors; empty where the contract has none."""

    @property
    def base_url(self) -> str:
        """Return the URL that the paths of operations follow."""
        in_path = f"/{self.version}" if self.mark.place is VersionPlace.SEGMENT else ""
        return f"{self.gateway_url}/{self.model}{in_path}"
