"""What is told of a version that ends, and what is left to be told as the policy that it is."""

from datetime import date

import pytest

from shared.model.access import Access
from shared.model.addresses import Addresses
from shared.model.announcement import Announcement
from shared.model.description import LargerBodies, Limits
from shared.model.entrance import entrance
from shared.model.lifecycle import LifecycleStage, Stage
from shared.model.policies import PolicyArgs, api_policy
from shared.model.versioning import BY_SEGMENT, VersioningChoice
from shared.policies import render
from tests.unit.delivery.report.making import Inputs, policy, told

_LIMITS = Limits.model_validate({"calls": 300, "renewal-period": 60})
_DEPRECATED = LifecycleStage(stage=Stage.DEPRECATED, since=date(2026, 11, 24), sunset=date(2027, 5, 31))
_LATER = _DEPRECATED.model_copy(update={"sunset": date(2027, 8, 31)})
_RETIRED = LifecycleStage(stage=Stage.RETIRED)
_BY_HEADER = VersioningChoice(header="Api-Version")


def _policy(
    lifecycle: LifecycleStage | None, successor: str | None = "v2", versioning: VersioningChoice = BY_SEGMENT
) -> Inputs:
    """Return the policy that the stacks deploy for a version at this stage; None for an active one."""
    announced = None
    if lifecycle is not None:
        announced = Announcement("v1", lifecycle, successor, Addresses("iris", versioning))
    args = PolicyArgs(
        entrance(Access(products=("standard",)), "tenant"), _LIMITS, "iris-v1", LargerBodies.REFUSE, announced
    )
    return {"apiId": "iris-v1", "format": "rawxml", "value": render(api_policy(args))}


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            _policy(None),
            _policy(_DEPRECATED),
            "deprecated since 24 November 2026, serves until 31 May 2027; successor /iris/v2",
        ),
        (
            _policy(None),
            _policy(_DEPRECATED, None),
            "deprecated since 24 November 2026, serves until 31 May 2027",
        ),
        (
            _policy(None),
            _policy(_DEPRECATED, "v2", _BY_HEADER),
            "deprecated since 24 November 2026, serves until 31 May 2027; successor /iris, Api-Version: v2",
        ),
        (
            _policy(_DEPRECATED, None),
            _policy(_LATER, None),
            (
                "deprecated: since 24 November 2026, serves until 31 May 2027 → "
                "since 24 November 2026, serves until 31 August 2027"
            ),
        ),
        (
            _policy(_DEPRECATED),
            _policy(None),
            "no longer deprecated: was since 24 November 2026, serves until 31 May 2027; successor /iris/v2",
        ),
    ],
)
def test_a_deprecation_is_one_sentence(before: Inputs, after: Inputs, sentence: str) -> None:
    assert told("ApiPolicy", before, after) == [f"Availability | v1: {sentence}"]


@pytest.mark.parametrize("before", [_policy(None), _policy(_DEPRECATED)])
def test_a_retirement_says_first_what_calls_get(before: Inputs) -> None:
    first, *others = told("ApiPolicy", before, _policy(_RETIRED))
    message = "Version v1 of iris is retired. Use version v2: /iris/v2"
    assert first == f"Availability | v1: retired: calls get 410, {message}"
    assert not [each for each in others if each.startswith("Availability")]
    assert [
        each
        for each in others
        if each.startswith("Policies | v1: answer of the gateway itself in inbound: added")
    ]


def test_the_return_of_a_retired_version_is_told() -> None:
    sentences = told("ApiPolicy", _policy(_RETIRED), _policy(_DEPRECATED))
    assert sentences[:2] == [
        "Availability | v1: no longer retired: calls reach the model",
        "Availability | v1: deprecated since 24 November 2026, serves until 31 May 2027; successor /iris/v2",
    ]


def test_another_successor_of_a_retired_version_is_shown_as_it_is_answered() -> None:
    (sentence,) = told("ApiPolicy", _policy(_RETIRED), _policy(_RETIRED, "v3"))
    assert sentence.startswith("Policies | v1: answer of the gateway itself in inbound: changed\n")
    assert 'Use version v3: /iris/v3"}' in sentence


def test_a_new_policy_says_its_end_first() -> None:
    first = told("ApiPolicy", None, _policy(_RETIRED))[0]
    assert first.startswith("Availability | v1: retired: calls get 410, ")


@pytest.mark.parametrize(
    "headers",
    [
        '<set-header name="Sunset"><value>soon</value></set-header>',
        '<set-header name="Link"><value>&lt;/docs&gt;; rel="help"</value></set-header>',
        '<set-header name="Deprecation"><value>true</value></set-header>',
    ],
)
def test_what_is_no_announcement_is_told_as_a_header(headers: str) -> None:
    (sentence,) = told("ApiPolicy", policy(), policy(outbound=f"<base />{headers}"))
    assert sentence.startswith("Policies | v1: response header ")


def test_an_announcement_that_errors_do_not_carry_is_told_as_headers() -> None:
    after = _policy(_DEPRECATED)
    text = str(after["value"])
    without = text[: text.index("<on-error>")] + "<on-error />\n</policies>\n"
    sentences = told("ApiPolicy", _policy(None), {**after, "value": without})
    assert "Policies | v1: response header Sunset: added: set to Mon, 31 May 2027 23:59:59 GMT" in sentences
