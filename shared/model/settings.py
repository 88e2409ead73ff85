"""The settings of a model stack, `stacks/model/Pulumi.<model>.<environment>.yaml`."""

from pydantic import Field

from shared.documents import Section


class ModelSettings(Section):
    """What a stack file may say about a model; everything else stands in model.yaml."""

    endpoint: str | None = Field(
        default=None, description="the URL of the model server, in the place of that in model.yaml"
    )
