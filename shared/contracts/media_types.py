"""What a media type says of a body."""

JSON = "application/json"
"""The media type of JSON."""

_JSON_ENDINGS = ("/json", "+json")


def is_json(media_type: str) -> bool:
    """Tell whether a body of that media type is JSON (RFC 6839 for `+json`)."""
    return media_type.partition(";")[0].strip().lower().endswith(_JSON_ENDINGS)
