"""Resource groups."""

from tests.unit.arm.local_arm import GROUP, PLACE, SERVICE, LocalArm


def test_a_group_has_a_state_and_answers_head_without_content(grouped: LocalArm) -> None:
    assert grouped.get(GROUP)["properties"] == {"provisioningState": "Succeeded"}
    assert grouped.send("HEAD", GROUP.upper().replace("SUBSCRIPTIONS", "subscriptions")).status == 204


def test_a_group_that_is_not_there_is_named(empty: LocalArm) -> None:
    assert empty.send("HEAD", GROUP).status == 404
    for method in ("GET", "DELETE"):
        assert empty.refusal(method, GROUP)[1:] == (
            "ResourceGroupNotFound",
            "Resource group 'rg-contoso' could not be found.",
        )


def test_a_group_stays_where_it_is(grouped: LocalArm) -> None:
    refused = grouped.refusal("PUT", GROUP, {"location": "northeurope"})
    assert refused[:2] == (409, "InvalidResourceGroupLocation")
    grouped.put(GROUP, {"location": "West Europe", "tags": {"owner": "contoso"}})


def test_deleting_a_group_deletes_everything_in_it(arm: LocalArm) -> None:
    beside = f"{GROUP}-2"
    arm.put(beside, PLACE)
    assert arm.send("DELETE", GROUP).status == 202
    assert arm.store.get(SERVICE) is None
    assert arm.store.below(GROUP) == ()
    assert arm.get(beside)["name"] == "rg-contoso-2"
