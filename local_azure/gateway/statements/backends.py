"""`set-backend-service`: https://learn.microsoft.com/azure/api-management/set-backend-service-policy."""

from local_azure.gateway.configuration import Backend, BackendPool
from local_azure.gateway.context import Context
from local_azure.gateway.errors import INTERNAL, GatewayError
from local_azure.gateway.statements.step import Place, Run, text_of
from shared.policies import SetBackendService


def set_backend_service(statement: SetBackendService, place: Place) -> Run:
    """Compile one `set-backend-service`."""
    if statement.base_url is not None:
        base_url = text_of(statement.base_url, place)
        return lambda context: _use(context, base_url(context), None)
    if statement.backend_id is None:
        raise place.error("it needs backend-id or base-url")
    backend_id = text_of(statement.backend_id, place)

    def run(context: Context) -> None:
        name = backend_id(context)
        for backend in context.service.backends:
            if backend.name.lower() == name.lower():
                _use(context, None if isinstance(backend, BackendPool) else backend.url, backend)
                return
        raise GatewayError(INTERNAL, "BackendNotFound", f"Backend with id '{name}' could not be found.")

    return run


def _use(context: Context, url: str | None, backend: Backend | BackendPool | None) -> None:
    context.backend_url, context.backend = url, backend
