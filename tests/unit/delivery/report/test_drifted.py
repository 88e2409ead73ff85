"""What Azure has that the state does not know."""

from delivery.records import Operation
from delivery.report.render import report
from tests.unit.delivery.report.making import change, policy, record, stack


def test_each_stack_that_drifted_is_told_as_its_issue_tells_it() -> None:
    api = change(
        "Api", {"apiId": "iris-v1", "path": "iris"}, {"apiId": "iris-v1", "path": "other"}, name="api"
    )
    gone = change("ApiPolicy", policy(), None, name="policy")
    made = record(
        stack(api.model_copy(update={"paths": ("path",)}), gone, owner="plants@contoso.example"),
        stack(project="platform", name="dev"),
        operation=Operation.DRIFT,
    )
    text = report([made]).text
    assert "## Drift\n\nAzure differs from what was deployed in 1 of 2 stacks.\n" in text
    assert "### model/iris.dev\n\nTo be looked at by `plants@contoso.example`." in text
    assert '- `api` (Api): **changed by hand**\n  - `path`: `"iris"` → `"other"`' in text
    assert "- `policy` (ApiPolicy): **deleted**" in text
    assert "./dev refresh --env dev --model iris" in text
    assert "platform" not in text
    assert "consumers" not in text


def test_credentials_that_drifted_are_hidden() -> None:
    before, after = ({"sid": "a", "primaryKey": key} for key in ("c29tZXRoaW5n", "YW5vdGhlcg=="))
    made = change("Subscription", dict(before), dict(after)).model_copy(update={"paths": ("primaryKey",)})
    text = report([record(stack(made), operation=Operation.DRIFT)]).text
    assert "primaryKey" in text
    assert "c29tZXRoaW5n" not in text
    assert "YW5vdGhlcg==" not in text
