"""What models ask of the platform, compared with what its settings say."""

from collections.abc import Iterator

from pydantic import JsonValue

from delivery.check.surroundings import Surroundings
from shared.documents import DocumentError
from shared.errors import UserError
from shared.model.description import ModelDescription
from shared.model.requirements import check_breakers, check_products, check_tags


def unmet(described: ModelDescription, around: Surroundings, source: str) -> Iterator[str]:
    """Yield what a model asks for and the platform of an environment does not have."""
    yield from _unknown_names(described.access.products, described.tags, around, source)
    try:
        check_breakers(around.sku)
    except UserError as error:
        yield f"{source}: {error}"


def unmet_despite(chosen: JsonValue, around: Surroundings, source: str) -> Iterator[str]:
    """Yield which products and tags there are not, of a description that is wrong otherwise."""
    whole = chosen if isinstance(chosen, dict) else {}
    access = whole.get("access")
    products = access.get("products") if isinstance(access, dict) else None
    yield from _unknown_names(_texts(products), _texts(whole.get("tags")), around, source)


def _unknown_names(
    products: tuple[str, ...], tags: tuple[str, ...], around: Surroundings, source: str
) -> Iterator[str]:
    known_tags = dict.fromkeys(_texts(around.tags))
    for check, named, known in ((check_products, products, around.products), (check_tags, tags, known_tags)):
        try:
            check(named, known, source)
        except DocumentError as error:
            yield from error.problems


def _texts(value: JsonValue) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()
