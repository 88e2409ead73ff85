"""`./dev compat` as its users see it."""

import json
from pathlib import Path

import pytest

from tests.unit.delivery.compat.scratch import CONTRACT, DESCRIPTION, OLD_TEXT, TEXT, Scratch

NO_MORE = "`FP16`, `FP32`, `FP64` and `BF16`"
NARROWED = [
    "flowers v1",
    "  breaking    POST /predict: the request's field `inputs[].data(1)[]` no longer takes numbers with a fraction.",
    "  breaking    POST /predict: the request's field `inputs[].data(2)[][]` no longer takes numbers with a fraction.",
    f"  breaking    POST /predict: the request's field `inputs[].datatype` no longer takes {NO_MORE}.",
]

_OTHER = "{contract: contracts/v1.json, deployments: {main: {endpoint: https://a.contoso.example}}}"


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    return Scratch.made(tmp_path)


def test_a_tree_without_a_change_says_so(scratch: Scratch) -> None:
    outcome = scratch.compat("--base", "HEAD")

    assert (outcome.code, outcome.lines) == (0, ["Nothing differs for consumers since HEAD."])


def test_a_break_inside_a_version_fails_and_says_how_to_add_one(scratch: Scratch) -> None:
    base = scratch.commit()
    scratch.narrow()

    outcome = scratch.compat()

    assert outcome.code == 1
    assert outcome.lines == [
        *NARROWED,
        f"3 differences since {base[:12]}, 3 breaking.",
        "flowers v1: leave it as it was, and add v2 for what changes:",
        "  cp models/flowers/contracts/v1.json models/flowers/contracts/v2.json",
        f"  git checkout {base[:12]} -- models/flowers/contracts/v1.json",
        "  and in models/flowers/model.yaml, beside what it says of v1:",
        "    versions:",
        '      v2: {contract: contracts/v2.json, deployments: {main: {endpoint: "https://flowers.models.contoso.example"}}}',
        "  Is it meant? Then say so in the message of a commit, in a last line `Breaks-consumers: flowers v1`.",
    ]


def test_the_advice_names_a_commit_that_is_the_same_everywhere(scratch: Scratch) -> None:
    base = scratch.commit()
    scratch.narrow()
    scratch.commit()

    lines = scratch.compat("--base", "HEAD^1").lines

    assert f"  git checkout {base[:12]} -- models/flowers/contracts/v1.json" in lines


def test_the_folder_of_a_copy_is_made_where_the_version_names_it(scratch: Scratch) -> None:
    file, text = (
        "models/flowers/contracts/v1/metadata.json",
        (scratch.root / CONTRACT).read_text(encoding="utf-8"),
    )
    scratch.write(file, text)
    scratch.edit("contract: contracts/v1.json", "contract: contracts/v1/metadata.json")
    scratch.commit()
    scratch.write(file, text.replace("FP64", "INT32"))

    lines = scratch.compat("--base", "HEAD").lines

    made = lines.index("  mkdir -p models/flowers/contracts/v2")
    copied = "  cp models/flowers/contracts/v1/metadata.json models/flowers/contracts/v2/metadata.json"
    assert lines[made + 1] == copied


def test_following_the_advice_the_change_passes(scratch: Scratch) -> None:
    old = (scratch.root / CONTRACT).read_text(encoding="utf-8")
    scratch.narrow()
    changed = (scratch.root / CONTRACT).read_text(encoding="utf-8")
    scratch.write(CONTRACT.replace("v1", "v2"), changed)
    scratch.write(CONTRACT, old)
    endpoint = '{main: {endpoint: "https://flowers.models.contoso.example"}}'
    scratch.edit("access:", f"  v2: {{contract: contracts/v2.json, deployments: {endpoint}}}\naccess:")

    outcome = scratch.compat("--base", "HEAD")

    assert (outcome.code, outcome.lines) == (
        0,
        ["flowers v2", "  compatible  the version is new.", "1 difference since HEAD, none breaking."],
    )


def test_a_compatible_change_passes(scratch: Scratch) -> None:
    scratch.widen()

    outcome = scratch.compat("--base", "HEAD")

    assert outcome.code == 0
    assert any(line.startswith("  compatible  POST /predict: the request's field") for line in outcome.lines)
    assert not any("breaking  " in line for line in outcome.lines)


def test_a_break_that_a_commit_says_is_meant_is_told_and_passes(scratch: Scratch) -> None:
    scratch.narrow()
    scratch.commit("Take whole numbers alone\n\nNobody sent others.\n\nBreaks-consumers: flowers v1")

    outcome = scratch.compat("--base", "HEAD~1")

    assert outcome.code == 0
    assert outcome.lines[1].endswith(
        "no longer takes numbers with a fraction. Not counted: a commit says that it is meant."
    )
    assert outcome.lines[-1] == "3 differences since HEAD~1, 3 breaking, 3 of these excused."


def test_a_commit_before_the_base_excuses_nothing(scratch: Scratch) -> None:
    scratch.commit("Say too early\n\nBreaks-consumers: flowers v1")
    scratch.narrow()
    scratch.commit()

    assert scratch.compat("--base", "HEAD~1").code == 1


def test_a_version_that_prod_did_not_serve_may_break(scratch: Scratch) -> None:
    second = "  v2: {contract: contracts/v1.json, deployments: {main: {endpoint: https://a.contoso.example}}}\naccess:"
    scratch.edit("access:", second)
    scratch.edit("environments: {}", "environments:\n  prod: {versions: {v1: null}}")
    scratch.commit()
    scratch.narrow()

    outcome = scratch.compat("--base", "HEAD")

    assert outcome.code == 1, "v2 is served in prod"
    assert "Not counted: it was not served in prod." in outcome.lines[1]
    assert "v1: leave it" not in "\n".join(outcome.lines)
    assert "flowers v2: leave it as it was, and add v3 for what changes:" in outcome.lines


def test_an_environment_that_alone_differs_is_named(scratch: Scratch) -> None:
    scratch.write(
        "models/flowers/contracts/dev.json", (scratch.root / CONTRACT).read_text().replace("FP64", "INT32")
    )
    scratch.edit("environments: {}", "environments:\n  dev: {versions: {v1: {contract: contracts/dev.json}}}")

    lines = scratch.compat("--base", "HEAD").lines

    assert lines[1].endswith("no longer takes numbers with a fraction (in dev).")


@pytest.mark.parametrize(
    ("old", "new", "code", "sentence"),
    [
        ("[trial, standard]", "[standard]", 1, "no longer offered by `trial`: their subscribers get 401"),
        ("[trial, standard]", "[trial, standard, partner]", 0, "also offered by `partner`"),
        (
            "kind: ",
            "versioning: {header: Api-Version}\nkind: ",
            1,
            "a request tells the version by the header `Api-Version` and no longer by its path",
        ),
        (
            "access:\n",
            "access:\n  entra: {audiences: [api://a], client-applications: [11111111-2222-4333-8444-555555555555]}\n",
            1,
            "a token of Microsoft Entra ID is needed now",
        ),
    ],
)
def test_what_holds_for_the_whole_model(
    scratch: Scratch, old: str, new: str, code: int, sentence: str
) -> None:
    scratch.edit(old, new)

    outcome = scratch.compat("--base", "HEAD")

    assert outcome.code == code
    assert outcome.lines[0] == "flowers"
    assert f"{sentence}." in outcome.lines[1]


@pytest.mark.parametrize(
    ("before", "after", "code"), [("pass-unvalidated", "refuse", 1), ("refuse", "pass-unvalidated", 0)]
)
def test_larger_bodies(scratch: Scratch, before: str, after: str, code: int) -> None:
    scratch.edit("    contract:", f"    larger-bodies: {before}\n    contract:")
    scratch.commit()
    scratch.edit(before, after)

    assert scratch.compat("--base", "HEAD").code == code


def test_a_version_is_retired_before_it_goes(scratch: Scratch) -> None:
    scratch.edit("access:", "  v2: {contract: contracts/v1.json, lifecycle: retired}\naccess:")
    scratch.commit()
    version = "  v2: {contract: contracts/v1.json, lifecycle: retired}\n"

    scratch.edit(version, "")
    assert scratch.compat("--base", "HEAD").lines[:2] == [
        "flowers v2",
        "  compatible  the version is gone; it was retired.",
    ]


def test_a_version_that_serves_does_not_go(scratch: Scratch) -> None:
    second = (
        "  v2: {contract: contracts/v1.json, deployments: {main: {endpoint: https://a.contoso.example}}}\n"
    )
    scratch.edit("access:", f"{second}access:")
    scratch.commit()
    scratch.edit(second, "")

    outcome = scratch.compat("--base", "HEAD")

    assert outcome.code == 1
    assert outcome.lines[:2] == ["flowers v2", "  breaking    the version is gone."]
    assert (
        "flowers v2: bring it back as `lifecycle: retired`; remove it once that was delivered."
        in outcome.lines
    )


def test_a_version_that_goes_from_one_environment_is_to_be_retired_there(scratch: Scratch) -> None:
    scratch.edit("environments: {}", f"environments: {{prod: {{versions: {{v1: null, v2: {_OTHER}}}}}}}")

    outcome = scratch.compat("--base", "HEAD")

    assert outcome.code == 1
    assert outcome.lines[:2] == ["flowers v1", "  breaking    the version is gone (in prod)."]
    assert outcome.lines[-2] == (
        "flowers v1: bring it back as `lifecycle: retired`; remove it once that was delivered."
    )


def test_retiring_is_told_as_breaking_and_passes(scratch: Scratch) -> None:
    scratch.edit("    contract:", "    lifecycle: retired\n    contract:")

    outcome = scratch.compat("--base", "HEAD")

    assert outcome.code == 0
    assert outcome.lines[1] == (
        "  breaking    the version is retired: calls get 410. Not counted: its description says that it is retired."
    )


def test_a_description_of_an_older_form_is_compared_all_the_same(tmp_path: Path) -> None:
    scratch = Scratch.made(tmp_path, OLD_TEXT)
    scratch.write(DESCRIPTION, TEXT)
    assert scratch.compat("--base", "HEAD").lines == ["Nothing differs for consumers since HEAD."]

    scratch.narrow()
    assert scratch.compat("--base", "HEAD").lines[:4] == NARROWED


def test_a_contract_that_could_not_be_read_then_breaks_as_nothing_can_be_told(scratch: Scratch) -> None:
    good = (scratch.root / CONTRACT).read_text()
    scratch.write(CONTRACT, "{}")
    scratch.commit()
    scratch.write(CONTRACT, good)

    outcome = scratch.compat("--base", "HEAD")

    assert outcome.code == 1
    assert outcome.lines[1].startswith(
        "  breaking    the contract of then cannot be read, so what changes cannot be told: "
    )
    assert "models/flowers/contracts/v1.json of HEAD" in outcome.lines[1]


def test_a_wrong_tree_is_refused_with_all_that_is_wrong(
    scratch: Scratch, capsys: pytest.CaptureFixture[str]
) -> None:
    scratch.edit("owner:", "owners:")

    outcome = scratch.compat("--base", "HEAD")

    assert outcome.code == 1
    assert "`owners` is not known" in capsys.readouterr().err


def test_an_unknown_model_and_revision_are_refused(
    scratch: Scratch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert scratch.compat("--base", "HEAD", "--model", "flower").code == 1
    assert scratch.compat("--base", "nowhere").code == 1

    told = capsys.readouterr().err.splitlines()
    assert told[0] == 'There is no model "flower". Did you mean `flowers`? Models are: flowers.'
    assert told[1].startswith('There is no revision "nowhere" in this clone.')


def test_the_default_base_is_where_the_branch_began(scratch: Scratch) -> None:
    base = scratch.commit()
    scratch.branch("change")
    scratch.narrow()
    scratch.commit()

    assert f"since {base[:12]}" in "\n".join(scratch.compat().lines)


def test_nothing_in_a_contract_reaches_the_terminal_as_it_is(scratch: Scratch) -> None:
    tensor = (scratch.root / CONTRACT).read_text(encoding="utf-8")
    scratch.write(CONTRACT, tensor.replace('"name": "x"', '"name": "\\u001b[2J"'))

    (line,) = (line for line in scratch.compat("--base", "HEAD").lines if "`x`" in line)

    assert "\x1b" not in line
    assert "breaking    " in line


def test_json_says_the_same(scratch: Scratch, capsys: pytest.CaptureFixture[str]) -> None:
    scratch.narrow()

    assert scratch.compat("--base", "HEAD", "--json", "-").code == 1

    document = json.loads(capsys.readouterr().out)
    assert document["fails"] is True
    first = document["differences"][-1]
    assert (first["model"], first["version"], first["rule"], first["path"]) == (
        "flowers",
        "v1",
        "values",
        "inputs[].datatype",
    )
    assert first["environments"] == ["dev", "staging", "prod"]
