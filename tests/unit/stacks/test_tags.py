import pytest

from shared.tags import TagError, checked, tags_for


def test_tags_say_whose_a_resource_is_and_what_manages_it() -> None:
    ownership = {"workload": "models", "owner": "ml@contoso.example", "cost-center": "4711"}
    assert tags_for("platform", "dev", ownership) == {
        **ownership,
        "environment": "dev",
        "layer": "platform",
        "managed-by": "pulumi",
    }


@pytest.mark.parametrize(
    ("tags", "sentence"),
    [
        ({f"tag-{number}": "" for number in range(51)}, "51 tags are too many: Azure allows 50"),
        ({"": "x"}, "has 0 characters; Azure allows 1 to 512"),
        ({"n" * 513: "x"}, "has 513 characters; Azure allows 1 to 512"),
        ({"a/b": "x"}, "holds /, which Azure forbids"),
        ({"owner": "v" * 257}, "has 257 characters, and Azure allows 256"),
    ],
)
def test_what_azure_would_refuse_is_refused(tags: dict[str, str], sentence: str) -> None:
    with pytest.raises(TagError, match=sentence):
        checked(tags)


def test_the_limits_themselves_are_allowed() -> None:
    tags = {f"tag-{number}": "v" * 256 for number in range(49)} | {"n" * 512: ""}
    assert checked(tags) == tags
