"""Lists that people write, in which no name stands twice."""

from pydantic import AfterValidator


def _no_repetition(value: tuple[str, ...]) -> tuple[str, ...]:
    twice = sorted({each for each in value if value.count(each) > 1})
    if twice:
        raise ValueError(f'it names "{twice[0]}" more than once. Remove the repetition.')
    return value


EachOnce = AfterValidator(_no_repetition)
"""The mark of such a list in its type: ``Annotated[tuple[str, ...], EachOnce]``."""
