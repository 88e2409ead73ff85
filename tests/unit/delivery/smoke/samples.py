"""A model that can be called, wherever a test serves it."""

from datetime import date

from delivery.smoke.call import Call, DeployedVersion, Example, example_of
from delivery.smoke.targets import Target
from shared.contracts.contract import Contract, Operation, Representation, Request, Response
from shared.model.access import Access
from shared.model.addresses import Addresses
from shared.model.announcement import Announcement
from shared.model.lifecycle import LifecycleStage, Stage
from shared.model.lifecycle_responses import as_served
from shared.model.versioning import BY_SEGMENT

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
    return DeployedVersion(
        model, "v1", {"predict": f"{url}/{model}/v1/predict"}, {"main": "http://model"}, f"/{model}"
    )


def call(url: str = "http://gateway") -> Call:
    return Call(deployed(url), CONTRACT, EXAMPLE, KEY)


def target(url: str, model: str = "churn") -> Target:
    return Target(deployed(url, model), f"{model}@contoso.example", CONTRACT, EXAMPLE)


def ending(stage: Stage) -> Call:
    """Return a call of a version that is told to end, as the description of its model says."""
    since, sunset = (date(2026, 11, 24), date(2027, 5, 31)) if stage is Stage.DEPRECATED else (None, None)
    lifecycle = LifecycleStage(stage=stage, since=since, sunset=sunset)
    announced = Announcement("v1", lifecycle, "v2", Addresses("churn", BY_SEGMENT))
    contract = as_served(CONTRACT, announced, Access(products=("standard",)))
    example = example_of(contract)
    assert example is not None
    return Call(deployed("http://gateway"), contract, example, KEY, announced)
