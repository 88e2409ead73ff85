"""`return-response`: https://learn.microsoft.com/azure/api-management/return-response-policy."""

from local_azure.gateway.context import Context
from local_azure.gateway.errors import ResponseReturned
from local_azure.gateway.messages import Headers, Response
from local_azure.gateway.statements.headers import set_header
from local_azure.gateway.statements.step import Place, Run, number_of, text_of
from shared.azure.policy_statements import Section
from shared.policies import ReturnResponse

OK = 200


def return_response(statement: ReturnResponse, place: Place) -> Run:
    """Compile one `return-response`. The reason of a status is what HTTP has for its code, whatever is written."""
    code = number_of(OK if statement.status is None else statement.status.code, place)
    body = text_of("" if statement.body is None else statement.body.text, place)
    # In whichever section it stands, a header in it is the response's, as in outbound.
    headers = [
        set_header(header, Place(header, place.scope, Section.OUTBOUND)) for header in statement.headers
    ]

    async def run(context: Context) -> None:
        status, text = code(context), body(context)
        if context.response is not None and context.response.close is not None:
            await context.response.close()
        context.response = response = Response(status, Headers(), text.encode())
        for header in headers:
            header(context)
        raise ResponseReturned(response)

    return run
