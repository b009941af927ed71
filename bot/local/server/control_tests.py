"""Control routes for tests: recorded calls, faults, limits, updates, and the clock."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

from bot.local.server.control import Body, Refused, Route, number
from bot.local.server.faults import Fault, FaultKind
from bot.local.server.world import World
from models.rules.clock import CHINA, MovableClock


async def read_state(world: World, request: web.Request, body: Body) -> Any:
    """Read who the bot is, the time and the number of the last event."""
    return {"bot": world.bot.to_user(), "seq": world.events.last, **_time(world)}


async def list_calls(world: World, request: web.Request, body: Body) -> Any:
    """List the calls the bot made."""
    query = request.query
    after = int(number(request, "after"))
    calls = world.calls.after(after, query.get("method", ""), query.get("chat_id", ""))
    return {"calls": [call.to_json() for call in calls], "last": world.calls.last}


async def clear_calls(world: World, request: web.Request, body: Body) -> Any:
    """Forget the calls recorded so far."""
    world.calls.calls.clear()
    return {"last": world.calls.last}


async def list_faults(world: World, request: web.Request, body: Body) -> Any:
    """List the faults that wait."""
    return {"faults": [fault.to_json() for fault in world.faults.waiting]}


async def add_fault(world: World, request: web.Request, body: Body) -> Any:
    """Let the next calls of a method fail."""
    kind = FaultKind(body["kind"])
    fault = Fault(kind, str(body.get("method", "*")).lower())
    if "times" in body:
        fault.times = int(body["times"]) if body["times"] is not None else None
    for name in ("after", "retry_after", "code"):
        setattr(fault, name, int(body.get(name, getattr(fault, name))))
    fault.seconds = float(body.get("seconds", fault.seconds))
    fault.chat_id = str(body.get("chat_id", ""))
    fault.description = str(body.get("description", fault.description))
    world.faults.waiting.append(fault)
    return fault.to_json()


async def clear_faults(world: World, request: web.Request, body: Body) -> Any:
    """Take all faults away."""
    world.faults.waiting.clear()
    return {"faults": []}


async def read_limits(world: World, request: web.Request, body: Body) -> Any:
    """Read the limits in force."""
    return world.limits.pace.to_json()


async def set_limits(world: World, request: web.Request, body: Body) -> Any:
    """Switch limits on or off, or change them."""
    pace = world.limits.pace
    pace.is_on = bool(body.get("enabled", pace.is_on))
    pace.overall = int(body.get("overall_per_second", pace.overall))
    pace.chat = float(body.get("chat_per_second", pace.chat))
    pace.burst = int(body.get("chat_burst", pace.burst))
    pace.group = int(body.get("group_per_minute", pace.group))
    return pace.to_json()


async def read_updates(world: World, request: web.Request, body: Body) -> Any:
    """Read which updates wait and how many were confirmed."""
    updates = world.updates
    return {"pending": list(updates.pending), "confirmed": updates.confirmed, "next_id": updates.next_id}


async def add_update(world: World, request: web.Request, body: Body) -> Any:
    """Queue an update made by hand, whole or malformed."""
    fields = body["update"]
    if not isinstance(fields, dict):
        raise Refused(400, "update must be an object")
    fields.pop("update_id", None)
    return {"update_id": world.updates.add_raw("raw", fields, ("raw", 0))}


def _time(world: World) -> dict[str, Any]:
    now = world.clock.now()
    return {"now": now.isoformat(), "local": now.astimezone(CHINA).isoformat(), "zone": CHINA.key}


async def read_clock(world: World, request: web.Request, body: Body) -> Any:
    """Read the time."""
    return {**_time(world), "movable": isinstance(world.clock, MovableClock)}


async def move_clock(world: World, request: web.Request, body: Body) -> Any:
    """Move the clock forward by seconds, hours and days, or to the next time of day."""
    if not isinstance(world.clock, MovableClock):
        raise Refused(409, "this clock can't be moved")
    step = _until(world.clock.now(), str(body["to"])) if "to" in body else _step(body)
    if step < timedelta():
        raise Refused(400, "the clock only moves forward")
    now = world.clock.move(step)
    world.events.append("clock", None, {**_time(world), "step": step.total_seconds()})
    if world.on_clock_moved is not None:
        world.on_clock_moved(now)
    return _time(world)


def _step(body: Body) -> timedelta:
    return timedelta(**{unit: float(body.get(unit, 0)) for unit in ("seconds", "hours", "days")})


def _until(now: datetime, time_of_day: str) -> timedelta:
    hour, minute = (int(part) for part in time_of_day.split(":"))
    local = now.astimezone(CHINA)
    aim = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return (aim if aim > local else aim + timedelta(days=1)) - local


ROUTES: list[Route] = [
    ("GET", "/control/state", read_state),
    ("GET", "/control/calls", list_calls),
    ("DELETE", "/control/calls", clear_calls),
    ("GET", "/control/faults", list_faults),
    ("POST", "/control/faults", add_fault),
    ("DELETE", "/control/faults", clear_faults),
    ("GET", "/control/limits", read_limits),
    ("PUT", "/control/limits", set_limits),
    ("GET", "/control/updates", read_updates),
    ("POST", "/control/updates", add_update),
    ("GET", "/control/clock", read_clock),
    ("POST", "/control/clock/move", move_clock),
]
