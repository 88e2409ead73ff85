"""One request from routing to response, through the sections of its policies.

https://learn.microsoft.com/azure/api-management/api-management-howto-policies
"""

import logging
from dataclasses import replace
from inspect import isawaitable

from local_azure.gateway.compiler import CompiledService, Plan
from local_azure.gateway.context import Context
from local_azure.gateway.errors import INTERNAL, GatewayError, ProxyError, ResponseReturned, error_response
from local_azure.gateway.messages import Headers, Response
from local_azure.gateway.statements.step import Step

logger = logging.getLogger(__name__)

NOT_FOUND = 404
OK = 200


async def respond(compiled: CompiledService, context: Context) -> Response:
    """Serve one request; every failure becomes the service's answer, its traceback goes to the log."""
    run = _Run(compiled, context)
    try:
        return await run.normal()
    except Exception as failure:  # the boundary
        return await run.failed(failure)


class _Run:
    """Keeps, beside the context, the plan as far as it is known and the step that runs."""

    def __init__(self, compiled: CompiledService, context: Context) -> None:
        self._compiled = compiled
        self._context = context
        self._plan: Plan = compiled.unmatched
        self._step: Step | None = None

    async def normal(self) -> Response:
        context = self._context
        self._route()
        try:
            for section in (self._plan.inbound, self._plan.backend):
                await self._steps(section)
            if context.response is None:
                context.response = Response(OK, Headers())  # nothing was forwarded
            await self._steps(self._plan.outbound)
            return self._finished(context.response)
        except ResponseReturned as returned:
            return self._finished(returned.response)

    async def failed(self, failure: Exception) -> Response:
        """Run the on-error section; what fails there ends with a plain 500."""
        context = self._context
        await _close(context.response)
        error = _as_gateway_error(failure, self._step)
        context.last_error = _last_error(error, self._step)
        _log(error, context)
        context.response = error_response(error, str(context.request_id))
        self._step = None
        try:
            await self._steps(self._plan.on_error)
            return self._finished(context.response)
        except ResponseReturned as returned:
            return self._finished(returned.response)
        except Exception as second:
            error = _as_gateway_error(second, self._step)
            _log(error, context)
            internal = GatewayError(INTERNAL, error.reason, error.message)
            return error_response(internal, str(context.request_id))

    def _route(self) -> None:
        """Find API, operation and access; the plan narrows as they become known."""
        compiled, context = self._compiled, self._context
        match = compiled.router.match(context.request)
        if match is None or match.operation is None:
            context.api = match.routes.api if match else None
            message = "Unable to match incoming request to an operation."
            raise GatewayError(
                NOT_FOUND, "OperationNotFound", message, source="configuration", public="Resource not found"
            )
        api, operation = match.routes.api, match.operation
        context.api, context.operation = api, operation
        context.schemas, context.backend_url = compiled.schemas[api.name], api.service_url
        context.request.matched_parameters = match.parameters
        self._plan = compiled.plan(api, operation, None)
        access = compiled.keys.authorize(api, context.request)
        context.subscription, context.product = access.subscription, access.product
        self._plan = compiled.plan(api, operation, access.product)
        context.request.url = replace(context.request.url, path=match.path)

    def _finished(self, response: Response) -> Response:
        """Do what was left until the response is known, each once."""
        while self._context.at_end:
            self._context.at_end.pop(0)(response)
        return response

    async def _steps(self, steps: tuple[Step, ...]) -> None:
        for step in steps:
            self._step = step
            pending = step.run(self._context)
            if pending is not None and isawaitable(pending):
                await pending
        self._step = None


async def _close(response: Response | None) -> None:
    if response is not None and response.close is not None:
        await response.close()


def _as_gateway_error(failure: Exception, step: Step | None) -> GatewayError:
    if isinstance(failure, GatewayError):
        return failure
    where = f"in {step.element}" if step else "outside the policies"
    logger.error("the gateway failed %s", where, exc_info=failure)
    return GatewayError(INTERNAL, "InternalError", f"The gateway failed {where}.")


def _last_error(error: GatewayError, step: Step | None) -> ProxyError:
    if step is None:
        return ProxyError(error.source or "configuration", error.reason, error.message, section="inbound")
    return ProxyError(
        error.source or step.element,
        error.reason,
        error.message,
        step.scope.value.lower(),
        step.section.value,
    )


def _log(error: GatewayError, context: Context) -> None:
    """Write the reason, and with a 500 the message, for which the caller got an id alone.

    Other messages are the caller's to read, and may quote what was sent.
    """
    level = logging.WARNING if error.status_code >= INTERNAL else logging.INFO
    message = f": {error.message}" if error.status_code == INTERNAL else ""
    logger.log(level, "%s %s%s [%s]", error.status_code, error.reason, message, context.request_id)
