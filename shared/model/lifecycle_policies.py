"""What the policy of an API does where its version ends."""

import json
from collections.abc import Iterator

from shared.model.announcement import DEPRECATION_HEADER, LINK_HEADER, Announcement
from shared.model.lifecycle_responses import GONE
from shared.policies import Expression, ReturnResponse, SetBody, SetHeader, SetStatus


def announcing(announced: Announcement | None) -> tuple[SetHeader, ...]:
    """Return what tells a consumer, in each answer of a deprecated version, that it ends; nothing for any other."""
    return () if announced is None or announced.is_retired else tuple(_headers(announced))


def refusing(announced: Announcement, *headers: SetHeader) -> ReturnResponse:
    """Return what ends a call of a retired version, with ``headers`` besides: nothing of outbound runs after it.

    It stands behind what asks who calls. API Management compares the key before any policy runs, and consumers of the
    version still have theirs; to let everybody read this answer would open an address that nobody pays for, and tell
    strangers which versions there are.
    """
    body = json.dumps({"statusCode": GONE, "message": announced.refusal})
    return ReturnResponse(
        status=SetStatus(GONE, "Gone"),
        headers=(SetHeader("Content-Type", ("application/json",)), *_headers(announced), *headers),
        body=SetBody(body),
    )


def _headers(announced: Announcement) -> Iterator[SetHeader]:
    for name, value in announced.headers.items():
        # A date of RFC 9651 begins with the character that begins an expression, so it is one.
        text = Expression(json.dumps(value)) if name == DEPRECATION_HEADER else value
        # A model server may have links of its own.
        yield SetHeader(name, (text,), "append" if name == LINK_HEADER else "override")
