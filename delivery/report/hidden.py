"""What a report never shows, even where a program did not mark it as a secret.

The engine prints `[secret]` for what it knows as one. This hides, besides, the properties that hold credentials by
what Azure says of them, and literal credentials in policies. Pages: learn.microsoft.com/rest/api/apimanagement (each
resource's definitions) and learn.microsoft.com/azure/api-management/api-management-policies (authentication).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from pydantic import JsonValue

from delivery.records import SECRET, UNKNOWN, ResourceChange

_SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key that marks a special value in the engine's JSON (sdk/go/common/resource/sig/sig.go)."""
_SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - marks one, holds none

SECRET_PROPERTIES = frozenset(
    {
        "accesskey",
        "adminpassword",
        "certificatepassword",
        "clientsecret",
        "connectionstring",
        "encodedcertificate",
        "instrumentationkey",
        "password",
        "primarykey",
        "resourceownerpassword",
        "secondarykey",
        "sharedkey",
    }
)
"""Properties that hold a credential in whatever resource they stand, in lower case."""

SECRET_PATHS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "apimanagement:ApiManagementService": (("certificates", "*", "certificate"),),
    "apimanagement:Authorization": (("parameters",),),
    "apimanagement:AuthorizationProvider": (("oauth2", "grantTypes"),),
    "apimanagement:Backend": (
        ("credentials", "authorization", "parameter"),
        ("credentials", "header"),
        ("credentials", "query"),
    ),
    "apimanagement:Certificate": (("data",),),
    "apimanagement:Logger": (("credentials",),),
    "keyvault:Secret": (("properties", "value"),),
}
"""By type: where else credentials stand; `*` is any key or place. All below such a path is hidden."""

# Names of headers, parameters and variables that carry a credential, whatever their case.
_NAME = r"[^\"'<>]*(?:auth|key|secret|token|passw|pwd|cookie|credential|signature|jwt)[^\"'<>]*"
_NAMED = rf"[^<]*?name\s*=\s*[\"'](?:{_NAME})[\"']"
_QUOTED = r"\s*=\s*)(?P<quote>[\"'])(?P<hide>.*?)(?P=quote)(?=[\s/>])"
_FLAGS = re.IGNORECASE | re.DOTALL
_CREDENTIALS_IN_POLICIES = (
    re.compile(rf"(?P<keep>\b(?:password|client-secret){_QUOTED}", _FLAGS),
    re.compile(rf"(?P<keep><authentication-certificate\b[^<]*?\bbody{_QUOTED}", _FLAGS),
    re.compile(rf"(?P<keep><set-variable\s{_NAMED}[^<]*?\bvalue{_QUOTED}", _FLAGS),
    re.compile(r"(?P<keep><key(?:\s[^>]*[^/>])?>)(?P<hide>.*?)(?=</key>)", _FLAGS),
)
# One that closes itself has no value, and must not reach into the next.
_HEADER_VALUES = re.compile(
    rf"<set-(?P<kind>header|query-parameter)\s{_NAMED}(?:[^<>]*/>|.*?</set-(?P=kind)>)", _FLAGS
)
_VALUE = re.compile(r"(?P<keep><value>)(?P<hide>.*?)(?=</value>)", _FLAGS)
_NAMED_VALUES_ALONE = re.compile(r"\s*(?:[A-Za-z]+\s+)?(?:\{\{[^{}]+\}\}\s*)+")
_LITERAL = re.compile(r'(?<!\[)(?<!Default\()"(?:[^"\\]|\\.)*"')  # but no name of a variable or header
_SHORTEST_CREDENTIAL = 12
# RFC 3986, 3.2.1; and the names by which functions, storage and others take a key in an address.
_USER_IN_URL = re.compile(r"(?P<keep>\bhttps?://)(?P<hide>[^\s/?#@\"'<>]+)(?=@)")
_KEY_IN_URL = re.compile(
    r"(?P<keep>[?&](?:sig|code|[^=&#]*(?:key|token|secret|passw|pwd)[^=&#]*)=)(?P<hide>[^&#]+)", re.IGNORECASE
)


@dataclass(frozen=True)
class Safe:
    """A change that may be shown."""

    change: ResourceChange
    secrets_differ: bool
    """Whether one of the hidden values changes, which nobody can see any more."""


def hidden(change: ResourceChange) -> Safe:
    """Return the change with `[secret]` in the place of whatever may be a credential."""
    kind = change.type.removeprefix("azure-native:").replace(":Workspace", ":")
    paths = SECRET_PATHS.get(kind, ())
    sides = (change.before, change.after)
    if kind == "apimanagement:NamedValue" and any((side or {}).get("secret") for side in sides):
        paths = (*paths, ("value",))
    is_policy = kind.startswith("apimanagement:") and "Policy" in kind
    hiders = [_Hider(is_policy=is_policy) for _ in sides]
    before, after = (
        None if side is None else hider.properties(side, paths)
        for side, hider in zip(sides, hiders, strict=True)
    )
    differ = change.secrets_differ or (None not in sides and hiders[0].found != hiders[1].found)
    safe = {"before": before, "after": after, "secrets_differ": differ}
    return Safe(change.model_copy(update=safe), differ)


Paths: TypeAlias = tuple[tuple[str, ...], ...]


@dataclass
class _Hider:
    """Hides what one side of a change may not show, and keeps it to tell whether it differs."""

    is_policy: bool
    found: list[JsonValue] = field(default_factory=list)

    def properties(self, properties: dict[str, JsonValue], paths: Paths) -> dict[str, JsonValue]:
        """Return the inputs of a resource; `paths` lead to its credentials."""
        shown = self._object(properties, paths)
        if self.is_policy and isinstance(value := shown.get("value"), str):
            shown["value"] = self._policy(value)
        return shown

    def _object(self, value: dict[str, JsonValue], paths: Paths) -> dict[str, JsonValue]:
        return {key: self._property(key, item, _below(paths, key)) for key, item in value.items()}

    def _property(self, key: str, value: JsonValue, paths: Paths) -> JsonValue:
        if key.lower() in SECRET_PROPERTIES or () in paths:
            return self._blank(value)
        return self._value(value, paths)

    def _value(self, value: JsonValue, paths: Paths) -> JsonValue:
        if isinstance(value, dict):
            return SECRET if value.get(_SIGNATURE) == _SECRET_SIGNATURE else self._object(value, paths)
        if isinstance(value, list):
            return [self._value(item, _below(paths, "*")) for item in value]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> str:
        """Return a text without the credentials of an address in it."""
        text = _USER_IN_URL.sub(self._hide, text)
        return _KEY_IN_URL.sub(self._hide, text) if text.startswith(("http://", "https://")) else text

    def _blank(self, value: JsonValue) -> JsonValue:
        """Return `[secret]` for each leaf of the value; what is unknown or missing is no secret."""
        if isinstance(value, dict):
            return {key: self._blank(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self._blank(item) for item in value]
        if value in (None, UNKNOWN, ""):
            return value
        self.found.append(value)
        return SECRET

    def _policy(self, text: str) -> str:
        """Return the text of a policy without literal credentials; named values and expressions stay."""
        for pattern in _CREDENTIALS_IN_POLICIES:
            text = pattern.sub(self._hide, text)
        return _HEADER_VALUES.sub(lambda element: _VALUE.sub(self._hide, element[0]), text)

    def _hide(self, found: re.Match[str]) -> str:
        quote = found.groupdict().get("quote") or ""
        text = found["hide"]
        if text.lstrip().startswith(("@(", "@{")):
            safe = _LITERAL.sub(self._literal, text)
        elif not text.strip() or _NAMED_VALUES_ALONE.fullmatch(text) or text == SECRET:
            safe = text
        else:
            self.found.append(text)
            safe = SECRET
        return found["keep"] + quote + safe + quote

    def _literal(self, found: re.Match[str]) -> str:
        """Return a string of an expression, which may be a key when it is long and no sentence."""
        text = found[0]
        if len(text) < _SHORTEST_CREDENTIAL or " " in text.strip('" '):
            return text
        self.found.append(text)
        return f'"{SECRET}"'


def _below(paths: Paths, key: str) -> Paths:
    return tuple(path[1:] for path in paths if path and path[0] in (key, "*"))
