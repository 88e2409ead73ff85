"""Serves the provider over gRPC: which method of the protocol is which of Service, and how errors travel."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NoReturn, TypeVar

import grpc
from google.protobuf import any_pb2, empty_pb2

from local_azure.provider.errors import InitFailedError, ProviderError
from local_azure.provider.proto import provider_pb2, status_pb2
from local_azure.provider.values import to_struct

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.protobuf.message import Message

    from local_azure.provider.service import Service

_SERVICE = "pulumirpc.ResourceProvider"
_WORKERS = 64  # an operation holds its thread while it polls
_UNLIMITED = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
_Request = TypeVar("_Request", bound="Message")


def start(service: Service) -> tuple[grpc.Server, int]:
    """Start a server on a free port of the loopback interface and return it with the port.

    What the protocol has beyond the methods named here is answered "unimplemented", which the engine takes
    for "no".
    """
    methods: dict[str, tuple[Callable[..., Message], type[Message]]] = {
        "GetPluginInfo": (service.plugin_info, empty_pb2.Empty),
        "CheckConfig": (service.check_config, provider_pb2.CheckRequest),
        "DiffConfig": (service.diff_config, provider_pb2.DiffRequest),
        "Configure": (service.configure, provider_pb2.ConfigureRequest),
        "Cancel": (service.cancel, empty_pb2.Empty),
        "Invoke": (service.invoke, provider_pb2.InvokeRequest),
        "Check": (service.check, provider_pb2.CheckRequest),
        "Diff": (service.diff, provider_pb2.DiffRequest),
        "Create": (service.create, provider_pb2.CreateRequest),
        "Read": (service.read, provider_pb2.ReadRequest),
        "Update": (service.update, provider_pb2.UpdateRequest),
        "Delete": (service.delete, provider_pb2.DeleteRequest),
    }
    server = grpc.server(ThreadPoolExecutor(_WORKERS), options=_UNLIMITED)
    handlers = {name: _handler(method, request) for name, (method, request) in methods.items()}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(_SERVICE, handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def _handler(
    method: Callable[[_Request], Message], request: type[_Request]
) -> grpc.RpcMethodHandler[_Request, Message]:
    def answer(message: _Request, context: grpc.ServicerContext) -> Message:
        try:
            return method(message)
        except InitFailedError as error:
            _abort_with_state(context, error)
        except (ProviderError, ValueError) as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))

    return grpc.unary_unary_rpc_method_handler(answer, request.FromString, _serialize)


def _serialize(reply: Message) -> bytes:
    return reply.SerializeToString()


def _abort_with_state(context: grpc.ServicerContext, error: InitFailedError) -> NoReturn:
    """Report a failure with the state reached: the engine keeps the resource and updates it next time."""
    detail = any_pb2.Any()
    detail.Pack(
        provider_pb2.ErrorResourceInitFailed(
            id=error.resource_id, properties=to_struct(error.outputs), reasons=[str(error)]
        )
    )
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(error), details=[detail])
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode.UNKNOWN, str(error))
