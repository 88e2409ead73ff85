"""What a dry run shows: the commands that a real one runs, and it runs none of them."""

import shlex

from tests.unit.delivery.bootstrap.conftest import FILES, KEY, Bench


def test_it_writes_nothing_and_shows_what_a_real_run_does(bench: Bench, first_written: list[str]) -> None:
    before = [bench.text(source) for source in FILES]
    printed = bench.run("--dry-run")
    assert bench.world.written == []
    assert bench.world.resources == {}
    assert bench.pulumi_calls == []
    assert [bench.text(source) for source in FILES] == before
    shown = [_named(line.strip().removeprefix("az ")) for line in printed.splitlines() if line[:5] == "  az "]
    assert shown == [_named(command) for command in first_written]
    assert KEY not in printed


def test_commands_are_quoted_for_a_shell(bench: Bench) -> None:
    printed = bench.run("--dry-run")
    account = (
        "  az storage account create --name stcontosomodelsdev --resource-group rg-models-state-dev "
        "--location westeurope --kind StorageV2 --sku Standard_ZRS --allow-blob-public-access false "
        "--allow-shared-key-access false --allow-cross-tenant-replication false --https-only true "
        "--min-tls-version TLS1_2\n"
    )
    assert account in printed
    assert "--assignee-object-id '<principal id of id-models-deploy-dev>'" in printed
    assert "  (cd stacks/foundation && pulumi stack init dev --secrets-provider azurekeyvault://" in printed
    limited = next(line for line in printed.splitlines() if " --condition " in line)
    words = shlex.split(limited)
    condition = words[words.index("--condition") + 1]
    assert condition.count("(") == condition.count(")")
    assert "{'Microsoft.Authorization/roleAssignments/write'}" in condition


def test_where_all_is_done_it_says_so(done: Bench) -> None:
    printed = done.run("--dry-run")
    assert "Nothing to change: all 26 things are as they should be." in printed
    assert not [line for line in printed.splitlines() if line[:5] == "  az "]


def _named(command: str) -> list[str]:
    """Return a command without what only a real run knows: whom a role is for."""
    words = shlex.split(command.removesuffix(" --only-show-errors --output json"))
    if "--assignee-object-id" in words:
        words[words.index("--assignee-object-id") + 1] = "somebody"
    return words
