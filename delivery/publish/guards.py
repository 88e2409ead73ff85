"""Whether the GitHub environments are guarded as environments/<env>.yaml wants it.

GitHub makes an environment that a workflow names and nobody has made, with nothing that guards it. A deployment that
should wait for an approval would not; and an identity that can write would be lent to every branch.
https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments
"""

from delivery.errors import DeliveryError
from delivery.github import GitHub
from shared.environments import Environment

APPROVAL = "approve-"
"""Before an environment's name: the GitHub environment in which a deployment waits for its approval."""


def require(github: GitHub, name: str, described: Environment) -> None:
    """Raise DeliveryError when the deployments of an environment are less guarded than they should be."""
    faults = [*_branches(github, name)]
    if described.approval:
        faults += _reviewers(github, name)
    if faults:
        raise DeliveryError(
            "\n".join(faults) + "\nA repository's administrator mends this in Settings > Environments; "
            "docs/delivery.md says how."
        )


def _branches(github: GitHub, name: str) -> list[str]:
    found = github.environment(name)
    if found is None:
        return [f"The GitHub environment {name} does not exist: make it, for the default branch alone."]
    if found.deployment_branch_policy is None:
        return [
            (
                f"The GitHub environment {name} may be used from every branch, and so may the identity that writes: "
                "allow the default branch alone."
            )
        ]
    return []


def _reviewers(github: GitHub, name: str) -> list[str]:
    found = github.environment(f"{APPROVAL}{name}")
    if found is not None and found.has_reviewers:
        return []
    return [
        (
            f"environments/{name}.yaml says `approval: true`, but the GitHub environment {APPROVAL}{name} has "
            "no required reviewers: name some."
        )
    ]
