"""Operations whose schemas have no names yet: all schemas of a document are translated together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import JsonValue

from shared.contracts.contract import Contract, Gap, Operation, Representation, Request, Response
from shared.contracts.dialect import Translation
from shared.contracts.examples import example
from shared.contracts.media_types import is_json
from shared.contracts.validation import why_not


@dataclass(frozen=True)
class Body:
    """A body in one media type."""

    media_type: str
    """The media type, without parameters."""
    schema: int
    """The number under which the schema was asked for."""
    example: JsonValue
    """What the document shows; None where it shows nothing."""
    path: str
    """Where the document shows it."""


@dataclass(frozen=True)
class Draft:
    """An operation without its bodies."""

    operation: Operation
    """What is known already: its request and its responses have no representations."""
    request: tuple[Body, ...]
    """The bodies of the request."""
    responses: tuple[tuple[Body, ...], ...]
    """Those of each response, in the order of the operation's."""


def finished(
    drafts: Sequence[Draft], translation: Translation
) -> tuple[tuple[Operation, ...], tuple[Gap, ...]]:
    """Return the operations, and what is to be told of the examples that the document shows."""
    writer = _Writer(Contract((), translation.schemas), translation.names)
    return tuple(writer.operation(draft) for draft in drafts), tuple(writer.gaps)


class _Writer:
    """Writes schemas and examples into operations; each schema's own example is made once."""

    def __init__(self, contract: Contract, names: tuple[str, ...]) -> None:
        self.gaps: list[Gap] = []
        self._contract = contract
        self._names = names
        self._made: dict[str, JsonValue] = {}

    def operation(self, draft: Draft) -> Operation:
        operation = draft.operation
        return replace(
            operation,
            request=self._request(operation.request, draft.request),
            responses=tuple(
                self._response(response, bodies)
                for response, bodies in zip(operation.responses, draft.responses, strict=True)
            ),
        )

    def _request(self, request: Request | None, bodies: tuple[Body, ...]) -> Request | None:
        if request is None:
            return None
        return replace(request, representations=tuple(map(self._representation, bodies)))

    def _response(self, response: Response, bodies: tuple[Body, ...]) -> Response:
        return replace(response, representations=tuple(map(self._representation, bodies)))

    def _representation(self, body: Body) -> Representation:
        return Representation(body.media_type, self._names[body.schema], self._example(body))

    def _example(self, body: Body) -> JsonValue:
        name = self._names[body.schema]
        if not is_json(body.media_type):
            return body.example if isinstance(body.example, str) else None
        if body.example is not None:
            problem = why_not(body.example, name, self._contract)
            if problem is None:
                return body.example
            self.gaps.append(
                Gap(body.path, f"The example does not fit its schema ({problem}); another one is shown.")
            )
        if name not in self._made:
            self._made[name] = example(name, self._contract)
        return self._made[name]
