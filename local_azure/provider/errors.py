"""What can go wrong when the provider talks to ARM, as sentences that the engine shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import JsonValue

    from local_azure.provider.values import JsonObject


class ProviderError(Exception):
    """An error whose text is meant for whoever runs the program."""


class NoAnswerError(ProviderError):
    """The connection was refused or broke off: whether the request was carried out is not known."""


class NotRunningError(NoAnswerError):
    """Nothing listens where the local Azure should be."""

    def __init__(self, url: str) -> None:
        """Take the URL that was tried."""
        super().__init__(f"The local Azure does not run at {url}: start it with `./dev local`.")


class ArmError(ProviderError):
    """ARM refused a request or reported that an accepted operation failed.

    The text has the official provider's form: `Status=400 Code="ValidationError" Message="..."`.
    """

    def __init__(self, status: int, error: JsonValue) -> None:
        """Take the HTTP status and the answer's `error` object (anything else counts as no explanation)."""
        self.status = status
        self.code = _text(error, "code")
        super().__init__(f"Status={status} Code={_quoted(self.code)} Message={_quoted(_message(error))}")


class InitFailedError(ProviderError):
    """A resource exists, but the operation that made or changed it failed after ARM had accepted it."""

    def __init__(self, resource_id: str, outputs: JsonObject, reason: str) -> None:
        """Take what is known of the resource and why the operation failed."""
        self.resource_id = resource_id
        self.outputs = outputs
        super().__init__(reason)


def _text(error: JsonValue, key: str) -> str:
    value = error.get(key) if isinstance(error, dict) else None
    return value if isinstance(value, str) else ""


def _message(error: JsonValue) -> str:
    """Return the message with those of its details, which name the offending fields."""
    details = error.get("details") if isinstance(error, dict) else None
    parts = [_text(error, "message")]
    for detail in details if isinstance(details, list) else []:
        target, message = _text(detail, "target"), _text(detail, "message")
        parts.append(f"{target}: {message}" if target else message)
    return " ".join(part for part in parts if part)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
