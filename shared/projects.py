"""The three Pulumi projects, one for each layer, and the names of their stacks.

Apart from the layers' outputs, so that what only names stacks does without Pulumi, which takes half a second to load.
"""

from shared.errors import UserError

FOUNDATION = "foundation"
"""Resource group, network, logs, Key Vault, identity. One stack per environment."""
PLATFORM = "platform"
"""The API Management service and what every model shares. One stack per environment."""
MODEL = "model"
"""The APIs of one model. One stack per model and environment, `<model>.<environment>`."""


def model_stack(model: str, environment: str) -> str:
    """Return the name of the stack of a model in an environment."""
    return f"{model}.{environment}"


def split_model_stack(stack: str) -> tuple[str, str]:
    """Return model and environment of a model stack's name.

    Raises UserError when the name has not that form.
    """
    model, dot, environment = stack.rpartition(".")
    if not (model and dot and environment):
        example = "<model>.<environment>, such as iris-species.dev"
        raise UserError(f'The stack "{stack}" is not the stack of a model: name it {example}.')
    return model, environment
