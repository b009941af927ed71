"""`/healthz` and `/metrics` over HTTP."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from bot.watching.standing import Watch

if TYPE_CHECKING:
    from bot.watching.metrics import Metrics

log = structlog.get_logger(__name__)


class HealthServer:
    """Serves both until it is closed."""

    def __init__(self, watch: Watch) -> None:
        """Tell what `watch` knows."""
        self._watch = watch
        self._metrics: Metrics | None = None
        self._runner: web.AppRunner | None = None

    async def open(self, host: str, port: int) -> bool:
        """Listen; return whether that works. A bot that can't be watched works all the same."""
        application = web.Application()
        application.add_routes([web.get("/healthz", self._healthz), web.get("/metrics", self._metrics_text)])
        runner = web.AppRunner(application, access_log=None, handle_signals=False, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            await runner.cleanup()
            hint = "Another process listens there, or the address is not this machine's: set SUIFANG_HEALTH_PORT."
            log.warning("health_not_served", port=port, error=type(error).__name__, hint=hint)
            return False
        self._runner = runner
        return True

    async def close(self) -> None:
        """Listen no more."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _healthz(self, _request: web.Request) -> web.Response:
        standing = await self._watch.standing()
        return web.json_response(standing.as_json(), status=200 if standing.is_good else 503)

    async def _metrics_text(self, _request: web.Request) -> web.Response:
        metrics = await asyncio.to_thread(self._imported)
        text = metrics.text(await self._watch.standing())
        return web.Response(body=text, headers=metrics.headers)

    def _imported(self) -> Metrics:
        """Return the metrics; who is never asked for them does without their library."""
        from bot.watching.metrics import Metrics

        self._metrics = self._metrics or Metrics()
        return self._metrics
