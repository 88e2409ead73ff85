"""The same change is told once for all environments; a difference between them is seen."""

from delivery.records import Outcome
from delivery.report.consumers import Subject, subjects_of
from delivery.report.stacks import Stack
from delivery.report.words import plain
from tests.unit.delivery.report.making import Inputs, change, in_environment, policy, stack

_ENVIRONMENTS = ("dev", "staging", "prod")


def _limit(calls: int) -> str:
    return f'<rate-limit calls="{calls}" renewal-period="60" />'


def _subject(after: dict[str, int]) -> Subject:
    stacks = [
        in_environment(
            stack(
                change("ApiPolicy", policy(_limit(60)), policy(_limit(calls))),
                name=f"iris.{name}",
                owner="a@b.example",
            ),
            name,
        )
        for name, calls in after.items()
    ]
    (subject,) = subjects_of(stacks)
    return subject


def test_the_same_change_is_told_once_with_its_environments() -> None:
    subject = _subject(dict.fromkeys(_ENVIRONMENTS, 90))
    (line,) = subject.lines
    (wording,) = line.wordings
    assert (plain(wording.what), wording.environments) == ("60 → 90 calls per minute", _ENVIRONMENTS)
    assert (subject.models, subject.owners, subject.environments) == (
        ("iris",),
        ("a@b.example",),
        _ENVIRONMENTS,
    )


def test_what_differs_between_environments_stands_side_by_side() -> None:
    (line,) = _subject({"dev": 90, "staging": 90, "prod": 70}).lines
    assert [(plain(each.what), each.environments) for each in line.wordings] == [
        ("60 → 90 calls per minute", ("dev", "staging")),
        ("60 → 70 calls per minute", ("prod",)),
    ]


def test_where_nothing_changes_and_where_nobody_knows_is_told() -> None:
    changing = stack(change("ApiPolicy", policy(_limit(1)), policy(_limit(2))))
    (subject,) = subjects_of(
        [
            in_environment(changing, "dev"),
            in_environment(stack(name="iris.staging"), "staging"),
            in_environment(stack(name="iris.prod", outcome=Outcome.FAILED, error="no"), "prod"),
        ]
    )
    assert (subject.environments, subject.unchanged, subject.unknown) == (("dev",), ("staging",), ("prod",))


def test_the_urls_of_an_api_and_its_backend_are_one_change() -> None:
    urls = ("https://a.example", "https://b.example")
    apis = [{"apiId": "iris-v1", "serviceUrl": url} for url in urls]
    backends = [{"backendId": "iris-v1", "url": url} for url in urls]
    both = stack(
        change("Api", dict(apis[0]), dict(apis[1])), change("Backend", dict(backends[0]), dict(backends[1]))
    )
    (subject,) = subjects_of([in_environment(both, "dev")])
    assert [plain(line.about) for line in subject.lines] == ["backend iris-v1, URL"]
    alone = stack(change("Api", dict(apis[0]), dict(apis[1])))
    (subject,) = subjects_of([in_environment(alone, "dev")])
    assert [plain(line.about) for line in subject.lines] == ["service URL"]


def test_the_parts_of_an_api_that_goes_say_nothing_of_their_own() -> None:
    api = {"apiId": "iris-v1", "path": "iris", "apiVersion": "v1"}
    operation: Inputs = {
        "apiId": "iris-v1",
        "operationId": "predict",
        "method": "POST",
        "urlTemplate": "/predict",
    }
    gone = stack(
        change("Api", dict(api), None, name="iris-v1-api"),
        change("ApiOperation", dict(operation), None, name="iris-v1-predict"),
        change("ApiPolicy", policy(_limit(60)), None, name="iris-v1-policy"),
        change("ApiOperation", {**operation, "apiId": "iris-v2"}, None, name="iris-v2-predict"),
        change(
            "ApiOperationPolicy", policy(_limit(9)) | {"apiId": "iris-v2", "operationId": "predict"}, None
        ),
    )
    (subject,) = subjects_of([in_environment(gone, "dev")])
    assert [(plain(line.where), plain(line.about)) for line in subject.lines] == [
        ("v2", "POST /predict: the operation is gone: calls get 404"),
        ("v1", "API at /iris/v1"),
    ]


def test_models_that_come_or_go_are_named_so() -> None:
    new = stack(change("Api", None, {"apiId": "iris-v1"})).model_copy(update={"unchanged": 0})
    gone = stack(change("Api", {"apiId": "iris-v1"}, None), destroys=True)
    more = stack(change("Api", None, {"apiId": "iris-v2"}))
    fates = [subjects_of([in_environment(each, "dev")])[0].fate for each in (new, gone, more)]
    assert fates == [": new", ": removed", ""]


def test_models_in_which_the_same_changes_are_told_once() -> None:
    def limited(name: str, after: int) -> Stack:
        made = change("ApiPolicy", policy(_limit(60)), policy(_limit(after)), name=f"{name}-v1-policy")
        return in_environment(stack(made, name=f"{name}.dev", owner=f"{name}@b.example"), "dev")

    alike, other = subjects_of([limited("elm", 90), limited("fir", 70), limited("oak", 90)])
    assert (alike.models, alike.owners) == (("elm", "oak"), ("elm@b.example", "oak@b.example"))
    assert other.models == ("fir",)
