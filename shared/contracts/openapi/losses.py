"""What a document says of the whole API, and the gateway does in its own way or not at all."""

from collections.abc import Iterator

from shared.contracts.contract import Gap
from shared.contracts.json_values import mapping
from shared.contracts.openapi.reading import Reading

_SENTENCES = {
    "security": "Who may call is for `access` in model.yaml: the gateway's keys and tokens take the place of these.",
    "webhooks": "The gateway takes no calls from the model server: webhooks are not offered.",
}


def losses(reading: Reading) -> Iterator[Gap]:
    """Yield what is not taken over from the top of the document."""
    for key, sentence in _SENTENCES.items():
        if mapping(reading.root.contents).get(key):
            yield Gap(f"#/{key}", sentence)
