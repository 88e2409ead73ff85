"""Policy fragments: what they may hold, and how they take their place in a document."""

import pytest

from shared.policies import (
    Base,
    Expression,
    IncludeFragment,
    PolicyContentFormat,
    PolicyDocument,
    PolicyError,
    SetHeader,
    SetVariable,
    ValidateContent,
    included_fragments,
    named_values,
    parse,
    parse_fragment,
    references,
    render,
)

WHO = '<fragment>\n  <set-variable name="who" value="@(context.Api.Name + "<")" />\n</fragment>'
INCLUDING = """\
<policies>
  <inbound>
    <base />
    <include-fragment fragment-id="Who" />
  </inbound>
</policies>
"""
STATEMENT = SetVariable("who", Expression('context.Api.Name + "<"'))


def test_a_fragment_is_read_as_its_statements() -> None:
    assert parse_fragment(WHO) == (STATEMENT,)
    assert parse_fragment(WHO)[0].line == 2
    assert parse_fragment("<fragment />") == ()


def test_a_fragment_of_the_format_xml_holds_escaped_csharp() -> None:
    escaped = WHO.replace(' + "<")', " + &quot;&lt;&quot;)")
    assert parse_fragment(escaped, PolicyContentFormat.XML) == (STATEMENT,)


@pytest.mark.parametrize(
    ("xml", "says"),
    [
        ("<policies />", "the policy fragment is a <policies>: write its statements into a <fragment>"),
        ("<fragment>\n<inbound /></fragment>", "<inbound> in a policy fragment is a section"),
        ("<fragment>\n<on-error /></fragment>", "<on-error> in a policy fragment is a section"),
        ("<fragment>\n<base /></fragment>", "<base> in a policy fragment belongs to the document"),
        (
            '<fragment>\n<include-fragment fragment-id="x" /></fragment>',
            "<include-fragment> in a policy fragment would include a fragment in a fragment",
        ),
        ("<fragment>\n<set-heade /></fragment>", "in <fragment> is not a statement known here: did you mean"),
        ("<fragment>text</fragment>", "<fragment> holds the text"),
        ('<fragment id="x" />', "<fragment> has no attribute id"),
        ("<fragment>", "the document is not well-formed XML"),
    ],
)
def test_what_no_fragment_can_hold_is_refused_with_its_line(xml: str, says: str) -> None:
    with pytest.raises(PolicyError) as refusal:
        parse_fragment(xml)
    assert says in refusal.value.message
    assert refusal.value.line == xml.count("\n") + 1


def test_an_include_reads_back_as_itself() -> None:
    document = PolicyDocument(inbound=(Base(), IncludeFragment("Who")))
    assert render(document) == INCLUDING
    assert parse(INCLUDING) == document


@pytest.mark.parametrize(
    ("attributes", "says"),
    [
        ("", "needs the attribute fragment-id"),
        (' fragment-id="@(context.Api.Name)"', "fragment-id takes no policy expression"),
    ],
)
def test_an_include_names_its_fragment(attributes: str, says: str) -> None:
    with pytest.raises(PolicyError, match=says):
        parse(f"<policies><inbound><include-fragment{attributes} /></inbound></policies>")


def test_the_statements_of_a_fragment_take_the_place_of_each_include_in_any_case_of_its_name() -> None:
    xml = INCLUDING.replace(
        "</inbound>", "</inbound><on-error><include-fragment fragment-id='WHO' /></on-error>"
    )
    assert parse(xml, fragments={"who": WHO}) == PolicyDocument(
        inbound=(Base(), STATEMENT), on_error=(STATEMENT,)
    )


def test_all_that_comes_from_a_fragment_stands_on_the_line_of_its_include() -> None:
    fragment = """<fragment>\n\n\n\n\n<validate-content unspecified-content-type-action="prevent" max-size="1"
    size-exceeded-action="prevent">\n<content validate-as="json" action="prevent" />
    </validate-content></fragment>"""
    inbound = parse(INCLUDING, fragments={"who": fragment}).inbound or ()
    assert isinstance(inbound[1], ValidateContent)
    assert (inbound[1].line, inbound[1].contents[0].line) == (4, 4)


def test_a_fragment_that_is_not_there_is_refused_in_the_words_of_the_service() -> None:
    with pytest.raises(PolicyError, match=r"fragment with id 'Who' could not be found$") as refusal:
        parse(INCLUDING, fragments={"other": WHO})
    assert (refusal.value.line, refusal.value.element) == (4, "include-fragment")


def test_what_documents_and_fragments_name_is_found() -> None:
    assert included_fragments(parse(INCLUDING)) == {"Who"}
    fragment = parse_fragment(
        '<fragment><set-backend-service backend-id="iris" /><set-header name="{{x}}" /></fragment>'
    )
    assert isinstance(fragment[1], SetHeader)
    assert references(fragment) == {"iris"}
    assert named_values(PolicyDocument(inbound=fragment)) == {"x"}
