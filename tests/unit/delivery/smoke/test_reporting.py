"""What people read of smoke tests."""

from delivery.smoke.record import SmokeOutcome, SmokeRecord, SmokeResult
from delivery.smoke.reporting import lines, markdown, sentences

_OWNER = "a@contoso.example"
_GOOD = SmokeResult(
    model="churn", version="v1", outcome=SmokeOutcome.ANSWERED, owner=_OWNER, url="https://gateway/churn/v1/predict",
    status=200, milliseconds=12.4, tries=3,
)  # fmt: skip
_BAD = SmokeResult(
    model="prices", version="v2", outcome=SmokeOutcome.FAILED, owner=_OWNER, url="https://gateway/prices/v2/predict",
    status=500, milliseconds=1204.0, tries=6, reason="it gave 500 <b>@team | no</b>",
)  # fmt: skip
_KEYLESS = SmokeResult(
    model="wine", version="v1", outcome=SmokeOutcome.FAILED, owner=_OWNER, reason="nobody is let in"
)
_GONE = SmokeResult(model="gone", version="", outcome=SmokeOutcome.NOT_CALLED, reason="it has no folder")
_RECORD = SmokeRecord(environment="dev", results=(_GOOD, _BAD, _KEYLESS, _GONE))


def test_a_terminal_shows_a_line_for_each() -> None:
    assert list(lines(_RECORD)) == [
        "✓ churn v1   200          12 ms  after 3 tries",
        "✗ prices v2  500        1204 ms  after 6 tries",
        "✗ wine v1    failed",
        "- gone       not called: it has no folder",
        "dev: 1 answered, 2 failed, 1 not called",
    ]


def test_each_failure_is_a_sentence_with_its_owner() -> None:
    prices, wine = sentences(_RECORD).splitlines()
    assert prices == (
        "prices v2 in dev does not work: https://gateway/prices/v2/predict, it gave 500 <b>@team | no</b> "
        f"(after 6 tries). Its owner is {_OWNER}."
    )
    assert wine == f"wine v1 in dev does not work: nobody is let in. Its owner is {_OWNER}."


def test_markdown_shows_failures_first_and_takes_nothing_of_an_answer_for_markup() -> None:
    told = markdown(_RECORD)
    assert told.startswith("### Smoke tests in dev: 1 answered, 2 failed, 1 not called\n\n- **prices v2**")
    assert told.index("| ✗ | prices v2 | 500 after 6 tries |") < told.index("| ✓ | churn v1 |")
    assert "<b>" not in told
    assert "@team" not in told


def test_nothing_to_call_is_said() -> None:
    empty = SmokeRecord(environment="dev")
    assert list(lines(empty)) == ["dev: nothing to call"]
    assert markdown(empty) == "### Smoke tests in dev: nothing to call\n"


def test_sentences_of_others_stay_one_sentence() -> None:
    wrong = _KEYLESS.model_copy(update={"reason": "model.yaml: `owner` is missing. Add it.\nAnd more."})
    told = sentences(SmokeRecord(environment="dev", results=(wrong,)))
    assert (
        told
        == f"wine v1 in dev does not work: model.yaml: `owner` is missing. Add it. And more. Its owner is {_OWNER}."
    )
