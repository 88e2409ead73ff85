"""What GitHub has to know, as commands of its CLI for whoever administers the repository."""

import shlex
from collections.abc import Iterable

from delivery.bootstrap.identities import Identity
from delivery.bootstrap.plan import Plan
from delivery.publish.guards import APPROVAL


def commands(plan: Plan, writer: Identity, reader: Identity) -> tuple[str, ...]:
    """Return the commands that make the environments of GitHub, and the variable of those that log in.

    The one that deploys takes the branch `main` alone: without that, every branch whose workflow names it could deploy.
    One more waits for approvals, where there are some: each job that logs in would ask its reviewers anew.
    """
    return (
        *_environment(plan, writer.github_environment, protected=True),
        _variable(plan, writer),
        *_environment(plan, reader.github_environment, protected=False),
        _variable(plan, reader),
        *(_environment(plan, f"{APPROVAL}{plan.environment}", protected=True) if plan.approval else ()),
    )


def _environment(plan: Plan, name: str, *, protected: bool) -> Iterable[str]:
    repository = plan.repository.full_name
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


def _variable(plan: Plan, identity: Identity) -> str:
    """Return the command that tells GitHub as whom jobs log in; where, they read in environments/."""
    name, client = identity.github_environment, identity.client_id
    command = ("gh", "variable", "set", "AZURE_CLIENT_ID", "--repo", plan.repository.full_name)
    return shlex.join((*command, "--env", name, "--body", client))
