"""`/faults` on ARM's port: PUT the rules, GET them with their hits, DELETE them. It needs no token."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local_azure.arm.errors import ArmError
from local_azure.arm.faults import Faults


def fault_control(faults: Faults) -> tuple[Route, ...]:
    """Return the routes that change and tell the rules."""

    async def control(request: Request) -> Response:
        if request.method == "PUT":
            try:
                faults.replace(await request.body())
            except ArmError as error:
                return JSONResponse(error.body(), error.status)
        elif request.method == "DELETE":
            faults.clear()
        return JSONResponse(faults.told())

    return (Route("/faults", control, methods=["GET", "PUT", "DELETE"]),)
