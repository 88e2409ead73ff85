"""The engine's failures, told as sentences with a remedy."""

import pytest

from delivery import stacks
from delivery.errors import AlreadyExistsError, NameReservedError, explain, failure, plain

_PLATFORM = stacks.platform("local")


def test_a_wrong_passphrase_names_the_variable() -> None:
    sentence = explain(_PLATFORM, (), "error: getting stack configuration: incorrect passphrase")
    assert sentence.startswith(
        "The passphrase does not open the secrets of platform/local: set PULUMI_CONFIG_PASSPHRASE"
    )


def test_an_upstream_that_was_never_deployed_is_named() -> None:
    sentence = explain(_PLATFORM, ('error: unknown stack "organization/foundation/local"',), "")
    assert sentence.startswith(
        "platform/local reads the outputs of foundation/local, which was never deployed:"
    )
    assert "deploy foundation/local first" in sentence


def test_a_locked_stack_names_the_command_that_unlocks_it() -> None:
    sentence = explain(_PLATFORM, (), "error: the stack is currently locked by 1 lock(s).")
    assert "`pulumi cancel --yes -s local` in stacks/platform" in sentence


def test_a_locked_stack_names_who_locked_it_and_since_when() -> None:
    words = (
        "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the "
        "lock file with `pulumi cancel`.\n"
        "  azblob://state/.pulumi/locks/organization/platform/local/1.json: created by ada@runner-7 (pid 42) at "
        "2026-11-24T15:03:18Z"
    )
    assert explain(_PLATFORM, (), words) == (
        "platform/local is locked by an update that ada@runner-7 (process 42) began at 2026-11-24T15:03:18Z: wait "
        "until it ends; if that process is gone, run `pulumi cancel --yes -s local` in stacks/platform."
    )


def test_an_engine_that_was_killed_is_told_as_such() -> None:
    assert explain(_PLATFORM, (), "code: -9").startswith(
        "The engine that worked on platform/local was ended by signal 9 in its middle"
    )


@pytest.mark.parametrize(
    "words",
    [
        "error: could not unmarshal checkpoint: unsupported checkpoint version 5",
        "the stack 'local' is newer than what this version of the Pulumi CLI understands.",
        "the stack 'local' uses features that are not supported by this version of the Pulumi CLI: new.",
    ],
)
def test_a_checkpoint_of_a_newer_engine_says_what_helps(words: str) -> None:
    sentence = explain(_PLATFORM, (), words)
    assert sentence.startswith("The checkpoint of platform/local was written by a newer Pulumi")
    assert "`./dev local reset` starts afresh" in sentence


def test_any_other_failure_keeps_the_engines_words_without_its_echo() -> None:
    sentence = explain(_PLATFORM, ('Status=400 Code="ValidationError" Message="no"', "update failed"), "")
    assert sentence == 'platform/local failed:\n  Status=400 Code="ValidationError" Message="no"'


def test_without_diagnostics_what_the_cli_wrote_is_kept() -> None:
    assert explain(_PLATFORM, (), "\x1b[31merror: no Pulumi.yaml\x1b[0m") == (
        "platform/local failed:\n  error: no Pulumi.yaml"
    )


def test_plain_drops_the_engines_colour_markup() -> None:
    assert plain("<{%fg 1%}>error:<{%reset%}> no") == "error: no"


def test_resources_that_the_state_does_not_know_are_named() -> None:
    error = failure(_PLATFORM, ("cannot create already existing resource '/subscriptions/s/x'",), "")
    assert isinstance(error, AlreadyExistsError)
    assert error.resource_ids == ("/subscriptions/s/x",)
    assert not isinstance(failure(_PLATFORM, ("no",), ""), AlreadyExistsError)


def test_how_to_take_over_what_exists_is_told_with_it() -> None:
    error = failure(
        _PLATFORM, ("cannot create already existing resource '/subscriptions/s/x'",), "", ("pulumi import x",)
    )
    assert "'/subscriptions/s/x'" in str(error)
    assert str(error).endswith("deliver again:\n  pulumi import x")


@pytest.mark.parametrize(
    "words",
    [
        'Status=409 Code="ServiceAlreadyExistsInSoftDeletedState" Message="Api service apim was soft-deleted."',
        'Status=409 Code="ConflictError" Message="A vault with the same name already exists in deleted state."',
    ],
)
def test_a_name_that_a_deleted_resource_has_names_the_ways_to_free_it(words: str) -> None:
    error = failure(_PLATFORM, (words, "update failed"), "")
    assert isinstance(error, NameReservedError)
    assert str(error).startswith(
        "platform/local needs a name that Azure keeps for a deleted resource: purge "
    )
    assert "docs/operating.md" in str(error)
