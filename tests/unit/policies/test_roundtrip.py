"""Any document reads back from its own rendering, and any text is read or refused with a PolicyError."""

import re
from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from shared.policies import (
    Audiences,
    Base,
    Claim,
    ClientApplicationIds,
    ContentType,
    Expression,
    ForwardRequest,
    IncludeFragment,
    PolicyContentFormat,
    PolicyDocument,
    PolicyError,
    Quota,
    RateLimit,
    RateLimitByKey,
    RequiredClaims,
    ReturnResponse,
    RewriteUri,
    SetBackendService,
    SetBody,
    SetHeader,
    SetStatus,
    SetVariable,
    Statement,
    ValidateAzureAdToken,
    ValidateContent,
    parse,
    render,
    substitute,
)
from shared.policies.markup import pieces

BOUNDED = settings(max_examples=60, deadline=None, database=None)

ATOMS = [
    "a",
    "1",
    ' "x)" ',
    " '\"' ",
    ' @"C:\\" ',
    ' $"{a}{{b}}" ',
    " < ",
    " && ",
    "&b",
    "\n",
    "\t",
    "/*)*/",
    "é",
]
CSHARP = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.lists(inner, min_size=1, max_size=3).flatmap(
        lambda parts: st.sampled_from(["({})", "[{}]", "{{{}}}", ' $"{{ {} }}" ', "{}"]).map(
            lambda brackets: brackets.format("".join(parts)),
        ),
    ),
    max_leaves=6,
).filter(str.strip)
EXPRESSIONS = st.builds(Expression, CSHARP, multi_statement=st.booleans())
LITERALS = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc"], exclude_characters="@\ufffe\uffff", include_characters="\n\t"
    ),
    max_size=12,
)
TEXTS = LITERALS.map(lambda text: text.strip(" \t\r\n"))
NUMBERS = st.integers(-5, 10**9)
NAMES = st.none() | LITERALS
ACTIONS = st.sampled_from(["ignore", "prevent", "detect"])
SET_HEADERS = st.builds(
    SetHeader,
    LITERALS | EXPRESSIONS,
    st.lists(TEXTS | EXPRESSIONS, max_size=3).map(tuple),
    st.sampled_from(["override", "skip", "append", "delete"]) | EXPRESSIONS,
)
CLAIMS = st.builds(
    Claim,
    LITERALS,
    st.lists(TEXTS | EXPRESSIONS, max_size=2).map(tuple),
    st.sampled_from(["all", "any"]),
    NAMES,
)
STATEMENTS: SearchStrategy[Statement] = st.one_of(
    st.builds(Base),
    st.builds(IncludeFragment, LITERALS),
    st.builds(RateLimit, NUMBERS, NUMBERS, NAMES, NAMES, NAMES, NAMES, NAMES),
    st.builds(
        RateLimitByKey,
        NUMBERS | EXPRESSIONS,
        NUMBERS | EXPRESSIONS,
        LITERALS | EXPRESSIONS,
        st.none() | st.booleans() | EXPRESSIONS,
        NUMBERS | EXPRESSIONS,
        NAMES,
    ),
    st.builds(Quota, st.none() | NUMBERS, NUMBERS, st.none() | NUMBERS),
    st.builds(
        ValidateContent,
        unspecified_content_type_action=ACTIONS,
        max_size=NUMBERS,
        size_exceeded_action=ACTIONS,
        errors_variable_name=NAMES,
        contents=st.lists(
            st.builds(
                ContentType,
                type=NAMES,
                validate_as=st.sampled_from(["json", "xml", "soap"]),
                schema_id=NAMES,
                action=ACTIONS,
                allow_additional_properties=st.none() | st.booleans(),
            ),
            max_size=2,
        ).map(tuple),
    ),
    st.builds(
        ValidateAzureAdToken,
        LITERALS | EXPRESSIONS,
        NAMES,
        NAMES,
        NAMES | EXPRESSIONS,
        NUMBERS | EXPRESSIONS,
        NAMES | EXPRESSIONS,
        NAMES,
        st.none() | st.builds(ClientApplicationIds, st.lists(TEXTS, max_size=2).map(tuple)),
        st.none() | st.builds(Audiences, st.lists(TEXTS | EXPRESSIONS, max_size=2).map(tuple)),
        st.none() | st.builds(RequiredClaims, st.lists(CLAIMS, max_size=2).map(tuple)),
    ),
    st.builds(
        ReturnResponse,
        st.none() | st.builds(SetStatus, NUMBERS | EXPRESSIONS, LITERALS | EXPRESSIONS),
        st.lists(SET_HEADERS, max_size=2).map(tuple),
        st.none() | st.builds(SetBody, TEXTS | EXPRESSIONS),
    ),
    SET_HEADERS,
    st.builds(SetVariable, LITERALS, LITERALS | EXPRESSIONS),
    st.builds(RewriteUri, LITERALS | EXPRESSIONS, st.booleans() | EXPRESSIONS),
    st.builds(SetBackendService, NAMES | EXPRESSIONS, NAMES | EXPRESSIONS),
    st.builds(
        ForwardRequest,
        st.none() | NUMBERS | EXPRESSIONS,
        http_version=st.sampled_from(["1", "2or1", "2"]),
        follow_redirects=st.booleans() | EXPRESSIONS,
        buffer_request_body=st.booleans(),
        buffer_response=st.booleans(),
    ),
)
SECTIONS = st.none() | st.lists(STATEMENTS, max_size=3).map(tuple)
DOCUMENTS = st.builds(PolicyDocument, SECTIONS, SECTIONS, SECTIONS, SECTIONS)
FRAGMENTS = st.sampled_from(
    [
        "<policies>",
        "</policies>",
        "<inbound>",
        "</inbound>",
        "<base />",
        "<set-header name=",
        '"',
        "'",
        "x",
        "{{x}}",
        "<value>",
        "</value>",
        "@(",
        ")",
        "@{",
        "}",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?",
        "?>",
        "<!",
        "&",
        "&lt;",
        "\n",
        ">",
    ],
)
RENDERED = DOCUMENTS.map(render)
TEXT_OF_PEOPLE = st.one_of(
    st.lists(FRAGMENTS, max_size=12).map("".join),
    RENDERED,
    st.builds(
        lambda xml, fragment, where: xml[: where % len(xml)] + fragment + xml[where % len(xml) :],
        RENDERED,
        FRAGMENTS,
        st.integers(0, 10**6),
    ),
)
"""What people write: scraps, documents that are right, and documents with a scrap somewhere."""


@BOUNDED
@given(DOCUMENTS)
def test_a_rendered_document_reads_back_as_itself(document: PolicyDocument) -> None:
    assert parse(render(document)) == document


@BOUNDED
@given(TEXT_OF_PEOPLE, st.sampled_from(PolicyContentFormat))
@example("<policies><inbound></inbound></policies>", PolicyContentFormat.RAWXML)
@example("<policies>\ud800</policies>", PolicyContentFormat.XML)
def test_any_text_is_read_or_refused_as_a_policy_error(xml: str, content_format: PolicyContentFormat) -> None:
    try:
        document = parse(xml, content_format)
    except PolicyError:
        return
    assert parse(render(document)) == document


@BOUNDED
@given(TEXT_OF_PEOPLE, st.sampled_from(PolicyContentFormat))
def test_cutting_a_document_loses_nothing(xml: str, content_format: PolicyContentFormat) -> None:
    try:
        parts = list(pieces(xml, content_format))
    except PolicyError:
        return
    assert "".join(part.text for part in parts) == xml
    assert substitute(xml, _themselves(xml), content_format) == xml


@BOUNDED
@given(DOCUMENTS, st.sampled_from(["a", "é", "1 < 2", "</value>", '"']))
def test_a_named_value_stays_one_text_wherever_it_stands(document: PolicyDocument, value: str) -> None:
    named = replace(document, on_error=(SetHeader("x", values=("before {{name}} after",)),))
    filled = replace(document, on_error=(SetHeader("x", values=(f"before {value} after",)),))
    xml = render(named)
    assert parse(substitute(xml, {**_themselves(xml), "name": value})) == filled


def _themselves(xml: str) -> dict[str, str]:
    """Return values by which every named value becomes itself; `{{` also begins some C#."""
    return {name: f"{{{{{name}}}}}" for name in re.findall(r"\{\{([A-Za-z0-9._-]+)\}\}", xml)}
