"""What a service refuses about a document that is well written."""

import pytest

from shared.azure.skus import Sku
from shared.policies import (
    Base,
    ContentType,
    Expression,
    ForwardRequest,
    IncludeFragment,
    PolicyDocument,
    PolicyError,
    Quota,
    RateLimit,
    RateLimitByKey,
    RewriteUri,
    Scope,
    Section,
    SetBackendService,
    SetHeader,
    SetVariable,
    Statement,
    ValidateContent,
    check,
    parse,
)

RATE_LIMIT = RateLimit(calls=10, renewal_period=60)
BY_KEY = RateLimitByKey(calls=10, renewal_period=60, counter_key="all")
QUOTA = Quota(calls=1000, renewal_period=3600)


def validate(max_size: int = 1024) -> ValidateContent:
    """Return a validation of JSON bodies up to this size."""
    return ValidateContent(
        unspecified_content_type_action="prevent",
        max_size=max_size,
        size_exceeded_action="prevent",
        contents=(ContentType(validate_as="json", action="prevent"),),
    )


def in_section(section: Section, *statements: Statement) -> PolicyDocument:
    """Return a document whose only section holds the statements."""
    match section:
        case Section.INBOUND:
            return PolicyDocument(inbound=statements)
        case Section.BACKEND:
            return PolicyDocument(backend=statements)
        case Section.OUTBOUND:
            return PolicyDocument(outbound=statements)
        case Section.ON_ERROR:
            return PolicyDocument(on_error=statements)


SECTIONS: list[tuple[Statement, set[Section]]] = [
    (Base(), set(Section)),
    (IncludeFragment("who"), set(Section)),
    (RATE_LIMIT, {Section.INBOUND}),
    (BY_KEY, {Section.INBOUND}),
    (QUOTA, {Section.INBOUND}),
    (validate(), {Section.INBOUND, Section.OUTBOUND, Section.ON_ERROR}),
    (SetHeader("x", values=("1",)), set(Section)),
    (SetVariable("x", "1"), set(Section)),
    (RewriteUri("/v2"), {Section.INBOUND}),
    (SetBackendService(backend_id="iris"), {Section.INBOUND, Section.BACKEND}),
    (ForwardRequest(), {Section.BACKEND}),
]


@pytest.mark.parametrize(
    ("statement", "section"),
    [(statement, section) for statement, allowed in SECTIONS for section in Section if section in allowed],
)
def test_a_statement_is_accepted_in_the_sections_of_its_page(statement: Statement, section: Section) -> None:
    check(in_section(section, statement), Scope.PRODUCT, Sku.STANDARD_V2)


@pytest.mark.parametrize(
    ("statement", "section"),
    [
        (statement, section)
        for statement, allowed in SECTIONS
        for section in Section
        if section not in allowed
    ],
)
def test_a_statement_is_refused_in_every_other_section(statement: Statement, section: Section) -> None:
    with pytest.raises(PolicyError, match=f"is not allowed in <{section}>: move it to <"):
        check(in_section(section, statement), Scope.PRODUCT, Sku.STANDARD_V2)


@pytest.mark.parametrize(
    ("statement", "scope"),
    [
        (RATE_LIMIT, Scope.GLOBAL),
        (QUOTA, Scope.GLOBAL),
        (QUOTA, Scope.API),
        (QUOTA, Scope.OPERATION),
    ],
)
def test_a_statement_is_refused_at_a_scope_its_page_does_not_name(statement: Statement, scope: Scope) -> None:
    with pytest.raises(PolicyError, match=f"is not allowed at {scope} scope: use it at product"):
        check(PolicyDocument(inbound=(statement,)), scope)


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("sku", Sku)
def test_a_fragment_is_included_at_every_scope_on_every_sku(scope: Scope, sku: Sku) -> None:
    check(PolicyDocument(inbound=(IncludeFragment("who"),)), scope, sku)


@pytest.mark.parametrize("scope", Scope)
def test_a_rate_limit_by_key_is_accepted_at_every_scope(scope: Scope) -> None:
    check(PolicyDocument(inbound=(BY_KEY,)), scope, Sku.PREMIUM_V2)


def test_a_rate_limit_by_key_is_refused_on_consumption() -> None:
    with pytest.raises(
        PolicyError, match="does not run on the SKU Consumption: leave it out, or use Developer"
    ):
        check(PolicyDocument(inbound=(BY_KEY,)), Scope.API, Sku.CONSUMPTION)


def test_skus_do_not_matter_when_none_is_given() -> None:
    check(PolicyDocument(inbound=(BY_KEY,)), Scope.API)


@pytest.mark.parametrize("statement", [RATE_LIMIT, QUOTA])
def test_a_statement_that_counts_per_subscription_stands_once_in_a_document(statement: Statement) -> None:
    with pytest.raises(PolicyError, match="appears twice"):
        check(PolicyDocument(inbound=(statement, Base(), statement)), Scope.PRODUCT)


def test_a_rate_limit_by_key_may_stand_more_than_once() -> None:
    check(PolicyDocument(inbound=(BY_KEY, BY_KEY)), Scope.API)


def test_backend_runs_one_statement() -> None:
    with pytest.raises(PolicyError, match="<backend> holds 2 statements, but runs one"):
        check(PolicyDocument(backend=(Base(), ForwardRequest())), Scope.API)


def test_an_empty_backend_forwards_nothing_and_is_accepted() -> None:
    check(PolicyDocument(backend=()), Scope.API)


@pytest.mark.parametrize(
    ("section", "statement", "message"),
    [
        (Section.INBOUND, RateLimit(calls=1, renewal_period=301), "renewal-period 301: use 1 to 300 seconds"),
        (Section.INBOUND, RateLimit(calls=0, renewal_period=1), "calls 0: use at least 1"),
        (
            Section.INBOUND,
            RateLimitByKey(calls=1, renewal_period=301, counter_key="a"),
            "renewal-period 301: use 1 to 300 seconds",
        ),
        (
            Section.INBOUND,
            RateLimitByKey(calls=0, renewal_period=1, counter_key="a"),
            "calls 0: use at least 1",
        ),
        (Section.INBOUND, Quota(calls=1, renewal_period=299), "renewal-period 299: use at least 300 seconds"),
        (Section.INBOUND, Quota(calls=0, renewal_period=300), "calls 0: use at least 1"),
        (Section.INBOUND, Quota(calls=None, renewal_period=300, bandwidth=0), "bandwidth 0: use at least 1"),
        (
            Section.INBOUND,
            Quota(calls=None, renewal_period=300),
            "limits nothing: set calls, bandwidth or both",
        ),
        (Section.INBOUND, validate(102_401), "max-size 102401: use 1 to 102400 bytes"),
        (Section.INBOUND, SetBackendService(), "needs one of backend-id and base-url"),
        (
            Section.INBOUND,
            SetBackendService(backend_id="a", base_url="https://iris.contoso.example"),
            "needs one of backend-id and base-url",
        ),
        (
            Section.BACKEND,
            ForwardRequest(timeout=1, timeout_ms=1),
            "has both timeout and timeout-ms: keep one",
        ),
        (Section.BACKEND, ForwardRequest(timeout=-1), "timeout -1: use 0 or more"),
        (Section.OUTBOUND, SetHeader("Server", exists_action="delete"), "deletes the header Server"),
        (Section.OUTBOUND, SetHeader("Transfer-Encoding", ("x",)), "names the header Transfer-Encoding"),
        (Section.OUTBOUND, SetHeader("x", ("1",), exists_action="delete"), "deletes x: leave out its value"),
    ],
)
def test_a_value_beyond_the_limits_of_the_reference_is_refused(
    section: Section, statement: Statement, message: str
) -> None:
    with pytest.raises(PolicyError, match=message):
        check(in_section(section, statement), Scope.PRODUCT)


@pytest.mark.parametrize(
    ("section", "statement"),
    [
        (Section.INBOUND, RateLimit(calls=1, renewal_period=300)),
        (Section.INBOUND, Quota(calls=1, renewal_period=300)),
        (Section.INBOUND, Quota(calls=1, renewal_period=0)),
        (Section.INBOUND, validate(102_400)),
        (
            Section.INBOUND,
            RateLimitByKey(calls=Expression("0"), renewal_period=Expression("600"), counter_key="a"),
        ),
        (Section.BACKEND, ForwardRequest(timeout=0)),
        (Section.OUTBOUND, SetHeader("Server", ("contoso",))),
        (Section.OUTBOUND, SetHeader(Expression('"Server"'), exists_action="delete")),
    ],
)
def test_a_value_at_the_limit_is_accepted(section: Section, statement: Statement) -> None:
    check(in_section(section, statement), Scope.PRODUCT)


def test_a_child_element_is_checked_too() -> None:
    content = ContentType(validate_as="json", action="prevent", schema_ref="#/a")
    statement = ValidateContent(
        unspecified_content_type_action="prevent",
        max_size=1,
        size_exceeded_action="prevent",
        contents=(content,),
    )
    with pytest.raises(PolicyError, match="<content> has schema-ref '#/a' but no schema-id") as refusal:
        check(PolicyDocument(inbound=(statement,)), Scope.API)
    assert refusal.value.element == "content"


def test_a_refusal_names_the_line_of_a_parsed_statement_and_the_page_of_the_rule() -> None:
    document = parse(
        '<policies>\n<inbound>\n<rate-limit calls="1" renewal-period="1" /></inbound></policies>'
    )
    with pytest.raises(PolicyError, match="api-management/rate-limit-policy") as refusal:
        check(document, Scope.GLOBAL)
    assert (refusal.value.line, refusal.value.element) == (3, "rate-limit")


@pytest.mark.parametrize(
    ("sku", "kibibytes"), [(Sku.CONSUMPTION, 16), (Sku.DEVELOPER, 512), (Sku.PREMIUM_V2, 512), (None, 512)]
)
def test_a_document_is_refused_beyond_the_size_of_its_sku(sku: Sku | None, kibibytes: int) -> None:
    def document(length: int) -> PolicyDocument:
        return PolicyDocument(inbound=(SetVariable("x", "é" * length),))

    check(document(kibibytes * 512 - 100), Scope.API, sku)
    with pytest.raises(PolicyError, match=f"a policy document may have {kibibytes * 1024}"):
        check(document(kibibytes * 512), Scope.API, sku)
