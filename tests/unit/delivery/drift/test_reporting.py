"""What people read of drift."""

from pydantic import JsonValue

from delivery.drift.reporting import failures, lines, of_stack, summary
from delivery.records import Action, DeliveryRecord, Operation, Outcome, ResourceChange, StackRecord

_TYPES = "azure-native:apimanagement"


def _change(
    name: str, before: dict[str, JsonValue], after: dict[str, JsonValue] | None, *paths: str
) -> ResourceChange:
    return ResourceChange(
        urn=f"urn:pulumi:churn.dev::model::{_TYPES}:Backend::{name}",
        action=Action.DELETE if after is None else Action.UPDATE,
        before=before,
        after=after,
        paths=paths,
    )


def _stack(
    name: str, *changes: ResourceChange, project: str = "model", owner: str = "a@contoso.example"
) -> StackRecord:
    return StackRecord(project=project, name=name, outcome=Outcome.DONE, owner=owner, changes=changes)


def _record(*stacks: StackRecord, environment: str = "dev") -> DeliveryRecord:
    return DeliveryRecord(environment=environment, operation=Operation.DRIFT, stacks=stacks)


_GONE = _change("gone", {"url": "a"}, None)
_MOVED = _change("moved", {"url": "a"}, {"url": "@b", "title": "t"}, "title", "url")
_ADDED = _change("added", {}, {"title": "t"}, "title")
_DRIFTED = _record(_stack("dev", project="platform"), _stack("churn.dev", _ADDED, _MOVED, _GONE))


def test_a_terminal_shows_the_worst_first_with_who_should_look() -> None:
    assert list(lines(_DRIFTED)) == [
        "model/churn.dev  (ask a@contoso.example)",
        "  deleted: gone (Backend)",
        "  changed by hand: moved (Backend)",
        '    title is "t"',
        '    url: "a" -> "@b"',
        "  added: added (Backend)",
        '    title is "t"',
        "  To bring it back: ./dev refresh --env dev --model churn && ./dev up --env dev --model churn",
    ]
    assert summary(_DRIFTED) == "dev: 1 stack of 2 drifted: 1 deleted, 1 changed by hand, 1 added"
    assert summary(_record(_stack("dev", project="platform"))) == "dev: no drift in 1 stack"


def test_what_could_not_be_looked_at_is_not_said_to_be_without_drift() -> None:
    failed = _stack("iris.dev").model_copy(update={"outcome": Outcome.FAILED})
    assert summary(_record(_stack("churn.dev"), failed)) == "dev: no drift in 1 stack"
    assert summary(_record(_stack("churn.dev", _GONE), failed)) == "dev: 1 stack of 1 drifted: 1 deleted"


def _told(stack: StackRecord) -> str:
    return "\n\n".join(of_stack(stack, "dev"))


def test_the_issue_names_what_differs_who_owns_it_and_what_to_do() -> None:
    told = _told(_DRIFTED.stacks[1])
    assert "To be looked at by `a@contoso.example`." in told
    assert '  - `url`: `"a"` → `"@b"`' in told
    assert "```sh\n./dev refresh --env dev --model churn\n./dev up --env dev --model churn\n```" in told


def test_a_model_that_is_held_is_not_brought_what_was_taken_back() -> None:
    held = _stack("churn.dev", _GONE).model_copy(update={"held": "abc"})
    assert "./dev rollback churn --env dev --to abc\n" in _told(held)
    assert "./dev up" not in _told(held)


def test_a_layer_is_brought_back_as_a_layer() -> None:
    told = _told(_stack("dev", _GONE, project="platform"))
    assert "./dev up --env dev --all --layer platform" in told


def test_a_policy_is_told_by_the_lines_that_differ() -> None:
    text = '<policies><inbound><rate-limit calls="{}" renewal-period="60" /></inbound></policies>'
    before = {"value": text.format(60).replace("><", ">\n<"), "format": "rawxml"}
    after = {"value": text.format(600).replace("><", ">\n<"), "format": "rawxml"}
    told = _told(_stack("churn.dev", _change("policy", {**before}, {**after}, "value")))
    assert (
        '  -<rate-limit calls="60" renewal-period="60" />\n  +<rate-limit calls="600" renewal-period="60" />'
        in told
    )
    assert "→" not in told


def test_values_that_look_alike_are_said_to_differ() -> None:
    secret = _change("key", {"value": "[secret]"}, {"value": "[secret]"}, "value")
    told = list(lines(_record(_stack("churn.dev", secret))))
    assert "    value: [secret] -> another value" in told


def test_nothing_that_somebody_wrote_in_azure_becomes_markup() -> None:
    evil = _change("x", {"title": "a"}, {"title": "`</details> @team **b**"}, "title")
    told = _told(_stack("churn.dev", evil))
    assert '``"`</details> @team **b**"``' in told


def test_what_could_not_be_looked_at_is_a_sentence() -> None:
    failed = StackRecord(
        project="model", name="churn.dev", outcome=Outcome.FAILED, error="its state is damaged."
    )
    assert failures(_record(failed)) == "model/churn.dev could not be looked at: its state is damaged."
    assert failures(_DRIFTED) == ""
