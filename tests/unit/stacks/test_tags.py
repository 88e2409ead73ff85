from shared.tags import tags_for


def test_tags_say_whose_a_resource_is_and_what_manages_it() -> None:
    ownership = {"workload": "models", "owner": "ml@contoso.example", "cost-center": "4711"}
    assert tags_for("platform", "dev", ownership) == {
        **ownership,
        "environment": "dev",
        "layer": "platform",
        "managed-by": "pulumi",
    }
