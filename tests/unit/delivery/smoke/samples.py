"""A model that can be called, wherever a test serves it."""

from delivery.smoke.call import Call, DeployedVersion, Example
from delivery.smoke.targets import Target
from shared.contracts.contract import Contract, Operation, Representation, Request, Response

KEY = "key-of-the-subscription"
OPERATION = Operation(
    name="predict",
    method="POST",
    url_template="/predict",
    backend_path="/infer",
    summary="Predict",
    description="Predicts.",
    request=Request("A body.", (Representation("application/json", "Body", {"text": "it's"}),)),
    responses=(Response(200, "The answer.", (Representation("application/json", "Answer"),)),),
)
CONTRACT = Contract(
    (OPERATION,),
    {
        "Body": {"type": "object"},
        "Answer": {"type": "object", "required": ["label"], "properties": {"label": {"type": "string"}}},
    },
)
EXAMPLE = Example(OPERATION, "application/json", {"text": "it's"})
GOOD = '{"label": "a"}'


def deployed(url: str, model: str = "churn") -> DeployedVersion:
    return DeployedVersion(model, "v1", {"predict": f"{url}/{model}/v1/predict"}, "http://model", f"/{model}")


def call(url: str = "http://gateway") -> Call:
    return Call(deployed(url), CONTRACT, EXAMPLE, KEY)


def target(url: str, model: str = "churn") -> Target:
    return Target(deployed(url, model), f"{model}@contoso.example", CONTRACT, EXAMPLE)
