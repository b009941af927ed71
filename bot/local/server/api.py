"""The address a bot calls: /bot<token>/<method>, and /file/bot<token>/<path> for downloads.

Bot API, "Making requests": an answer is JSON with `ok` and `result`, or with `error_code` and `description`.
"""

from __future__ import annotations

import asyncio
import inspect
import re
import socket
import struct
from hmac import compare_digest
from typing import Any

import orjson
from aiohttp import web

from bot.local.server.calls import Call
from bot.local.server.delivery import read_method_call
from bot.local.server.errors import METHOD_NOT_FOUND, UNAUTHORIZED, ApiError
from bot.local.server.faults import Fault, FaultKind
from bot.local.server.methods import METHODS
from bot.local.server.parameters import Parameters, read_parameters
from bot.local.server.world import World

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_:-]+")
_BEFORE = frozenset({FaultKind.TOO_MANY, FaultKind.ERROR, FaultKind.STATUS, FaultKind.HANG, FaultKind.RESET})
_NO_ROOM = "<html><head><title>{code}</title></head><body><center><h1>{code}</h1></center></body></html>"


class BotApi:
    """Answers a bot's calls."""

    def __init__(self, world: World) -> None:
        """Serve `world`."""
        self._world = world
        self._token = world.bot.token.encode()

    def add_routes(self, app: web.Application) -> None:
        """Add the bot's addresses to `app`."""
        app.router.add_route("*", "/bot{token:[^/]*}/{method}", self.call)
        app.router.add_get("/file/bot{token:[^/]*}/{path:.+}", self.download)

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer one method call."""
        name = request.match_info["method"]
        method = name.lower()
        try:
            self._check_token(request.match_info["token"])
            if method not in METHODS:
                raise METHOD_NOT_FOUND
            parameters = await read_parameters(request)
        except ApiError as error:
            return _refused(error)
        except web.HTTPRequestEntityTooLarge:
            return _refused(ApiError(413, "Request Entity Too Large"))
        call = Call(0, name, {}, 0)
        if method != "getupdates":
            call = self._world.calls.add(name, parameters.described())
        fault = self._world.faults.take(method, parameters.text("chat_id"))
        if fault is not None:
            return await self._faulty(request, fault, call, method, parameters)
        return await self._answer(call, method, parameters)

    async def download(self, request: web.Request) -> web.Response:
        """Serve a file that `getFile` named."""
        try:
            self._check_token(request.match_info["token"])
        except ApiError as error:
            return _refused(error)
        stored = self._world.files.by_path.get(request.match_info["path"])
        if stored is None:
            return _refused(ApiError(404, "Not Found"))
        content = self._world.files.contents[stored.file_id]
        return web.Response(body=content, content_type="application/octet-stream")

    async def execute(self, body: bytes) -> None:
        """Do what a bot asks for in its answer to a webhook; the result goes nowhere."""
        asked = read_method_call(body)
        if asked is None or asked[0].lower() not in METHODS:
            return
        parameters = Parameters(dict(asked[1]))
        call = self._world.calls.add(asked[0], parameters.described())
        await self._answer(call, asked[0].lower(), parameters)

    def _check_token(self, token: str) -> None:
        if not _TOKEN.fullmatch(token):
            raise ApiError(401, "Unauthorized: invalid token specified")
        if not compare_digest(token.encode(), self._token):
            raise UNAUTHORIZED

    async def _answer(self, call: Call, method: str, parameters: Parameters) -> web.Response:
        try:
            result = METHODS[method](self._world, parameters)
            if inspect.isawaitable(result):
                result = await result
        except ApiError as error:
            call.code, call.result = error.code, error.description
            return _refused(error)
        call.code, call.result = 200, None if isinstance(result, orjson.Fragment) else result
        return _json(200, {"ok": True, "result": result})

    async def _faulty(
        self, request: web.Request, fault: Fault, call: Call, method: str, parameters: Parameters
    ) -> web.StreamResponse:
        call.fault = str(fault.kind)
        if fault.kind in _BEFORE:
            return await _fail(request, fault, call)
        if fault.kind is FaultKind.SLOW:
            await asyncio.sleep(fault.seconds)
        answer = await self._answer(call, method, parameters)
        if fault.kind is FaultKind.LATE:
            await asyncio.sleep(fault.seconds)
        return _cut(request) if fault.kind is FaultKind.LOST else answer


async def _fail(request: web.Request, fault: Fault, call: Call) -> web.StreamResponse:
    if fault.kind in (FaultKind.TOO_MANY, FaultKind.ERROR):
        error = fault.refusal()
        call.code, call.result = error.code, error.description
        return _refused(error)
    if fault.kind is FaultKind.STATUS:
        call.code = fault.code
        return web.Response(status=fault.code, text=_NO_ROOM.format(code=fault.code), content_type="text/html")
    if fault.kind is FaultKind.HANG:
        await asyncio.sleep(fault.seconds)
    return _cut(request)


def _cut(request: web.Request) -> web.Response:
    """Cut the connection with a reset, whatever is still in it."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response(status=500)


def _refused(error: ApiError) -> web.Response:
    answer = _json(error.code, error.to_json())
    if error.parameters and "retry_after" in error.parameters:
        answer.headers["Retry-After"] = str(error.parameters["retry_after"])
    return answer


def _json(code: int, body: dict[str, Any]) -> web.Response:
    return web.Response(status=code, body=orjson.dumps(body), content_type="application/json")
