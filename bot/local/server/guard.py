"""Only pages of this server, and programs on this machine, may play the people.

A page of another site that a browser has open could otherwise send requests to loopback. So a request that says
it comes from another origin is refused, and so is one to another host name (DNS rebinding).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def guard(handler: Handler) -> Handler:
    """Return `handler`, closed to other origins and host names."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if urlsplit(f"//{request.host}").hostname not in _LOOPBACK:
            return web.Response(status=403, text="unknown host name")
        if origin is not None and urlsplit(origin).netloc != request.host:
            return web.Response(status=403, text="another origin")
        return await handler(request)

    return guarded
