"""What GitHub has to know, as commands of its CLI for whoever administers the repository."""

import shlex
from collections.abc import Iterable

from delivery.bootstrap.identities import Identity
from delivery.bootstrap.plan import Plan


def commands(plan: Plan, writer: Identity, reader: Identity) -> tuple[str, ...]:
    """Return the commands that make the two environments of GitHub, with their variables.

    The one that deploys takes the branch `main` alone: without that, every branch whose workflow names it could deploy.
    """
    return (*_environment(plan, writer, protected=True), *_environment(plan, reader, protected=False))


def _environment(plan: Plan, identity: Identity, *, protected: bool) -> Iterable[str]:
    repository, name = plan.repository.full_name, identity.github_environment
    path = f"repos/{repository}/environments/{name}"
    if protected:
        policy = "deployment_branch_policy"
        custom = ("-F", f"{policy}[protected_branches]=false", "-F", f"{policy}[custom_branch_policies]=true")
        yield shlex.join(("gh", "api", "--method", "PUT", path, *custom))
        yield shlex.join(
            ("gh", "api", "--method", "POST", f"{path}/deployment-branch-policies", "-f", "name=main")
        )
    else:
        yield shlex.join(("gh", "api", "--method", "PUT", path))
    values = {
        "AZURE_CLIENT_ID": identity.client_id,
        "AZURE_TENANT_ID": plan.tenant,
        "AZURE_SUBSCRIPTION_ID": plan.subscription,
    }
    for variable, value in values.items():
        words = ("gh", "variable", "set", variable, "--repo", repository, "--env", name, "--body", value)
        yield shlex.join(words)
