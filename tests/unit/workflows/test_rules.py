"""Each of the repository's own rules for workflows finds what it is for, and nothing in a workflow that keeps it."""

from pathlib import Path

import pytest

from tools.workflows.__main__ import findings
from tools.workflows.documents import parse, read_all
from tools.workflows.rules import actions

ROOT = Path(__file__).resolve().parents[3]
CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"

GOOD = f"""\
name: one
on: [push]
permissions: {{}}
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: prod
    timeout-minutes: 5
    concurrency:
      group: deploy-prod
      cancel-in-progress: false
      queue: max
    permissions:
      contents: read # checks the code out
      id-token: write # logs in to Azure
    steps:
      - uses: {CHECKOUT}
        with:
          fetch-depth: 0
      - uses: ./.github/actions/cache
      - run: ./dev up --env "$ENVIRONMENT" --layer=model
        env:
          ENVIRONMENT: ${{{{ inputs.environment }}}}
"""


def judge(*texts: str) -> list[str]:
    return findings([parse(Path(f".github/workflows/{at}.yml"), text) for at, text in enumerate(texts)])


def changed(before: str, after: str) -> str:
    assert before in GOOD
    return GOOD.replace(before, after)


def test_a_good_workflow_has_no_finding() -> None:
    assert judge(GOOD) == []


def test_the_workflows_of_this_repository_have_no_finding() -> None:
    documents = list(read_all(ROOT))

    assert len(documents) >= 9
    assert findings(documents) == []


def test_an_action_that_the_table_lacks_is_found() -> None:
    assert judge(changed(CHECKOUT, "someone/checkout@v7")) == [
        (
            ".github/workflows/0.yml:17: someone/checkout@v7 is not in tools/workflows/actions.yaml: "
            "add it, with its commit and inputs"
        )
    ]


@pytest.mark.parametrize("ref", ["v7", "3d3c42e", "a" * 40])
def test_another_ref_than_the_pinned_commit_is_found(ref: str) -> None:
    found = judge(changed(CHECKOUT, f"actions/checkout@{ref} # v7.0.1"))

    assert found == [
        (
            ".github/workflows/0.yml:17: actions/checkout is not pinned to "
            "3d3c42e5aac5ba805825da76410c181273ba90b1, which is v7.0.1"
        )
    ]


@pytest.mark.parametrize("comment", ["", " # v6.0.0", " # latest"])
def test_a_comment_that_does_not_tell_the_version_is_found(comment: str) -> None:
    found = judge(changed(" # v7.0.1", comment))

    assert found == [
        ".github/workflows/0.yml:17: actions/checkout at this commit is v7.0.1: say so in the comment after it"
    ]


def test_a_misspelt_input_is_found() -> None:
    found = judge(changed("fetch-depth: 0", "fetch-dept: 0"))

    assert found == [".github/workflows/0.yml:17: actions/checkout has no input fetch-dept"]


def test_a_missing_input_is_found() -> None:
    upload = "actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1"
    found = judge(changed(CHECKOUT, upload).replace("fetch-depth: 0", "name: results"))

    assert found == [".github/workflows/0.yml:17: actions/upload-artifact needs the input path"]


def test_a_pinned_action_in_a_local_action_is_judged_too() -> None:
    action = "runs:\n  using: composite\n  steps:\n    - uses: actions/checkout@v7 # v7.0.1\n"
    found = findings([parse(Path(".github/actions/mine/action.yml"), action)])

    assert [finding.partition(" ")[0] for finding in found] == [".github/actions/mine/action.yml:4:"]


def test_an_expression_in_a_script_is_found() -> None:
    found = judge(changed('"$ENVIRONMENT"', '"${{ inputs.environment }}"'))

    assert found == [
        ".github/workflows/0.yml:21: an expression in `run` is pasted into the script: pass it through `env`"
    ]


@pytest.mark.parametrize(
    "script",
    [
        "./dev up && ./dev smoke",
        "./dev up || true",
        "./dev up --env $ENVIRONMENT",
        './dev up --env "$(cat environment)"',
        "pulumi up",
        "./dev up > log",
        "./dev up\n          ./dev smoke",
    ],
)
def test_logic_in_a_script_is_found(script: str) -> None:
    run = f"|\n          {script}" if "\n" in script else script
    found = judge(changed('./dev up --env "$ENVIRONMENT" --layer=model', run))

    assert len(found) == 1
    assert found[0].endswith("`run` is more than one command of ./dev: move the logic to where it is tested")


def test_a_job_without_a_timeout_is_found() -> None:
    assert judge(changed("    timeout-minutes: 5\n", "")) == [
        ".github/workflows/0.yml:5: job deploy has no timeout-minutes: say when it is given up"
    ]


@pytest.mark.parametrize(
    "top", ["", "permissions: read-all\n", "permissions:\n  contents: read # checks out\n"]
)
def test_permissions_of_a_whole_workflow_are_found(top: str) -> None:
    assert ".github/workflows/0.yml:1: `permissions: {}` is missing at the top" in judge(
        changed("permissions: {}\n", top)
    )


def test_a_permission_without_a_reason_is_found() -> None:
    assert judge(changed(" # logs in to Azure", "")) == [
        ".github/workflows/0.yml:15: job deploy may id-token: write: say in a comment what for"
    ]


def test_a_job_that_takes_all_permissions_is_found() -> None:
    granted = GOOD[GOOD.index("    permissions:") : GOOD.index("    steps:")]

    assert judge(changed(granted, "    permissions: write-all\n")) == [
        ".github/workflows/0.yml:5: job deploy does not name its permissions, one by one"
    ]


def test_a_login_without_a_github_environment_is_found() -> None:
    assert judge(changed("    environment: prod\n", "")) == [
        ".github/workflows/0.yml:5: job deploy may log in but names no GitHub environment: no identity trusts it"
    ]


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("group: deploy-prod", "group: deploy-dev", "group: deploy-prod"),
        ("cancel-in-progress: false", "cancel-in-progress: true", "cancel-in-progress: false"),
        ("      queue: max\n", "", "queue: max"),
    ],
)
def test_a_deployment_that_could_meet_another_or_be_cut_off_is_found(
    before: str, after: str, wanted: str
) -> None:
    assert judge(changed(before, after)) == [
        f".github/workflows/0.yml:5: job deploy writes to prod: its concurrency needs `{wanted}`"
    ]


def test_a_workflow_that_is_cancelled_while_it_deploys_is_found() -> None:
    whole = "concurrency:\n  group: all\n  cancel-in-progress: true\njobs:\n"

    assert judge(changed("jobs:\n", whole)) == [
        ".github/workflows/0.yml:8: job deploy writes to prod: the workflow must not be cancelled in progress"
    ]


def test_a_preview_needs_no_turn() -> None:
    turn = GOOD[GOOD.index("    concurrency:") : GOOD.index("    permissions:")]

    assert judge(changed("environment: prod", "environment: preview-prod").replace(turn, "")) == []


def test_a_caller_of_a_workflow_that_deploys_needs_the_turn() -> None:
    turn = GOOD[GOOD.index("    concurrency:") : GOOD.index("    permissions:")]
    called = changed("on: [push]", "on: workflow_call").replace(turn, "")
    caller = """\
on: [push]
permissions: {}
jobs:
  dev:
    uses: ./.github/workflows/0.yml
    with:
      environment: dev
    permissions:
      id-token: write # logs in to Azure
"""

    assert judge(called) == []
    assert judge(called, caller) == [
        ".github/workflows/1.yml:4: job dev writes to dev: its concurrency needs `group: deploy-dev`",
        ".github/workflows/1.yml:4: job dev writes to dev: its concurrency needs `cancel-in-progress: false`",
        ".github/workflows/1.yml:4: job dev writes to dev: its concurrency needs `queue: max`",
    ]
    guarded = "    concurrency:\n      group: deploy-dev\n      cancel-in-progress: false\n      queue: max\n"
    assert judge(called, caller.replace("    permissions:\n", f"{guarded}    permissions:\n")) == []


def test_the_table_names_commits_and_versions() -> None:
    table = actions.read_table()

    assert table["actions/checkout"].commit in CHECKOUT
    assert all(action.inputs for action in table.values())
