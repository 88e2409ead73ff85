"""What workflows tell GitHub, and what they tell the jobs after them."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml
from pydantic import JsonValue
from rich.console import Console

from delivery import command, records
from delivery.context import Context
from delivery.errors import DeliveryError
from delivery.github.requests import GitHubError
from delivery.publish import comment, document
from delivery.publish.command import run
from delivery.records import Action, DeliveryRecord, Operation, Outcome, ResourceChange, StackRecord
from shared.errors import UserError
from tests.support.github import ACTIONS, TOKEN, FakeGitHub, Fault, serve

ROOT = Path(__file__).resolve().parents[4]
MARKER = "<!-- model-gateway: preview -->"
CHANGE = ResourceChange(
    urn="urn:pulumi:iris.dev::model::azure-native:apimanagement:Api::iris", action=Action.UPDATE
)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGitHub]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serve() as served:
        yield served


class Runner:
    """One job on the fake GitHub."""

    def __init__(self, fake: FakeGitHub, folder: Path) -> None:
        self.folder = folder
        self.variables = {
            **fake.variables,
            "GITHUB_EVENT_PATH": str(folder / "event.json"),
            "GITHUB_OUTPUT": str(folder / "outputs"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_RUN_ID": "42",
        }
        self.event({"pull_request": {"number": 7}})

    def event(self, event: JsonValue) -> None:
        (self.folder / "event.json").write_text(json.dumps(event))

    def write(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text)
        return str(self.folder / name)

    def publish(self, *arguments: str, root: Path = ROOT) -> str:
        options = command.parser().parse_args(["publish", *arguments])
        console = Console(soft_wrap=True)
        with console.capture() as captured:
            context = Context(root=root, console=console, variables=_no_variables)
            assert run(options, context, self.variables) == 0
        return captured.get().strip()

    def outputs(self) -> dict[str, JsonValue]:
        """Read the outputs of the job, as GitHub does: a name, what ends the value, and the value."""
        lines = iter((self.folder / "outputs").read_text().splitlines())
        found: dict[str, JsonValue] = {}
        for line in lines:
            name, end = line.split("<<")
            value = "\n".join(iter(lines.__next__, end))
            found[name] = json.loads(value) if value.startswith(("[", "{")) else value
        return found

    @property
    def summary(self) -> str:
        return (self.folder / "summary").read_text()


def _no_variables(_: str) -> Mapping[str, str]:
    return {}


@pytest.fixture
def job(fake: FakeGitHub, tmp_path: Path) -> Runner:
    return Runner(fake, tmp_path)


def record(environment: str, operation: Operation = Operation.DRIFT, *stacks: StackRecord) -> DeliveryRecord:
    return DeliveryRecord(environment=environment, operation=operation, stacks=stacks)


def stack(project: str, name: str, outcome: Outcome = Outcome.DONE, *, changes: bool = False) -> StackRecord:
    return StackRecord(project=project, name=name, outcome=outcome, changes=(CHANGE,) if changes else ())


# The comment of a pull request


def test_a_comment_is_written_once_and_then_updated(fake: FakeGitHub, job: Runner) -> None:
    fake.comment(7, "looks good")
    job.publish("comment", "--markdown", job.write("report.md", "first\n"))
    said = job.publish("comment", "--markdown", job.write("report.md", "second\n"))

    assert [each["body"] for each in fake.comments[7]] == ["looks good", f"{MARKER}\nsecond\n"]
    assert said == f"Commented: {fake.comments[7][1]['html_url']}"


def test_the_comment_is_found_on_a_later_page(fake: FakeGitHub, job: Runner) -> None:
    for _ in range(150):
        fake.comment(7, "talk")
    fake.comment(7, f"{MARKER}\nold", ACTIONS)

    job.publish("comment", "--markdown", job.write("report.md", "new"))

    assert len(fake.comments[7]) == 151
    assert fake.comments[7][-1]["body"] == f"{MARKER}\nnew\n"


@pytest.mark.parametrize(
    ("body", "login"), [(f"{MARKER}\nmine now", "mallory"), (f"I saw this:\n{MARKER}\nold", ACTIONS)]
)
def test_what_others_write_is_left_alone(fake: FakeGitHub, job: Runner, body: str, login: str) -> None:
    fake.comment(7, body, login)

    job.publish("comment", "--markdown", job.write("report.md", "new"))

    assert [each["body"] for each in fake.comments[7]] == [body, f"{MARKER}\nnew\n"]


def test_a_comment_that_was_written_though_github_failed_is_not_written_twice(
    fake: FakeGitHub, job: Runner
) -> None:
    fake.faults.append(Fault(502, method="POST", is_done=True))

    job.publish("comment", "--markdown", job.write("report.md", "once"))

    assert [each["body"] for each in fake.comments[7]] == [f"{MARKER}\nonce\n"]


def test_a_comment_that_cannot_be_written_is_given_up(fake: FakeGitHub, job: Runner) -> None:
    fake.faults.extend([Fault(502, method="POST")] * 3)
    report = job.write("report.md", "never")

    with pytest.raises(GitHubError, match="GitHub fails at POST issues/7/comments"):
        job.publish("comment", "--markdown", report)
    assert 7 not in fake.comments


def test_a_report_that_is_marked_already_is_not_marked_twice(fake: FakeGitHub, job: Runner) -> None:
    job.publish("comment", "--markdown", job.write("report.md", f"{MARKER}\n## Preview\n"))

    assert [each["body"] for each in fake.comments[7]] == [f"{MARKER}\n## Preview\n"]


def test_a_report_that_is_too_long_is_cut(fake: FakeGitHub, job: Runner) -> None:
    job.publish("comment", "--markdown", job.write("report.md", "a line\n" * 20_000))

    body = str(fake.comments[7][0]["body"])
    assert len(body) <= document.LIMIT
    assert body.endswith("a line\n\n*This is cut: GitHub takes no more. The run has the whole.*\n")


def test_a_pull_request_that_affects_nothing_gets_no_comment(fake: FakeGitHub, job: Runner) -> None:
    assert job.publish("comment", "--unaffected") == "Nothing is affected, and no comment says otherwise."
    assert fake.comments == {}


def test_a_pull_request_that_affects_nothing_any_more_says_so(fake: FakeGitHub, job: Runner) -> None:
    fake.comment(7, f"{MARKER}\nmuch", ACTIONS)

    job.publish("comment", "--unaffected")

    assert [each["body"] for each in fake.comments[7]] == [f"{MARKER}\n{comment.UNAFFECTED}"]


def test_previews_that_left_no_report_are_told(fake: FakeGitHub, job: Runner) -> None:
    job.publish("comment", "--markdown", str(job.folder / "report.md"))

    assert fake.comments[7][0]["body"] == (
        f"{MARKER}\n**No preview.** The previews ended before they could report anything: see "
        "[their logs](https://github.com/contoso/model-gateway/actions/runs/42).\n"
    )


@pytest.mark.parametrize(
    "event", [{}, {"pull_request": {"number": "7"}}, [], {"pull_request": {"number": True}}]
)
def test_only_a_pull_request_gets_a_comment(fake: FakeGitHub, job: Runner, event: JsonValue) -> None:
    job.event(event)

    with pytest.raises(DeliveryError, match=r"GITHUB_EVENT_PATH (describes no pull request|names no event)"):
        job.publish("comment", "--unaffected")
    assert fake.requests == []


# The issue about drift


def drift(job: Runner, *found: DeliveryRecord) -> str:
    for each in found:
        records.write(each, job.folder / "results")
    (job.folder / "results").mkdir(exist_ok=True)
    report = job.write("report.md", "the report")
    said = job.publish("issue", "--results", str(job.folder / "results"), "--markdown", report)
    for file in (job.folder / "results").iterdir():
        file.unlink()
    return said


CLEAN = tuple(record(name, Operation.DRIFT, stack("platform", name)) for name in ("dev", "staging", "prod"))


def test_drift_opens_one_issue_and_updates_it(fake: FakeGitHub, job: Runner) -> None:
    drifted = record("dev", Operation.DRIFT, stack("model", "iris.dev", changes=True))
    assert drift(job, *CLEAN[1:], drifted) == "Opened https://github.com/contoso/model-gateway/issues/1."
    assert drift(job, *CLEAN[1:], drifted) == "Updated https://github.com/contoso/model-gateway/issues/1."

    assert [issue["title"] for issue in fake.issues] == ["Azure differs from what was deployed"]
    assert fake.issues[0]["body"] == (
        "<!-- model-gateway: drift -->\n- **dev** has drift in one stack.\n\nthe report\n"
        "The night's run: https://github.com/contoso/model-gateway/actions/runs/42\n"
    )


def test_no_drift_closes_the_issue(fake: FakeGitHub, job: Runner) -> None:
    drift(job, *CLEAN[1:], record("dev", Operation.DRIFT, stack("model", "iris.dev", changes=True)))
    said = drift(job, *CLEAN)

    assert said == "Closed https://github.com/contoso/model-gateway/issues/1: there is no drift any more."
    assert (fake.issues[0]["state"], fake.issues[0]["state_reason"]) == ("closed", "completed")
    assert drift(job, *CLEAN) == "No environment has drift, and no issue says so."
    assert len(fake.issues) == 1


def test_an_environment_that_was_not_looked_at_keeps_the_issue_open(fake: FakeGitHub, job: Runner) -> None:
    failed = record("staging", Operation.DRIFT, stack("platform", "staging", Outcome.FAILED))
    drift(job, CLEAN[0], failed)

    assert fake.issues[0]["state"] == "open"
    assert str(fake.issues[0]["body"]).splitlines()[1:3] == [
        "- **staging** was not looked at completely: one stack could not be compared.",
        "- **prod** was not looked at: its job ended before it could tell anything.",
    ]


def test_records_of_something_else_say_nothing_about_drift(fake: FakeGitHub, job: Runner) -> None:
    preview = record("dev", Operation.PREVIEW, stack("platform", "dev"))
    drift(job, preview, *CLEAN[1:])

    assert "**dev** was not looked at" in str(fake.issues[0]["body"])


def test_an_issue_of_somebody_else_is_left_alone(fake: FakeGitHub, job: Runner) -> None:
    theirs = fake.issue("drift", "<!-- model-gateway: drift -->\nmine", ["drift"], "mallory")
    drift(job, *CLEAN)

    assert theirs["state"] == "open"


def test_an_issue_that_was_opened_though_github_failed_is_not_opened_twice(
    fake: FakeGitHub, job: Runner
) -> None:
    fake.faults.append(Fault(504, method="POST", is_done=True))
    drift(job)

    assert len(fake.issues) == 1


# What later jobs are told


def test_a_plan_becomes_a_matrix_with_the_places_to_log_in(job: Runner) -> None:
    include = [
        {"environment": "dev", "runner": ["ubuntu-latest"], "shard": "1/2", "stacks": 12},
        {"environment": "prod", "runner": ["private"], "shard": "1/1", "stacks": 1},
    ]
    plan = job.write("plan.json", json.dumps({"revision": "1", "matrix": {"include": include}}))

    job.publish("matrix", "--plan", plan)

    tenant = "00000000-0000-0000-0000-000000000000"
    assert job.outputs() == {
        "affected": "true",
        "matrix": {
            "include": [
                {
                    **include[0],
                    "artifact": "dev-1-of-2",
                    "subscription-id": "00000000-0000-0000-0000-000000000001",
                    "tenant-id": tenant,
                },
                {
                    **include[1],
                    "artifact": "prod-1-of-1",
                    "subscription-id": "00000000-0000-0000-0000-000000000003",
                    "tenant-id": tenant,
                },
            ]
        },
    }


def test_a_plan_of_nothing_affects_nothing(job: Runner) -> None:
    job.publish("matrix", "--plan", job.write("plan.json", '{"matrix": {"include": []}}'))

    assert job.outputs() == {"affected": "false", "matrix": {"include": []}}


def test_a_plan_of_too_many_jobs_is_refused(job: Runner) -> None:
    include = [{"environment": "dev", "shard": f"{part}/300"} for part in range(300)]
    plan = job.write("plan.json", json.dumps({"matrix": {"include": include}}))

    with pytest.raises(DeliveryError, match=r"has 300 jobs, and GitHub takes 256: lower --shards"):
        job.publish("matrix", "--plan", plan)


@pytest.mark.parametrize("text", ["", "[]", '{"matrix": {}}'])
def test_a_file_that_is_no_plan_is_refused(job: Runner, text: str) -> None:
    plan = job.write("plan.json", text)

    with pytest.raises(DeliveryError, match=r"holds no plan: write one with `./dev plan --json"):
        job.publish("matrix", "--plan", plan)


def test_without_a_plan_the_matrix_has_all_environments_in_azure(job: Runner) -> None:
    job.publish("matrix")

    matrix = job.outputs()["matrix"]
    assert isinstance(matrix, dict)
    assert isinstance(matrix["include"], list)
    assert [entry["environment"] for entry in matrix["include"] if isinstance(entry, dict)] == [
        "dev", "staging", "prod",
    ]  # fmt: skip


def test_the_settings_of_a_guarded_environment_are_handed_on(fake: FakeGitHub, job: Runner) -> None:
    fake.guard("prod")
    fake.guard("approve-prod", reviewers=True)

    job.publish("settings", "--env", "prod")

    assert job.outputs() == {
        "runner": ["ubuntu-latest"],
        "models": {"include": [{"shard": "1/1", "artifact": "1-of-1"}]},
        "subscription-id": "00000000-0000-0000-0000-000000000003",
        "tenant-id": "00000000-0000-0000-0000-000000000000",
    }


def test_a_large_fleet_is_shared_among_runners(fake: FakeGitHub, job: Runner, tmp_path: Path) -> None:
    fake.guard("dev")
    (tmp_path / "environments").mkdir()
    text = yaml.safe_load((ROOT / "environments" / "dev.yaml").read_text())
    (tmp_path / "environments" / "dev.yaml").write_text(yaml.safe_dump(text))
    for number in range(60):
        folder = tmp_path / "models" / f"model-{number}"
        folder.mkdir(parents=True)
        (folder / "model.yaml").touch()

    job.publish("settings", "--env", "dev", root=tmp_path)

    assert job.outputs()["models"] == {
        "include": [
            {"shard": "1/2", "artifact": "1-of-2"},
            {"shard": "2/2", "artifact": "2-of-2"},
        ]
    }


def test_environments_that_nobody_guards_are_refused(fake: FakeGitHub, job: Runner) -> None:
    fake.guard("prod", every_branch=True)
    fake.guard("approve-prod")

    with pytest.raises(DeliveryError) as error:
        job.publish("settings", "--env", "prod")

    assert str(error.value).splitlines() == [
        (
            "The GitHub environment prod may be used from every branch, and so may the identity that writes: allow "
            "the default branch alone."
        ),
        (
            "environments/prod.yaml says `approval: true`, but the GitHub environment approve-prod has no required "
            "reviewers: name some."
        ),
        "A repository's administrator mends this in Settings > Environments; docs/delivery.md says how.",
    ]
    assert not (job.folder / "outputs").exists()


def test_an_environment_that_nobody_made_is_refused(job: Runner) -> None:
    with pytest.raises(DeliveryError, match="The GitHub environment dev does not exist"):
        job.publish("settings", "--env", "dev")


def test_outside_of_a_job_nothing_is_handed_on(job: Runner) -> None:
    del job.variables["GITHUB_OUTPUT"]

    with pytest.raises(DeliveryError, match="GITHUB_OUTPUT is not set: this command is for the jobs"):
        job.publish("matrix")


# How a deployment ended

JOBS = ("settings", "foundation", "platform", "models", "smoke")


def jobs(**results: str) -> str:
    return json.dumps({name: {"outputs": {}, "result": results.get(name, "success")} for name in JOBS})


def summarize(job: Runner, environment: str, needs: str, *found: DeliveryRecord) -> str:
    for each in found:
        records.write(each, job.folder / "results")
    (job.folder / "results").mkdir(exist_ok=True)
    report = job.write("report.md", "the report")
    about = ("--env", environment, "--jobs", needs, "--results", str(job.folder / "results"))
    job.publish("summary", "--markdown", report, *about)
    return job.summary


def test_a_deployment_that_went_well_is_told(job: Runner) -> None:
    assert summarize(job, "dev", jobs()) == "## dev is deployed\n\nthe report\n\n"


def test_a_failed_smoke_test_stops_the_promotion_and_says_the_way_back(job: Runner) -> None:
    updated = record(
        "staging",
        Operation.UP,
        stack("platform", "staging", changes=True),
        stack("model", "iris.staging", changes=True),
        stack("model", "wine.staging"),
    )

    assert summarize(job, "staging", jobs(smoke="failure"), updated) == (
        "## The promotion stopped in staging\n\n"
        "smoke failed; prod is as before.\n\n"
        "Changed in staging before it stopped: platform and iris.\n\n"
        "**To go back**, run the workflow *rollback* for each model whose consumers suffer, or by hand:\n\n"
        "    ./dev rollback iris --env staging\n\n"
        "Platform goes back by a commit: revert the change and merge.\n\n"
        "**To go on**, mend the cause and merge: the next deployment brings what is missing. If the cause was outside "
        "of this repository, run the failed jobs again.\n\n"
        "the report\n\n"
    )


def test_a_deployment_that_never_began_changed_nothing(job: Runner) -> None:
    skipped = dict.fromkeys(JOBS[1:], "skipped")
    told = summarize(job, "dev", jobs(settings="failure", **skipped))

    assert told.startswith(
        "## The promotion stopped in dev\n\nsettings failed; staging and prod are as before.\n\nNothing was changed."
    )


def test_a_deployment_that_failed_before_a_change_says_so(job: Runner) -> None:
    failed = record("prod", Operation.UP, stack("foundation", "prod", Outcome.FAILED))
    told = summarize(job, "prod", jobs(foundation="failure", platform="skipped"), failed)

    assert "foundation failed.\n\nNo resource was changed in prod.\n\n" in told


def test_how_jobs_ended_must_be_what_github_tells(job: Runner) -> None:
    with pytest.raises(DeliveryError, match=r"--jobs: '\[\]' does not tell how jobs ended"):
        summarize(job, "dev", "[]")


def test_a_report_alone_can_be_shown(job: Runner) -> None:
    job.publish("summary", "--markdown", job.write("report.md", "the report"))

    assert job.summary == "the report\n\n"


# What somebody typed


@pytest.mark.parametrize(
    ("arguments", "target"),
    [
        (("rollback", "--env=prod", "--model=iris", "--to=", "--confirmed=iris.prod"), "iris.prod"),
        (("rollback", "--env=prod", "--model=iris", "--to=v1.2", "--confirmed=iris.prod"), "iris.prod"),
        (("destroy", "--env=prod", "--model=", "--confirmed=prod"), "prod"),
        (("destroy", "--env=dev", "--model=iris", "--confirmed=iris.dev"), "iris.dev"),
    ],
)
def test_what_fits_together_is_confirmed(job: Runner, arguments: tuple[str, ...], target: str) -> None:
    assert job.publish("confirm", *arguments) == f"Confirmed: {arguments[0]} {target}."


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("destroy", "--env=prod", "--model=", "--confirmed=yes"),
            "Not confirmed: to destroy all of prod, type prod as the confirmation, not 'yes'.",
        ),
        (
            ("destroy", "--env=prod", "--model=iris", "--confirmed=prod"),
            "Not confirmed: to destroy iris in prod, type iris.prod as the confirmation, not 'prod'.",
        ),
        (
            ("rollback", "--env=dev", "--model=iris", "--confirmed="),
            "Not confirmed: to rollback iris in dev, type iris.dev as the confirmation, not nothing.",
        ),
        (
            ("rollback", "--env=dev", "--model=", "--confirmed=dev"),
            "Name the model to roll back: a rollback is about one model.",
        ),
        (
            ("rollback", "--env=dev", "--model=--yes", "--confirmed=--yes.dev"),
            "'--yes' is no model's name: type the name of its folder in models/.",
        ),
        (
            ("rollback", "--env=dev", "--model=iris", "--to=--all", "--confirmed=iris.dev"),
            "'--all' is no revision: type a commit, or leave it empty.",
        ),
        (
            ("destroy", "--env=local", "--model=", "--confirmed=local"),
            "local is a laptop's own environment: use `./dev destroy` there.",
        ),
        (("destroy", "--env=prd", "--model=", "--confirmed=prd"), 'There is no environment "prd".'),
    ],
)
def test_what_does_not_fit_together_is_refused(
    job: Runner, arguments: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises((DeliveryError, UserError)) as error:
        job.publish("confirm", *arguments)

    assert str(error.value).startswith(sentence)


def test_no_command_prints_the_token(fake: FakeGitHub, job: Runner) -> None:
    fake.permissions = set()

    with pytest.raises(DeliveryError) as error:
        job.publish("settings", "--env", "dev")

    assert TOKEN not in str(error.value)
    assert "the token lacks `actions: read`" in str(error.value)
