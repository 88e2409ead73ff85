"""The whole document: its order, its bounds, and that the same input gives the same text."""

import random
import re
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pydantic import JsonValue, TypeAdapter

from delivery.records import Action, DeliveryRecord, Operation, Outcome, ResourceChange, StackRecord
from delivery.report.fitting import LIMIT, size
from delivery.report.render import MARKER, report
from tests.unit.delivery.report.making import change, policy, record, replaced, stack

_ALLOWED_HTML = re.compile(
    r"<!-- model-gateway: preview -->|<details>\n<summary>[^<>\n]*</summary>|</details>", re.MULTILINE
)
_RATE = '<rate-limit calls="{}" renewal-period="60" />'


def _faults(markdown: str) -> list[str]:
    """Return what is wrong with a document: open fences or folds, HTML that is not this project's."""
    faults = []
    opened = 0
    for token in MarkdownIt("commonmark").enable("table").parse(markdown):
        if token.type == "html_block":
            faults += [] if _ALLOWED_HTML.fullmatch(token.content.strip()) else [token.content]
            opened += token.content.count("<details>") - token.content.count("</details>")
            faults += ["a fold ends that never began"] if opened not in {0, 1} else []
        faults += [child.content for child in token.children or () if child.type == "html_inline"]
        faults += [child.type for child in token.children or () if child.type in {"link_open", "image"}]
    fences = 0
    for line in markdown.splitlines():
        found = re.match(r" *(`{3,})(\w*)$", line)
        if found and (fences == 0 or (len(found[1]) == fences and not found[2])):
            fences = len(found[1]) if fences == 0 else 0
    return faults + (["a fold is open"] if opened else []) + (["a fence is open"] if fences else [])


def _limited(name: str, before: int, after: int, environment: str = "dev") -> StackRecord:
    made = change(
        "ApiPolicy", policy(_RATE.format(before)), policy(_RATE.format(after)), name=f"{name}-v1-policy"
    )
    return stack(made, name=f"{name}.{environment}")


def test_the_first_line_is_the_marker_and_the_second_says_what_it_is_about() -> None:
    made = DeliveryRecord(
        environment="dev", operation=Operation.PREVIEW, revision="a" * 40, base="b" * 40, stacks=()
    )
    assert report([made]).text == (
        f"{MARKER}\n## Preview of `aaaaaaaaaa`, compared with `bbbbbbbbbb`\n\nNo stack is affected.\n"
    )
    uncommitted = made.model_copy(update={"revision": "uncommitted", "base": ""})
    assert report([uncommitted]).text.splitlines()[1] == "## Preview of `uncommitted`"


def test_the_order_is_failures_notes_consumers_dangers_counts_details() -> None:
    gone = change("Subscription", {"sid": "a"}, None, name="iris-v1-smoke")
    platform = change(
        "Product", {"productId": "a", "displayName": "b"}, {"productId": "a", "displayName": "c"}
    )
    made = record(
        stack(platform, project="platform", name="dev"),
        _limited("wine", 1, 2),
        stack(gone),
        stack(name="oak.dev", outcome=Outcome.FAILED, error="It has no endpoint.", owner="a@b.example"),
        stack(name="elm.dev", outcome=Outcome.NOT_BEGUN),
        stack(name="ash.dev", outcome=Outcome.INTERRUPTED),
        stack(name="fir.dev", notes=("An old lock was removed.",)),
    ).model_copy(update={"notes": ("`a` was renamed to `b`.",)})
    text = report([made]).text
    wanted = (
        "**1 deletion**, **1 stack failed** (7 stacks in dev)",
        "### ❌ Failed",
        "- **`model/ash.dev`**: It was interrupted",
        "- **`model/oak.dev`** (owner `a@b.example`): It has no endpoint.",
        "### Not begun",
        "- `model/elm.dev`",
        "### Notes",
        "- `dev`: `a` was renamed to `b`.",
        "- `model/fir.dev`: An old lock was removed.",
        "for all consumers",
        "#### Platform in dev",
        "model by model",
        "#### Model `iris` in dev",
        "#### Model `wine` in dev",
        "### ⚠️ Replaces and deletes",
        "- **Deletes Subscription `iris-v1-smoke` of `iris`** in dev. **Its keys stop working.**",
        "### Counts",
        "| `dev` | platform | 1 |  | 1 |  |  | 3 |",
        "| `dev` | model | 6 (1 failed, 1 interrupted, 1 not begun) |  | 1 |  | **1** | 18 |",
        "### Details",
        "<summary>platform/dev: 1 update, 3 unchanged</summary>",
    )
    places = [text.find(words) for words in wanted]
    assert -1 not in places, wanted[places.index(-1)]
    assert all(one < other for one, other in pairwise(places)), text


def test_models_that_change_alike_are_listed_below_one_heading() -> None:
    text = report([record(_limited("elm", 1, 2), _limited("oak", 1, 2))]).text
    assert "#### 2 models alike in dev\n\n`elm` and `oak`\n\n**Limits**" in text
    assert text.count("1 call per minute → 2 calls per minute") == 1


def test_environments_follow_the_order_of_deployment() -> None:
    records = [
        record(_limited("iris", 1, 2, name), environment=name) for name in ("dev", "prod", "other", "staging")
    ]
    text = report(records, ("dev", "staging", "prod")).text
    assert "#### Model `iris` in dev, staging, prod and other" in text


def test_the_order_of_files_stacks_and_resources_does_not_matter_nor_how_long_it_took() -> None:
    changes = [change("NamedValue", None, {"namedValueId": name}, name=name) for name in "abc"]
    stacks = [stack(*changes, name=f"{name}.dev") for name in ("iris", "wine", "oak")]
    records = [record(*stacks), record(*stacks, environment="prod")]
    text = report(records).text
    shuffling = random.Random(1)  # noqa: S311 - an order, no secret
    for _ in range(5):
        shuffled = [
            each.model_copy(
                update={
                    "stacks": tuple(
                        one.model_copy(
                            update={
                                "changes": tuple(shuffling.sample(one.changes, 3)),
                                "seconds": shuffling.random(),
                            }
                        )
                        for one in shuffling.sample(each.stacks, 3)
                    )
                }
            )
            for each in shuffling.sample(records, 2)
        ]
        assert report(shuffled).text == text


def test_a_report_that_is_cut_points_to_the_whole_and_keeps_failures_and_deletes() -> None:
    many = [
        stack(
            change(
                "Backend",
                {"backendId": "b", "description": "x" * 900},
                {"backendId": "b", "description": "y" * 900},
            ),
            change("Subscription", {"sid": "a"}, None, name=f"m{number}-v1-smoke"),
            name=f"m{number}.dev",
        )
        for number in range(40)
    ]
    failed = stack(name="oak.dev", outcome=Outcome.FAILED, error="It has no endpoint.")
    made = report([record(*many, failed)], artifact_url="https://artifacts.example/1", limit=9_000)
    assert size(made.text) <= 9_000 < size(made.whole)
    assert "It has no endpoint." in made.text
    assert made.text.count("**Deletes Subscription") == 40
    assert made.text.rstrip().endswith(
        "The whole of it is in the artifact of this run: <https://artifacts.example/1>_"
    )
    assert _faults(made.text.replace("<https://artifacts.example/1>", "")) == []


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://a.example/<script>", "https://a.example/ b", "x" * 9_000]
)
def test_what_is_no_address_makes_no_link(url: str) -> None:
    many = [stack(change("Other", None, {}, name="x" * 200), name=f"m{number}.dev") for number in range(40)]
    made = report([record(*many)], artifact_url=url, limit=4_500)
    assert made.text != made.whole
    assert _faults(made.text) == []


def test_a_note_on_many_stacks_names_some_of_them() -> None:
    stacks = [stack(name=f"m{number}.dev", notes=("It waited.",)) for number in range(9)]
    text = report([record(*stacks)]).text
    assert "`model/m5.dev` and 3 more: It waited." in text
    assert text.count("It waited.") == 1


def test_a_hostile_summary_stays_text() -> None:
    hostile = "</details><script>alert(1)</script> @contoso/team #1 | a `b` ```\n```\n# c\n<!-- x --> [l](https://evil.example)"
    api: dict[str, JsonValue] = {
        "apiId": "iris-v1",
        "path": hostile,
        "apiVersion": hostile,
        "description": "a",
    }
    made = record(
        stack(change("Api", dict(api), api | {"description": hostile * 9}), owner=hostile, notes=(hostile,)),
        stack(replaced(change("Api", dict(api), dict(api)), hostile), name=f"{hostile}.dev"),
        stack(name="oak.dev", outcome=Outcome.FAILED, error=hostile, owner=hostile),
        stack(change("ApiPolicy", {"value": hostile}, {"value": f"{hostile}\n{hostile}"}), name="elm.dev"),
    ).model_copy(update={"notes": (hostile,), "revision": hostile, "base": hostile})
    text = report([made]).text
    assert _faults(text) == []
    outside = re.sub(r"(?s)(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    assert "@contoso" not in outside
    assert "#1" not in outside


def test_several_operations_stand_one_after_the_other() -> None:
    records = [
        record(_limited("iris", 1, 2)),
        record(_limited("iris", 1, 2), operation=Operation.UP),
        record(_limited("iris", 1, 2), operation=Operation.DESTROY),
    ]
    text = report(records).text
    assert re.findall(r"^## (\w+)", text, re.MULTILINE) == ["Preview", "Deployment", "Destruction"]


_TEXT = st.text(
    alphabet=st.sampled_from(list("`~<>|*_[]()!#@&\\-+=./: \n\tab1\u202e\ud800日{}\"'")), max_size=30
) | st.just("</details>\n```\n<b>")
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | _TEXT,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_TEXT, inner, max_size=2),
    max_leaves=6,
)
_KNOWN_KEYS = st.sampled_from(
    (
        *("apiId", "backendId", "productId", "value", "path", "url", "description", "method", "urlTemplate"),
        *("operationId", "responses", "request", "components", "pool", "circuitBreaker", "sampling", "sku"),
        *("secret", "protocols", "credentials", "tls"),
    )
)
_INPUTS = st.dictionaries(_KNOWN_KEYS | _TEXT, _JSON, max_size=5)
_KINDS = st.sampled_from(
    (
        *("Api", "ApiOperation", "ApiOperationPolicy", "ApiPolicy", "ApiSchema", "ApiVersionSet", "Backend"),
        *(
            "Diagnostic",
            "NamedValue",
            "Policy",
            "PolicyFragment",
            "Product",
            "ProductApiLink",
            "ProductPolicy",
        ),
        *("Subscription", "ApiManagementService", "Other"),
    )
)


_CHECKED: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


@st.composite
def _changes(draw: st.DrawFn) -> ResourceChange:
    action = draw(st.sampled_from(Action))
    name = draw(_TEXT)
    return ResourceChange(
        urn=f"urn:pulumi:iris.dev::model::azure-native:apimanagement:{draw(_KINDS)}::{name}",
        action=action,
        before=None if action is Action.CREATE else _CHECKED.validate_python(draw(_INPUTS)),
        after=None if action is Action.DELETE else _CHECKED.validate_python(draw(_INPUTS)),
        paths=tuple(draw(st.lists(_TEXT, max_size=2))),
        forces=tuple(draw(st.lists(_TEXT, max_size=2))),
    )


_STACKS = st.builds(
    StackRecord,
    project=st.sampled_from(["foundation", "platform", "model"]),
    name=st.sampled_from(["iris.dev", "wine.dev", "`|<b>.dev"]),
    outcome=st.sampled_from(Outcome),
    reasons=st.lists(_TEXT, max_size=1).map(tuple),
    owner=_TEXT,
    changes=st.lists(_changes(), max_size=3).map(tuple),
    destroys=st.booleans(),
    error=_TEXT,
    notes=st.lists(_TEXT, max_size=1).map(tuple),
)
_RECORDS = st.lists(
    st.builds(
        DeliveryRecord,
        environment=st.sampled_from(["dev", "prod", "<i>|`"]),
        operation=st.sampled_from([Operation.PREVIEW, Operation.DRIFT]),
        revision=_TEXT,
        base=_TEXT,
        stacks=st.lists(_STACKS, max_size=3).map(tuple),
        notes=st.lists(_TEXT, max_size=1).map(tuple),
    ),
    max_size=3,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(_RECORDS, st.sampled_from([3_500, 6_000, LIMIT]))
def test_any_records_make_a_document_that_fits_and_is_whole(
    records: list[DeliveryRecord], limit: int
) -> None:
    made = report(records, ("dev",), limit=limit)
    assert size(made.text) <= limit
    assert made.text.startswith(MARKER)
    assert made.text.encode().decode() == made.text
    assert _faults(made.text) == []
    assert _faults(made.whole) == []
    assert report(list(reversed(records)), ("dev",), limit=limit).text.count("\n") > 1
