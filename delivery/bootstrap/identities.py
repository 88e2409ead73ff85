"""The two identities of an environment, and the workflows that may log in as them.

User-assigned identities, not app registrations: whoever owns the subscription can make them, with no right in the
directory, and they vanish with their group. They trust jobs in environments of GitHub alone: a branch or a pull request
by itself is nobody.
"""

from dataclasses import dataclass

from delivery.bootstrap.az import Az, member, shown, text
from delivery.bootstrap.plan import Plan
from delivery.bootstrap.things import Tell, Thing, ensure, equal

ISSUER = "https://token.actions.githubusercontent.com"
AUDIENCE = "api://AzureADTokenExchange"
_TRUST = "github"


@dataclass(frozen=True)
class Identity:
    """An identity as it is, or in a dry run as it will be."""

    name: str
    github_environment: str
    """The environment of GitHub whose jobs may log in as it."""
    client_id: str
    """What a login names."""
    principal_id: str
    """What role assignments name."""
    is_planned: bool = False
    """Whether it is not there yet, in a dry run: then the ids are words."""
    besides: tuple[str, ...] = ()
    """A sentence for each thing that it trusts and should not."""


def ensure_both(az: Az, plan: Plan, tell: Tell) -> tuple[Identity, Identity]:
    """Make or check the identity that deploys and the one that previews."""
    return (
        _ensure(az, plan, plan.writer, plan.environment, tell),
        _ensure(az, plan, plan.reader, f"preview-{plan.environment}", tell),
    )


def _ensure(az: Az, plan: Plan, name: str, github_environment: str, tell: Tell) -> Identity:
    of = ("--name", name, "--resource-group", plan.group)
    identity = Thing(
        f"Identity {name}",
        show=("identity", "show", *of),
        create=("identity", "create", *of, "--location", plan.location),
    )
    found = ensure(az, identity, tell)
    ensure(az, _trust(plan, name, github_environment), tell)
    return Identity(
        name,
        github_environment,
        client_id=text(found, "clientId", f"<client id of {name}>"),
        principal_id=text(found, "principalId", f"<principal id of {name}>"),
        is_planned="principalId" not in found,
        besides=_other_trusts(az, plan, name),
    )


def _other_trusts(az: Az, plan: Plan, identity: str) -> tuple[str, ...]:
    """Return what else may log in as the identity: who could change it once may have left a way back."""
    of = ("--identity-name", identity, "--resource-group", plan.group)
    found = az.read("identity", "federated-credential", "list", *of)
    others = [each for each in found if member(each, "name") != _TRUST] if isinstance(found, list) else []
    return tuple(
        f"{identity} trusts {member(each, 'subject')} of {member(each, 'issuer')} too: unless you want it, "
        f"`{shown(('identity', 'federated-credential', 'delete', '--name', str(member(each, 'name')), *of))}`."
        for each in others
    )


def _trust(plan: Plan, identity: str, github_environment: str) -> Thing:
    credential = ("identity", "federated-credential")
    of = ("--name", _TRUST, "--identity-name", identity, "--resource-group", plan.group)
    subject = plan.repository.subject(github_environment)
    return Thing(
        f"Trust of {identity} in {subject}",
        show=(*credential, "show", *of),
        create=(*credential, "create", *of),
        update=(*credential, "update", *of),
        properties=(
            equal("issuer", ISSUER, "--issuer", ISSUER),
            equal("subject", subject, "--subject", subject),
            equal("audiences", [AUDIENCE], "--audiences", AUDIENCE),
        ),
    )
