"""The server alone, as a process: `python -m bot.local.server --port 8081 --token 1:secret`."""

from __future__ import annotations

import argparse
import gc
from datetime import datetime
from pathlib import Path

import uvloop
from aiohttp import web

from bot.local.server.app import create_server
from models.rules.clock import MovableClock


def main() -> None:
    """Serve on loopback until the process is ended."""
    parser = argparse.ArgumentParser(prog="bot.local.server", description="A Bot API server on loopback.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--token", required=True, help="digits:characters")
    parser.add_argument("--no-limits", action="store_true", help="never answer 429 by itself")
    parser.add_argument("--start", type=datetime.fromisoformat, help="stand still at this moment (with an offset)")
    parser.add_argument("--keep-in", type=Path, help="keep the chats in this folder and continue from it")
    chosen = parser.parse_args()
    clock = MovableClock(chosen.start)
    app = create_server(chosen.token, clock, limits=not chosen.no_limits, keep_in=chosen.keep_in)
    gc.freeze()
    uvloop.install()
    web.run_app(app, host="127.0.0.1", port=chosen.port, access_log=None, print=None)


if __name__ == "__main__":
    main()
