"""Whether the products that a model names exist."""

from pydantic import JsonValue

from shared.documents import DocumentError, nearest


def check_products(named: tuple[str, ...], known: JsonValue, source: str) -> None:
    """Raise DocumentError for a product that the platform does not have.

    ``known`` is the platform's output `product_ids`; before its first deployment there is nothing to compare
    with.
    """
    if not isinstance(known, dict):
        return
    missing = [name for name in named if name not in known]
    if missing:
        raise DocumentError(
            f'{source}: `products` names "{name}", which the platform does not have.{nearest(name, known)} '
            f"Its products are: {', '.join(sorted(known))}."
            for name in missing
        )
